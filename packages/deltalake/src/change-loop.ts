import type { DuckDBConnection } from '@duckdb/node-api';
import type { AddFile } from './actions.ts';
import { checkCommittable } from './commit.ts';
import type { TableChange } from './commit.ts';
import { DeltaError } from './delta-error.ts';
import type { DeltaTable } from './delta-table.ts';
import { checkExactFiles } from './exact-widening.ts';
import { statedRowCount } from './file-statistics.ts';
import { isWorthMarking, markRows } from './mark-rows.ts';
import type { RowPositions } from './mark-rows.ts';
import { checkPartitionColumns } from './partitions.ts';
import { writesVectors } from './protocol-support.ts';
import { groupFiles } from './rewrite-sql.ts';
import { scanSql } from './scan-sql.ts';
import { planGrowth } from './schema-growth.ts';
import type { SchemaGrowth } from './schema-growth.ts';
import { schemaToJson } from './schema.ts';
import type { Field } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import { sayingWhyNotWritten } from './storage-errors.ts';
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

/** The query for the new rows of some files. Default all that they have. */
export type RowsSql = (files: readonly AddFile[]) => string;

/** One attempt at a change, on one snapshot. */
export interface Attempt {
  snapshot: Snapshot;
  growth: SchemaGrowth;
  /** Files that must be rewritten for their types alone. */
  outdated: readonly AddFile[];
  /** Writes a query's rows as files of this change; returns them. */
  write: (querySql: string) => Promise<AddFile[]>;
  /** Writes the files' rows anew, a group of them at a time; returns the files written. */
  rewrite: (files: readonly AddFile[], rowsSql?: RowsSql) => Promise<AddFile[]>;
  /** Whether a file that loses so many rows should be marked rather than written anew. */
  isToMark: (file: AddFile, rows: number) => boolean;
  /** Takes rows away from files by deletion vectors. The files are among those that the change removes. */
  mark: (files: readonly AddFile[], positions: readonly RowPositions[]) => Promise<void>;
}

/** What an attempt has made so far. */
interface Made {
  /** Data files that it wrote. */
  written: AddFile[];
  /** Files as before, with other deletion vectors. */
  marked: AddFile[];
  /** Paths of files of deletion vectors. */
  vectors: string[];
}

export interface PreparedChange<Counts> {
  counts: Counts;
  remove: readonly AddFile[];
  about: Pick<TableChange, 'operation' | 'parameters' | 'metrics' | 'reads' | 'dataChange'>;
}

/**
 * Prepares a change on the newest snapshot and commits it; starts over when others' commits are in its way.
 * Files of an attempt that did not become a version are deleted.
 *
 * @throws DeltaError `commit_conflict`, `storage_full`, `storage_not_writable`
 * @param nothing the counts to report when the transaction is in the log already, or nothing needs doing
 * @param prepare makes one attempt; undefined makes no version, because nothing needs doing
 */
export async function changeTable<Counts extends object>(
  connection: DuckDBConnection,
  table: DeltaTable,
  options: ChangeOptions,
  nothing: Counts,
  prepare: (attempt: Attempt) => Promise<PreparedChange<Counts> | undefined>,
): Promise<Counts & { version: number; alreadyDone: boolean }> {
  return sayingWhyNotWritten(table.store.address, () =>
    attemptUntilCommitted(connection, table, options, nothing, prepare),
  );
}

async function attemptUntilCommitted<Counts extends object>(
  connection: DuckDBConnection,
  table: DeltaTable,
  options: ChangeOptions,
  nothing: Counts,
  prepare: (attempt: Attempt) => Promise<PreparedChange<Counts> | undefined>,
): Promise<Counts & { version: number; alreadyDone: boolean }> {
  let detail = '';
  for (let attempts = 0; attempts < maxAttempts; attempts++) {
    const snapshot = await table.snapshot();
    const doneIn = await versionWhenDone(table, snapshot, options.txn);
    if (doneIn !== undefined) return { ...nothing, version: doneIn, alreadyDone: true };
    const growth = planGrowth(snapshot.schema, options.schema);
    if (growth.changed) checkPartitionColumns(growth.schema, snapshot.metadata.partitionColumns);
    const made: Made = { written: [], marked: [], vectors: [] };
    let prepared: PreparedChange<Counts> | undefined;
    try {
      prepared = await prepare(attemptOn(connection, table, snapshot, growth, options, made));
      if (!prepared) return { ...nothing, version: snapshot.version, alreadyDone: true };
      checkCommittable(snapshot, { ...prepared.about, remove: prepared.remove });
    } catch (error) {
      await discard(table, made);
      throw error;
    }
    // An error from here on may come after the commit: the files stay, `vacuum` finds them if it did not happen.
    const { counts, remove, about } = prepared;
    const result = await table.commit(snapshot, {
      ...about,
      ...growthOf(snapshot, growth),
      add: [...made.marked, ...made.written],
      remove,
      ...marks(options),
    });
    if (result.committed) return { ...counts, version: result.version, alreadyDone: false };
    detail = result.detail;
    await discard(table, made);
  }
  throw new DeltaError(
    'commit_conflict',
    `The change was not committed: the table changed underneath it ${maxAttempts} times. ${detail}`,
  );
}

function attemptOn(
  connection: DuckDBConnection,
  table: DeltaTable,
  snapshot: Snapshot,
  growth: SchemaGrowth,
  { targetRowsPerFile = defaultTargetRowsPerFile }: ChangeOptions,
  made: Made,
): Attempt {
  const write = async (querySql: string): Promise<AddFile[]> => {
    const files = await writeFiles(connection, table, querySql, {
      schema: growth.schema,
      partitionColumns: snapshot.metadata.partitionColumns,
      targetRowsPerFile,
    });
    made.written.push(...files);
    return files;
  };
  const allRows: RowsSql = (files) =>
    `SELECT * FROM ${scanSql(table, snapshot, { files, schema: growth.schema })}`;
  return {
    snapshot,
    growth,
    outdated: growth.widened.length > 0 ? snapshot.files : [],
    write,
    rewrite: async (files, rowsSql = allRows) => {
      await table.fetch(files);
      await checkExactFiles(connection, table, snapshot, files, growth);
      const added: AddFile[] = [];
      for (const group of groupFiles(
        files,
        targetRowsPerFile,
        (file) => statedRowCount(file) ?? targetRowsPerFile,
      ))
        added.push(...(await write(rowsSql(group))));
      return added;
    },
    isToMark: (file, rows) =>
      growth.widened.length === 0 &&
      writesVectors(snapshot.protocol, snapshot.metadata) &&
      isWorthMarking(file, rows),
    mark: async (files, positions) => {
      if (files.length === 0) return;
      const { added, path } = await markRows(connection, table, files, positions);
      made.marked.push(...added);
      made.vectors.push(path);
    },
  };
}

async function discard(table: DeltaTable, { written, vectors }: Made): Promise<void> {
  await discardFiles(table, written);
  for (const path of vectors) await table.store.delete(path).catch(() => undefined);
}

async function versionWhenDone(
  table: DeltaTable,
  snapshot: Snapshot,
  txn: ChangeOptions['txn'],
): Promise<number | undefined> {
  if (!txn || (snapshot.transactions.get(txn.appId) ?? -1) < txn.version) return undefined;
  return (await table.versionOfTransaction(txn.appId, txn.version)) ?? snapshot.version;
}

const growthOf = (snapshot: Snapshot, growth: SchemaGrowth): Pick<TableChange, 'metadata'> =>
  growth.changed ? { metadata: { ...snapshot.metadata, schemaString: schemaToJson(growth.schema) } } : {};

const marks = ({ txn, info }: ChangeOptions): Pick<TableChange, 'txn' | 'info'> => ({
  ...(txn && { txn }),
  ...(info && { info }),
});
