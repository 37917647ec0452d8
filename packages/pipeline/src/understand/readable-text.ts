import { rmSync } from 'node:fs';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { decodeFile, mixesLineEnds } from './decode-file.ts';
import { findEncoding, type TextEncoding } from './text-encoding.ts';

/** A received file as UTF-8 text with one kind of line end. */
export interface ReadableText {
  readonly path: string;
  /** Of the file as it was sent. */
  readonly encoding: TextEncoding;
  /** Removes what was written to read it. */
  close(): void;
}

/**
 * The file itself where it is UTF-8 already, else a copy beside it that is. Memory does not grow with the file.
 *
 * @param file what was received
 * @param decoded where a copy may be written
 */
export function openReadable({
  file,
  decoded,
}: {
  readonly file: string;
  readonly decoded: string;
}): ReadableText | { readonly problem: StoredProblem } {
  const encoding = findEncoding(file);
  if (typeof encoding === 'object') return encoding;
  const close = (): void => rmSync(decoded, { force: true });
  try {
    if (encoding !== 'utf-8') decodeFile(file, encoding, decoded);
    const path = encoding === 'utf-8' ? file : decoded;
    if (!mixesLineEnds(path)) return { path, encoding, close };
    decodeFile(file, encoding, decoded, true);
  } catch (error) {
    close();
    if (!(error instanceof TypeError)) throw error;
    const parameters = { reason: `it is not valid ${encoding.toUpperCase()}` };
    return { problem: { code: 'unreadable', parameters, count: 1 } };
  }
  return { path: decoded, encoding, close };
}
