import { renameSync, rmSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Reading } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { doubleEscapedQuotes, escapesByBackslash } from './backslash-escapes.ts';
import { decodeFile, mixesLineEnds } from './decode-file.ts';
import type { FileLimits } from './free-space.ts';
import { findEndlessLine } from './line-length.ts';
import { findEncoding, type TextEncoding } from './text-encoding.ts';
import { UnpackError } from './unpack-archive.ts';
import { unreadable } from './unreadable.ts';
import { unpackFile, type Unpacked } from './unpack-file.ts';

/** A received file as UTF-8 text with one kind of line end and doubled quotation marks. */
export interface ReadableText {
  readonly path: string;
  /** Of the text as it was sent. */
  readonly encoding: TextEncoding;
  /** What stands before quotation marks within quotes in the text as it was sent, where they are not doubled. */
  readonly escape: string | undefined;
  /** undefined: it was sent as text. */
  readonly unpacked: Unpacked | undefined;
  /** Removes what was written to read it. */
  close(): void;
}

export interface ReadableRequest {
  /** What was received. */
  readonly file: string;
  /** Where a copy may be written. */
  readonly decoded: string;
  readonly limits: FileLimits;
  /** Names that the sheet of a workbook should have. */
  readonly wanted: readonly string[];
  /** What a person said of how it is written. Default nothing. */
  readonly reading?: Reading | undefined;
}

/**
 * The file itself where it is UTF-8 text already, else a copy beside it that is. Memory does not grow with the file, but
 * for an Excel workbook.
 *
 * @throws KaeferError `disk_full` before unpacking it leaves too little space
 */
export async function openReadable(
  connection: DuckDBConnection,
  { file, decoded, limits, wanted, reading }: ReadableRequest,
): Promise<ReadableText | { readonly problem: StoredProblem }> {
  const close = (): void => rmSync(decoded, { force: true });
  try {
    const unpacked = await unpackFile(connection, {
      file,
      output: decoded,
      limits,
      wanted,
      sheet: reading?.sheet,
    });
    const text = decodeText(unpacked === undefined ? file : decoded, decoded);
    if (!('problem' in text)) {
      const problem = findEndlessLine(text.path);
      if (problem === undefined)
        return { ...text, ...doubleQuotes(text.path, decoded, unpacked), unpacked, close };
      close();
      return { problem };
    }
    close();
    return text;
  } catch (error) {
    close();
    if (error instanceof UnpackError) return { problem: error.problem };
    throw error;
  }
}

export function isSentAsText(unpacked: Unpacked | undefined): boolean {
  return unpacked === undefined || unpacked.container === 'gzip' || unpacked.container === 'zip';
}

/** What was made of records or sheets is written with doubled quotation marks already. */
function doubleQuotes(
  file: string,
  decoded: string,
  unpacked: Unpacked | undefined,
): Pick<ReadableText, 'path' | 'escape'> {
  if (!isSentAsText(unpacked) || !escapesByBackslash(file)) return { path: file, escape: undefined };
  const copy = `${decoded}.copy`;
  try {
    doubleEscapedQuotes(file, copy);
    renameSync(copy, decoded);
    return { path: decoded, escape: '\\' };
  } finally {
    rmSync(copy, { force: true });
  }
}

/** @param file may be `decoded` itself */
function decodeText(
  file: string,
  decoded: string,
): Pick<ReadableText, 'path' | 'encoding'> | { readonly problem: StoredProblem } {
  const encoding = findEncoding(file);
  if (typeof encoding === 'object') return encoding;
  const copy = `${decoded}.copy`;
  try {
    if (encoding !== 'utf-8') decodeFile(file, encoding, copy);
    const isMixed = mixesLineEnds(encoding === 'utf-8' ? file : copy);
    if (encoding === 'utf-8' && !isMixed) return { path: file, encoding };
    if (isMixed) decodeFile(file, encoding, copy, true);
    renameSync(copy, decoded);
    return { path: decoded, encoding };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { problem: unreadable(`it is not valid ${encoding.toUpperCase()}`) };
  } finally {
    rmSync(copy, { force: true });
  }
}
