import type { AddFile } from './actions.ts';
import { storePathOf } from './file-location.ts';
import { statedRowCount } from './file-statistics.ts';
import type { ObjectStore } from './object-store.ts';
import { quoteText } from './sql-quote.ts';

/** Rows of all files; where others wrote no statistics, the Parquet footers are asked. */
export async function countUnstatedRows(store: ObjectStore, files: readonly AddFile[]): Promise<number> {
  const unstated = files.filter((file) => statedRowCount(file) === undefined);
  const stated = files.reduce((sum, file) => sum + (statedRowCount(file) ?? 0), 0);
  if (unstated.length === 0) return stated;
  const footers = unstated.map((file) => ({ path: storePathOf(file), sizeBytes: file.size, columns: [] }));
  const uris = await store.fetchColumns(footers);
  const deleted = unstated.reduce((sum, { deletionVector }) => sum + (deletionVector?.cardinality ?? 0), 0);
  return stated - deleted + (await countByFooters(uris));
}

async function countByFooters(uris: readonly string[]): Promise<number> {
  // Loaded on first use: most tables are opened, and most logs read, without DuckDB.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      `SELECT sum(num_rows) FROM parquet_file_metadata([${uris.map(quoteText).join()}])`,
    );
    return Number(reader.getRows()[0]?.[0] ?? 0);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
