import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder for one test; kept for a look when the test fails. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kaefer-server-test-'));
  onTestFinished(({ task }) => {
    if (task.result?.state === 'pass') rmSync(folder, { recursive: true, force: true });
    else console.error(`kept for a look: ${folder}`);
  });
  return folder;
}
