import { XgboostError } from './errors.ts';
import type { LibraryVersion } from './native/native-library.ts';
import { decodeUbjson } from './scorer/ubjson.ts';

const KEY = new TextEncoder().encode('version');

/**
 * The version of the library that saved a model, as [major, minor, patch], or undefined where it is not said. Found
 * without reading the model: keys are sorted, so that the outermost `version` is the last thing in UBJSON and JSON.
 */
export function modelVersion(model: Uint8Array): number[] | undefined {
  const bytes = Buffer.from(model.buffer, model.byteOffset, model.byteLength);
  const at = bytes.lastIndexOf(KEY);
  if (at < 0) return undefined;
  const value = bytes.subarray(at + KEY.length);
  const [, major, minor, patch] =
    /^"\s*:\s*\[\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)/.exec(value.toString('latin1', 0, 100)) ?? [];
  if (major !== undefined) return [major, minor, patch].map(Number);
  try {
    const decoded = decodeUbjson(value);
    const numbers = Array.isArray(decoded) || ArrayBuffer.isView(decoded) ? Array.from(decoded, Number) : [];
    return numbers.length === 3 ? numbers : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The library reads models of newer versions without a word and may compute something else with them: 1.7 takes the
 * `base_score` of 3.1, a list, for another number.
 * @throws XgboostError `XGBOOST_MODEL_UNSUPPORTED`
 */
export function refuseNewerModel(model: Uint8Array, library: LibraryVersion): void {
  const [major = 0, minor = 0] = modelVersion(model) ?? [];
  if (major < library.major || (major === library.major && minor <= library.minor)) return;
  const message = `XGBoost ${major}.${minor} made this model; the library is ${library.major}.${library.minor} and could misread it.`;
  throw new XgboostError('XGBOOST_MODEL_UNSUPPORTED', message);
}
