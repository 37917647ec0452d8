import type { AddFile } from './actions.ts';
import { DeltaError } from './delta-error.ts';
import { BitmapError, decodeBitmap, encodeBitmap } from './roaring-bitmap.ts';
import { countRows } from './row-bits.ts';
import type { RowBits } from './row-bits.ts';

/** Which rows of a data file are no longer in the table (PROTOCOL.md, "Deletion Vector Descriptor Schema"). */
export interface DeletionVector {
  /** `u`: in a file below the table. `p`: in a file with an absolute address. `i`: in this very action. */
  storageType: string;
  /** For `u` a prefix, which may be empty, and 20 characters of a UUID; for `p` the address; for `i` the bytes. Z85. */
  pathOrInlineDv: string;
  /** Where it begins in its file. Bytes. */
  offset?: number;
  /** Bytes, without length and checksum. */
  sizeInBytes: number;
  /** How many rows it takes away. */
  cardinality: number;
  maxRowIndex?: number;
}

/** A data file with or without a vector: what the log's actions speak of. */
export type LogicalFile = Pick<AddFile, 'path' | 'deletionVector'>;

/** The protocol's `uniqueId`; an empty text where there is no vector. */
export function vectorId({ deletionVector }: LogicalFile): string {
  if (!deletionVector) return '';
  const { storageType, pathOrInlineDv, offset } = deletionVector;
  return `${storageType}${pathOrInlineDv}${typeof offset === 'number' ? `@${offset}` : ''}`;
}

/** What tells logical files apart. Paths are URLs and hold no line break. */
export const fileKey = (file: LogicalFile): string => `${file.path}\n${vectorId(file)}`;

const z85 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const uuidCharacters = 20;

/** Four bytes as five characters (ZeroMQ's RFC 32); a length that is no multiple of four is filled up with zeros. */
export function encodeZ85(data: Uint8Array): string {
  const padded = Buffer.alloc(Math.ceil(data.length / 4) * 4);
  padded.set(data);
  let text = '';
  for (let place = 0; place < padded.length; place += 4) {
    let number = padded.readUInt32BE(place);
    let five = '';
    for (let digit = 0; digit < 5; digit++) {
      five = z85.charAt(number % 85) + five;
      number = Math.floor(number / 85);
    }
    text += five;
  }
  return text;
}

/** @throws BitmapError */
export function decodeZ85(text: string): Buffer {
  if (text.length % 5 !== 0) throw new BitmapError(`its text has ${text.length} characters`);
  const data = Buffer.alloc((text.length / 5) * 4);
  for (let place = 0; place < text.length; place += 5) {
    let number = 0;
    for (const character of text.slice(place, place + 5)) {
      const digit = z85.indexOf(character);
      if (digit === -1) throw new BitmapError(`its text holds the character '${character}'`);
      number = number * 85 + digit;
    }
    if (number > 0xffff_ffff) throw new BitmapError('its text is no Z85');
    data.writeUInt32BE(number, (place / 5) * 4);
  }
  return data;
}

/**
 * Where a vector's file is in the table's store; undefined for one that the log holds itself.
 *
 * @param address of the store
 * @throws DeltaError `unsupported_feature` for one outside the table, `log_corrupt`
 */
export function vectorPath(vector: DeletionVector, address: string): string | undefined {
  const { storageType, pathOrInlineDv } = vector;
  if (storageType === 'i') return undefined;
  if (storageType === 'p') return pathWithin(address, pathOrInlineDv);
  if (storageType !== 'u')
    throw new DeltaError('unsupported_feature', `There is a deletion vector of the kind '${storageType}'.`);
  try {
    const prefix = pathOrInlineDv.slice(0, -uuidCharacters);
    const hex = decodeZ85(pathOrInlineDv.slice(-uuidCharacters)).toString('hex');
    const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return `${prefix === '' ? '' : `${prefix}/`}deletion_vector_${uuid}.bin`;
  } catch (error) {
    throw new DeltaError('log_corrupt', `The deletion vector '${pathOrInlineDv}' is no UUID.`, {
      cause: error,
    });
  }
}

/** The vector's path below a table that has absolute addresses, as engines write them in many ways. */
function pathWithin(address: string, uri: string): string {
  const plain = (text: string): string => text.replace(/^s3[an]:/, 's3:').replace(/^file:(\/\/)?(?=\/)/, '');
  const folder = plain(address).replace(/\/$/, '');
  for (const found of [plain(uri), decoded(plain(uri))])
    if (found.startsWith(`${folder}/`)) return found.slice(folder.length + 1);
  throw new DeltaError('unsupported_feature', `The deletion vector ${uri} lies outside the table.`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The rows that a vector takes away.
 *
 * @param file the bytes of its file; none for a vector that the log holds itself
 * @throws DeltaError `deletion_vector_corrupt`, `unsupported_feature`
 */
export function rowsOfVector(vector: DeletionVector, file?: Buffer): RowBits {
  try {
    const rows = decodeBitmap(file ? bytesInFile(vector, file) : inlineBytes(vector));
    const found = countRows(rows);
    if (found !== vector.cardinality)
      throw new BitmapError(`it names ${found} rows instead of ${vector.cardinality}`);
    return rows;
  } catch (error) {
    if (!(error instanceof BitmapError)) throw error;
    throw new DeltaError(
      error.isUnsupported ? 'unsupported_feature' : 'deletion_vector_corrupt',
      `The deletion vector ${vectorId({ path: '', deletionVector: vector })} cannot be read: ${error.message}.`,
      { cause: error },
    );
  }
}

function inlineBytes({ pathOrInlineDv, sizeInBytes }: DeletionVector): Buffer {
  const data = decodeZ85(pathOrInlineDv);
  if (data.length < sizeInBytes) throw new BitmapError('it ends too early');
  return data.subarray(0, sizeInBytes);
}

/** The first byte of a file of vectors: the format's version. Each vector has its length before and its CRC-32 behind it. */
const fileVersion = 1;

function bytesInFile({ offset = 1, sizeInBytes }: DeletionVector, file: Buffer): Buffer {
  if (file[0] !== fileVersion) throw new BitmapError(`its file begins with ${file[0] ?? 'nothing'}`);
  const start = offset + 4;
  if (start + sizeInBytes + 4 > file.length) throw new BitmapError('its file ends too early');
  const stated = file.readInt32BE(offset);
  if (stated !== sizeInBytes) throw new BitmapError(`it has ${stated} bytes instead of ${sizeInBytes}`);
  const data = file.subarray(start, start + sizeInBytes);
  if (file.readUInt32BE(start + sizeInBytes) !== crc32(data)) throw new BitmapError('its checksum is wrong');
  return data;
}

/**
 * A file of vectors.
 *
 * @returns its bytes, and the descriptor of each vector but for where the file is
 */
export function vectorFile(sets: readonly RowBits[]): {
  data: Buffer;
  vectors: Pick<DeletionVector, 'offset' | 'sizeInBytes' | 'cardinality'>[];
} {
  const pieces = [Buffer.of(fileVersion)];
  let offset = 1;
  const vectors = sets.map((rows) => {
    const bitmap = encodeBitmap(rows);
    const framed = Buffer.alloc(bitmap.length + 8);
    framed.writeInt32BE(bitmap.length);
    framed.set(bitmap, 4);
    framed.writeUInt32BE(crc32(bitmap), bitmap.length + 4);
    pieces.push(framed);
    const vector = { offset, sizeInBytes: bitmap.length, cardinality: countRows(rows) };
    offset += framed.length;
    return vector;
  });
  return { data: Buffer.concat(pieces), vectors };
}

const crcOfByte = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  return crc;
});

/** Node has it from 20.15 on. */
function crc32(data: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of data) crc = (crc >>> 8) ^ (crcOfByte[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffff_ffff) >>> 0;
}
