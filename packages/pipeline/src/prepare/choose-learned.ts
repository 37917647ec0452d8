import type { DuckDBConnection } from '@duckdb/node-api';
import { drawnSql, type Split } from '../features/split.ts';
import type { SplitRows } from '../features/table-rows.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { isOfUploadsSql } from './row-pool.ts';

/** What an incremental run learns from, of the rows outside the holdout and the validation rows. */
export interface LearnedRows {
  /** SQL that tells its rows. */
  readonly rows: string;
  /** Those that are new. */
  readonly added: number;
  /** Whether there are as many rows of before as were wanted. */
  readonly hasEnough: boolean;
}

/**
 * The new rows, and with them rows of before, drawn by their keys: so many for each new one that what was learned is not
 * forgotten, and the cost stays in proportion to what is new. Each dataset version draws others.
 */
export async function chooseLearned(
  connection: DuckDBConnection,
  { relation, inHoldout, inValidation, key }: SplitRows,
  newUploads: readonly string[],
  {
    split,
    replay = 0,
    datasetVersion,
  }: { readonly split: Split; readonly replay?: number | undefined; readonly datasetVersion: number },
): Promise<LearnedRows> {
  const isNew = isOfUploadsSql(newUploads);
  const counts = await oneRow(
    connection,
    `SELECT count(*) FILTER (${isNew}) AS added, count(*) FILTER (NOT ${isNew}) AS before FROM ${relation} ` +
      `WHERE NOT (${inHoldout}) AND NOT (${inValidation})`,
  );
  const [added, before] = [toCount(counts['added']), toCount(counts['before'])];
  const share = before === 0 ? 0 : Math.min(1, (replay * added) / before);
  const hasEnough = replay * added <= before;
  if (share === 0) return { rows: isNew, added, hasEnough };
  return {
    rows: `(${isNew} OR ${drawnSql(split, `replay ${datasetVersion} `, key, share)})`,
    added,
    hasEnough,
  };
}
