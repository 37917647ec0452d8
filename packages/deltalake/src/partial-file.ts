import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { footerLength, parquetMark, parseFooter, tailBytes } from './parquet-footer.ts';
import type { ByteRange, ParquetFooter, RowGroup } from './parquet-footer.ts';

/** Bytes from a place on; they are all there. */
export type ReadRange = (from: number, length: number) => Promise<Buffer>;

/** So much of a file's end is read at once; most footers are shorter. */
const guessedFooterBytes = 64 * 1024;
/** Ranges so close to each other are read as one, as a request costs more than these bytes. */
const closeBytes = 16 * 1024;
/** Longer ranges are read in pieces of this size, several at a time. */
const pieceBytes = 8 * 1024 * 1024;
const piecesAtOnce = 8;
/** A file that is needed by more than this share, or is no larger than a footer may be, is better read whole. */
const mostOfFile = 0.75;

/** What a query needs of a Parquet file. */
export interface NeededParts {
  columns: readonly string[];
  /** Whether a row group may hold rows that the query looks for. Default that all do. */
  mayHold?: (group: RowGroup) => boolean;
}

/** The parts of a file that are to be read. */
export interface PartsPlan {
  /** Tells the local file that has these row groups from that with others. */
  name: string;
  ranges: ByteRange[];
  /** What is written behind the place of the last byte: a footer that knows the row groups alone that are read. */
  footer: Buffer | undefined;
}

/** The footers of files, each read once. */
export class Footers {
  readonly #known = new Map<string, Promise<{ footer: ParquetFooter; from: number } | undefined>>();

  /**
   * What must be read of a file; undefined if it is better read whole, or cannot be read in part.
   *
   * @param sizeBytes of the file
   */
  async plan(
    path: string,
    sizeBytes: number,
    { columns, mayHold = () => true }: NeededParts,
    read: ReadRange,
  ): Promise<PartsPlan | undefined> {
    if (sizeBytes <= guessedFooterBytes) return undefined;
    let known = this.#known.get(path);
    if (!known) this.#known.set(path, (known = readFooter(sizeBytes, read)));
    const found = await known.catch((error: unknown) => {
      this.#known.delete(path);
      throw error;
    });
    if (!found) return undefined;
    const { footer, from } = found;
    const groups = footer.rowGroups.filter(mayHold);
    const isPart = groups.length < footer.rowGroups.length;
    const needed = groups.flatMap((group) => group.rangesOf(columns));
    if (needed.some((range) => !(range.from >= 0 && range.to <= sizeBytes && range.from <= range.to)))
      return undefined;
    const ranges = joined(isPart ? needed : [...needed, { from, to: sizeBytes }]);
    const bytes = ranges.reduce((sum, range) => sum + range.to - range.from, 0);
    if (bytes > sizeBytes * mostOfFile) return undefined;
    const positions = groups.map((group) => footer.rowGroups.indexOf(group)).join();
    return {
      name: isPart
        ? `.groups-${createHash('sha256').update(positions).digest('hex').slice(0, 16)}`
        : '.columns',
      ranges,
      footer: isPart ? withTail(footer.withRowGroups(new Set(groups))) : undefined,
    };
  }
}

const withTail = (footer: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([footer, length, parquetMark]);
};

async function readFooter(
  sizeBytes: number,
  read: ReadRange,
): Promise<{ footer: ParquetFooter; from: number } | undefined> {
  let end = await read(sizeBytes - guessedFooterBytes, guessedFooterBytes);
  const length = footerLength(end.subarray(-tailBytes));
  if (length === undefined || length + tailBytes > sizeBytes) return undefined;
  const from = sizeBytes - tailBytes - length;
  if (length + tailBytes > end.length) end = await read(from, length + tailBytes);
  try {
    return { footer: parseFooter(end.subarray(-(length + tailBytes), -tailBytes)), from };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The same ranges in order, those that touch or nearly do as one. */
function joined(ranges: readonly ByteRange[]): ByteRange[] {
  const result: ByteRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && range.from <= last.to + closeBytes) last.to = Math.max(last.to, range.to);
    else result.push({ ...range });
  }
  return result;
}

/**
 * A local file that has some bytes of a larger one in their places and holes elsewhere. A hole that is read all the same
 * is no page of Parquet, which DuckDB says.
 */
export class PartialFile {
  readonly #file: string;
  readonly #sizeBytes: number;
  #there: ByteRange[] = [];
  #isBegun = false;

  constructor(file: string, sizeBytes: number) {
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  /** Reads what of the plan is not there yet; returns how many bytes these were. */
  async fill({ ranges, footer }: PartsPlan, read: ReadRange): Promise<number> {
    const pieces = ranges.flatMap((range) => this.#lacking(range)).flatMap(inPieces);
    const handle = await open(this.#file, this.#isBegun ? 'r+' : 'w');
    try {
      if (!this.#isBegun) await this.#begin(handle, footer);
      await Promise.all(
        Array.from({ length: piecesAtOnce }, async () => {
          for (let piece = pieces.shift(); piece; piece = pieces.shift())
            await writeAll(handle, await read(piece.from, piece.to - piece.from), piece.from);
        }),
      );
    } finally {
      await handle.close();
    }
    const bytes = this.lackingBytes({ ranges });
    this.#there = [...this.#there, ...ranges].sort((a, b) => a.from - b.from);
    return bytes;
  }

  /** The bytes of a plan that are not there yet. */
  lackingBytes({ ranges }: Pick<PartsPlan, 'ranges'>): number {
    return ranges
      .flatMap((range) => this.#lacking(range))
      .reduce((sum, range) => sum + range.to - range.from, 0);
  }

  async #begin(handle: FileHandle, footer: Buffer | undefined): Promise<void> {
    await handle.truncate(this.#sizeBytes);
    await writeAll(handle, parquetMark, 0);
    if (footer) await writeAll(handle, footer, this.#sizeBytes);
    this.#isBegun = true;
  }

  /** The parts of a range that are not there. */
  #lacking({ from, to }: ByteRange): ByteRange[] {
    const parts: ByteRange[] = [];
    let at = from;
    for (const there of this.#there) {
      if (there.to <= at || there.from >= to) continue;
      if (there.from > at) parts.push({ from: at, to: there.from });
      at = Math.max(at, there.to);
    }
    if (at < to) parts.push({ from: at, to });
    return parts;
  }
}

const inPieces = ({ from, to }: ByteRange): ByteRange[] =>
  Array.from({ length: Math.ceil((to - from) / pieceBytes) }, (_, piece) => ({
    from: from + piece * pieceBytes,
    to: Math.min(to, from + (piece + 1) * pieceBytes),
  }));

async function writeAll(handle: FileHandle, data: Buffer, at: number): Promise<void> {
  for (let done = 0; done < data.length;) {
    const { bytesWritten } = await handle.write(data, done, data.length - done, at + done);
    done += bytesWritten;
  }
}
