import type { DuckDBConnection } from '@duckdb/node-api';
import type { AddFile } from './actions.ts';
import { changeTable } from './change-loop.ts';
import type { ChangeOptions } from './change-loop.ts';
import type { DeltaTable } from './delta-table.ts';
import { statedRowCount } from './file-statistics.ts';
import { mayMatch, predicateSql } from './predicate.ts';
import type { Predicate } from './predicate.ts';
import { scanSql } from './scan-sql.ts';
import type { Snapshot } from './snapshot.ts';
import { unusedName } from './sql-quote.ts';

export interface DeleteOptions extends Omit<ChangeOptions, 'schema'> {
  /** The rows to delete. Those for which it is NULL stay. */
  where: Predicate;
}

export interface DeleteResult {
  /** The version that holds the change. */
  version: number;
  deleted: number;
  /** The transaction was in the log already, and nothing was done. */
  alreadyDone: boolean;
}

/**
 * Deletes the rows that match, as one version, even when there are none. Files that statistics rule out are
 * not read, those without a match are left alone, those that match wholly are dropped, and only the others
 * are rewritten. Starts over when others add or remove rows that could match.
 *
 * @throws DeltaError `schema_mismatch`, `invalid_argument`, `time_zone_not_utc`, `append_only`,
 *   `unsupported_feature`, `commit_conflict`
 */
export async function deleteWhere(
  connection: DuckDBConnection,
  table: DeltaTable,
  options: DeleteOptions,
): Promise<DeleteResult> {
  const { where } = options;
  return changeTable(connection, table, options, { deleted: 0 }, async ({ snapshot, rewrite }) => {
    const condition = predicateSql(where, snapshot.schema);
    const hits = await countHits(connection, table, snapshot, where);
    const remove = [...hits.keys()];
    const deleted = [...hits.values()].reduce((sum, rows) => sum + rows, 0);
    const partly = remove.filter((file) => statedRowCount(file) !== hits.get(file));
    const added = await rewrite(
      partly,
      (files) => `SELECT * FROM ${scanSql(table, snapshot, { files })} WHERE ${condition} IS NOT TRUE`,
    );
    return {
      counts: { deleted },
      remove,
      about: {
        reads: (file) => mayMatch(file, where, snapshot.schema),
        operation: 'DELETE',
        parameters: { predicate: JSON.stringify([condition]) },
        metrics: {
          numDeletedRows: deleted,
          numCopiedRows: added.reduce((sum, file) => sum + (statedRowCount(file) ?? 0), 0),
          numRemovedFiles: remove.length,
          numAddedFiles: added.length,
        },
      },
    };
  });
}

/** Files that hold rows to delete, in the table's order, and how many. */
async function countHits(
  connection: DuckDBConnection,
  table: DeltaTable,
  snapshot: Snapshot,
  where: Predicate,
): Promise<Map<AddFile, number>> {
  const files = snapshot.files.filter((file) => mayMatch(file, where, snapshot.schema));
  await table.fetch(files);
  const names = snapshot.schema.map(({ name }) => name);
  const fileIndex = unusedName(names, '__delta_file');
  const scan = scanSql(table, snapshot, { files, where, columns: [], fileIndex });
  const reader = await connection.runAndReadAll(
    `SELECT CAST(${fileIndex} AS INTEGER) AS i, count(*) FROM ${scan} GROUP BY i ORDER BY i`,
  );
  const hits = new Map<AddFile, number>();
  for (const [position, rows] of reader.getRows()) {
    const file = files[Number(position)];
    if (file) hits.set(file, Number(rows));
  }
  return hits;
}
