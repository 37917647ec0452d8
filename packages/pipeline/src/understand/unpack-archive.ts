import { createReadStream } from 'node:fs';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { openSink } from '../lake/open-sink.ts';
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

/** Writes what a gzip file holds. @throws UnpackError when it is damaged or larger than `limitBytes` */
export async function gunzip(path: string, output: string, limitBytes: number): Promise<void> {
  await write([createReadStream(path), createGunzip()], output, limitBytes);
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

  /** Writes one file's content. @throws UnpackError when it is damaged or larger than `limitBytes` */
  async extract(entry: Entry, output: string, limitBytes: number): Promise<void> {
    try {
      if (entry.isEncrypted()) throw new Error('it is protected by a password');
      await write([await this.#zip.openReadStreamPromise(entry)], output, limitBytes);
    } catch (error) {
      throw error instanceof UnpackError ? error : unreadableError(error);
    }
  }

  /** Unpacks everything to nowhere: declared sizes are not to be trusted. @throws UnpackError */
  async requireAtMost(limitBytes: number): Promise<void> {
    let left = limitBytes;
    for (const entry of this.files) {
      try {
        for await (const chunk of (await this.#zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
          left -= chunk.length;
          if (left < 0) throw tooLarge(limitBytes);
        }
      } catch (error) {
        throw error instanceof UnpackError ? error : unreadableError(error);
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
  limitBytes: number,
): Promise<void> {
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limitBytes) done(tooLarge(limitBytes));
      else done(null, chunk);
    },
  });
  try {
    await pipeline([...content, measure, openSink(output)]);
  } catch (error) {
    if (error instanceof UnpackError) throw error;
    // Errors of the disk have a system call; those of the content have none.
    if (error instanceof Error && 'syscall' in error) throw error;
    throw unreadableError(error);
  }
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
