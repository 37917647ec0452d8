import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { scanSql, type DeltaTable, type Snapshot } from '@kaefer/deltalake';
import { drawnSql, type Split } from '../features/split.ts';
import { splitRows, type SplitRows } from '../features/table-rows.ts';
import { provenance } from '../lake/column-types.ts';
import { syncFile, syncFolder } from '../lake/durable.ts';
import { quoteText } from '../sql/quote.ts';

/** One row in so many is put aside. */
const oneIn = 16;
/** A table with fewer rows is read whole: that takes less than a second. */
export const pooledFrom = 1_000_000;

export interface PoolRequest {
  readonly split: Split;
  readonly key: string | null;
  readonly columns: readonly string[];
  readonly newUploads: readonly string[];
  /** The version of the model that is continued. */
  readonly parentVersion: number;
}

/**
 * What an incremental run reads of a large table: the new rows, from the data files that came since, and of the rows before a
 * sixteenth, drawn by their keys, which lies ready beside the table. Neither costs what the table does.
 *
 * Data files never change, so a part once put aside stays true; for files that have none yet it is made here, each under
 * another name until it is whole. Those of files that the table no longer has are removed.
 */
export async function pooledRows(
  connection: DuckDBConnection,
  folder: string,
  table: DeltaTable,
  snapshot: Snapshot,
  { split, key, columns, newUploads, parentVersion }: PoolRequest,
): Promise<SplitRows> {
  const before = new Set((await table.snapshot(parentVersion)).files.map(({ path }) => path));
  const pool = await fillPool(connection, folder, table, snapshot, split, key);
  const all = splitRows(table, snapshot, split, key, columns, {
    files: snapshot.files.filter(({ path }) => !before.has(path)),
  });
  const drawn = splitRows(table, snapshot, split, key, columns, { pool });
  const isNew = isOfUploadsSql(newUploads);
  return {
    ...all,
    relation:
      `(SELECT * FROM ${all.relation} WHERE ${isNew} UNION ALL BY NAME ` +
      `SELECT * FROM ${drawn.relation} WHERE NOT ${isNew})`,
  };
}

/** SQL that tells the rows which came with some uploads. */
export function isOfUploadsSql(uploads: readonly string[]): string {
  const names = uploads.length === 0 ? `''` : uploads.map(quoteText).join(', ');
  return `coalesce(${provenance.upload} IN (${names}), false)`;
}

/** Of a file, and of what a deletion vector takes from it: the same file with others deleted is another one here. */
function partName(file: Snapshot['files'][number]): string {
  const { path, deletionVector = null } = file as { path: string; deletionVector?: unknown };
  return `${createHash('sha256')
    .update(JSON.stringify([path, deletionVector]))
    .digest('hex')
    .slice(0, 32)}.parquet`;
}

/** @returns the parts of the snapshot's files, in their order */
async function fillPool(
  connection: DuckDBConnection,
  folder: string,
  table: DeltaTable,
  snapshot: Snapshot,
  split: Split,
  key: string | null,
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const names = snapshot.files.map(partName);
  const current = new Set((await table.snapshot()).files.map(partName));
  for (const name of readdirSync(folder))
    if (!names.includes(name) && !current.has(name)) rmSync(join(folder, name), { force: true });
  for (const [index, name] of names.entries()) {
    const place = join(folder, name);
    if (existsSync(place)) continue;
    const file = snapshot.files[index];
    if (file === undefined) continue;
    const every = snapshot.schema.map((field) => field.name);
    const rows = splitRows(table, snapshot, split, key, every, { files: [file] });
    const columns = scanSql(table, snapshot, { columns: every, files: [file] });
    const drawn = drawnSql(split, 'pool ', rows.key, 1 / oneIn);
    await connection.run(
      `COPY (SELECT * FROM ${columns} WHERE ${drawn}) TO ${quoteText(`${place}.part`)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    syncFile(`${place}.part`);
    renameSync(`${place}.part`, place);
  }
  syncFolder(folder);
  return names.map((name) => join(folder, name));
}
