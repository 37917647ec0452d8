import type { DuckDBConnection } from '@duckdb/node-api';
import { changeTable } from './change-loop.ts';
import type { ChangeOptions } from './change-loop.ts';
import type { DeltaTable } from './delta-table.ts';
import { checkExactSource } from './exact-widening.ts';
import { statedRowCount } from './file-statistics.ts';

export interface OverwriteOptions extends ChangeOptions {
  /** SQL relation that can stand after FROM; it may read the table itself. */
  source: string;
}

export interface OverwriteResult {
  /** The version that holds the change. */
  version: number;
  inserted: number;
  /** The transaction was in the log already, and nothing was done. */
  alreadyDone: boolean;
}

/**
 * Replaces all rows of the table by the source's, in its order, as one version. Rows that others commit
 * meanwhile are replaced, too. The schema stays, or grows as `schema` says.
 *
 * @throws DeltaError `schema_mismatch`, `null_in_required_column`, `time_zone_not_utc`, `append_only`,
 *   `unsupported_feature`, `commit_conflict`
 */
export async function overwrite(
  connection: DuckDBConnection,
  table: DeltaTable,
  options: OverwriteOptions,
): Promise<OverwriteResult> {
  return changeTable(connection, table, options, { inserted: 0 }, async ({ snapshot, growth, write }) => {
    await checkExactSource(connection, options.source, growth);
    const added = await write(`SELECT * FROM ${options.source}`);
    const inserted = added.reduce((sum, file) => sum + (statedRowCount(file) ?? 0), 0);
    return {
      counts: { inserted },
      remove: snapshot.files,
      about: {
        reads: () => true,
        operation: 'WRITE',
        parameters: { mode: 'Overwrite', partitionBy: JSON.stringify(snapshot.metadata.partitionColumns) },
        metrics: { numFiles: added.length, numOutputRows: inserted, numRemovedFiles: snapshot.files.length },
      },
    };
  });
}
