import type { DuckDBConnection } from '@duckdb/node-api';
import type { HistoryEntry } from '@kaefer/deltalake';
import type { Contract } from '@kaefer/contracts';
import { contractDefaults, type StoredProblem } from '@kaefer/contracts/messages';
import { rejectedColumn, type TableColumn } from '../lake/column-types.ts';
import { rowChanges } from '../lake/row-changes.ts';
import { oneRow } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

/** Fewer files of before make no habit. */
const fewestFiles = 3;
const dayMs = 86_400_000;

/** Rows of each file that a table's history merged, those that were rejected included. */
export function rowsOfFiles(history: readonly HistoryEntry[]): number[] {
  return history.flatMap(({ metrics, userMetadata = {} }) => {
    if (typeof userMetadata['upload'] !== 'string') return [];
    const { new: added, updated, unchanged } = rowChanges(metrics);
    if (added === null) return [];
    return [added + (updated ?? 0) + (unchanged ?? 0) + (Number(userMetadata['rejected']) || 0)];
  });
}

/** Whether a file has suspiciously few rows, against the median of those of before. */
export function smallFile(
  rows: number,
  earlier: readonly number[],
  contract: Contract | undefined,
): StoredProblem[] {
  if (earlier.length < fewestFiles) return [];
  const usual = [...earlier].sort((a, b) => a - b)[Math.floor(earlier.length / 2)] as number;
  if (rows >= usual * (contract ?? contractDefaults).smallFileShare) return [];
  return [{ code: 'small_file', parameters: { rows, usual }, count: 1 }];
}

/**
 * Whether the newest rows of a file are older than agreed.
 *
 * @param receivedAt when it arrived, ISO 8601; undefined where nobody knows
 */
export async function staleData(
  connection: DuckDBConnection,
  stagedPath: string,
  columns: readonly TableColumn[],
  contract: Contract | undefined,
  receivedAt: string | undefined,
): Promise<StoredProblem[]> {
  const { column, days: limit } = contract?.freshness ?? { column: '', days: 0 };
  const type = columns.find(({ name }) => name === column)?.type;
  if (receivedAt === undefined || (type !== 'date' && type !== 'timestamp')) return [];
  const { newest } = await oneRow(
    connection,
    `SELECT epoch_ms(max(${quoteName(column)})::TIMESTAMPTZ) AS newest FROM read_parquet(${quoteText(stagedPath)}) WHERE NOT ${rejectedColumn}`,
  );
  if (newest === null || newest === undefined) return [];
  const newestMs = Number(newest);
  const days = Math.floor((Date.parse(receivedAt) - newestMs) / dayMs);
  if (days <= limit) return [];
  const parameters = { column, newest: new Date(newestMs).toISOString().slice(0, 10), days, limit };
  return [{ code: 'stale_data', parameters, column, count: 1 }];
}
