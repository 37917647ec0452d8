import type { DuckDBConnection } from '@duckdb/node-api';
import type { AddFile } from './actions.ts';
import { changeTable } from './change-loop.ts';
import type { ChangeOptions } from './change-loop.ts';
import type { DeltaTable } from './delta-table.ts';
import { checkExactFiles, checkExactSource } from './exact-widening.ts';
import { withMatch } from './match-source.ts';
import type { UpsertSource } from './match-source.ts';
import { newRowsSql, rewrittenRowsSql } from './rewrite-sql.ts';
import { planGrowth } from './schema-growth.ts';
import type { Snapshot } from './snapshot.ts';

export interface UpsertOptions extends UpsertSource, ChangeOptions {}

export interface UpsertPlan {
  inserted: number;
  updated: number;
  unchanged: number;
  /** Rows whose key the source lacks; 0 without `deleteUnmatched`. */
  deleted: number;
  /** Live files that hold a row to be replaced or deleted, even if they will only be marked. A widened type rewrites all others, too. */
  filesToRewrite: AddFile[];
}

export interface UpsertResult {
  /** The version that holds the change. */
  version: number;
  inserted: number;
  updated: number;
  unchanged: number;
  /** Rows whose key the source lacks; 0 without `deleteUnmatched`. */
  deleted: number;
  /** The transaction was in the log already, and nothing was done. */
  alreadyDone: boolean;
}

/** What `upsert` would do, without writing anything. Errors as for `upsert`. */
export async function planUpsert(
  connection: DuckDBConnection,
  table: DeltaTable,
  snapshot: Snapshot,
  options: UpsertSource & Pick<ChangeOptions, 'schema'>,
): Promise<UpsertPlan> {
  const growth = planGrowth(snapshot.schema, options.schema);
  await checkExactSource(connection, options.source, growth);
  await checkExactFiles(connection, table, snapshot, snapshot.files, growth);
  return withMatch(connection, table, snapshot, growth.schema, options, async (match) => {
    const { inserted, updated, unchanged, deleted, hits } = match;
    return { inserted, updated, unchanged, deleted, filesToRewrite: [...hits.keys()] };
  });
}

/**
 * Merges rows by key: keys that the table lacks are appended in the source's order, rows in which a `compare`
 * column differs are replaced where they stand, and all others keep every value they have. Only files that
 * hold a replaced row are rewritten; a widened type rewrites all. In a table with deletion vectors files that keep at least
 * half of their rows are marked instead, and the replaced rows follow among the new ones. Columns that the source lacks keep their
 * values in replaced rows and are NULL in new ones. With `deleteUnmatched` rows whose key the source lacks are deleted,
 * for which the keys of all files are read. Always commits a version, even when no row changes.
 *
 * Done again with the same `txn` it changes nothing. When others commit meanwhile, it starts over on their
 * version. DuckDB's `preserve_insertion_order` must be on (the default); memory is bounded by the
 * connection's `memory_limit`.
 *
 * @throws DeltaError `null_key`, `duplicate_key`, `schema_mismatch`, `null_in_required_column`,
 *   `time_zone_not_utc`, `append_only`, `unsupported_feature`, `commit_conflict`
 */
export async function upsert(
  connection: DuckDBConnection,
  table: DeltaTable,
  options: UpsertOptions,
): Promise<UpsertResult> {
  const nothing = { inserted: 0, updated: 0, unchanged: 0, deleted: 0 };
  return changeTable(
    connection,
    table,
    options,
    nothing,
    async ({ snapshot, growth, outdated, rewrite, write, isToMark, mark }) =>
      withMatch(connection, table, snapshot, growth.schema, options, async (match) => {
        await checkExactSource(connection, options.source, growth);
        const { inserted, updated, unchanged, deleted } = match;
        const hit = [...match.hits.keys()];
        const marked = hit.filter((file) => isToMark(file, match.hits.get(file) ?? 0));
        const remove = outdated.length > 0 ? outdated : hit;
        const replacement = { ...options, ...match };
        await mark(marked, match.positions);
        await rewrite(
          remove.filter((file) => !marked.includes(file)),
          (files) => rewrittenRowsSql(table, snapshot, files, growth.schema, replacement),
        );
        if (inserted > 0 || (updated > 0 && marked.length > 0))
          await write(await newRowsSql(table, snapshot, growth.schema, replacement, marked));
        return {
          counts: { inserted, updated, unchanged, deleted },
          remove,
          about: {
            reads: outdated.length > 0 ? () => true : match.reads,
            operation: 'MERGE',
            parameters: { predicate: `source.${options.key} = target.${options.key}` },
            metrics: {
              numTargetRowsInserted: inserted,
              numTargetRowsUpdated: updated,
              numTargetRowsUnchanged: unchanged,
              ...(options.deleteUnmatched === true && { numTargetRowsDeleted: deleted }),
              numTargetFilesRemoved: remove.length,
            },
          },
        };
      }),
  );
}
