/**
 * A set of rows of a file as DuckDB's BIT has them: row r is the bit of weight 0x80 >> (r & 7) in byte r >> 3. Rows
 * behind the last byte are not in it.
 */
export type RowBits = Uint8Array;

/** DuckDB numbers bits by 32-bit integers. No engine writes files of so many rows. */
export const mostRows = 2 ** 31 - 1;

const onesOfByte = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

export const hasRow = (bits: RowBits, row: number): boolean =>
  ((bits[row >> 3] ?? 0) & (0x80 >> (row & 7))) !== 0;

export function countRows(bits: RowBits): number {
  let count = 0;
  for (const byte of bits) count += onesOfByte[byte] ?? 0;
  return count;
}

/** A growing set of rows. */
export class RowBitsBuilder {
  #bits: Uint8Array;
  #length = 0;

  /** @param start rows that are in it already; they are copied */
  constructor(start: RowBits = new Uint8Array()) {
    this.#bits = Uint8Array.from(start);
    this.#length = start.length;
  }

  add(row: number): void {
    const byte = row >> 3;
    this.#reach(byte + 1);
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (0x80 >> (row & 7));
  }

  /** The rows, in as few bytes as they need. */
  done(): RowBits {
    let length = this.#length;
    while (length > 0 && this.#bits[length - 1] === 0) length--;
    return this.#bits.subarray(0, length);
  }

  #reach(length: number): void {
    if (length > this.#bits.length) {
      const larger = new Uint8Array(Math.max(length, this.#bits.length * 2, 64));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#length = Math.max(this.#length, length);
  }
}

/** The rows of `a` that `b` lacks. */
export function withoutRows(a: RowBits, b: RowBits): RowBits {
  return new RowBitsBuilder(a.map((byte, place) => byte & ~(b[place] ?? 0))).done();
}

/** The first rows of a file, perhaps with some behind its end. */
export const allRows = (count: number): RowBits => new Uint8Array(Math.ceil(count / 8)).fill(0xff);
