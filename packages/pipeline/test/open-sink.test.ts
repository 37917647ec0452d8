import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { openSink } from '../src/lake/open-sink.ts';
import { testFolder } from './workspace.ts';

test('a file removed after its stream has failed does not come back', async () => {
  const path = join(testFolder(), 'file');
  const broken = new Readable({ read: () => broken.destroy(new Error('broken')) });
  const sink = openSink(path);
  const closed = finished(sink).catch(() => undefined);
  await expect(pipeline(broken, sink)).rejects.toThrow('broken');
  expect(existsSync(path)).toBe(true);
  rmSync(path);
  await closed;
  expect(existsSync(path)).toBe(false);
});
