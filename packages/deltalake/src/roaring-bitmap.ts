import { mostRows, RowBitsBuilder } from './row-bits.ts';
import type { RowBits } from './row-bits.ts';

/**
 * Sets of row numbers as deletion vectors hold them: a RoaringBitmapArray (PROTOCOL.md, "Deletion Vector Format"), which is
 * a list of 32-bit Roaring bitmaps in their portable format (RoaringFormatSpec), one for each upper half of a row number.
 * Rows from 2^31 on are not supported, so there is one at most.
 */

/** Before the portable format. */
const portableMagic = 1_681_511_377;
/** Before an older one, in which the protocol's example is: 32-bit bitmaps in order, each behind its length. */
const olderMagic = portableMagic - 1;
const cookieWithoutRuns = 12_346;
const cookieWithRuns = 12_347;
/** A container holds the rows whose upper 16 bits are equal. */
const rowsOfContainer = 0x1_0000;
const bytesOfContainer = rowsOfContainer / 8;
/** From more rows on a container is a bitmap rather than a list. */
const longestList = 4096;
/** With fewer containers a bitmap with runs leaves out where they begin. */
const fewContainers = 4;

/** Why bytes are no bitmap that can be read. */
export class BitmapError extends Error {
  readonly isUnsupported: boolean;

  constructor(message: string, isUnsupported = false) {
    super(message);
    this.isUnsupported = isUnsupported;
  }
}

/** @throws BitmapError */
export function decodeBitmap(data: Uint8Array): RowBits {
  const reader = new BytesReader(data);
  const rows = new RowBitsBuilder();
  const start = reader.bytes(4);
  if (start.readUInt32LE() === portableMagic) {
    for (let bitmaps = reader.uint64(); bitmaps > 0n; bitmaps--) {
      if (reader.uint32() !== 0) throw new BitmapError('it names rows from 2^32 on', true);
      decode32(reader, rows);
    }
  } else if (start.readUInt32LE() === olderMagic || start.readUInt32BE() === olderMagic) {
    const number = (): number =>
      start.readUInt32LE() === olderMagic ? reader.uint32() : reader.bytes(4).readUInt32BE();
    if (number() > 1) throw new BitmapError('it names rows from 2^32 on', true);
    if (number() > 0) decode32(reader, rows);
  } else
    throw new BitmapError(`its format has the number ${start.readUInt32LE()} instead of ${portableMagic}`);
  return rows.done();
}

/** The rows in the portable format, each container in the form that needs the fewest bytes. */
export function encodeBitmap(bits: RowBits): Buffer {
  const containers: Container[] = [];
  for (let key = 0; key * bytesOfContainer < bits.length; key++) {
    const container = containerOf(key, bits.subarray(key * bytesOfContainer, (key + 1) * bytesOfContainer));
    if (container) containers.push(container);
  }
  const array = Buffer.alloc(12);
  array.writeUInt32LE(portableMagic);
  array.writeBigUInt64LE(containers.length === 0 ? 0n : 1n, 4);
  return Buffer.concat(containers.length === 0 ? [array] : [array, Buffer.alloc(4), encode32(containers)]);
}

function decode32(reader: BytesReader, rows: RowBitsBuilder): void {
  const cookie = reader.uint32();
  const hasRuns = (cookie & 0xffff) === cookieWithRuns;
  if (!hasRuns && cookie !== cookieWithoutRuns) throw new BitmapError(`its bitmap begins with ${cookie}`);
  const count = hasRuns ? (cookie >>> 16) + 1 : reader.uint32();
  if (count > rowsOfContainer) throw new BitmapError(`it has ${count} containers`);
  const runFlags = reader.bytes(hasRuns ? Math.ceil(count / 8) : 0);
  const described = Array.from({ length: count }, () => ({
    key: reader.uint16(),
    rowCount: reader.uint16() + 1,
  }));
  if (!hasRuns || count >= fewContainers) reader.bytes(4 * count);
  for (const [place, { key, rowCount }] of described.entries()) {
    const first = key * rowsOfContainer;
    const add = (low: number): void => {
      if (first + low >= mostRows) throw new BitmapError('it names rows from 2^31 on', true);
      rows.add(first + low);
    };
    if (((runFlags[place >> 3] ?? 0) >> (place & 7)) & 1) {
      for (let runs = reader.uint16(); runs > 0; runs--) {
        const [start, more] = [reader.uint16(), reader.uint16()];
        if (start + more >= rowsOfContainer) throw new BitmapError('it has a run beyond its container');
        for (let low = start; low <= start + more; low++) add(low);
      }
    } else if (rowCount <= longestList) {
      for (let listed = 0; listed < rowCount; listed++) add(reader.uint16());
    } else {
      for (const [byte, ones] of reader.bytes(bytesOfContainer).entries())
        for (let bit = 0; bit < 8; bit++) if ((ones >> bit) & 1) add(byte * 8 + bit);
    }
  }
}

interface Container {
  key: number;
  rowCount: number;
  isRuns: boolean;
  body: Buffer;
}

function containerOf(key: number, bits: RowBits): Container | undefined {
  const lows: number[] = [];
  for (const [byte, ones] of bits.entries())
    for (let bit = 0; ones !== 0 && bit < 8; bit++) if (ones & (0x80 >> bit)) lows.push(byte * 8 + bit);
  if (lows.length === 0) return undefined;
  const starts = lows.filter((low, place) => place === 0 || lows[place - 1] !== low - 1);
  const ends = lows.filter((low, place) => lows[place + 1] !== low + 1);
  const runs = [starts.length, ...starts.flatMap((start, run) => [start, (ends[run] ?? start) - start])];
  const isRuns = runs.length < Math.min(lows.length, bytesOfContainer / 2);
  const common = { key, rowCount: lows.length, isRuns };
  if (isRuns || lows.length <= longestList) {
    const numbers = isRuns ? runs : lows;
    const body = Buffer.alloc(numbers.length * 2);
    for (const [place, number] of numbers.entries()) body.writeUInt16LE(number, place * 2);
    return { ...common, body };
  }
  const body = Buffer.alloc(bytesOfContainer);
  for (const low of lows) body[low >> 3] = (body[low >> 3] ?? 0) | (1 << (low & 7));
  return { ...common, body };
}

function encode32(containers: readonly Container[]): Buffer {
  const count = containers.length;
  const hasRuns = containers.some(({ isRuns }) => isRuns);
  const start = Buffer.alloc(hasRuns ? 4 + Math.ceil(count / 8) : 8);
  if (hasRuns) {
    start.writeUInt32LE((cookieWithRuns | ((count - 1) << 16)) >>> 0);
    for (const [place, { isRuns }] of containers.entries())
      if (isRuns) start[4 + (place >> 3)] = (start[4 + (place >> 3)] ?? 0) | (1 << (place & 7));
  } else {
    start.writeUInt32LE(cookieWithoutRuns);
    start.writeUInt32LE(count, 4);
  }
  const described = Buffer.alloc(4 * count);
  for (const [place, { key, rowCount }] of containers.entries()) {
    described.writeUInt16LE(key, place * 4);
    described.writeUInt16LE(rowCount - 1, place * 4 + 2);
  }
  const offsets = Buffer.alloc(!hasRuns || count >= fewContainers ? 4 * count : 0);
  let offset = start.length + described.length + offsets.length;
  for (const [place, { body }] of containers.entries()) {
    if (offsets.length > 0) offsets.writeUInt32LE(offset, place * 4);
    offset += body.length;
  }
  return Buffer.concat([start, described, offsets, ...containers.map(({ body }) => body)]);
}

/** Little-endian numbers one after the other. */
class BytesReader {
  readonly #data: Buffer;
  #place = 0;

  constructor(data: Uint8Array) {
    this.#data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  }

  uint16 = (): number => this.bytes(2).readUInt16LE();
  uint32 = (): number => this.bytes(4).readUInt32LE();
  uint64 = (): bigint => this.bytes(8).readBigUInt64LE();

  bytes(length: number): Buffer {
    const from = this.#place;
    if (from + length > this.#data.length) throw new BitmapError('it ends too early');
    this.#place += length;
    return this.#data.subarray(from, this.#place);
  }
}
