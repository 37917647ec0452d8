import type { DuckDBConnection } from '@duckdb/node-api';
import { changeTable } from './change-loop.ts';
import type { ChangeOptions } from './change-loop.ts';
import type { DeltaTable } from './delta-table.ts';
import { checkExactSource } from './exact-widening.ts';
import { statedRowCount } from './file-statistics.ts';

export interface AppendOptions extends ChangeOptions {
  /** SQL relation that can stand after FROM. */
  source: string;
}

export interface AppendResult {
  /** The version that holds the change. */
  version: number;
  inserted: number;
  /** The transaction was in the log already, and nothing was done. */
  alreadyDone: boolean;
}

/**
 * Adds the source's rows, in its order, as one version; zero rows still make one. Columns that the source
 * lacks are NULL. Others may append at the same time.
 *
 * @throws DeltaError `schema_mismatch`, `null_in_required_column`, `time_zone_not_utc`, `append_only`,
 *   `unsupported_feature`, `commit_conflict`
 */
export async function append(
  connection: DuckDBConnection,
  table: DeltaTable,
  options: AppendOptions,
): Promise<AppendResult> {
  return changeTable(
    connection,
    table,
    options,
    { inserted: 0 },
    async ({ snapshot, growth, outdated, rewrite, write }) => {
      await checkExactSource(connection, options.source, growth);
      await rewrite(outdated);
      const added = await write(`SELECT * FROM ${options.source}`);
      const inserted = added.reduce((sum, file) => sum + (statedRowCount(file) ?? 0), 0);
      return {
        counts: { inserted },
        remove: outdated,
        about: {
          operation: 'WRITE',
          parameters: { mode: 'Append', partitionBy: JSON.stringify(snapshot.metadata.partitionColumns) },
          metrics: { numFiles: added.length, numOutputRows: inserted, numRemovedFiles: outdated.length },
        },
      };
    },
  );
}
