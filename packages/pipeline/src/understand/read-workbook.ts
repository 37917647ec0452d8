import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import readWorkbook, { type Sheet } from 'read-excel-file/universal';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { isMissingMarker } from '../features/parse-cell.ts';
import { formatCell } from '../lake/format-cell.ts';
import { FreeSpace } from './free-space.ts';
import { knownSpelling } from './known-spelling.ts';
import { unreadableError } from './unpack-archive.ts';

/** A workbook is held in memory whole, at several times its unpacked size. */
export const workbookLimitBytes = 256 << 20;

const writtenRows = 5000;

/** Before what the workbook holds as a number; no text of a workbook has it. */
const numberMark = '\u0000';

/** What was written of a workbook. */
export interface WrittenSheet {
  readonly sheet: string;
  /** All that have rows. */
  readonly sheets: readonly string[];
  /** The columns of numbers, from 0. */
  readonly numbers: readonly number[];
  readonly notes: readonly StoredProblem[];
}

/**
 * Writes a sheet of an Excel workbook as CSV: row n of the sheet is line n, an empty row an empty line. Numbers are
 * written as the workbook holds them, dates as ISO 8601.
 *
 * Of several sheets the named one is taken, where there is one of this name, else the one whose header holds most of the wanted names is taken, else the first that has rows.
 *
 * @param minFreeBytes what must be left on the disk: a text that many cells share is in each of their lines
 * @throws UnpackError when it cannot be read; KaeferError `disk_full`
 */
export async function workbookToCsv(
  path: string,
  output: string,
  minFreeBytes: number,
  wanted: readonly string[],
  named?: string,
): Promise<WrittenSheet> {
  const sheets = await readSheets(path);
  const filled = sheets.filter(({ data }) => data.length > 0);
  const [first = sheets[0], ...others] = [...filled].sort(
    (a, b) =>
      Number(b.sheet === named) - Number(a.sheet === named) ||
      rank(b, wanted) - rank(a, wanted) ||
      filled.indexOf(a) - filled.indexOf(b),
  );
  if (first === undefined) throw unreadableError(new Error('the workbook has no sheet'));
  const numbers = writeSheet(first, output, new FreeSpace(dirname(output), minFreeBytes));
  const parameters = {
    sheet: first.sheet,
    others: others
      .map(({ sheet }) => sheet)
      .slice(0, 5)
      .join(', '),
  };
  return {
    sheet: first.sheet,
    numbers,
    sheets: filled.map(({ sheet }) => sheet),
    notes:
      others.length === 0 || first.sheet === named ? [] : [{ code: 'several_sheets', parameters, count: 1 }],
  };
}

async function readSheets(path: string): Promise<Sheet<string>[]> {
  try {
    // The library’s reader of streams waits for ever for the rest of a damaged archive.
    return await readWorkbook<string>(new Uint8Array(readFileSync(path)).buffer, {
      parseNumber: (text) => numberMark + text,
      trim: false,
    });
  } catch (error) {
    throw unreadableError(error);
  }
}

/** How many of the names a sheet's header holds; a sheet without a second row has nothing to learn from. */
function rank({ data }: Sheet<string>, wanted: readonly string[]): number {
  const header = data.find((row) => !isEmpty(row)) ?? [];
  const names = new Set(
    knownSpelling(
      header.map((cell) => textOf(cell).trim()),
      wanted,
    ),
  );
  return wanted.filter((name) => names.has(name)).length + (data.length > 1 ? 0.5 : 0);
}

/** @returns the columns in which every cell from the first number on is a number, or stands for a missing value */
function writeSheet({ data }: Sheet<string>, output: string, space: FreeSpace): number[] {
  const width = data.reduce((most, row) => Math.max(most, row.length), 0);
  const [begun, mixed] = [new Set<number>(), new Set<number>()];
  for (const row of data)
    row.forEach((cell, place) => {
      if (typeof cell === 'string' && cell.startsWith(numberMark)) begun.add(place);
      else if (begun.has(place) && !isMissingMarker(textOf(cell))) mixed.add(place);
    });
  const descriptor = openSync(output, 'w');
  try {
    for (let start = 0; start < data.length; start += writtenRows) {
      const lines = data
        .slice(start, start + writtenRows)
        .map((row) =>
          isEmpty(row)
            ? ''
            : Array.from({ length: width }, (_, place) => formatCell(textOf(row[place]))).join(','),
        );
      const text = Buffer.from(`${lines.join('\n')}\n`);
      space.take(text.length);
      writeSync(descriptor, text);
    }
  } finally {
    closeSync(descriptor);
  }
  return [...begun].filter((place) => !mixed.has(place));
}

function isEmpty(row: readonly unknown[]): boolean {
  return row.every((cell) => textOf(cell) === '');
}

function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell.startsWith(numberMark) ? cell.slice(numberMark.length) : cell;
  if (typeof cell === 'boolean') return String(cell);
  if (!(cell instanceof Date) || Number.isNaN(cell.getTime())) return '';
  const [day = '', time = ''] = cell.toISOString().split('T');
  return time === '00:00:00.000Z' ? day : `${day} ${time.replace(/(\.000)?Z$/, '')}`;
}
