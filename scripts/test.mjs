// `npm test`: installs what tests need, then checks format, lint and types, builds, runs every test and counts them.
// Arguments go to Vitest: `npm test -- packages/metrics` runs the tests of one folder.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages, requireNode } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const results = join(root, '.cache', 'test-results.json');

requireNode();
installPackages();
const { ensureXgboostLibrary } = await import('../packages/xgboost/bin/xgboost-library.mjs');
const { ensureChromium } = await import('./chromium.mjs');
try {
  const library = await ensureXgboostLibrary({ log: console.log });
  console.log(`XGBoost library: ${library.path}`);
  console.log(`Chromium: ${ensureChromium(console.log)}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

const steps = [
  ['Format', ['prettier', '--check', '--log-level', 'warn', '.']],
  ['Lint', ['eslint', '.', '--max-warnings', '0']],
  ['Types', ['tsc', '--noEmit']],
  ['Types of the web app', ['tsc', '--noEmit', '-p', 'apps/web']],
];
let broken = 0;
for (const [name, [tool, ...args]] of steps) {
  const started = Date.now();
  const { status } = spawnSync(join(root, 'node_modules', '.bin', tool), args, {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (status !== 0) broken++;
}
const { buildAll } = await import('./build.mjs');
await buildAll();

mkdirSync(join(root, '.cache'), { recursive: true });
rmSync(results, { force: true });
const vitest = [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${results}`,
  ...process.argv.slice(2),
];
const { status } = spawnSync(join(root, 'node_modules', '.bin', 'vitest'), vitest, {
  cwd: root,
  stdio: 'inherit',
});
const {
  numPassedTests = 0,
  numFailedTests = 0,
  numPendingTests = 0,
} = JSON.parse(readFileSync(results, 'utf8'));
if (numPendingTests > 0) console.error(`FAIL ${numPendingTests} tests were skipped; every test must run`);
const failed = numFailedTests + broken + numPendingTests + (status !== 0 && numFailedTests === 0 ? 1 : 0);
console.log(`\n${numPassedTests + steps.length - broken} passed, ${failed} failed`);
process.exit(failed === 0 && status === 0 ? 0 : 1);
