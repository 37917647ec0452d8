import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { XgboostError } from '../errors.ts';

const WHEEL_LIBRARIES: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'xgboost/lib/libxgboost.so',
  darwin: 'xgboost/lib/libxgboost.dylib',
  win32: 'xgboost/lib/xgboost.dll',
};

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

/** The environment variables that may name the library, in the order in which they count. */
const VARIABLES = ['KAFER_XGBOOST_LIB', 'XGBOOST_LIBRARY'];

/**
 * Where XGBoost's shared library is: the path asked for, the environment variables KAFER_XGBOOST_LIB and
 * XGBOOST_LIBRARY, the newest wheel below `.cache/xgboost/` of an enclosing folder, the system's folders; the first that applies.
 * @throws XgboostError `XGBOOST_LIBRARY_NOT_FOUND`
 */
export function findLibraryPath(
  asked?: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const variable = VARIABLES.find((name) => environment[name]);
  const named = asked ?? (variable === undefined ? undefined : environment[variable]);
  if (named !== undefined) {
    if (existsSync(named)) return named;
    const origin = asked === undefined ? `${variable} names` : 'The library asked for is';
    throw new XgboostError('XGBOOST_LIBRARY_NOT_FOUND', `${origin} ${named}, which does not exist.`);
  }
  const found =
    cachedWheel(dirname(fileURLToPath(import.meta.url))) ?? SYSTEM_PATHS.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new XgboostError(
    'XGBOOST_LIBRARY_NOT_FOUND',
    'No XGBoost library was found in .cache/xgboost/ or among the system libraries. ' +
      'Fetch one (npx xgboost-library), install one (pip: xgboost-cpu, Debian: libxgboost0, Homebrew: xgboost), ' +
      'or set XGBOOST_LIBRARY to its path.',
  );
}

/** The newest unpacked wheel in `.cache/xgboost/<version>/` of the folder or the nearest one above it. */
function cachedWheel(folder: string): string | undefined {
  const library = WHEEL_LIBRARIES[process.platform];
  if (library === undefined) return undefined;
  const cache = join(folder, '.cache', 'xgboost');
  if (existsSync(cache)) {
    const versions = readdirSync(cache).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
    versions.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    const found = versions.map((version) => join(cache, version, library)).find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  const above = dirname(folder);
  return above === folder ? undefined : cachedWheel(above);
}
