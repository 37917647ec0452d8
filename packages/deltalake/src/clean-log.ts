import { DeltaError } from './delta-error.ts';
import { logFolder, parseLogListing } from './log-path.ts';
import { replayLog } from './log-reader.ts';
import type { ObjectStore } from './object-store.ts';
import { checkWritable } from './protocol-support.ts';
import type { TableState } from './table-state.ts';

/** A change that takes longer could be committed under a version whose file was cleaned up. */
const shortestRetentionMs = 60 * 60 * 1000;

export interface CleanLogOptions {
  /** Versions committed longer ago than this need not be readable any more. Milliseconds, at least an hour. */
  retentionMs: number;
  /** Only says what would be deleted. Default false. */
  dryRun?: boolean;
}

/**
 * Deletes the log before the newest checkpoint that no version within the retention does without
 * (PROTOCOL.md, "Metadata Cleanup"). Versions before it can then no longer be read, restored or seen in the
 * history. Nothing is deleted where there is no checkpoint that old.
 *
 * @returns store paths, in the order of deletion
 * @throws DeltaError `invalid_argument`, `unsupported_feature`, `log_corrupt` when the checkpoint is unreadable
 */
export async function cleanLog(
  store: ObjectStore,
  state: TableState,
  nowMs: number,
  { retentionMs, dryRun = false }: CleanLogOptions,
): Promise<string[]> {
  if (!(retentionMs >= shortestRetentionMs))
    throw new DeltaError(
      'invalid_argument',
      `retentionMs must be an hour (${shortestRetentionMs}) or more, not ${retentionMs}.`,
    );
  const { protocol, metadata } = state.readable();
  checkWritable(protocol, metadata);
  const objects = await store.list(logFolder);
  const { checkpoints } = parseLogListing(objects.map(({ path }) => path));
  const recent = objects.flatMap(({ path, modifiedMs }) => {
    const version = versionOf(path);
    return path.endsWith('.json') && version !== undefined && modifiedMs > nowMs - retentionMs
      ? [version]
      : [];
  });
  // The last version that was current when the retention began is still needed.
  const neededFrom = Math.min(state.version, ...recent.map((version) => version - 1));
  const kept = checkpoints.filter(({ version }) => version <= neededFrom).at(-1);
  if (!kept) return [];
  await replayLog(store, kept.version);
  const doomed = objects
    .map(({ path }) => path)
    .filter((path) => (versionOf(path) ?? kept.version) < kept.version)
    // Checkpoints first, then commits from the oldest: what a crash leaves has no gap after a checkpoint.
    .sort((a, b) => Number(isCheckpoint(b)) - Number(isCheckpoint(a)) || (a < b ? -1 : 1));
  if (!dryRun) for (const path of doomed) await store.delete(path);
  return doomed;
}

const isCheckpoint = (path: string): boolean => path.includes('.checkpoint.');

/** The version that a file of the log is named after; undefined for `_last_checkpoint` and others. */
function versionOf(path: string): number | undefined {
  const [, digits] = /^_delta_log\/(\d{20})\.[^/]*$/.exec(path) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
