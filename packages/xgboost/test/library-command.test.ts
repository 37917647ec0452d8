import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const script = fileURLToPath(new URL('../bin/xgboost-library.mjs', import.meta.url));
const wheelVersion = /WHEEL_VERSION = '([^']+)'/.exec(readFileSync(script, 'utf8'))?.[1] ?? '';
const libraryOf: Readonly<Record<string, string>> = {
  linux: 'libxgboost.so',
  darwin: 'libxgboost.dylib',
  win32: 'xgboost.dll',
};

const inRepository = 'packages/xgboost/bin/xgboost-library.mjs';
const installed = 'node_modules/@kaefer/xgboost/bin/xgboost-library.mjs';

/** A machine of its own: an empty project, one place for the system's library, and only the programs given. */
function emptyMachine(programs: Readonly<Record<string, string>> = {}, command = inRepository) {
  const root = mkdtempSync(join(tmpdir(), 'xgboost-library-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const systemLibrary = join(root, 'usr', 'libxgboost.so');
  const text = readFileSync(script, 'utf8').replace(
    /SYSTEM_PATHS = \[[\s\S]*?\];/,
    `SYSTEM_PATHS = [${JSON.stringify(systemLibrary)}];`,
  );
  for (const folder of ['bin', 'usr', 'tmp']) mkdirSync(join(root, folder));
  const copy = join(root, command);
  mkdirSync(dirname(copy), { recursive: true });
  writeFileSync(copy, text);
  for (const [name, content] of Object.entries(programs))
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${content}\n`, { mode: 0o755 });
  for (const name of ['sh', 'cp', 'mkdir']) symlinkSync(join('/bin', name), join(root, 'bin', name));
  const wheelLibrary = join(
    root,
    '.cache',
    'xgboost',
    wheelVersion,
    'xgboost',
    'lib',
    libraryOf[process.platform] ?? '',
  );
  const run = async (env: Readonly<Record<string, string>> = {}) => {
    const options = { env: { PATH: join(root, 'bin'), TMPDIR: join(root, 'tmp'), ...env } };
    return promisify(execFile)(process.execPath, [copy], options).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout.trim(), said: stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        out: error.stdout,
        said: error.stderr,
      }),
    );
  };
  const place = (path: string): string => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    return path;
  };
  return { root, run, place, systemLibrary, wheelLibrary };
}

/** A pip that brings some other file instead of the wheel: the folder is the word after --dest. */
const wrongPip = `while [ "$1" != --dest ]; do shift; done; echo 'not the wheel' > "$2/xgboost_cpu.whl"`;
const offlinePip = `echo 'Could not find a version that satisfies the requirement' >&2; exit 1`;

test('the library that the environment names comes first, then the wheel, then the system’s', async () => {
  const { run, place, root, systemLibrary, wheelLibrary } = emptyMachine({ python3: offlinePip });
  place(systemLibrary);
  expect(await run()).toMatchObject({ code: 0, out: systemLibrary });
  place(wheelLibrary);
  expect(await run()).toMatchObject({ code: 0, out: wheelLibrary });
  const named = place(join(root, 'named.so'));
  expect(await run({ KAFER_XGBOOST_LIB: named })).toMatchObject({ code: 0, out: named });
});

test('of two names in the environment the one for Käfer counts', async () => {
  const { run, place, root } = emptyMachine();
  const [ours, other] = ['ours.so', 'other.so'].map((name) => place(join(root, name))) as [string, string];
  expect(await run({ XGBOOST_LIBRARY: other })).toMatchObject({ code: 0, out: other });
  expect(await run({ XGBOOST_LIBRARY: other, KAFER_XGBOOST_LIB: ours })).toMatchObject({
    code: 0,
    out: ours,
  });
  expect((await run({ XGBOOST_LIBRARY: '/nowhere.so' })).said).toContain(
    'XGBOOST_LIBRARY names /nowhere.so, which does not exist.',
  );
});

test('an installed package keeps the wheel in the project, and its command may be a link', async () => {
  const { run, place, root, wheelLibrary } = emptyMachine({}, installed);
  place(wheelLibrary);
  expect(await run()).toMatchObject({ code: 0, out: wheelLibrary });
  const link = join(root, 'bin', 'xgboost-library');
  symlinkSync(join(root, installed), link);
  const { stdout } = await promisify(execFile)(process.execPath, [link], {
    env: { PATH: join(root, 'bin') },
  });
  expect(stdout.trim()).toBe(wheelLibrary);
});

test('a name in the environment that leads nowhere is an error, even when there are others', async () => {
  const { run, place, wheelLibrary } = emptyMachine();
  place(wheelLibrary);
  const { code, said } = await run({ KAFER_XGBOOST_LIB: '/nowhere.so' });
  expect(code).toBe(1);
  expect(said).toContain(
    'KAFER_XGBOOST_LIB names /nowhere.so, which does not exist. Correct it or unset it.',
  );
});

test('a wheel with another checksum is refused, and leaves nothing', async () => {
  const { run, root } = emptyMachine({ python3: wrongPip });
  const { code, said } = await run();
  expect(code).toBe(1);
  expect(said).toMatch(/its SHA-256 is [0-9a-f]{64} instead of [0-9a-f]{64}; it was not used/);
  expect(existsSync(join(root, '.cache'))).toBe(false);
  expect(readdirSync(join(root, 'tmp'))).toEqual([]);
});

test('a wheel that cannot be had gives way to the system’s library, and says why', async () => {
  const { run, place, systemLibrary } = emptyMachine({ python3: wrongPip });
  place(systemLibrary);
  const { code, out, said } = await run();
  expect([code, out]).toEqual([0, systemLibrary]);
  expect(said).toContain('instead of');
  expect(said).toContain(`Using the system's library ${systemLibrary}`);
});

test('when nothing helps it says all that was tried and what to do', async () => {
  const offline = await emptyMachine({ python3: offlinePip }).run();
  expect(offline.code).toBe(1);
  for (const part of [
    'No XGBoost library was found, and none could be installed.',
    'Could not find a version that satisfies the requirement',
    'this system has no apt-get',
    'apt-get install libxgboost0',
    'set KAFER_XGBOOST_LIB',
  ])
    expect(offline.said).toContain(part);
  const bare = await emptyMachine().run();
  expect(bare.said).toContain('pip is needed to download it, and neither python3 nor pip3 is installed.');
});
