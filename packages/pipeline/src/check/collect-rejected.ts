import { closeSync, openSync, writeSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem, UploadProblemCode } from '@kaefer/contracts/messages';
import { plainCell } from '../features/cell-formats.ts';
import { isTooLong } from '../features/parse-cell.ts';
import type { CsvSource, StructuralReject } from '../understand/csv-source.ts';
import { shiftPositions } from '../lake/skipped-lines.ts';
import { keyColumnsOf, type Expectations, type RejectedRow } from './report.ts';
import type { RecordSql, StagedColumn } from './stage-rows.ts';

const codeOfType = {
  integer: 'not_a_number',
  number: 'not_a_number',
  boolean: 'not_a_boolean',
  date: 'not_a_date',
  timestamp: 'not_a_date',
} as const;

/** Gathers findings of one kind on one column: the first example and how many there are. */
export class ProblemTally {
  readonly #problems = new Map<string, { first: StoredProblem; count: number }>();

  add(problem: StoredProblem): void {
    const place = `${problem.code} ${problem.column ?? ''}`;
    const known = this.#problems.get(place);
    if (known === undefined) this.#problems.set(place, { first: problem, count: problem.count });
    else known.count += problem.count;
  }

  /** The most frequent first. */
  get problems(): StoredProblem[] {
    return [...this.#problems.values()]
      .map(({ first, count }) => ({ ...first, count }))
      .sort((a, b) => b.count - a.count);
  }
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
  superseded: boolean,
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
    const duplicate = superseded ? `position IN (SELECT position FROM superseded)` : 'false';
    const query =
      `SELECT position, ${cells.join(', ')}, ${[...bad, records.keyMissing, records.targetMissing, records.targetUnknown].join(', ')} ` +
      `FROM (SELECT row_number() OVER () - 1 AS position, * FROM (${records.inner})) WHERE ${records.rejected} OR ${duplicate}`;
    const result = await connection.stream(query);
    for await (const rows of result.yieldRows()) {
      for (const row of rows) {
        const [position, ...rest] = row;
        const texts = rest.slice(0, source.width).map((cell) => (typeof cell === 'string' ? cell : ''));
        const flags = rest.slice(source.width).map((flag) => flag === true);
        const line = lineOf(Number(position), shifts);
        const reasons = reasonsOf(texts, flags, line, columns, expectations);
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
    const code = hasTooManyDigits(column, cell) ? 'too_many_digits' : codeOfType[column.type];
    reasons.push(reason(code, column.name, cell));
  });
  const [keyMissing, targetMissing, targetUnknown] = flags.slice(columns.length);
  if (keyMissing === true) {
    const empty = keys.find((name) => textOf(name).trim() === '') ?? keys[0] ?? null;
    reasons.push(reason('key_missing', empty, ''));
  }
  if (targetMissing === true) reasons.push(reason('target_missing', expectations.target, ''));
  if (targetUnknown === true) {
    reasons.push(
      reason('target_unknown', expectations.target, textOf(expectations.target), {
        classes: expectations.classes.join(', '),
      }),
    );
  }
  if (reasons.length === 0)
    reasons.push(reason('duplicate_key', keys.join(' + '), keys.map(textOf).join(' + ')));
  return reasons;
}

/** Whether a cell of a number column was refused because the number would not have been kept exactly. */
function hasTooManyDigits({ type, format }: StagedColumn, cell: string): boolean {
  if (type !== 'number' && type !== 'integer') return false;
  const plain = plainCell('number', format, cell);
  return plain !== undefined && isTooLong(plain);
}
