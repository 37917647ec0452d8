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

/**
 * Decides the type of every column: the table's for columns that it has, else the narrowest that the values have.
 * An integer column whose new values have decimals widens; a table's column never turns into text by itself.
 */
export async function resolveColumns(
  connection: DuckDBConnection,
  source: CsvSource,
  names: readonly string[],
  table: readonly TableColumn[],
  expectations: Expectations,
): Promise<{ columns: StagedColumn[]; problems: StoredProblem[] }> {
  const tableTypes = new Map(table.map(({ name, type }) => [name, type]));
  const fixed = (name: string): ColumnType | undefined => {
    if (name === expectations.key) return 'text';
    if (name === expectations.target) return expectations.task === 'regression' ? 'number' : 'text';
    return tableTypes.get(name);
  };
  const open = names.flatMap((name, index) => (fixed(name) === undefined ? [index] : []));
  const guessed = await inferTypes(connection, source, open, sampledRows);
  const types = names.map((name, index) => fixed(name) ?? guessed.get(index) ?? 'text');

  const slipping = await columnsWithBadCells(connection, source, types);
  const inferred = await inferTypes(
    connection,
    source,
    slipping.filter((index) => open.includes(index)),
  );
  for (const [index, type] of inferred) types[index] = type;

  const problems: StoredProblem[] = [];
  for (const index of slipping) {
    const name = names[index] ?? '';
    const before = tableTypes.get(name);
    const after = before === 'integer' ? 'number' : before === 'date' ? 'timestamp' : undefined;
    if (before === undefined || after === undefined) continue;
    const example = await firstOfWiderType(connection, source, index, before, after);
    if (example === undefined) continue;
    types[index] = after;
    problems.push({
      code: 'type_widened',
      parameters: { column: name, before, after, value: example },
      column: name,
      value: example,
      count: 1,
    });
  }
  return { columns: names.map((name, index) => ({ index, name, type: types[index] ?? 'text' })), problems };
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
