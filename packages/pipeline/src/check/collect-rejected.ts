import { closeSync, openSync, writeSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CellFormat, ColumnType } from '@kaefer/contracts';
import type { StoredProblem, UploadProblemCode } from '@kaefer/contracts/messages';
import { keepsType } from '../contract/column-rules.ts';
import { reasonKey, type JudgedRows } from '../contract/judge-rows.ts';
import { leftOutTable } from '../contract/left-out-rows.ts';
import { plainCell } from '../features/cell-formats.ts';
import { isMissingText, isTooLong, notUnderstood, parseCell } from '../features/parse-cell.ts';
import type { CsvSource, StructuralReject } from '../understand/csv-source.ts';
import { ProblemTally } from '../understand/problem-tally.ts';
import { shiftPositions } from '../lake/skipped-lines.ts';
import { keyColumnsOf, type Expectations, type RejectedRow } from './report.ts';
import { hasLeadingZeros, type RecordSql, type StagedColumn } from './stage-rows.ts';

const codeOfType = {
  integer: 'not_a_number',
  number: 'not_a_number',
  boolean: 'not_a_boolean',
  date: 'not_a_date',
  timestamp: 'not_a_date',
} as const;

/** Findings whose lines are places among the staged rows, with the lines of the file. */
export function placed(problems: readonly StoredProblem[], skippedLines: readonly number[]): StoredProblem[] {
  const shifts = shiftPositions(skippedLines);
  const moved = <T extends { readonly line?: number | undefined }>(place: T): T =>
    place.line === undefined ? place : { ...place, line: lineOf(place.line, shifts) };
  return problems.map((problem) => ({
    ...moved(problem),
    ...(problem.examples === undefined ? {} : { examples: problem.examples.map(moved) }),
  }));
}

/** The lines of rows, by their places. */
export function linesOf(places: readonly number[], skippedLines: readonly number[]): number[] {
  const shifts = shiftPositions(skippedLines);
  return places.map((place) => lineOf(place, shifts));
}

/** The line of a staged row: its place among the rows, after the header, moved by the lines that have no row. */
function lineOf(position: number, shifts: readonly number[]): number {
  let low = 0;
  let high = shifts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shifts[middle] ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return position + 2 + low;
}

/**
 * Reads the file once more, writes every rejected row with its reasons to `path`, one JSON object a line, and
 * returns the findings. Memory does not grow with the number of rows.
 */
export async function collectRejected(
  connection: DuckDBConnection,
  source: CsvSource,
  records: RecordSql,
  columns: readonly StagedColumn[],
  expectations: Expectations,
  structural: readonly StructuralReject[],
  skippedLines: readonly number[],
  judged: JudgedRows,
  path: string,
): Promise<StoredProblem[]> {
  const tally = new ProblemTally();
  const output = openSync(path, 'w');
  const write = (row: RejectedRow): void => {
    for (const reason of row.reasons) tally.add(reason);
    writeSync(output, `${JSON.stringify(row)}\n`);
  };
  try {
    for (const { line, reason, text } of structural) {
      write({
        line,
        cells: [text],
        reasons: [{ code: 'structure', parameters: { reason }, line, value: text.slice(0, 100), count: 1 }],
      });
    }
    const shifts = shiftPositions(skippedLines);
    const cells = Array.from({ length: source.width }, (_, index) => source.cell(index));
    const bad = columns.map(({ index }) => records.badCells.get(index) ?? 'false');
    const judgements = [...bad, records.keyMissing, records.targetMissing, records.targetUnknown];
    const rows = `(SELECT row_number() OVER () - 1 AS position, * FROM (${records.inner}))`;
    const reasons = `(SELECT position AS place, string_agg(code || chr(31) || coalesce("column", ''), chr(30)) AS why FROM ${leftOutTable} GROUP BY 1)`;
    const query =
      judged.leftOut === 0
        ? `SELECT position, NULL, ${[...cells, ...judgements].join(', ')} FROM ${rows} WHERE ${records.rejected}`
        : `SELECT position, why, ${[...cells, ...judgements].join(', ')} FROM ${rows} LEFT JOIN ${reasons} ON position = place ` +
          `WHERE ${records.rejected} OR why IS NOT NULL ORDER BY position`;
    const result = await connection.stream(query);
    for await (const rows of result.yieldRows()) {
      for (const row of rows) {
        const [position, why, ...rest] = row;
        const texts = rest.slice(0, source.width).map((cell) => (typeof cell === 'string' ? cell : ''));
        const flags = rest.slice(source.width).map((flag) => flag === true);
        const line = lineOf(Number(position), shifts);
        const reasons = [
          ...reasonsOf(texts, flags, line, columns, expectations),
          ...(typeof why === 'string'
            ? contractReasons(why, texts, line, columns, expectations, judged)
            : []),
        ];
        write({ line, cells: texts, reasons });
      }
    }
  } finally {
    closeSync(output);
  }
  return tally.problems;
}

function reasonsOf(
  cells: readonly string[],
  flags: readonly boolean[],
  line: number,
  columns: readonly StagedColumn[],
  expectations: Expectations,
): StoredProblem[] {
  const textOf = (name: string | null): string =>
    cells[columns.find((column) => column.name === name)?.index ?? -1] ?? '';
  const reason = (
    code: UploadProblemCode,
    column: string | null,
    value: string,
    more = {},
  ): StoredProblem => ({
    code,
    parameters: { value: value.slice(0, 100), ...more },
    ...(column === null ? {} : { column }),
    line,
    value: value.slice(0, 100),
    count: 1,
  });
  const reasons: StoredProblem[] = [];
  const keys = keyColumnsOf(expectations);
  columns.forEach((column, place) => {
    if (flags[place] !== true || column.type === 'text') return;
    const cell = cells[column.index] ?? '';
    const code = codeOfCell(column, cell, expectations);
    reasons.push(
      code === 'leading_zeros'
        ? { ...reason(code, column.name, cell, { column: column.name }), rejects: true }
        : reason(code, column.name, cell),
    );
  });
  const [keyMissing, targetMissing, targetUnknown] = flags.slice(columns.length);
  if (keyMissing === true) {
    const empty = keys.find((name) => isMissingText(textOf(name))) ?? keys[0] ?? null;
    reasons.push(reason('key_missing', empty, textOf(empty).trim()));
  }
  if (targetMissing === true)
    reasons.push(reason('target_missing', expectations.target, textOf(expectations.target).trim()));
  if (targetUnknown === true) {
    reasons.push(
      reason('target_unknown', expectations.target, textOf(expectations.target), {
        classes: expectations.classes.join(', '),
      }),
    );
  }
  return reasons;
}

/** What the contract says against a row. */
function contractReasons(
  why: string,
  cells: readonly string[],
  line: number,
  columns: readonly StagedColumn[],
  expectations: Expectations,
  { parametersOf }: JudgedRows,
): StoredProblem[] {
  const keys = keyColumnsOf(expectations);
  const textOf = (name: string): string =>
    cells[columns.find((column) => column.name === name)?.index ?? -1] ?? '';
  return why.split('\u001e').map((reason) => {
    const [code, name] = reason.split('\u001f') as [UploadProblemCode, string];
    const isOfKey = name === '';
    const column = isOfKey ? keys.join(' + ') : name;
    const value = (isOfKey ? keys.map(textOf).join(' + ') : textOf(name)).slice(0, 100);
    const parameters = { ...parametersOf.get(reasonKey(code, name)), column, value };
    return { code, parameters, column, line, value, count: 1, rejects: true };
  });
}

/** What is wrong with a cell that its column's type cannot hold. */
function codeOfCell(
  { type, format, name, refusesZeros }: StagedColumn,
  cell: string,
  expectations: Expectations,
): UploadProblemCode {
  if (type === 'text') throw new Error('a text is never wrong');
  if (hasTooManyDigits({ type, format }, cell)) return 'too_many_digits';
  if (refusesZeros && hasLeadingZeros(cell) && isReadAs(type, format, cell)) return 'leading_zeros';
  // What a wider type would hold was refused because the contract, or the table's long whole numbers, keep the narrow one.
  const isOf = (wider: ColumnType): boolean => isReadAs(wider, format, cell);
  if (type === 'integer' && isOf('number')) return 'not_an_integer';
  if (type === 'date' && keepsType(expectations, name) && isOf('timestamp')) return 'has_time';
  return codeOfType[type];
}

function isReadAs(type: ColumnType, format: CellFormat, cell: string): boolean {
  const plain = plainCell(type, format, cell);
  const read = plain === undefined ? notUnderstood : parseCell(type, plain);
  return read !== notUnderstood && read !== null;
}

/** Whether a cell of a number column was refused because the number would not have been kept exactly. */
function hasTooManyDigits({ type, format }: Pick<StagedColumn, 'type' | 'format'>, cell: string): boolean {
  if (type !== 'number' && type !== 'integer') return false;
  const plain = plainCell('number', format, cell);
  return plain !== undefined && isTooLong(plain);
}
