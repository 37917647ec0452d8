import type { DuckDBConnection } from '@duckdb/node-api';
import { allRows, toCount, type Row } from '../sql/connection.ts';

/** A column whose cells are stacked, and which of the kinds of column it is that are asked different things. */
export interface StackedColumn {
  readonly cell: string;
  /** From 0. Default 0 */
  readonly kind?: number;
}

/**
 * Asks the same of several columns: their cells are put under one another, so that DuckDB plans what is asked once, and not
 * once for each column, which takes longer than reading a small file.
 *
 * @param relation that has the cells as columns
 * @param readings SQL, `… AS name`, over `cell` and `kind`
 * @param answers aggregates, `… AS name`, over `cell`, `kind` and the readings
 * @returns for each column the answers and, as `n`, the rows of the relation; undefined for all where it has no row
 */
export async function askStacked(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly StackedColumn[],
  readings: readonly string[],
  answers: readonly string[],
): Promise<(Row | undefined)[]> {
  const list = (of: (column: StackedColumn, place: number) => string | number): string =>
    `unnest([${columns.map(of).join(', ')}])`;
  const stacked =
    `(SELECT ${list((_, place) => place)} AS place, ${list(({ kind = 0 }) => kind)} AS kind, ` +
    `${list(({ cell }) => cell)} AS cell FROM ${relation})`;
  const rows = await allRows(
    connection,
    `SELECT place, count(*) AS n, ${answers.join(', ')} FROM (SELECT ${['place', 'kind', 'cell', ...readings].join(', ')} FROM ${stacked}) GROUP BY place`,
  );
  const byPlace = new Map(rows.map((row) => [toCount(row['place']), row]));
  return columns.map((_, place) => byPlace.get(place));
}

/** SQL that is NULL in columns of other kinds than some. */
export function ofKinds(kinds: readonly number[], all: number, sql: string): string {
  return kinds.length === all ? sql : `(CASE WHEN kind IN (${kinds.join(', ')}) THEN ${sql} END)`;
}
