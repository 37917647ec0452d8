import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { commitPath, type LogListing } from './log-path.ts';
import { readCheckpoint } from './checkpoint.ts';
import { listLog, replayLog } from './log-reader.ts';
import type { ObjectStore } from './object-store.ts';
import { TableState } from './table-state.ts';
import { parseActions } from './actions.ts';
import { isIntact } from './commit-seal.ts';
import type { Action } from './actions.ts';
import { storePathsOf } from './file-location.ts';
import { verifyVectors } from './verify-vectors.ts';

/** The tag of an `add` action that holds the SHA-256 of its file, in hexadecimal. */
export const digestTag = 'sha256';

const chunkBytes = 1024 * 1024;

/** The SHA-256 of a file on this machine, in hexadecimal. */
export async function digestOfFile(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: chunkBytes }), digest);
  return digest.digest('hex');
}

/** What is wrong with a file of the log, or with one of deletion vectors. */
export interface LogDamage {
  /** Below the table, such as `_delta_log/00000000000000000003.json`, or the file of some deletion vectors. */
  path: string;
  /**
   * `altered`: not the bytes that were written. `differs`: a checkpoint that is not what the commits make. `missing`:
   * deletion vectors of the newest version that are gone.
   */
  problem: 'altered' | 'differs' | 'missing';
}

/**
 * Reads the whole log: commits of this package against the SHA-256 that they carry, and checkpoints against the commits
 * up to them, as far as those are still there; and all deletion vectors. Tables in which others write, too, are fine: what
 * says nothing of itself is left out. Where commits were altered they are all that is told: nothing else can be read.
 *
 * @throws DeltaError `log_corrupt`, `table_not_found`
 */
export async function verifyLog(store: ObjectStore): Promise<LogDamage[]> {
  const listing = await listLog(store);
  const altered = await alteredCommits(store, listing);
  if (altered.length > 0) return altered; // What the log says then is not known: it cannot be read on.
  const newest = await replayLog(store);
  const damages: LogDamage[] = [];
  const actions: Action[] = [...newest.files.values()].map((add) => ({ add }));
  for (const version of listing.commits) {
    const path = commitPath(version);
    const object = await store.read(path);
    if (object === undefined) continue;
    actions.push(...parseActions(object.data, path));
  }
  if (listing.commits[0] === 0) damages.push(...(await differingCheckpoints(store, listing)));
  const needed = new Set([...newest.files.values()].flatMap((file) => storePathsOf(file, store.address)));
  damages.push(...(await verifyVectors(store, actions, (path) => needed.has(path))));
  return damages;
}

async function alteredCommits(store: ObjectStore, { commits }: LogListing): Promise<LogDamage[]> {
  const damages: LogDamage[] = [];
  for (const path of commits.map(commitPath)) {
    const object = await store.read(path);
    if (object && isIntact(object.data) === false) damages.push({ path, problem: 'altered' });
  }
  return damages;
}

async function differingCheckpoints(
  store: ObjectStore,
  { commits, checkpoints }: LogListing,
): Promise<LogDamage[]> {
  const damages: LogDamage[] = [];
  const state = new TableState();
  for (const version of commits) {
    const path = commitPath(version);
    const object = await store.read(path);
    if (object === undefined) break;
    state.apply(version, parseActions(object.data, path), object.modifiedMs);
    for (const { paths } of checkpoints.filter((checkpoint) => checkpoint.version === version)) {
      const read = new TableState();
      read.apply(version, await readCheckpoint(store, paths), 0);
      if (contentOf(read) !== contentOf(state))
        damages.push(...paths.map((part) => ({ path: part, problem: 'differs' as const })));
    }
  }
  return damages;
}

/** What a checkpoint must hold, as one text. Old tombstones may be left out. */
function contentOf({ protocol, metadata, files, transactions }: TableState): string {
  const sorted = (entries: Iterable<readonly [string, unknown]>): unknown[] =>
    [...entries]
      .map(([name, value]) => [name, ordered(value)])
      .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  const live = [...files].map(([path, { dataChange: _layout, ...file }]) => [path, file] as const);
  return JSON.stringify([ordered(protocol), ordered(metadata), sorted(live), sorted(transactions)]);
}

/** The same value with its keys in order and without what is missing, since Parquet has its own order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined && inner !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}
