import type { DuckDBConnection } from '@duckdb/node-api';
import type { AddFile } from './actions.ts';
import type { CommitResult } from './commit.ts';
import { DeltaError } from './delta-error.ts';
import type { DeltaTable } from './delta-table.ts';
import { withMatch } from './match-source.ts';
import type { SourceMatch, UpsertSource } from './match-source.ts';
import { checkTimeZone, columnsOf } from './query-columns.ts';
import { appendedRowsSql, groupFiles, rewrittenRowsSql } from './rewrite-sql.ts';
import { planGrowth } from './schema-growth.ts';
import type { SchemaGrowth } from './schema-growth.ts';
import { schemaToJson } from './schema.ts';
import type { Field } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import { defaultTargetRowsPerFile, discardFiles, writeFiles } from './write-files.ts';

/** Attempts after which a change gives up because others keep changing the table underneath it. */
const maxAttempts = 20;

export interface ChangeOptions {
  /** Names the change for ever: doing it again changes nothing. */
  txn?: { appId: string; version: number };
  /** The table's schema as it shall be: new nullable columns, widened types. */
  schema?: readonly Field[];
  /** Kept with the commit; comes back as `userMetadata` in the history. */
  info?: Record<string, unknown>;
  /** Rows above which written files are split. Default 2,000,000. */
  targetRowsPerFile?: number;
}

export interface UpsertOptions extends UpsertSource, ChangeOptions {}
export interface AppendOptions extends ChangeOptions {
  /** SQL relation that can stand after FROM. */
  source: string;
}

export interface UpsertPlan {
  inserted: number;
  updated: number;
  unchanged: number;
  filesToRewrite: AddFile[];
}

export interface UpsertResult {
  /** The version that holds the change. */
  version: number;
  inserted: number;
  updated: number;
  unchanged: number;
  /** The transaction was in the log already, and nothing was done. */
  alreadyDone: boolean;
}

export type AppendResult = Pick<UpsertResult, 'version' | 'inserted' | 'alreadyDone'>;

/** What `upsert` would do, without writing anything. Errors as for `upsert`. */
export async function planUpsert(
  connection: DuckDBConnection,
  table: DeltaTable,
  snapshot: Snapshot,
  options: UpsertSource & Pick<ChangeOptions, 'schema'>,
): Promise<UpsertPlan> {
  const { schema } = planGrowth(snapshot.schema, options.schema);
  return withMatch(
    connection,
    table,
    snapshot,
    schema,
    options,
    async ({ inserted, updated, unchanged, filesToRewrite }) => ({
      inserted,
      updated,
      unchanged,
      filesToRewrite,
    }),
  );
}

/**
 * Merges rows by key: keys that the table lacks are appended in the source's order, rows in which a `compare`
 * column differs are replaced where they stand, and all others keep every value they have. Only files that
 * hold a replaced row are rewritten; a widened type rewrites all. Columns that the source lacks keep their
 * values in replaced rows and are NULL in new ones. Always commits a version, even when no row changes.
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
  const done = { inserted: 0, updated: 0, unchanged: 0 };
  return withRetries(table, options, done, async (snapshot, growth, written) =>
    withMatch(connection, table, snapshot, growth.schema, options, async (match) => {
      const { inserted, updated, unchanged } = match;
      const rewritten = growth.widened.length > 0 ? [...snapshot.files] : match.filesToRewrite;
      written.push(
        ...(await rewriteFiles(connection, table, snapshot, rewritten, growth, options, {
          key: options.key,
          source: options.source,
          match,
        })),
      );
      if (inserted > 0)
        written.push(
          ...(await writeFiles(
            connection,
            table,
            appendedRowsSql(options, match, growth.schema),
            writeOptions(growth, options),
          )),
        );
      const result = await table.commit(snapshot, {
        ...changeOf(snapshot, growth, rewritten, written, options),
        readsTable: true,
        operation: 'MERGE',
        parameters: { predicate: `source.${options.key} = target.${options.key}` },
        metrics: {
          numTargetRowsInserted: inserted,
          numTargetRowsUpdated: updated,
          numTargetRowsUnchanged: unchanged,
          numTargetFilesAdded: written.length,
          numTargetFilesRemoved: rewritten.length,
        },
      });
      return { result, counts: { inserted, updated, unchanged } };
    }),
  );
}

/**
 * Adds the source's rows, in its order, as one version; zero rows still make one. Columns that the source
 * lacks are NULL. Others may append at the same time.
 *
 * @throws DeltaError as `upsert`, without the key's
 */
export async function append(
  connection: DuckDBConnection,
  table: DeltaTable,
  options: AppendOptions,
): Promise<AppendResult> {
  return withRetries(table, options, { inserted: 0 }, async (snapshot, growth, written) => {
    await checkTimeZone(connection, growth.schema);
    const columns = await columnsOf(connection, options.source);
    const rewritten = growth.widened.length > 0 ? [...snapshot.files] : [];
    written.push(...(await rewriteFiles(connection, table, snapshot, rewritten, growth, options)));
    const added = await writeFiles(
      connection,
      table,
      appendedRowsSql(options, { sourceColumns: columns }, growth.schema),
      writeOptions(growth, options),
    );
    written.push(...added);
    const inserted = added.reduce((sum, file) => sum + rowsOf(file), 0);
    const result = await table.commit(snapshot, {
      ...changeOf(snapshot, growth, rewritten, written, options),
      readsTable: rewritten.length > 0,
      operation: 'WRITE',
      parameters: { mode: 'Append', partitionBy: '[]' },
      metrics: { numFiles: written.length, numOutputRows: inserted },
    });
    return { result, counts: { inserted } };
  });
}

type Attempt<Counts> = (
  snapshot: Snapshot,
  growth: SchemaGrowth,
  /** The attempt notes every file it writes here, so that a failed one leaves nothing behind. */
  written: AddFile[],
) => Promise<{ result: CommitResult; counts: Counts }>;

async function withRetries<Counts extends object>(
  table: DeltaTable,
  options: ChangeOptions,
  nothing: Counts,
  attempt: Attempt<Counts>,
): Promise<Counts & { version: number; alreadyDone: boolean }> {
  let detail = '';
  for (let attempts = 0; attempts < maxAttempts; attempts++) {
    const snapshot = await table.snapshot();
    const doneIn = await versionWhenDone(table, snapshot, options.txn);
    if (doneIn !== undefined) return { ...nothing, version: doneIn, alreadyDone: true };
    const written: AddFile[] = [];
    let committed = false;
    try {
      const { result, counts } = await attempt(
        snapshot,
        planGrowth(snapshot.schema, options.schema),
        written,
      );
      committed = result.committed;
      if (result.committed) return { ...counts, version: result.version, alreadyDone: false };
      detail = result.detail;
    } finally {
      if (!committed) await discardFiles(table, written);
    }
  }
  throw new DeltaError(
    'commit_conflict',
    `The change was not committed: the table changed underneath it ${maxAttempts} times. ${detail}`,
  );
}

async function versionWhenDone(
  table: DeltaTable,
  snapshot: Snapshot,
  txn: ChangeOptions['txn'],
): Promise<number | undefined> {
  if (!txn || (snapshot.transactions.get(txn.appId) ?? -1) < txn.version) return undefined;
  return (await table.versionOfTransaction(txn.appId, txn.version)) ?? snapshot.version;
}

async function rewriteFiles(
  connection: DuckDBConnection,
  table: DeltaTable,
  snapshot: Snapshot,
  files: readonly AddFile[],
  growth: SchemaGrowth,
  options: ChangeOptions,
  replacing?: { key: string; source: string; match: SourceMatch },
): Promise<AddFile[]> {
  const written: AddFile[] = [];
  for (const group of groupFiles(files, options.targetRowsPerFile ?? defaultTargetRowsPerFile)) {
    const sql = rewrittenRowsSql(table, snapshot, group, growth.schema, replacing);
    try {
      written.push(...(await writeFiles(connection, table, sql, writeOptions(growth, options))));
    } catch (error) {
      await discardFiles(table, written);
      throw error;
    }
  }
  return written;
}

const rowsOf = ({ stats }: AddFile): number =>
  (JSON.parse(stats ?? '{}') as { numRecords?: number }).numRecords ?? 0;

const writeOptions = (growth: SchemaGrowth, { targetRowsPerFile }: ChangeOptions) => ({
  schema: growth.schema,
  ...(targetRowsPerFile !== undefined && { targetRowsPerFile }),
});

function changeOf(
  snapshot: Snapshot,
  growth: SchemaGrowth,
  remove: readonly AddFile[],
  add: readonly AddFile[],
  { txn, info }: ChangeOptions,
) {
  return {
    add,
    remove,
    ...(growth.changed && { metadata: { ...snapshot.metadata, schemaString: schemaToJson(growth.schema) } }),
    ...(txn && { txn }),
    ...(info && { info }),
  };
}
