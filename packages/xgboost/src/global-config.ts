import { XgboostError } from './errors.ts';
import { readText } from './native/memory.ts';
import { nativeLibrary } from './native/native-library.ts';

/** Settings of the library itself, for all matrices and models of the calling thread, under its own names. */
export interface GlobalConfig {
  /** 0 silent, 1 warnings, 2 information, 3 debugging. Default 1. */
  verbosity?: 0 | 1 | 2 | 3;
  /** Whether GPU memory comes from the RAPIDS Memory Manager, where the library was built with it. Default false. */
  use_rmm?: boolean;
}

/** What the library is set to on the calling thread (XGBGetGlobalConfig); newer versions have more settings. */
export function globalConfig(): Readonly<Record<string, unknown>> & Required<GlobalConfig> {
  const text: [bigint | null] = [null];
  nativeLibrary().call('XGBGetGlobalConfig', text);
  return JSON.parse(readText(text[0])) as Required<GlobalConfig>;
}

/**
 * Sets what is given, for the calling thread, and leaves the rest (XGBSetGlobalConfig).
 * @throws XgboostError `XGBOOST_BAD_PARAMETER`, then nothing was set; `XGBOOST_NOT_IN_THIS_BUILD` for `use_rmm` of a
 * library that was built without it.
 */
export function setGlobalConfig(config: GlobalConfig): void {
  const library = nativeLibrary();
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  const problems = given.flatMap(([name, value]) => problemOf(name, value));
  if (problems.length > 0) throw new XgboostError('XGBOOST_BAD_PARAMETER', problems.join(' '));
  if (config.use_rmm === true && library.buildInfo()['USE_RMM'] !== true) {
    const message = `${library.path} (XGBoost ${library.versionText}) was built without RMM.`;
    throw new XgboostError('XGBOOST_NOT_IN_THIS_BUILD', message);
  }
  library.call('XGBSetGlobalConfig', JSON.stringify(Object.fromEntries(given)));
}

function problemOf(name: string, value: unknown): string[] {
  const seen = `and is ${JSON.stringify(value)}.`;
  if (name === 'verbosity')
    return [0, 1, 2, 3].includes(value as number) ? [] : [`verbosity must be 0, 1, 2 or 3, ${seen}`];
  if (name === 'use_rmm') return typeof value === 'boolean' ? [] : [`use_rmm must be true or false, ${seen}`];
  return [`There is no global setting ${name}; there are verbosity and use_rmm.`];
}
