import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { KaeferError } from '@kaefer/contracts/messages';
import { publishFolder, writeJsonDurably } from '../lake/durable.ts';
import { UploadFolder } from '../lake/layout.ts';
import { openSink } from '../lake/open-sink.ts';

/** A file kept byte for byte. */
export interface Received {
  readonly id: string;
  readonly filename: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly receivedAt: string;
  /** Absent: a person or a program sent it. */
  readonly origin?: Origin;
}

/** Where a feed found a file. */
export interface Origin {
  readonly feed: string;
  /** Its address, key or path. */
  readonly file: string;
  /** What its server says to tell one content from another. */
  readonly version: string;
}

interface ReceiveOptions {
  /** Told how many bytes have come so far. */
  readonly onBytes?: (bytes: number) => void;
  /** Aborting throws away what has come; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

const mib = 1 << 20;

/**
 * Streams a file to disk as it comes, with its SHA-256, into a folder that appears whole, by a rename, when the last
 * byte is safe. Memory does not grow with the file; on any failure nothing is left.
 *
 * @param limitBytes more is refused
 * @param uploads folder in which the upload's own folder will appear
 * @throws KaeferError `upload_too_large`, `upload_interrupted`
 */
export async function receiveFile(
  content: Readable,
  uploads: string,
  upload: Omit<Received, 'bytes' | 'sha256'>,
  limitBytes: number,
  { onBytes, signal }: ReceiveOptions = {},
): Promise<Received> {
  const arriving = join(uploads, `.${upload.id}.part`);
  mkdirSync(arriving, { recursive: true });
  const folder = new UploadFolder(arriving);
  const digest = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      onBytes?.(bytes);
      digest.update(chunk);
      if (bytes > limitBytes)
        done(new KaeferError('upload_too_large', { limit: Math.floor(limitBytes / mib) }));
      else done(null, chunk);
    },
  });
  try {
    await pipeline(content, measure, openSink(folder.file), { ...(signal && { signal }) });
    const received = { ...upload, bytes, sha256: digest.digest('hex') };
    writeJsonDurably(folder.received, received);
    publishFolder(arriving, join(uploads, upload.id));
    return received;
  } catch (error) {
    rmSync(arriving, { recursive: true, force: true });
    signal?.throwIfAborted();
    if (error instanceof KaeferError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'ABORT_ERR') {
      throw new KaeferError('upload_interrupted', {}, { cause: error });
    }
    throw error;
  }
}

/** A name to show: what a person called the file, without folders and control characters. */
export function displayName(filename: string | undefined): string {
  const last = (filename ?? '').split(/[\\/]/).at(-1) ?? '';

  const clean = last
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 200);
  return clean === '' ? 'upload.csv' : clean;
}
