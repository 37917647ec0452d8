import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import type { TableColumn } from '../lake/column-types.ts';
import { allRows, oneRow, toCount } from '../sql/connection.ts';
import { isBadCellSql, readCellSql } from './cell-sql.ts';
import type { CsvSource } from './csv-source.ts';
import { inferTypes } from './infer-types.ts';
import type { Expectations } from './report.ts';
import type { StagedColumn } from './stage-rows.ts';

/** Rows that a first guess of the types looks at; the whole file has the last word. */
const sampledRows = 50_000;

/** The file's names in the spelling that the project knows them by: case does not tell columns apart. */
export function knownSpelling(names: readonly string[], known: readonly string[]): string[] {
  const byFolded = new Map(known.map((name) => [name.toLowerCase(), name]));
  return names.map((name) => byFolded.get(name.toLowerCase()) ?? name);
}

/** The columns whose type is not settled by the project or its table. */
function fixedType(
  name: string,
  table: readonly TableColumn[],
  expectations: Expectations,
): ColumnType | undefined {
  if (name === expectations.key) return 'text';
  if (name === expectations.target) return expectations.task === 'regression' ? 'number' : 'text';
  return table.find((column) => column.name === name)?.type;
}

/** A first guess of every column's type: the table's for columns that it has, else what the first rows have. */
export async function guessColumns(
  connection: DuckDBConnection,
  source: CsvSource,
  names: readonly string[],
  table: readonly TableColumn[],
  expectations: Expectations,
): Promise<StagedColumn[]> {
  const fixed = names.map((name) => fixedType(name, table, expectations));
  const open = fixed.flatMap((type, index) => (type === undefined ? [index] : []));
  const guessed = await inferTypes(connection, source, open, sampledRows);
  return names.map((name, index) => ({ index, name, type: fixed[index] ?? guessed.get(index) ?? 'text' }));
}

/**
 * Looks at the whole file where the guess met cells that do not fit: a new column gets the narrowest type that all
 * its values have; a table's integers widen to numbers where there are decimals. A table's column never turns into
 * text by itself. Undefined when the guess stands, so that the rows are to be rejected.
 */
export async function reviseColumns(
  connection: DuckDBConnection,
  source: CsvSource,
  guess: readonly StagedColumn[],
  table: readonly TableColumn[],
  expectations: Expectations,
): Promise<{ columns: StagedColumn[]; problems: StoredProblem[] } | undefined> {
  const slipping = await columnsWithBadCells(
    connection,
    source,
    guess.map(({ type }) => type),
  );
  const isOpen = (index: number): boolean =>
    fixedType(guess[index]?.name ?? '', table, expectations) === undefined;
  const revised = await inferTypes(connection, source, slipping.filter(isOpen));
  const problems: StoredProblem[] = [];
  for (const index of slipping) {
    const name = guess[index]?.name ?? '';
    const before = table.find((column) => column.name === name)?.type;
    const after = before === 'integer' ? 'number' : before === 'date' ? 'timestamp' : undefined;
    if (before === undefined || after === undefined) continue;
    const value = await firstOfWiderType(connection, source, index, before, after);
    if (value === undefined) continue;
    revised.set(index, after);
    problems.push({
      code: 'type_widened',
      parameters: { column: name, before, after, value },
      column: name,
      value,
      count: 1,
    });
  }
  const columns = guess.map((column) => ({ ...column, type: revised.get(column.index) ?? column.type }));
  return columns.some(({ type }, index) => type !== guess[index]?.type) ? { columns, problems } : undefined;
}

async function columnsWithBadCells(
  connection: DuckDBConnection,
  source: CsvSource,
  types: readonly ColumnType[],
): Promise<number[]> {
  const typed = types.flatMap((type, index) => (type === 'text' ? [] : [{ type, index }]));
  if (typed.length === 0) return [];
  const counts = typed.map(({ type, index }) => {
    const cell = source.cell(index);
    return `count(*) FILTER (${isBadCellSql(type, cell, readCellSql(type, cell))}) AS bad_${index}`;
  });
  const row = await oneRow(connection, `SELECT ${counts.join(', ')} FROM ${source.relation}`);
  return typed.map(({ index }) => index).filter((index) => toCount(row[`bad_${index}`]) > 0);
}

/** A cell that the narrow type refuses and the wide one reads, if there is one. */
async function firstOfWiderType(
  connection: DuckDBConnection,
  source: CsvSource,
  index: number,
  narrow: ColumnType,
  wide: ColumnType,
): Promise<string | undefined> {
  const cell = source.cell(index);
  const rows = await allRows(
    connection,
    `SELECT ${cell} AS value FROM ${source.relation} WHERE ${isBadCellSql(narrow, cell, readCellSql(narrow, cell))} AND ${readCellSql(wide, cell)} IS NOT NULL LIMIT 1`,
  );
  return rows[0] === undefined ? undefined : String(rows[0]['value']);
}
