#!/usr/bin/env node
// Finds the XGBoost shared library this machine will use, or brings it here: the pinned official wheel, checked
// against the SHA-256 below and unpacked into .cache/xgboost/, or else the operating system's package.
// Plain Node without dependencies, because it runs before anything is built or installed.
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';

const run = promisify(execFile);
const here = fileURLToPath(import.meta.url);

/** The project that this package is installed in, or the repository that it is part of. */
const [installedIn, ...insideModules] = here.split(`${sep}node_modules${sep}`);
const project = insideModules.length > 0 ? installedIn : fileURLToPath(new URL('../../..', import.meta.url));

/** The environment variables that may name the library, in the order in which they count. */
const VARIABLES = ['KAFER_XGBOOST_LIB', 'XGBOOST_LIBRARY'];

/** The version of the wheel. Raising it means: download each platform's wheel, put its SHA-256 below, run the tests. */
export const WHEEL_VERSION = '3.2.0';

/** What each platform downloads. Apple's has no CPU-only distribution; its library needs Homebrew's libomp. */
const WHEELS = {
  'linux-x64': {
    distribution: 'xgboost-cpu',
    platformTag: 'manylinux_2_28_x86_64',
    sha256: '9c10b1653e1a689bf4094a328144cf3633c9be0e5217a76fbdc2fde6abcb2950',
    library: 'xgboost/lib/libxgboost.so',
  },
  'linux-arm64': {
    distribution: 'xgboost-cpu',
    platformTag: 'manylinux_2_28_aarch64',
    sha256: '896b9e2bc52ec0921edf92ddd1cebedf47032e94992b7aca0293524d380ce6e9',
    library: 'xgboost/lib/libxgboost.so',
  },
  'darwin-arm64': {
    distribution: 'xgboost',
    platformTag: 'macosx_12_0_arm64',
    sha256: 'eabbd40d474b8dbf6cb3536325f9150b9e6f0db32d18de9914fb3227d0bef5b7',
    library: 'xgboost/lib/libxgboost.dylib',
  },
  'darwin-x64': {
    distribution: 'xgboost',
    platformTag: 'macosx_10_15_x86_64',
    sha256: '2f661966d3e322536d9c448090a870fcba1e32ee5760c10b7c46bac7a342079a',
    library: 'xgboost/lib/libxgboost.dylib',
  },
  'win32-x64': {
    distribution: 'xgboost-cpu',
    platformTag: 'win_amd64',
    sha256: 'bfe72e42f73d2c6870a1a8b75324d56ae86ddad9abd4dccefeb36f2c3196dd48',
    library: 'xgboost/lib/xgboost.dll',
  },
};

/** Where operating systems and Homebrew keep the library, most specific first. */
const SYSTEM_PATHS = [
  '/usr/local/lib/libxgboost.so',
  '/usr/lib/x86_64-linux-gnu/libxgboost.so.0',
  '/usr/lib/x86_64-linux-gnu/libxgboost.so',
  '/usr/lib/aarch64-linux-gnu/libxgboost.so.0',
  '/usr/lib/aarch64-linux-gnu/libxgboost.so',
  '/usr/lib64/libxgboost.so',
  '/usr/lib/libxgboost.so',
  '/opt/homebrew/lib/libxgboost.dylib',
  '/usr/local/lib/libxgboost.dylib',
];

/** A download that moves no bytes for this long is given up, so that an offline start fails instead of hanging. */
const DOWNLOAD_TIMEOUT_MS = 300_000;

const wheelOfThisPlatform = () => WHEELS[`${process.platform}-${process.arch}`];
const wheelFolder = () => join(project, '.cache', 'xgboost', WHEEL_VERSION);

/**
 * The library that is already on this machine, without starting a process or touching the network (about 1 ms).
 * Order: the file named by KAFER_XGBOOST_LIB or XGBOOST_LIBRARY, the unpacked wheel, the system's library.
 * @returns {{path: string, version?: string, source: 'environment'|'wheel'|'system'} | undefined}
 * @throws {Error} when one of these names a file that does not exist.
 */
export function findXgboostLibrary() {
  const variable = VARIABLES.find((name) => process.env[name]);
  if (variable) {
    const path = process.env[variable];
    if (existsSync(path)) return { path, source: 'environment' };
    throw new Error(`${variable} names ${path}, which does not exist. Correct it or unset it.`);
  }
  const wheel = wheelOfThisPlatform();
  if (wheel) {
    const path = join(wheelFolder(), wheel.library);
    if (existsSync(path)) return { path, version: WHEEL_VERSION, source: 'wheel' };
  }
  const path = findSystemLibrary();
  return path && { path, source: 'system' };
}

/**
 * The library this machine should use, brought here first if need be: the wheel is preferred to the system's
 * package because its version, and so every model's bytes, is the same on all machines.
 * @param {{log?: (line: string) => void}} options `log` hears what is being downloaded or installed.
 * @returns {Promise<{path: string, version?: string, source: 'environment'|'wheel'|'system'}>}
 * @throws {Error} that says everything that was tried and what to do.
 */
export async function ensureXgboostLibrary({ log = () => {} } = {}) {
  const found = findXgboostLibrary();
  if (found && found.source !== 'system') return found;
  const failures = [];
  try {
    return { path: await installWheel(log), version: WHEEL_VERSION, source: 'wheel' };
  } catch (error) {
    failures.push(`The wheel of XGBoost ${WHEEL_VERSION}: ${error.message}`);
  }
  if (found) {
    log(`${failures[0]} Using the system's library ${found.path}.`);
    return found;
  }
  try {
    await installSystemPackage(log);
    const path = findSystemLibrary();
    if (path) return { path, source: 'system' };
    failures.push('The package libxgboost0 was installed, but its library is in none of the known folders.');
  } catch (error) {
    failures.push(`The system's package libxgboost0: ${error.message}`);
  }
  throw new Error(
    [
      'No XGBoost library was found, and none could be installed.',
      ...failures.map((failure) => `- ${failure}`),
      'Install it yourself (Debian, Ubuntu: apt-get install libxgboost0; macOS: brew install xgboost; elsewhere: pip install xgboost-cpu)',
      'or set KAFER_XGBOOST_LIB or XGBOOST_LIBRARY to the path of a libxgboost of version 1.7 or later, then start again.',
    ].join('\n'),
  );
}

const findSystemLibrary = () => SYSTEM_PATHS.find((path) => existsSync(path));

/** Downloads, checks and unpacks the wheel; safe when several processes do it at once. Returns the library's path. */
async function installWheel(log) {
  const wheel = wheelOfThisPlatform();
  if (!wheel) throw new Error(`there is none for ${process.platform} on ${process.arch}.`);
  const downloads = await mkdtemp(join(tmpdir(), 'xgboost-wheel-'));
  const unpacked = `${wheelFolder()}.${randomUUID()}`;
  try {
    log(`Downloading ${wheel.distribution} ${WHEEL_VERSION} (${wheel.platformTag}) with pip`);
    const bytes = await downloadWheel(wheel, downloads);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== wheel.sha256)
      throw new Error(`its SHA-256 is ${sha256} instead of ${wheel.sha256}; it was not used.`);
    for (const { name, content } of readZip(bytes, isLibraryFile)) {
      const target = join(unpacked, name);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content(), { mode: 0o755 });
    }
    await rename(unpacked, wheelFolder()).catch((error) => {
      // Another process was first: its folder holds the same checked bytes.
      if (!existsSync(join(wheelFolder(), wheel.library))) throw error;
    });
    return join(wheelFolder(), wheel.library);
  } finally {
    await rm(downloads, { recursive: true, force: true });
    await rm(unpacked, { recursive: true, force: true });
  }
}

/** The library's rpath is relative, so that it and the libraries bundled with it keep the wheel's layout. */
const isLibraryFile = (name) =>
  /^xgboost\/lib\/[^/]+$|^xgboost(_cpu)?\.libs\/[^/]+$|\/licenses\/|LICENSE$/.test(name);

async function downloadWheel(wheel, folder) {
  const tag = [
    '--platform',
    wheel.platformTag,
    '--python-version',
    '3.12',
    '--implementation',
    'py',
    '--abi',
    'none',
  ];
  const what = [
    'download',
    `${wheel.distribution}==${WHEEL_VERSION}`,
    '--no-deps',
    '--only-binary=:all:',
    ...tag,
  ];
  const always = ['--quiet', '--disable-pip-version-check', '--no-input', '--dest', folder];
  const attempts = [
    ['python3', ['-m', 'pip']],
    ['pip3', []],
    ['uv', ['tool', 'run', 'pip']],
    ['python', ['-m', 'pip']],
  ].filter(([program]) => isOnPath(program));
  if (attempts.length === 0)
    throw new Error('pip is needed to download it, and neither python3 nor pip3 is installed.');
  let failure;
  for (const [program, prefix] of attempts) {
    try {
      await run(program, [...prefix, ...what, ...always], { timeout: DOWNLOAD_TIMEOUT_MS });
      const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
      if (name) return await readFile(join(folder, name));
    } catch (error) {
      failure = lastLine(error);
    }
  }
  throw new Error(`pip could not download it: ${failure ?? 'no wheel arrived'}.`);
}

/** What a program that failed said last: pip and apt-get end with the reason. */
const lastLine = (error) =>
  String(error.stderr || error.message)
    .trim()
    .split('\n')
    .at(-1);

function isOnPath(program) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => endings.some((ending) => existsSync(join(folder, program + ending))));
}

/**
 * The files of a zip archive, from its central directory (APPNOTE.TXT 4.3.12, 4.3.16; no Zip64, no encryption).
 * @yields {{name: string, content: () => Buffer}}
 */
export function* readZip(bytes, wanted) {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new Error('it is not a zip archive.');
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const method = bytes.readUInt16LE(at + 10);
    const packedSize = bytes.readUInt32LE(at + 20);
    const nameSize = bytes.readUInt16LE(at + 28);
    const header = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameSize);
    at += 46 + nameSize + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (name.endsWith('/') || !wanted(name)) continue;
    if (normalize(name).startsWith('..') || name.startsWith('/'))
      throw new Error(`it holds a file outside its folder: ${name}`);
    const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    const packed = bytes.subarray(start, start + packedSize);
    if (method !== 0 && method !== 8) throw new Error(`${name} is packed with the unknown method ${method}.`);
    yield { name, content: () => (method === 0 ? packed : inflateRawSync(packed)) };
  }
}

/** Installs Debian's and Ubuntu's package when that needs no password. */
async function installSystemPackage(log) {
  if (!isOnPath('apt-get')) throw new Error('this system has no apt-get.');
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (asRoot.length > 0) {
    await run('sudo', ['-n', 'true']).catch(() => {
      throw new Error('installing it needs root or sudo without a password.');
    });
  }
  log('Installing the package libxgboost0 with apt-get');
  const aptGet = (...options) => {
    const [program, ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...options];
    return run(program, rest, { timeout: DOWNLOAD_TIMEOUT_MS });
  };
  const install = () => aptGet('install', '-y', '--no-install-recommends', 'libxgboost0');
  try {
    await install().catch(async () => {
      await aptGet('update');
      await install();
    });
  } catch (error) {
    throw new Error(`apt-get failed: ${lastLine(error)}`, { cause: error });
  }
}

// npm starts commands through a link.
if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(here)) {
  try {
    console.log((await ensureXgboostLibrary({ log: (line) => console.error(line) })).path);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
