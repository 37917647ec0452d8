import { XgboostError } from '../errors.ts';

/** What a UBJSON document holds; arrays of one number type become typed arrays. */
export type Document =
  null | boolean | number | string | Document[] | NumericArray | { [key: string]: Document };

export type NumericArray = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/**
 * Decodes Universal Binary JSON, draft 12 (https://ubjson.org), as XGBoost writes it: big-endian, containers with or
 * without a count, arrays with or without a type. Integers of 64 bits become numbers.
 * @throws XgboostError `XGBOOST_BAD_MODEL` for bytes that are not UBJSON or end too early.
 */
export function decodeUbjson(bytes: Uint8Array): Document {
  try {
    return new Decoder(bytes).value();
  } catch (cause) {
    if (cause instanceof XgboostError) throw cause;
    // Reading past the end, and nesting deeper than the stack, are both a RangeError.
    throw new XgboostError('XGBOOST_BAD_MODEL', 'The model is damaged: its UBJSON ends too early.', {
      cause,
    });
  }
}

interface ElementType {
  size: number;
  create: (length: number) => NumericArray;
  read: (view: DataView, at: number) => number;
}

const ELEMENT_TYPES: Partial<Record<string, ElementType>> = {
  i: { size: 1, create: (n) => new Int8Array(n), read: (view, at) => view.getInt8(at) },
  U: { size: 1, create: (n) => new Uint8Array(n), read: (view, at) => view.getUint8(at) },
  I: { size: 2, create: (n) => new Int16Array(n), read: (view, at) => view.getInt16(at) },
  l: { size: 4, create: (n) => new Int32Array(n), read: (view, at) => view.getInt32(at) },
  L: { size: 8, create: (n) => new Float64Array(n), read: (view, at) => Number(view.getBigInt64(at)) },
  d: { size: 4, create: (n) => new Float32Array(n), read: (view, at) => view.getFloat32(at) },
  D: { size: 8, create: (n) => new Float64Array(n), read: (view, at) => view.getFloat64(at) },
};

const text = new TextDecoder('utf-8', { fatal: true });

class Decoder {
  #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(marker = this.#marker()): Document {
    switch (marker) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case 'S':
      case 'H':
        return this.#text(this.#count());
      case 'C':
        return this.#text(1);
      case 'T':
        return true;
      case 'F':
        return false;
      case 'Z':
        return null;
      default:
        return this.#number(marker);
    }
  }

  #marker(): string {
    let marker;
    do marker = String.fromCharCode(this.#view.getUint8(this.#at++));
    while (marker === 'N');
    return marker;
  }

  #number(marker: string): number {
    const type = ELEMENT_TYPES[marker];
    if (!type) this.#fail(`an unknown type ${JSON.stringify(marker)}`);
    const value = type.read(this.#view, this.#at);
    this.#at += type.size;
    return value;
  }

  #count(): number {
    const count = this.#number(this.#marker());
    if (!Number.isSafeInteger(count) || count < 0) this.#fail(`a length of ${count}`);
    return count;
  }

  #text(length: number): string {
    const bytes = new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at, length);
    if (this.#at + length > this.#view.byteLength) throw new RangeError('text past the end');
    this.#at += length;
    return text.decode(bytes);
  }

  /** The `$type` and `#count` that may follow an opening bracket. */
  #header(): { type: string | undefined; count: number | undefined } {
    let [type, count]: [string | undefined, number | undefined] = [undefined, undefined];
    if (this.#peek() === '$') {
      this.#at++;
      type = this.#marker();
      if (this.#peek() !== '#') this.#fail('a typed container without a length');
    }
    if (this.#peek() === '#') {
      this.#at++;
      count = this.#count();
      if (type === undefined && count > this.#view.byteLength)
        throw new RangeError('more elements than bytes');
    }
    return { type, count };
  }

  #object(): Record<string, Document> {
    const { type, count } = this.#header();
    // Without a prototype, so that a key such as __proto__ is a key like any other.
    const object = Object.create(null) as Record<string, Document>;
    for (let i = 0; count === undefined ? this.#peek() !== '}' : i < count; i++) {
      const key = this.#text(this.#count());
      object[key] = this.value(type);
    }
    if (count === undefined) this.#at++;
    return object;
  }

  #array(): Document[] | NumericArray {
    const { type, count } = this.#header();
    const element = type === undefined ? undefined : ELEMENT_TYPES[type];
    if (element && count !== undefined) return this.#numbers(element, count);
    const array: Document[] = [];
    for (let i = 0; count === undefined ? this.#peek() !== ']' : i < count; i++) array.push(this.value(type));
    if (count === undefined) this.#at++;
    return array;
  }

  #numbers({ size, create, read }: ElementType, count: number): NumericArray {
    if (this.#at + count * size > this.#view.byteLength) throw new RangeError('array past the end');
    const array = create(count);
    for (let i = 0; i < count; i++) array[i] = read(this.#view, this.#at + i * size);
    this.#at += count * size;
    return array;
  }

  #peek(): string {
    return String.fromCharCode(this.#view.getUint8(this.#at));
  }

  #fail(what: string): never {
    throw new XgboostError(
      'XGBOOST_BAD_MODEL',
      `The model is damaged: its UBJSON has ${what} at byte ${this.#at}.`,
    );
  }
}
