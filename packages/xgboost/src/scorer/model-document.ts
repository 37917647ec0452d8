import { XgboostError } from '../errors.ts';
import { decodeUbjson, type Document } from './ubjson.ts';

/** Model bytes as a document. UBJSON and JSON both begin with `{`; after it JSON has a quote or white space. */
export function parseModelDocument(bytes: Uint8Array): Document {
  if (bytes[0] !== 0x7b)
    throw new XgboostError('XGBOOST_BAD_MODEL', 'These bytes are not a model in UBJSON or JSON.');
  const isJson = /["\s]/.test(String.fromCharCode(bytes[1] ?? 0));
  return isJson ? parseModelJson(new TextDecoder().decode(bytes)) : decodeUbjson(bytes);
}

/** JSON in which XGBoost wrote NaN and Infinity as bare words. NaN becomes null, which {@link numbersOf} turns back. */
export function parseModelJson(json: string): Document {
  const plain = json.replace(
    /"(?:[^"\\]|\\.)*"|(-?)(NaN|Infinity|nan|inf)\b/g,
    (found, sign: string, word?: string) => {
      if (word === undefined) return found;
      return /^nan$/i.test(word) ? 'null' : `${sign}1e999`;
    },
  );
  try {
    return JSON.parse(plain) as Document;
  } catch (cause) {
    throw new XgboostError('XGBOOST_BAD_MODEL', `The model is not valid JSON: ${String(cause)}.`, { cause });
  }
}

/** A field of a document, or undefined where there is none. */
export function fieldOf(document: Document | undefined, key: string): Document | undefined {
  if (
    typeof document !== 'object' ||
    document === null ||
    Array.isArray(document) ||
    ArrayBuffer.isView(document)
  ) {
    return undefined;
  }
  return Object.hasOwn(document, key) ? document[key] : undefined;
}

/** A nested field that must be there. */
export function requiredField(document: Document | undefined, ...keys: string[]): Document {
  let found = document;
  for (const key of keys) {
    found = fieldOf(found, key);
    if (found === undefined) throw missing(keys.join('.'));
  }
  return found as Document;
}

export function textOf(document: Document | undefined, ...keys: string[]): string {
  const value = requiredField(document, ...keys);
  if (typeof value !== 'string') throw missing(keys.join('.'));
  return value;
}

/** XGBoost writes the parameters of a model as texts. */
export function integerOf(document: Document | undefined, ...keys: string[]): number {
  const value = Number(textOf(document, ...keys));
  if (!Number.isSafeInteger(value)) throw missing(keys.join('.'));
  return value;
}

/** Numbers, with null for NaN; true and false count as 1 and 0 (JSON models before 2.0). */
export function numbersOf(document: Document | undefined, key: string): ArrayLike<number> {
  const value = requiredField(document, key);
  if (ArrayBuffer.isView(value)) return value;
  if (!Array.isArray(value)) throw missing(key);
  return value.map((item) => (item === null ? NaN : Number(item)));
}

export function listOf(document: Document | undefined, ...keys: string[]): Document[] {
  const value = requiredField(document, ...keys);
  if (!Array.isArray(value)) throw missing(keys.join('.'));
  return value;
}

function missing(field: string): XgboostError {
  return new XgboostError(
    'XGBOOST_BAD_MODEL',
    `The model is damaged: its field ${field} is missing or of a wrong type.`,
  );
}

export function damaged(what: string): XgboostError {
  return new XgboostError('XGBOOST_BAD_MODEL', `The model is damaged: it has ${what}.`);
}
