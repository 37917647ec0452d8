import { closeSync, openSync, readSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Dialect } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import type { ReadableText } from './readable-text.ts';
import { unreadable } from './unreadable.ts';

const headBytes = 1 << 20;
const delimiters = [',', ';', '\t', '|'];

export interface Header {
  readonly names: readonly string[];
  /** Lines before it: empty ones, and one that only names the delimiter. */
  readonly skippedLines: number;
  /** Whether the first of them is `sep=;` or the like, which Excel reads and writes. */
  readonly namesDelimiter: boolean;
  readonly dialect: Dialect;
}

const delimiterLine = /^"?sep=([,;\t|])"?(\r\n|\n|\r)/i;

/**
 * Reads the first record of a UTF-8 file: its names and the delimiter, which a first line names or which cuts the record
 * into the most cells.
 */
export function readHeader({
  path,
  encoding,
  unpacked,
}: Pick<ReadableText, 'path' | 'encoding' | 'unpacked'>): Header | { readonly problem: StoredProblem } {
  const head = readHead(path).replace(/^\uFEFF/, '');
  const [named = '', delimiter] = delimiterLine.exec(head) ?? [];
  const text = head.slice(named.length).replace(/^[\r\n]+/, '');
  if (text === '') return { problem: { code: 'empty_file', parameters: {}, count: 1 } };
  const counts = delimiters.map((delimiter) => ({ delimiter, cells: countOutsideQuotes(text, delimiter) }));
  const best = delimiter === undefined ? counts.reduce((a, b) => (b.cells > a.cells ? b : a)) : { delimiter };
  try {
    const records: string[][] = parse(text, {
      delimiter: best.delimiter,
      to: 1,
      relax_column_count: true,
    });
    const names = (records[0] ?? []).map((name) => name.trim());
    const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
    const blankLines = (head.length - named.length - text.length) / lineEnd.length;
    return {
      names,
      skippedLines: blankLines + (delimiter === undefined ? 0 : 1),
      namesDelimiter: delimiter !== undefined,
      dialect: {
        ...containerOf(unpacked),
        encoding,
        delimiter: best.delimiter,
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

/** How often a character stands outside quotes in the first line. */
function countOutsideQuotes(text: string, wanted: string): number {
  let count = 0;
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) break;
    else if (!quoted && character === wanted) count++;
  }
  return count;
}

function containerOf(unpacked: ReadableText['unpacked']): Pick<Dialect, 'container' | 'sheet'> {
  if (unpacked === undefined) return {};
  const { container, sheet } = unpacked;
  return { container, ...(sheet === undefined ? {} : { sheet }) };
}
