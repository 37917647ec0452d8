import { XgboostError } from './errors.ts';
import type { NativeLibrary } from './native/native-library.ts';

/**
 * Refuses a GPU that the library cannot use: it would compute on the CPU with no more than a line in its log.
 * @throws XgboostError `XGBOOST_NOT_IN_THIS_BUILD`
 */
export function requireDevice(
  parameters: readonly [name: string, text: string][],
  library: NativeLibrary,
): void {
  const device = parameters.findLast(([name]) => name === 'device')?.[1];
  if (device === undefined || !/^(cuda|gpu)(:\d+)?$/.test(device)) return;
  if (library.buildInfo()['USE_CUDA'] === true) return;
  const { major, minor, patch } = library.version;
  const message = `The device ${device} was asked for, but ${library.path} (XGBoost ${major}.${minor}.${patch}) was built without CUDA.`;
  throw new XgboostError('XGBOOST_NOT_IN_THIS_BUILD', message);
}
