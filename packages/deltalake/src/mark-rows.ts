import { createHash, randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { AddFile } from './actions.ts';
import { deletedRows } from './deleted-rows.ts';
import type { DeltaTable } from './delta-table.ts';
import { encodeZ85, vectorFile, vectorPath } from './deletion-vector.ts';
import { looseStatistics, storedRowCount } from './file-statistics.ts';
import { mostRows, RowBitsBuilder } from './row-bits.ts';

/** The tag of an `add` action that holds the SHA-256 of its deletion vector's file, and that file's path. */
export const vectorDigestTag = 'sha256OfDeletionVectors';

/** Rows of files, as a query tells them. */
export interface RowPositions {
  /** Gives `i`, the position of the row's file in `files`, and `r`, the row's position in its file. From 0. */
  sql: string;
  files: readonly AddFile[];
}

/**
 * Whether a file should rather lose rows to a deletion vector than be written anew: as long as at least half of the rows
 * that it stores stay, as every reader has to pass over the others.
 *
 * @param rows that it loses
 */
export function isWorthMarking(file: AddFile, rows: number): boolean {
  const stored = storedRowCount(file);
  if (stored === undefined || stored > mostRows || file.stats === undefined) return false;
  return (file.deletionVector?.cardinality ?? 0) + rows <= stored / 2;
}

/**
 * Writes one file of deletion vectors that take rows away from some files, in addition to those that they lost before;
 * durable, but not yet committed.
 *
 * @param files of a snapshot; each must lose a row
 * @returns the files to add in their place, in their order; and the path of the file of vectors
 */
export async function markRows(
  connection: DuckDBConnection,
  table: DeltaTable,
  files: readonly AddFile[],
  positions: readonly RowPositions[],
): Promise<{ added: AddFile[]; path: string }> {
  const rows = new Map(files.map((file) => [file, new RowBitsBuilder(deletedRows(file))]));
  for (const { sql, files: named } of positions) {
    const result = await connection.stream(
      `SELECT CAST(i AS INTEGER) AS i, CAST(r AS INTEGER) AS r FROM (${sql})`,
    );
    for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
      const [fileColumn, rowColumn] = [chunk.getColumnValues(0), chunk.getColumnValues(1)];
      for (const [place, position] of fileColumn.entries()) {
        const file = named[Number(position)];
        if (file) rows.get(file)?.add(Number(rowColumn[place]));
      }
    }
  }
  const { data, vectors } = vectorFile([...rows.values()].map((builder) => builder.done()));
  const pathOrInlineDv = encodeZ85(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'));
  const place = { storageType: 'u', pathOrInlineDv };
  const path = vectorPath({ ...place, sizeInBytes: 0, cardinality: 0 }, table.store.address) ?? '';
  await table.store.putIfAbsent(path, data);
  const digest = createHash('sha256').update(data).digest('hex');
  const added = files.map((file, index): AddFile => {
    const vector = vectors[index];
    return {
      ...file,
      ...(file.stats !== undefined && { stats: looseStatistics(file.stats) }),
      tags: { ...file.tags, [vectorDigestTag]: `${digest} ${path}` },
      ...(vector && { deletionVector: { ...place, ...vector } }),
    };
  });
  return { added, path };
}
