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
  if (texts.length === 0) return [];
  const counts = texts.flatMap(({ name }, place) => {
    const isGuarded = isGuardedSql(quoteName(name));
    return [
      `count(*) FILTER (${isGuarded}) AS n${place}`,
      `min(left(${quoteName(name)}, 100)) FILTER (${isGuarded}) AS cell${place}`,
    ];
  });
  const found = await oneRow(
    connection,
    `SELECT ${counts.join(', ')} FROM read_parquet(${quoteText(stagedPath)}) WHERE NOT ${rejectedColumn}`,
  );
  const guarded: GuardedColumn[] = [];
  for (const [place, { index, name }] of texts.entries()) {
    const count = toCount(found[`n${place}`]);
    if (count === 0) continue;
    const column = quoteName(name);
    const { plain, written } = await oneRow(
      connection,
      `SELECT count(*) FILTER (${isDangerousSql(column)}) AS plain, count(*) FILTER (${isGuardedSql(column)}) AS written FROM ${await data([name])}`,
    );
    if (toCount(plain) === 0 || toCount(written) > 0) continue;
    const value = String(found[`cell${place}`]);
    const parameters = { column: name, value, cells: count };
    guarded.push({ index, problem: { code: 'apostrophes_removed', parameters, column: name, value, count } });
  }
  return guarded;
}
