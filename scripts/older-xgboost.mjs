// Runs the tests of @kaefer/xgboost on the oldest line of the library that it supports, Debian's libxgboost0 (1.7), which
// is unpacked into the cache; nothing of the system changes. Elsewhere than on Debian and its kin it says so and fails.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.cache', 'conformance', 'libxgboost0');
const packages = ['libxgboost0', 'libdmlc0', 'libgomp1'];

/** @returns whether the program ended well */
function run(command, args, cwd) {
  return spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

function fetchPackages() {
  const arriving = `${folder}.part`;
  rmSync(arriving, { recursive: true, force: true });
  mkdirSync(arriving, { recursive: true });
  const download = () => run('apt-get', ['download', '-qq', ...packages], arriving);
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const update = () => {
    const [command, ...args] = [...asRoot, 'apt-get', 'update', '-qq'];
    return run(command, args, arriving);
  };
  if (!download() && !(update() && download()))
    throw new Error(`The packages ${packages.join(', ')} could not be downloaded with apt-get.`);
  for (const name of readdirSync(arriving).filter((name) => name.endsWith('.deb')))
    if (!run('dpkg-deb', ['-x', name, 'unpacked'], arriving))
      throw new Error(`${name} could not be unpacked.`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(join(arriving, 'unpacked'), folder);
  rmSync(arriving, { recursive: true, force: true });
}

function findLibrary() {
  const place = join(folder, 'usr/lib');
  if (!existsSync(place)) return undefined;
  const found = readdirSync(place, { recursive: true }).find((name) => /libxgboost\.so\.\d+$/.test(name));
  return found === undefined ? undefined : join(place, found);
}

if (findLibrary() === undefined) fetchPackages();
const library = findLibrary();
if (library === undefined) throw new Error(`${folder} holds no XGBoost library.`);
console.log(`@kaefer/xgboost on ${library}`);
const { status } = spawnSync(join(root, 'node_modules/.bin/vitest'), ['run', 'packages/xgboost'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, KAFER_XGBOOST_LIB: library, LD_LIBRARY_PATH: join(library, '..') },
});
process.exitCode = status ?? 1;
