import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as DuckdbPackage from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { quoteText } from './quote.ts';

export interface SqlLimits {
  /** What DuckDB may hold before it spills to `scratchFolder`, in MiB. */
  readonly memoryMib: number;
  readonly threads: number;
  readonly scratchFolder: string;
}

/** What a streamed result may hold ahead of its reader; with DuckDB's 1 MB only one thread gets to work. */
const streamedAheadMib = 32;

const load = createRequire(import.meta.url);

/**
 * Loads the library, which takes a moment: as the CommonJS that it is, because importing it as a module reads each of its
 * files twice.
 */
export const loadDuckdb = () => load('@duckdb/node-api') as typeof DuckdbPackage;

export type Row = Readonly<Record<string, DuckDBValue>>;

/**
 * Settings of every DuckDB: nothing is downloaded, and no file's bytes are kept in memory, because a file that takes another's
 * place within the same moment would be read half from there.
 */
export const safeSettings = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  enable_external_file_cache: 'false',
} as const;

/**
 * Opens an in-memory DuckDB with limits, gives its connection to `work` and always closes it. Row order is
 * preserved, times are UTC. The library is loaded on first use, so that a process that never asks stays small.
 */
export async function withConnection<T>(
  limits: SqlLimits,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { DuckDBInstance } = loadDuckdb();
  mkdirSync(limits.scratchFolder, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    ...safeSettings,
    memory_limit: `${limits.memoryMib}MiB`,
    threads: String(limits.threads),
    temp_directory: limits.scratchFolder,
  });
  try {
    const connection = await instance.connect();
    try {
      await connection.run(`SET TimeZone = 'UTC'`);
      await connection.run(`SET streaming_buffer_size = '${streamedAheadMib}MiB'`);
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** All rows of a query; for small answers only. */
export async function allRows(connection: DuckDBConnection, query: string): Promise<Row[]> {
  return (await connection.runAndReadAll(query)).getRowObjects();
}

/** The only row of a query. */
export async function oneRow(connection: DuckDBConnection, query: string): Promise<Row> {
  const [row] = await allRows(connection, query);
  if (row === undefined) throw new Error(`a query that always answers gave no row: ${query.slice(0, 200)}`);
  return row;
}

/** A DuckDB integer of any width as a JavaScript number; it must fit. */
export function toCount(value: DuckDBValue | undefined): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  throw new TypeError(`expected a count, got ${typeof value}`);
}

/** `VALUES` relation of one text column called `v`; for the empty list a relation without rows. */
export function textRelation(values: readonly string[]): string {
  if (values.length === 0) return `(SELECT NULL::VARCHAR AS v WHERE false)`;
  return `(SELECT unnest([${values.map(quoteText).join(', ')}]) AS v)`;
}
