import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { KaeferError, type StoredProblem } from '@kaefer/contracts/messages';
import { openSink } from '../lake/open-sink.ts';
import { FreeSpace, type FileLimits } from './free-space.ts';
import { unreadable } from './unreadable.ts';

const mib = 1 << 20;

/** A file that cannot be read, with what a person is told. */
export class UnpackError extends Error {
  readonly problem: StoredProblem;

  constructor(problem: StoredProblem, options?: ErrorOptions) {
    super(problem.code, options);
    this.problem = problem;
  }
}

/**
 * Writes what a gzip file holds. How much that is stands at its end, but of its last part alone and without what is above 4 GiB, so
 * it is not asked.
 *
 * @throws UnpackError when it is damaged or larger than the limit; KaeferError `disk_full`
 */
export async function gunzip(path: string, output: string, limits: FileLimits): Promise<void> {
  await write([createReadStream(path), createGunzip()], output, limits);
}

/** Entries of archives that Käfer looks at; each costs memory. */
const mostEntries = 10_000;

/** A zip archive's files, without folders and what macOS puts beside them. */
export class Archive {
  readonly #zip: ZipFile;
  readonly files: readonly Entry[];

  private constructor(zip: ZipFile, files: readonly Entry[]) {
    this.#zip = zip;
    this.files = files;
  }

  /** @throws UnpackError when the file is not a zip archive that can be read */
  static async open(path: string): Promise<Archive> {
    try {
      const zip = await openPromise(path, { autoClose: false });
      if (zip.entryCount > mostEntries) {
        zip.close();
        throw new Error(`the archive has ${zip.entryCount} entries`);
      }
      const files: Entry[] = [];
      for await (const entry of zip.eachEntry()) if (isFile(entry.fileName)) files.push(entry);
      return new Archive(zip, files);
    } catch (error) {
      throw unreadableError(error);
    }
  }

  close(): void {
    this.#zip.close();
  }

  get isWorkbook(): boolean {
    return this.files.some(({ fileName }) => fileName === 'xl/workbook.xml');
  }

  /**
   * Writes one file's content, unless what it says to hold is too much for the disk.
   *
   * @throws UnpackError when it is damaged or larger than the limit; KaeferError `disk_full`
   */
  async extract(entry: Entry, output: string, limits: FileLimits): Promise<void> {
    const declared = Math.min(entry.uncompressedSize, limits.unpackedBytes);
    new FreeSpace(dirname(output), limits.minFreeBytes).require(declared);
    try {
      if (entry.isEncrypted()) throw new Error('it is protected by a password');
      await write([await this.#zip.openReadStreamPromise(entry)], output, limits);
    } catch (error) {
      throw asUnpackError(error);
    }
  }

  /**
   * Unpacks everything to nowhere: declared sizes are not to be trusted.
   *
   * @param look is given everything
   * @throws UnpackError
   */
  async requireAtMost(limitBytes: number, look: (entry: Entry, chunk: Buffer) => void): Promise<void> {
    let left = limitBytes;
    for (const entry of this.files) {
      try {
        for await (const chunk of (await this.#zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
          left -= chunk.length;
          if (left < 0) throw tooLarge(limitBytes);
          look(entry, chunk);
        }
      } catch (error) {
        throw asUnpackError(error);
      }
    }
  }
}

function isFile(name: string): boolean {
  const last = name.split('/').at(-1) ?? '';
  return last !== '' && !last.startsWith('.') && !name.startsWith('__MACOSX/');
}

/** @param content a stream and what its bytes go through */
async function write(
  content: readonly [Readable, ...Transform[]],
  output: string,
  { unpackedBytes, minFreeBytes }: FileLimits,
): Promise<void> {
  const space = new FreeSpace(dirname(output), minFreeBytes);
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      try {
        if (bytes > unpackedBytes) throw tooLarge(unpackedBytes);
        space.take(chunk.length);
        done(null, chunk);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  try {
    await pipeline([...content, measure, openSink(output)]);
  } catch (error) {
    throw asUnpackError(error);
  }
}

/** What went wrong as something of the content, unless it is of this machine: errors of the system have a system call. */
function asUnpackError(error: unknown): Error {
  const isOfMachine = error instanceof KaeferError || (error instanceof Error && 'syscall' in error);
  return isOfMachine || error instanceof UnpackError ? error : unreadableError(error);
}

function tooLarge(limitBytes: number): UnpackError {
  return new UnpackError({
    code: 'unpacked_too_large',
    parameters: { limit: Math.floor(limitBytes / mib) },
    count: 1,
  });
}

/** {@link unreadable} as an error. */
export function unreadableError(error: unknown): UnpackError {
  return new UnpackError(unreadable(error), { cause: error });
}
