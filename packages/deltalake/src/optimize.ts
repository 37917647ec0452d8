import type { DuckDBConnection } from '@duckdb/node-api';
import type { AddFile } from './actions.ts';
import { changeTable } from './change-loop.ts';
import type { ChangeOptions } from './change-loop.ts';
import { DeltaError } from './delta-error.ts';
import type { DeltaTable } from './delta-table.ts';
import { statedRowCount, storedRowCount } from './file-statistics.ts';
import { byPartition } from './partitions.ts';
import { groupFiles } from './rewrite-sql.ts';
import { defaultTargetRowsPerFile } from './write-files.ts';

const mebibyte = 1024 * 1024;

export interface OptimizeOptions extends Pick<ChangeOptions, 'info' | 'targetRowsPerFile'> {
  /** Files below this, and below `targetRowsPerFile`, are joined until they reach either. Bytes. Default 128 MiB. */
  targetFileBytes?: number;
  /** Files of which deletion vectors have taken away more than this share are written anew without those rows. Default 0.05. */
  maxDeletedShare?: number;
}

export interface OptimizeResult {
  /** The version that holds the change, or the newest when there was nothing to join. */
  version: number;
  /** Files that were joined. */
  removed: number;
  /** Files that they became. */
  added: number;
}

/**
 * Joins small files of the same partition, and writes those anew that have lost many rows to deletion vectors, in the table's order, so that it opens and reads faster; the joined files move to the end
 * of the order. No row changes, so that others' appends, and changes to rows of other files, may happen at the
 * same time. Makes no version when there is nothing to do.
 *
 * @throws DeltaError `invalid_argument`, `time_zone_not_utc`, `unsupported_feature`, `commit_conflict`
 */
export async function optimize(
  connection: DuckDBConnection,
  table: DeltaTable,
  {
    targetFileBytes = 128 * mebibyte,
    targetRowsPerFile = defaultTargetRowsPerFile,
    maxDeletedShare = 0.05,
    ...options
  }: OptimizeOptions = {},
): Promise<OptimizeResult> {
  if (!(targetFileBytes > 0 && targetRowsPerFile > 0))
    throw new DeltaError(
      'invalid_argument',
      `targetFileBytes and targetRowsPerFile must be above 0, not ${targetFileBytes} and ${targetRowsPerFile}.`,
    );
  /** 1 for a file of the size wished for. */
  const sizeOf = (file: AddFile): number =>
    Math.max(file.size / targetFileBytes, (statedRowCount(file) ?? 0) / targetRowsPerFile);
  const whole = { ...options, targetRowsPerFile: Number.POSITIVE_INFINITY };
  const { version, removed, added } = await changeTable(
    connection,
    table,
    whole,
    { removed: 0, added: 0 },
    async ({ snapshot, rewrite }) => {
      const isWorn = (file: AddFile): boolean => deletedShare(file) > maxDeletedShare;
      const small = snapshot.files.filter((file) => sizeOf(file) < 1 || isWorn(file));
      const groups = byPartition(small, snapshot.metadata.partitionColumns)
        .flatMap((files) => groupFiles(files, 1, sizeOf))
        .filter((group) => group.length > 1 || group.some(isWorn));
      if (groups.length === 0) return undefined;
      const files = [];
      for (const group of groups) files.push(...(await rewrite(group)));
      const remove = groups.flat();
      const bytes = (list: readonly { size: number }[]): number =>
        list.reduce((sum, { size }) => sum + size, 0);
      return {
        counts: { removed: remove.length, added: files.length },
        remove,
        about: {
          dataChange: false,
          reads: () => false,
          operation: 'OPTIMIZE',
          parameters: { predicate: '[]', zOrderBy: '[]', auto: false },
          metrics: {
            numRemovedFiles: remove.length,
            numAddedFiles: files.length,
            numRemovedBytes: bytes(remove),
            numAddedBytes: bytes(files),
          },
        },
      };
    },
  );
  return { version, removed, added };
}

function deletedShare(file: AddFile): number {
  const deleted = file.deletionVector?.cardinality ?? 0;
  return deleted === 0 ? 0 : deleted / (storedRowCount(file) ?? deleted);
}
