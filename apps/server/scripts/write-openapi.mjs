// Writes apps/server/openapi.json from the built server's own schemas. A test fails when the two differ; run this
// (after `npm run build`) when the API was changed on purpose.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../dist/config.js';
import { startServer } from '../dist/server.js';

const dataDir = mkdtempSync(join(tmpdir(), 'kaefer-openapi-'));
const server = await startServer(readConfig(['--port', '0', '--data-dir', dataDir, '--no-demo'], {}));
try {
  const document = await (await fetch(`${server.address}/api/openapi.json`)).json();
  const path = fileURLToPath(new URL('../openapi.json', import.meta.url));
  writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
} finally {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
}
