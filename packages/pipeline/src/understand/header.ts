import { closeSync, openSync, readSync } from 'node:fs';
import type { Dialect } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { findHeader } from './find-header.ts';
import type { ReadableText } from './readable-text.ts';
import { unreadable } from './unreadable.ts';

const headBytes = 1 << 20;

export interface Header {
  readonly names: readonly string[];
  /** Lines before it: empty ones, one that only names the delimiter, and what stands above the table. */
  readonly skippedLines: number;
  /** What should be said of it. */
  readonly notes: readonly StoredProblem[];
  readonly dialect: Dialect;
}

const delimiterLine = /^"?sep=([,;\t|])"?(\r\n|\n|\r)/i;

/**
 * Reads the header of a UTF-8 file: its names and the delimiter, which a first line names (`sep=;`, as Excel writes it) or
 * which cuts the header into the most cells.
 *
 * @param known names of columns that the file may have
 */
export function readHeader(
  { path, encoding, unpacked }: Pick<ReadableText, 'path' | 'encoding' | 'unpacked'>,
  known: readonly string[],
): Header | { readonly problem: StoredProblem } {
  const head = readHead(path).replace(/^\uFEFF/, '');
  const [named = '', given] = delimiterLine.exec(head) ?? [];
  const text = head.slice(named.length).replace(/^[\r\n]+/, '');
  if (text === '') return { problem: { code: 'empty_file', parameters: {}, count: 1 } };
  try {
    const { names, delimiter, preamble, skippedLines } = findHeader(text, known, given);
    const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
    const blankLines = (head.length - named.length - text.length) / lineEnd.length;
    return {
      names,
      skippedLines: blankLines + (given === undefined ? 0 : 1) + skippedLines,
      notes:
        preamble === 0
          ? []
          : [{ code: 'lines_before_header', parameters: { lines: preamble }, line: 1, count: 1 }],
      dialect: {
        ...containerOf(unpacked),
        encoding,
        delimiter,
        quote: '"',
        decimal: '.',
        lineEnd: lineEnd === '\r\n' ? 'CRLF' : lineEnd === '\n' ? 'LF' : 'CR',
      },
    };
  } catch (error) {
    return { problem: { ...unreadable(error), line: 1 } };
  }
}

function readHead(path: string): string {
  const buffer = Buffer.alloc(headBytes);
  const descriptor = openSync(path, 'r');
  try {
    const length = readSync(descriptor, buffer, 0, headBytes, 0);
    return new TextDecoder('utf-8').decode(buffer.subarray(0, length), { stream: true });
  } finally {
    closeSync(descriptor);
  }
}

function containerOf(unpacked: ReadableText['unpacked']): Pick<Dialect, 'container' | 'sheet'> {
  if (unpacked === undefined) return {};
  const { container, sheet } = unpacked;
  return { container, ...(sheet === undefined ? {} : { sheet }) };
}
