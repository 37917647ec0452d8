import { parseActions } from './actions.ts';
import type { Action } from './actions.ts';
import { readCheckpoint } from './checkpoint.ts';
import { checkIntact } from './commit-seal.ts';
import { DeltaError } from './delta-error.ts';
import { commitPath, logFolder, parseLogListing } from './log-path.ts';
import type { LogListing } from './log-path.ts';
import type { ObjectStore } from './object-store.ts';
import { TableState } from './table-state.ts';

/** Commits that are read at a time. */
const commitsAtOnce = 32;

export interface Commit {
  version: number;
  actions: Action[];
  /** Of the log file, milliseconds since 1970-01-01 UTC. */
  modifiedMs: number;
}

/**
 * One commit, or undefined when the version is not there (yet).
 *
 * @throws DeltaError `log_corrupt` when it cannot be parsed, or is ours and has other bytes than we wrote
 */
export async function readCommit(store: ObjectStore, version: number): Promise<Commit | undefined> {
  const path = commitPath(version);
  const object = await store.read(path);
  if (!object) return undefined;
  const actions = parseActions(object.data, path);
  checkIntact(object.data, path);
  return { version, actions, modifiedMs: object.modifiedMs };
}

/**
 * Whether the log was cleaned up beyond a version that was read before. Then a missing next commit does not
 * mean that the version is still the newest.
 */
export async function isCleanedUp(store: ObjectStore, version: number): Promise<boolean> {
  return (await store.size(commitPath(version))) === undefined;
}

export async function listLog(store: ObjectStore): Promise<LogListing> {
  return parseLogListing(await store.names(logFolder));
}

/**
 * The table's state at a version, or at the newest, from the nearest checkpoint and the commits after it.
 *
 * @throws DeltaError `table_not_found` where there is no log, `version_not_found`, `log_corrupt` for a gap or a
 *   commit that was damaged
 */
export async function replayLog(store: ObjectStore, version?: number): Promise<TableState> {
  const { commits, checkpoints } = await listLog(store);
  const newest = Math.max(commits.at(-1) ?? -1, checkpoints.at(-1)?.version ?? -1);
  if (newest < 0)
    throw new DeltaError('table_not_found', `There is no Delta table at ${store.address}: it has no log.`);
  const target = version ?? newest;
  if (target > newest || target < 0)
    throw new DeltaError('version_not_found', `The table has no version ${target}; its newest is ${newest}.`);
  const checkpoint = checkpoints.filter((found) => found.version <= target).at(-1);
  const state = new TableState();
  if (checkpoint) state.apply(checkpoint.version, await readCheckpoint(store, checkpoint.paths), 0);
  else if (commits[0] !== 0) {
    if (version === undefined)
      throw new DeltaError('log_corrupt', 'The log begins after version 0 and has no checkpoint.');
    throw new DeltaError(
      'version_not_found',
      `Version ${target} can no longer be read: the log before version ${commits[0]} was cleaned up.`,
    );
  }
  while (state.version < target) {
    const next = state.version + 1;
    const count = Math.min(commitsAtOnce, target - state.version);
    const versions = Array.from({ length: count }, (_, place) => next + place);
    for (const [place, commit] of (await Promise.all(versions.map((v) => readCommit(store, v)))).entries()) {
      if (!commit)
        throw new DeltaError(
          'log_corrupt',
          `The log has a gap: ${commitPath(next + place)} is missing, later versions are there.`,
        );
      state.apply(commit.version, commit.actions, commit.modifiedMs);
    }
  }
  if (checkpoint?.version === target) state.timestampMs = await commitTime(store, target);
  return state;
}

/** When a version was committed; a checkpoint does not say, its commit file does if it is still there. */
async function commitTime(store: ObjectStore, version: number): Promise<number> {
  const commit = await readCommit(store, version);
  return (
    commit?.actions.find(({ commitInfo }) => commitInfo)?.commitInfo?.timestamp ?? commit?.modifiedMs ?? 0
  );
}
