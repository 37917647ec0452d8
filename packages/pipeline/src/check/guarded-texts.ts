import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { rejectedColumn, type TableColumn } from '../lake/column-types.ts';
import { isDangerousSql, isGuardedSql } from '../lake/safe-cell.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { StagedColumn } from './stage-rows.ts';

/** A column whose cells are to lose the apostrophe that Käfer put before them. */
export interface GuardedColumn {
  /** Position in the file. */
  readonly index: number;
  readonly problem: StoredProblem;
}

/**
 * Columns of texts in which the file has cells with an apostrophe before a sign of formulas, as Käfer gives out its data for
 * spreadsheet programs, and the data has such texts without one, and none with: the file comes from there.
 *
 * @param stagedPath the file's rows
 * @param known the data's columns
 * @param data SQL of the data's rows with some columns
 */
export async function findGuardedTexts(
  connection: DuckDBConnection,
  stagedPath: string,
  columns: readonly StagedColumn[],
  known: readonly TableColumn[],
  data: (columns: readonly string[]) => Promise<string>,
): Promise<GuardedColumn[]> {
  const texts = columns.filter(
    ({ name, type }) =>
      type === 'text' && known.some((other) => other.name === name && other.type === 'text'),
  );
  const guarded: GuardedColumn[] = [];
  for (const { index, name } of texts) {
    const column = quoteName(name);
    // A range, of which the file's statistics tell for nearly every part that nothing lies in it.
    const { n, cell } = await oneRow(
      connection,
      `SELECT count(*) AS n, min(left(${column}, 100)) AS cell FROM read_parquet(${quoteText(stagedPath)}) ` +
        `WHERE ${column} >= '''' AND ${column} < '(' AND NOT ${rejectedColumn} AND ${isGuardedSql(column)}`,
    );
    const count = toCount(n);
    if (count === 0) continue;
    const { plain, written } = await oneRow(
      connection,
      `SELECT count(*) FILTER (${isDangerousSql(column)}) AS plain, count(*) FILTER (${isGuardedSql(column)}) AS written FROM ${await data([name])}`,
    );
    if (toCount(plain) === 0 || toCount(written) > 0) continue;
    const value = String(cell);
    const parameters = { column: name, value, cells: count };
    guarded.push({ index, problem: { code: 'apostrophes_removed', parameters, column: name, value, count } });
  }
  return guarded;
}
