import type { Dialect } from '@kaefer/contracts';
import { overlappingBlocksOf } from '../lake/file-blocks.ts';

const pairs = ['\n\n', '\n\r\n', '\r\r'].map((pair) => Buffer.from(pair));
const longestPair = 3;

/**
 * The empty lines of a file with several columns, ascending, as DuckDB counts lines: one a record, however many line
 * breaks its cells hold. They make no row, so the lines of the rows after them shift.
 */
export function findBlankLines(path: string, dialect: Dialect): number[] {
  return mayHaveBlankLines(path) ? blankLines(path, dialect) : [];
}

/** Two line breaks in a row, or one at the start: nearly no file has them, and looking for them is quick. */
function mayHaveBlankLines(path: string): boolean {
  let isFirst = true;
  for (const { bytes } of overlappingBlocksOf(path, longestPair - 1)) {
    if (isFirst && (bytes[0] === 10 || bytes[0] === 13)) return true;
    if (pairs.some((pair) => bytes.includes(pair))) return true;
    isFirst = false;
  }
  return false;
}

function blankLines(path: string, { delimiter, lineEnd }: Dialect): number[] {
  const [newline, delimiterByte, quote, carriageReturn] = [
    lineEnd === 'CR' ? 13 : 10,
    delimiter.charCodeAt(0),
    34,
    13,
  ];
  const blank: number[] = [];
  let line = 1;
  let cellBegins = true;
  let isEmpty = true;
  let quoted = false;
  let closing = false; // the byte before was a quote in a quoted cell: its end, or half of a doubled one
  for (const { bytes, carried } of overlappingBlocksOf(path, longestPair - 1)) {
    for (let at = carried; at < bytes.length; at++) {
      const byte = bytes[at];
      if (quoted) {
        if (byte === quote) [quoted, closing] = [false, true];
        continue;
      }
      if (byte === quote && (cellBegins || closing)) {
        [quoted, closing, cellBegins, isEmpty] = [true, false, false, false];
        continue;
      }
      closing = false;
      if (byte === newline) {
        if (isEmpty) blank.push(line);
        line++;
        [cellBegins, isEmpty] = [true, true];
      } else if (byte === delimiterByte) {
        [cellBegins, isEmpty] = [true, false];
      } else if (byte !== carriageReturn) {
        [cellBegins, isEmpty] = [false, false];
      }
    }
  }
  return blank;
}
