/** A value of Thrift's compact protocol, as far as Parquet's footers need it, with the bytes where it stands. */
export interface ThriftValue {
  from: number;
  to: number;
  /** Whole numbers up to 2^53, booleans as 0 and 1. */
  number?: number;
  bytes?: Buffer;
  list?: ThriftValue[];
  /** By field id. */
  struct?: ReadonlyMap<number, ThriftValue>;
}

const types = {
  yes: 1,
  no: 2,
  i8: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
};

/** @throws RangeError for bytes that are no struct */
export function readThriftStruct(data: Buffer): ThriftValue {
  return new CompactReader(data).struct();
}

/** A list's head, to stand before as many elements of the same type as the list had. */
export function thriftListHead(typeByte: number, size: number): Buffer {
  const type = typeByte & 0x0f;
  return size < 15
    ? Buffer.of((size << 4) | type)
    : Buffer.concat([Buffer.of(0xf0 | type), varint(BigInt(size))]);
}

/** A signed number. */
export const thriftNumber = (value: number): Buffer => varint(BigInt(value) * 2n);

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 0x80n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}

class CompactReader {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  struct(): ThriftValue {
    const from = this.#at;
    const fields = new Map<number, ThriftValue>();
    for (let id = 0; ;) {
      const head = this.#byte();
      if (head === 0) return { from, to: this.#at, struct: fields };
      id = head >> 4 === 0 ? this.#signed() : id + (head >> 4);
      const type = head & 0x0f;
      const isFlag = type === types.yes || type === types.no;
      fields.set(
        id,
        isFlag ? { from: this.#at, to: this.#at, number: type === types.yes ? 1 : 0 } : this.#value(type),
      );
    }
  }

  #value(type: number): ThriftValue {
    const from = this.#at;
    const value = this.#content(type);
    return { ...value, from, to: this.#at };
  }

  #content(type: number): Omit<ThriftValue, 'from' | 'to'> {
    if (type === types.struct) return this.struct();
    if (type === types.binary) return { bytes: this.#bytes(Number(this.#unsigned())) };
    if (type === types.i8 || type === types.yes || type === types.no) return { number: this.#byte() };
    if (type === types.i16 || type === types.i32 || type === types.i64) return { number: this.#signed() };
    if (type === types.double) return { bytes: this.#bytes(8) };
    if (type === types.list || type === types.set) return { list: this.#list() };
    if (type === types.map) return { list: this.#map() };
    throw new RangeError(`There is no Thrift type ${type}.`);
  }

  #list(): ThriftValue[] {
    const head = this.#byte();
    const size = head >> 4 === 15 ? Number(this.#unsigned()) : head >> 4;
    return this.#many(size, [head & 0x0f]);
  }

  #map(): ThriftValue[] {
    const size = Number(this.#unsigned());
    if (size === 0) return [];
    const head = this.#byte();
    return this.#many(size, [head >> 4, head & 0x0f]);
  }

  #many(size: number, kinds: readonly number[]): ThriftValue[] {
    if (size > this.#data.length) throw new RangeError(`A list of ${size} elements is longer than its file.`);
    const values: ThriftValue[] = [];
    for (let index = 0; index < size; index++) for (const kind of kinds) values.push(this.#value(kind));
    return values;
  }

  #signed(): number {
    const value = this.#unsigned();
    return Number((value >> 1n) ^ -(value & 1n));
  }

  #unsigned(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
      if (shift > 63n) throw new RangeError('A Thrift number has too many bytes.');
    }
  }

  #byte(): number {
    return this.#bytes(1).readUInt8();
  }

  #bytes(length: number): Buffer {
    const from = this.#at;
    if (length < 0 || from + length > this.#data.length)
      throw new RangeError('A Thrift struct ends too early.');
    this.#at += length;
    return this.#data.subarray(from, this.#at);
  }
}
