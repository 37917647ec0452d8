import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { serializeActions } from './actions.ts';
import type { Action } from './actions.ts';
import { DeltaError } from './delta-error.ts';
import { checkpointPath, lastCheckpointPath } from './log-path.ts';
import type { ObjectStore } from './object-store.ts';
import { quoteName, quoteText } from './sql-quote.ts';
import type { TableState } from './table-state.ts';

const vectorType =
  'STRUCT(storageType VARCHAR, pathOrInlineDv VARCHAR, "offset" INTEGER, sizeInBytes INTEGER, cardinality BIGINT, maxRowIndex BIGINT)';

/** Columns of a classic checkpoint (PROTOCOL.md, "Checkpoint Schema"), as DuckDB types. */
const checkpointColumns = {
  txn: 'STRUCT(appId VARCHAR, version BIGINT, lastUpdated BIGINT)',
  add: `STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, modificationTime BIGINT, dataChange BOOLEAN, tags MAP(VARCHAR, VARCHAR), stats VARCHAR, deletionVector ${vectorType})`,
  remove: `STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, extendedFileMetadata BOOLEAN, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, deletionVector ${vectorType})`,
  metaData:
    'STRUCT(id VARCHAR, "name" VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR)), schemaString VARCHAR, partitionColumns VARCHAR[], configuration MAP(VARCHAR, VARCHAR), createdTime BIGINT)',
  protocol:
    'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[], writerFeatures VARCHAR[])',
} as const;

/** The longest line of JSON that is read: one action, whose schema or statistics may be long. */
const maxActionBytes = 256 * 1024 * 1024;

/** A small DuckDB of its own: checkpoints must not disturb the caller's connection. */
async function withDuckDb<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  // Loaded on first use: most tables are opened, and most logs read, without DuckDB.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    return await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** All actions of a checkpoint's parts, in the order of its rows. */
export async function readCheckpoint(store: ObjectStore, paths: readonly string[]): Promise<Action[]> {
  await store.fetch(paths);
  const files = paths.map((path) => quoteText(store.uri(path))).join();
  try {
    return await withDuckDb(async (connection) => {
      const source = `read_parquet([${files}], union_by_name = true, hive_partitioning = false)`;
      const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
      const present = described.getRows().map(([name]) => String(name));
      const wanted = Object.keys(checkpointColumns).filter((name) => present.includes(name));
      const json = wanted.map(
        (name) => `CASE WHEN ${quoteName(name)} IS NULL THEN NULL ELSE to_json(${quoteName(name)}) END`,
      );
      const reader = await connection.runAndReadAll(`SELECT ${json.join()} FROM ${source}`);
      return reader.getRows().map((row): Action => {
        const index = row.findIndex((value) => value !== null);
        const name = wanted[index];
        return name === undefined ? {} : { [name]: withoutNulls(JSON.parse(String(row[index]))) };
      });
    });
  } catch (error) {
    throw new DeltaError('log_corrupt', `The checkpoint ${paths.join(', ')} cannot be read.`, {
      cause: error,
    });
  }
}

/** Parquet has every field of a struct; a missing one is NULL there and absent here. Partitions may have none. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, key === 'partitionValues' ? inner : withoutNulls(inner)]),
  );
}

/**
 * Writes the checkpoint of a state and points `_last_checkpoint` at it. Tombstones younger than
 * `tombstonesSinceMs` are kept, so that others' vacuum leaves their files alone.
 */
export async function writeCheckpoint(
  store: ObjectStore,
  state: TableState,
  tombstonesSinceMs: number,
): Promise<void> {
  const { protocol, metadata } = state.readable();
  const tombstones = [...state.tombstones.values()].filter(
    ({ deletionTimestamp }) => (deletionTimestamp ?? 0) >= tombstonesSinceMs,
  );
  const actions: Action[] = [
    { protocol },
    { metaData: metadata },
    ...[...state.transactions.values()].map((txn) => ({ txn })),
    ...tombstones.map((remove) => ({ remove: { ...remove, dataChange: false } })),
    ...[...state.files.values()].map((add) => ({ add: { ...add, dataChange: false } })),
  ];
  const data = await toParquet(actions);
  await store.putIfAbsent(checkpointPath(state.version), data);
  const hint = {
    version: state.version,
    size: actions.length,
    sizeInBytes: data.length,
    numOfAddFiles: state.files.size,
  };
  await store.put(lastCheckpointPath, Buffer.from(JSON.stringify(hint), 'utf8'));
}

async function toParquet(actions: readonly Action[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'delta-checkpoint-'));
  try {
    const [json, parquet] = [join(folder, `${randomUUID()}.json`), join(folder, `${randomUUID()}.parquet`)];
    await writeFile(json, serializeActions(actions));
    const columns = Object.entries(checkpointColumns).map(
      ([name, type]) => `${quoteName(name)}: ${quoteText(type)}`,
    );
    await withDuckDb((connection) =>
      connection.run(
        `COPY (SELECT * FROM read_json(${quoteText(json)}, format = 'newline_delimited', columns = {${columns.join()}}, maximum_object_size = ${maxActionBytes}))
         TO ${quoteText(parquet)} (FORMAT parquet, COMPRESSION snappy)`,
      ),
    );
    return await readFile(parquet);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
