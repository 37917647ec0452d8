import type { DuckDBConnection, DuckDBMapValue, DuckDBValue } from '@duckdb/node-api';
import type { AddFile } from './actions.ts';
import { DeltaError } from './delta-error.ts';
import type { DeltaTable } from './delta-table.ts';
import { digestOfFile, digestTag } from './file-digest.ts';
import { statisticsJson } from './file-statistics.ts';
import { partitionsOf } from './partitions.ts';
import { checkColumns, checkTimeZone, columnsOf, conformedColumns } from './query-columns.ts';
import type { Field } from './schema.ts';
import { quoteName, quoteText } from './sql-quote.ts';

/** Rows above which a write is split over files, so that a later update rewrites only a part. */
export const defaultTargetRowsPerFile = 2_000_000;

export interface WriteOptions {
  /** Schema to write with. Default the table's newest. */
  schema?: readonly Field[];
  /** Whether rows keep the query's order, within and across files. Default true. */
  orderPreserved?: boolean;
  /** Default 2,000,000. */
  targetRowsPerFile?: number;
  /** Columns of whose values each file has one. The query is then run once for each partition. Default the table's. */
  partitionColumns?: readonly string[];
  /** Default zstd. */
  compression?: 'zstd' | 'snappy' | 'uncompressed';
}

/**
 * Writes the rows of a query as data files of the table, durable but not yet committed. Columns are matched
 * by name and cast to the schema; nullable ones that the query lacks are NULL.
 *
 * @param querySql a SELECT
 * @returns the files with their statistics, to be passed to `commit`; none when the query gives no rows
 * @throws DeltaError `schema_mismatch` (an empty text in a partition column, too), `null_in_required_column`,
 *   `time_zone_not_utc`
 */
export async function writeFiles(
  connection: DuckDBConnection,
  table: DeltaTable,
  querySql: string,
  options: WriteOptions = {},
): Promise<AddFile[]> {
  const schema = options.schema ?? (await table.snapshot()).schema;
  await checkTimeZone(connection, schema);
  const given = await columnsOf(connection, `(${querySql})`);
  checkColumns(schema, given);
  await table.store.prepare();
  const query = `SELECT ${conformedColumns(schema, given)} FROM (${querySql})`;
  const columns = options.partitionColumns ?? (await table.snapshot()).metadata.partitionColumns;
  const stored = schema.filter(({ name }) => !columns.includes(name));
  const files: AddFile[] = [];
  try {
    for (const { values, sql } of await partitionsOf(connection, query, schema, columns)) {
      const written = await writePartition(connection, table, sql, stored, options);
      files.push(...written.map((file) => ({ ...file, partitionValues: values })));
    }
    const digested = await Promise.all(files.map((file) => withDigest(table, file)));
    await table.store.flush(files.map(({ path }) => path));
    return digested;
  } catch (error) {
    await discardFiles(table, files);
    throw error;
  }
}

/** The log says what bytes a file has, for whoever wants to know years later. */
async function withDigest(table: DeltaTable, file: AddFile): Promise<AddFile> {
  return { ...file, tags: { [digestTag]: await digestOfFile(table.uriOf(file)) } };
}

async function writePartition(
  connection: DuckDBConnection,
  table: DeltaTable,
  query: string,
  schema: readonly Field[],
  options: WriteOptions,
): Promise<AddFile[]> {
  const targetRowsPerFile = options.targetRowsPerFile ?? defaultTargetRowsPerFile;
  const whole = await copyToFile(connection, table, query, schema, options);
  if (whole === undefined) return [];
  return whole.rows > targetRowsPerFile * 1.5
    ? split(connection, table, whole, schema, { ...options, targetRowsPerFile })
    : [whole.file];
}

/** Deletes files that were written for a commit that did not happen. Best effort: `vacuum` finds the rest. */
export async function discardFiles(table: DeltaTable, files: readonly AddFile[]): Promise<void> {
  for (const { path } of files) await table.store.delete(path).catch(() => undefined);
}

interface WrittenFile {
  file: AddFile;
  rows: number;
}

async function copyToFile(
  connection: DuckDBConnection,
  table: DeltaTable,
  query: string,
  schema: readonly Field[],
  { compression = 'zstd', orderPreserved = true }: WriteOptions,
): Promise<WrittenFile | undefined> {
  const codec = compression === 'uncompressed' ? '' : `.${compression}`;
  const path = `part-00000-${table.ids()}.c000${codec}.parquet`;
  const order = orderPreserved ? ', PRESERVE_ORDER true' : ', PRESERVE_ORDER false';
  try {
    const reader = await connection.runAndReadAll(
      `COPY (${query}) TO ${quoteText(table.store.uri(path))} (FORMAT parquet, COMPRESSION ${compression}${order}, RETURN_STATS)`,
    );
    const [row] = reader.getRowObjects();
    const rows = Number(row?.count ?? 0);
    if (!row || rows === 0) {
      await table.store.delete(path);
      return undefined;
    }
    const columns = columnStatistics(row.column_statistics ?? null);
    checkRequired(schema, columns);
    const stats = statisticsJson(rows, schema, columns);
    const size = Number(row.file_size_bytes);
    return {
      rows,
      file: { path, partitionValues: {}, size, modificationTime: table.clock(), dataChange: true, stats },
    };
  } catch (error) {
    await table.store.delete(path);
    throw error;
  }
}

/** Parts of one ordered file. Splitting while writing would let DuckDB's threads mix up the row groups. */
async function split(
  connection: DuckDBConnection,
  table: DeltaTable,
  whole: WrittenFile,
  schema: readonly Field[],
  options: WriteOptions & { targetRowsPerFile: number },
): Promise<AddFile[]> {
  const names = schema.map(({ name }) => quoteName(name)).join();
  const source = `read_parquet([${quoteText(table.uriOf(whole.file))}], hive_partitioning = false)`;
  const parts = Math.round(whole.rows / options.targetRowsPerFile);
  const files: AddFile[] = [];
  try {
    for (let part = 0; part < parts; part++) {
      const [from, to] = [
        Math.floor((whole.rows * part) / parts),
        Math.floor((whole.rows * (part + 1)) / parts),
      ];
      const query = `SELECT ${names} FROM ${source} WHERE file_row_number >= ${from} AND file_row_number < ${to}`;
      const written = await copyToFile(connection, table, query, schema, options);
      if (written) files.push(written.file);
    }
    return files;
  } catch (error) {
    await discardFiles(table, files);
    throw error;
  } finally {
    await table.store.delete(whole.file.path);
  }
}

/** DuckDB gives MAP(column as quoted name, MAP(statistic, text)). */
function columnStatistics(value: DuckDBValue): Map<string, Map<string, string>> {
  const columns = new Map<string, Map<string, string>>();
  if (!isMap(value)) return columns;
  for (const { key, value: inner } of value.entries) {
    if (!isMap(inner)) continue;
    const name = String(key).replace(/^"|"$/g, '').replaceAll('""', '"');
    columns.set(name, new Map(inner.entries.map((entry) => [String(entry.key), String(entry.value)])));
  }
  return columns;
}

/** Told by its shape: asking for its class would load DuckDB with this module. */
function isMap(value: DuckDBValue): value is DuckDBMapValue {
  return typeof value === 'object' && value !== null && 'entries' in value && Array.isArray(value.entries);
}

function checkRequired(
  schema: readonly Field[],
  columns: ReadonlyMap<string, ReadonlyMap<string, string>>,
): void {
  for (const { name, nullable } of schema)
    if (!nullable && columns.get(name)?.get('null_count') !== '0')
      throw new DeltaError(
        'null_in_required_column',
        `The column '${name}' is required, but some of the rows have no value in it.`,
      );
}
