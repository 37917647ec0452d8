import { XgboostError } from './errors.ts';
import type { NativeLibrary } from './native/native-library.ts';

/** The parameters that can ask for a GPU, and the values with which they do. */
const GPU_VALUES: Readonly<Partial<Record<string, RegExp>>> = {
  device: /^(cuda|gpu)(:\d+)?$/,
  tree_method: /^gpu_/,
  updater: /(^|,\s*)(grow_)?gpu_/,
};

/**
 * Refuses a GPU that the library cannot use: it would compute on the CPU with no more than a line in its log.
 * @throws XgboostError `XGBOOST_NOT_IN_THIS_BUILD`
 */
export function requireDevice(
  parameters: readonly [name: string, text: string][],
  library: NativeLibrary,
): void {
  const asked = parameters.find(([name, text]) => GPU_VALUES[name]?.test(text));
  if (asked === undefined || library.buildInfo()['USE_CUDA'] === true) return;
  const message = `${asked.join(' ')} needs a GPU, but ${library.path} (XGBoost ${library.versionText}) was built without CUDA.`;
  throw new XgboostError('XGBOOST_NOT_IN_THIS_BUILD', message);
}
