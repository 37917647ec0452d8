import koffi from 'koffi';
import { XgboostError } from '../errors.ts';
import { declarations, type ArgumentsOf, type ArgumentType, type FunctionName } from './declarations.ts';
import { findLibraryPath } from './library-path.ts';
import { readText } from './memory.ts';

export interface LibraryVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** XGBoost's shared library, loaded into this process. */
export interface XgboostLibrary {
  readonly version: LibraryVersion;
  readonly path: string;
  /** How the library was compiled (XGBuildInfo), for example `USE_OPENMP` and `GCC_VERSION`. */
  buildInfo(): Record<string, unknown>;
  /** Hands the library's log lines on this thread to `listener` instead of standard error. */
  onLog(listener: (line: string) => void): void;
}

/** The oldest version whose functions and model format this package was tested with. */
const OLDEST_VERSION = { major: 1, minor: 7 };

const resetCallback = koffi.pointer(koffi.proto(null, 'void', ['void *']));
const nextCallback = koffi.pointer(koffi.proto(null, 'int', ['void *']));
const logCallback = koffi.pointer(koffi.proto(null, 'void', ['const char *']));

const KOFFI_TYPES: Record<ArgumentType, Parameters<typeof koffi.sizeof>[0]> = {
  handle: 'void *',
  handles: 'void *',
  text: 'const char *',
  texts: 'const char **',
  int: 'int',
  ulong: 'uint64_t',
  float: 'float',
  floats: 'void *',
  ints: 'void *',
  bytes: 'void *',
  outInt: koffi.out('int *'),
  outUlong: koffi.out('uint64_t *'),
  outPointer: koffi.out('void **'),
  resetCallback,
  nextCallback,
  logCallback,
};

/** The functions that return something other than the status of the call. */
const RESULT_TYPES: Partial<Record<FunctionName, string>> = {
  XGBoostVersion: 'void',
  XGBGetLastError: 'const char *',
};

type Bound = (...values: unknown[]) => unknown;

/**
 * The loaded library and its one way of being called. All calls are synchronous and belong to the calling thread:
 * the library keeps its last error, its predictions and its texts per thread, so that results are copied at once.
 */
export class NativeLibrary implements XgboostLibrary {
  readonly path: string;
  readonly version: LibraryVersion;
  #handle: ReturnType<typeof koffi.load>;
  #bound = new Map<FunctionName, Bound>();
  #logListener: (line: string) => void = (line) => process.stderr.write(`${line}\n`);

  constructor(path: string) {
    this.path = path;
    letThreadsSleep();
    try {
      this.#handle = koffi.load(path);
    } catch (cause) {
      throw new XgboostError('XGBOOST_LIBRARY_UNUSABLE', `${path} could not be loaded: ${String(cause)}`, {
        cause,
      });
    }
    this.version = this.#readVersion();
    const { major, minor } = this.version;
    if (major < OLDEST_VERSION.major || (major === OLDEST_VERSION.major && minor < OLDEST_VERSION.minor)) {
      const oldest = `${OLDEST_VERSION.major}.${OLDEST_VERSION.minor}`;
      throw new XgboostError(
        'XGBOOST_LIBRARY_UNUSABLE',
        `${path} is XGBoost ${major}.${minor}; ${oldest} is needed.`,
      );
    }
    const listener = koffi.register((line: string) => this.#hear(line), logCallback);
    this.call('XGBRegisterLogCallback', listener);
  }

  /** Whether this version of the library has the function. */
  has(name: FunctionName): boolean {
    try {
      this.#bind(name);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Calls a declared function.
   * @throws XgboostError `XGBOOST_CALL_FAILED` with the library's message, `XGBOOST_NOT_IN_THIS_VERSION`
   */
  call<Name extends FunctionName>(name: Name, ...values: ArgumentsOf<Name>): void {
    if (this.#bind(name)(...values) === 0) return;
    const message = this.#bind('XGBGetLastError')();
    throw new XgboostError('XGBOOST_CALL_FAILED', `XGBoost: ${essence(String(message))}`);
  }

  buildInfo(): Record<string, unknown> {
    const text: [bigint | null] = [null];
    this.call('XGBuildInfo', text);
    return JSON.parse(readText(text[0])) as Record<string, unknown>;
  }

  onLog(listener: (line: string) => void): void {
    this.#logListener = listener;
  }

  #hear(line: string): void {
    try {
      this.#logListener(line);
    } catch {
      // An exception must not travel through the library's stack frames; a lost log line is the lesser harm.
    }
  }

  #bind(name: FunctionName): Bound {
    const known = this.#bound.get(name);
    if (known) return known;
    let bound: Bound;
    try {
      const types = declarations[name].map((type) => KOFFI_TYPES[type]);
      bound = this.#handle.func(name, RESULT_TYPES[name] ?? 'int', types) as Bound;
    } catch (cause) {
      const message = `${this.path} (XGBoost ${this.versionText}) has no function ${name}.`;
      throw new XgboostError('XGBOOST_NOT_IN_THIS_VERSION', message, { cause });
    }
    this.#bound.set(name, bound);
    return bound;
  }

  #readVersion(): LibraryVersion {
    const [major, minor, patch]: [[number], [number], [number]] = [[0], [0], [0]];
    this.#bind('XGBoostVersion')(major, minor, patch);
    return Object.freeze({ major: major[0], minor: minor[0], patch: patch[0] });
  }

  /** The version as people write it. */
  get versionText(): string {
    return this.version
      ? `${this.version.major}.${this.version.minor}.${this.version.patch}`
      : 'of unknown version';
  }
}

/**
 * How often a waiting thread looks again before it sleeps: some ten microseconds. Fewer make small rounds pay for waking up,
 * more gain nothing (bench/xgboost/waiting.mjs) and take cores that other processes want.
 */
const spinsBeforeSleep = '1000';

/**
 * Threads wait for each other between the parallel parts of a round: they look again a few times, then sleep. OpenMP reads
 * the variables once, when it is loaded; GNU's knows both, others the first alone.
 */
function letThreadsSleep(): void {
  if (process.env['OMP_WAIT_POLICY'] !== undefined) return;
  process.env['OMP_WAIT_POLICY'] = 'PASSIVE';
  process.env['GOMP_SPINCOUNT'] ??= spinsBeforeSleep;
}

/** The library's message without the clock and source line it begins with and the C++ stack trace it ends with. */
function essence(message: string): string {
  const [text = message] = message.split(/\n\s*\n|\nStack trace/);
  return text.replace(/^\[[\d:]+\] \S+:\d+: /, '').trim();
}

let loaded: NativeLibrary | undefined;

/**
 * Loads the shared library, or returns the one this process already uses: there is one a process, because two
 * would bring two OpenMP thread pools and could be handed each other's handles.
 * @param path of the shared library; without it see the order in {@link findLibraryPath}.
 * @throws XgboostError `XGBOOST_LIBRARY_NOT_FOUND`, `XGBOOST_LIBRARY_UNUSABLE`, `XGBOOST_LIBRARY_ALREADY_LOADED`
 */
export function loadLibrary(path?: string): XgboostLibrary {
  return nativeLibrary(path);
}

/** {@link loadLibrary}, for this package's own files. */
export function nativeLibrary(path?: string): NativeLibrary {
  if (loaded && (path === undefined || path === loaded.path)) return loaded;
  if (loaded) {
    const message = `This process already uses ${loaded.path}; it cannot load ${String(path)} as well.`;
    throw new XgboostError('XGBOOST_LIBRARY_ALREADY_LOADED', message);
  }
  loaded = new NativeLibrary(findLibraryPath(path));
  return loaded;
}
