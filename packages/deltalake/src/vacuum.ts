import type { LogicalFile } from './deletion-vector.ts';
import { DeltaError } from './delta-error.ts';
import { storePathsOf } from './file-location.ts';
import { stagedFilePrefix } from './folder-store.ts';
import { logFolder } from './log-path.ts';
import type { ObjectStore } from './object-store.ts';
import type { TableState } from './table-state.ts';

export interface VacuumOptions {
  /**
   * Files that were removed, or written and never committed, longer ago than this are deleted. Milliseconds.
   * Checkpoints forget removals after 7 days: beyond that a file counts by when it was written.
   */
  retentionMs: number;
  /** Only says what would be deleted. Default false. */
  dryRun?: boolean;
}

const isHidden = (path: string): boolean =>
  path.split('/').some((part) => part.startsWith('_') || part.startsWith('.'));
const isStaged = (path: string): boolean =>
  path.slice(path.lastIndexOf('/') + 1).startsWith(stagedFilePrefix);

/**
 * Deletes data files that no version within the retention needs, and what crashes left behind. Older
 * versions can then no longer be read or restored. Files of a writer that is still at work are spared only
 * while they are younger than the retention.
 *
 * @returns store paths, sorted
 */
export async function vacuumTable(
  store: ObjectStore,
  state: TableState,
  nowMs: number,
  { retentionMs, dryRun = false }: VacuumOptions,
): Promise<string[]> {
  if (!(retentionMs >= 0))
    throw new DeltaError('invalid_argument', `retentionMs must be 0 or more, not ${retentionMs}.`);
  const cutoffMs = nowMs - retentionMs;
  const pathsOf = (file: LogicalFile): string[] => storePathsOf(file, store.address);
  const needed = new Set([...state.files.values()].flatMap(pathsOf));
  for (const tombstone of state.tombstones.values())
    if ((tombstone.deletionTimestamp ?? 0) >= cutoffMs)
      for (const path of pathsOf(tombstone)) needed.add(path);
  const doomed = (await store.list(''))
    .filter(({ path, modifiedMs }) => modifiedMs <= cutoffMs && !needed.has(path))
    .filter(({ path }) => isStaged(path) || (!path.startsWith(logFolder) && !isHidden(path)))
    .map(({ path }) => path);
  if (!dryRun) for (const path of doomed) await store.delete(path);
  return doomed;
}
