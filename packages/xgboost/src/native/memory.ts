import koffi from 'koffi';

/**
 * Copies out of and lends into the library's memory. What the library returns stays its own and is overwritten by
 * the next call on the thread, so every function here copies.
 */

/** `length` float32 numbers at an address. */
export function copyFloats(address: bigint | null, length: number): Float32Array {
  if (address === null || length === 0) return new Float32Array(0);
  return new Float32Array(koffi.view(address, length * 4)).slice();
}

/** `length` uint32 numbers at an address. */
export function copyUints(address: bigint | null, length: number): Uint32Array {
  if (address === null || length === 0) return new Uint32Array(0);
  return new Uint32Array(koffi.view(address, length * 4)).slice();
}

/** `length` numbers of 64 bits at an address, as exact JavaScript numbers. */
export function copyUlongs(address: bigint | null, length: number): number[] {
  if (address === null || length === 0) return [];
  return Array.from(new BigUint64Array(koffi.view(address, length * 8)), Number);
}

/** `length` bytes at an address. */
export function copyBytes(address: bigint | null, length: number): Uint8Array {
  if (address === null || length === 0) return new Uint8Array(0);
  return new Uint8Array(koffi.view(address, length)).slice();
}

/** The UTF-8 text that ends with a zero byte at an address. */
export function readText(address: bigint | null): string {
  return address === null ? '' : koffi.decode.string(address);
}

/** `length` texts whose addresses lie at an address. */
export function readTexts(address: bigint | null, length: number): string[] {
  if (address === null || length === 0) return [];
  return koffi.decode(address, 'const char *', length) as string[];
}

export type Lendable = Float32Array | Uint32Array;

/** Arrays whose addresses the library holds: being in here keeps them from the garbage collector. */
const lent = new Set<Lendable>();

/** Keeps an array alive until {@link takeBack}, and describes it in numpy's array interface (version 3) as JSON. */
export function lend(array: Lendable, shape: readonly number[]): string {
  lent.add(array);
  const type = array instanceof Float32Array ? '<f4' : '<u4';
  // An empty array has no address; the library wants one that is not null only when there are elements.
  const address = array.length === 0 ? 0n : koffi.address(array);
  return `{"data":[${address},true],"shape":[${shape.join(',')}],"typestr":"${type}","version":3}`;
}

/** Ends what {@link lend} began. */
export function takeBack(array: Lendable): void {
  lent.delete(array);
}

/** A copy of what the library describes in numpy's array interface: one axis of float32 or of 64-bit numbers. */
export function copyArray(json: string): number[] {
  const { data, shape, typestr } = JSON.parse(json.replace(/"data":\s*\[\s*(\d+)/, '"data":["$1"')) as {
    readonly data: readonly [string, boolean];
    readonly shape: readonly number[];
    readonly typestr: string;
  };
  const address = BigInt(data[0]);
  const length = shape[0] ?? 0;
  return typestr === '<f4' ? Array.from(copyFloats(address, length)) : copyUlongs(address, length);
}

/** Lends an array for the duration of one call. */
export function withLent<Result>(
  array: Lendable,
  shape: readonly number[],
  use: (json: string) => Result,
): Result {
  const json = lend(array, shape);
  try {
    return use(json);
  } finally {
    takeBack(array);
  }
}

/** The library's JSON reader takes NaN and Infinity as bare words. */
export function missingAsJson(missing: number): string {
  return Number.isFinite(missing) && Number.isInteger(missing) ? `${missing}.0` : String(missing);
}
