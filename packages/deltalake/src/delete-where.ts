import type { DuckDBConnection } from '@duckdb/node-api';
import type { AddFile } from './actions.ts';
import { changeTable } from './change-loop.ts';
import type { Attempt, ChangeOptions } from './change-loop.ts';
import type { DeltaTable } from './delta-table.ts';
import { statedRowCount } from './file-statistics.ts';
import { mayMatch, predicateSql } from './predicate.ts';
import type { Predicate } from './predicate.ts';
import { fetchScan, scanSql } from './scan-sql.ts';
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
 * are rewritten, or marked where the table has deletion vectors. Starts over when others add or remove rows that could match.
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
  return changeTable(connection, table, options, { deleted: 0 }, async (attempt) => {
    const { remove, deleted, added } = await dropMatches(connection, table, attempt, where);
    return {
      counts: { deleted },
      remove,
      about: {
        reads: (file) => mayMatch(file, where, attempt.snapshot.schema),
        operation: 'DELETE',
        parameters: { predicate: predicateText(where, attempt.snapshot) },
        metrics: {
          numDeletedRows: deleted,
          numCopiedRows: rowsIn(added),
          numRemovedFiles: remove.length,
          numAddedFiles: added.length,
        },
      },
    };
  });
}

export interface ReplaceOptions extends DeleteOptions {
  /** SQL relation that can stand after FROM: what takes their place. Asked anew for each snapshot that is tried. */
  source: (snapshot: Snapshot) => string | Promise<string>;
}

export interface ReplaceResult extends DeleteResult {
  inserted: number;
}

/**
 * Deletes the rows that match and appends the source's, in its order, as one version: Delta's `replaceWhere`, but the
 * new rows need not match. Files are spared as by `deleteWhere`.
 *
 * @throws DeltaError as `deleteWhere`; `null_in_required_column`
 */
export async function replaceWhere(
  connection: DuckDBConnection,
  table: DeltaTable,
  options: ReplaceOptions,
): Promise<ReplaceResult> {
  const { where } = options;
  const nothing = { deleted: 0, inserted: 0 };
  return changeTable(connection, table, options, nothing, async (attempt) => {
    const source = await options.source(attempt.snapshot);
    const { remove, deleted, added } = await dropMatches(connection, table, attempt, where);
    const written = await attempt.write(`SELECT * FROM ${source}`);
    const inserted = rowsIn(written);
    return {
      counts: { deleted, inserted },
      remove,
      about: {
        // The source was made from this snapshot: any other commit may change what it should be.
        reads: () => true,
        operation: 'WRITE',
        parameters: { mode: 'Overwrite', predicate: predicateText(where, attempt.snapshot) },
        metrics: {
          numDeletedRows: deleted,
          numCopiedRows: rowsIn(added),
          numOutputRows: inserted,
          numRemovedFiles: remove.length,
          numFiles: added.length + written.length,
        },
      },
    };
  });
}

/** Files to remove and, written anew, what is left of them. */
async function dropMatches(
  connection: DuckDBConnection,
  table: DeltaTable,
  { snapshot, rewrite, isToMark, mark }: Attempt,
  where: Predicate,
): Promise<{ remove: AddFile[]; deleted: number; added: AddFile[] }> {
  const condition = predicateSql(where, snapshot.schema);
  const hits = await countHits(connection, table, snapshot, where);
  const remove = [...hits.keys()];
  const deleted = [...hits.values()].reduce((sum, rows) => sum + rows, 0);
  const partly = remove.filter((file) => statedRowCount(file) !== hits.get(file));
  const marked = partly.filter((file) => isToMark(file, hits.get(file) ?? 0));
  const names = snapshot.schema.map(({ name }) => name);
  const [fileIndex, rowNumber] = [unusedName(names, '__delta_file'), unusedName(names, '__delta_row')];
  const options = { files: marked, where, columns: [], fileIndex, rowNumber };
  const scan = await fetchScan(table, snapshot, options);
  await mark(marked, [{ sql: `SELECT ${fileIndex} AS i, ${rowNumber} AS r FROM ${scan}`, files: marked }]);
  const added = await rewrite(
    partly.filter((file) => !marked.includes(file)),
    (files) => `SELECT * FROM ${scanSql(table, snapshot, { files })} WHERE ${condition} IS NOT TRUE`,
  );
  return { remove, deleted, added };
}

const rowsIn = (files: readonly AddFile[]): number =>
  files.reduce((sum, file) => sum + (statedRowCount(file) ?? 0), 0);

const predicateText = (where: Predicate, { schema }: Snapshot): string =>
  JSON.stringify([predicateSql(where, schema)]);

/** Files that hold rows to delete, in the table's order, and how many. */
async function countHits(
  connection: DuckDBConnection,
  table: DeltaTable,
  snapshot: Snapshot,
  where: Predicate,
): Promise<Map<AddFile, number>> {
  const files = snapshot.files.filter((file) => mayMatch(file, where, snapshot.schema));
  const names = snapshot.schema.map(({ name }) => name);
  const fileIndex = unusedName(names, '__delta_file');
  const scan = await fetchScan(table, snapshot, { files, where, columns: [], fileIndex });
  const reader = await connection.runAndReadAll(
    `SELECT CAST(${fileIndex} AS INTEGER) AS i, count(*) FROM ${scan} GROUP BY 1 ORDER BY 1`,
  );
  const hits = new Map<AddFile, number>();
  for (const [position, rows] of reader.getRows()) {
    const file = files[Number(position)];
    if (file) hits.set(file, Number(rows));
  }
  return hits;
}
