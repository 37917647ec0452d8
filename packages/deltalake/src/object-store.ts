import { DeltaError } from './delta-error.ts';
import type { NeededParts } from './partial-file.ts';

/** What a query needs of a Parquet file. */
export interface NeededColumns extends NeededParts {
  path: string;
  /** Of the whole file. */
  sizeBytes: number;
}

/** An object as a listing shows it. */
export interface StoredObject {
  /** Relative to the store's root, parts separated by `/`. */
  path: string;
  sizeBytes: number;
  /** Milliseconds since 1970-01-01 UTC. */
  modifiedMs: number;
}

/**
 * Where a table lives. The log's correctness rests on these guarantees:
 *
 * - `putIfAbsent` is atomic: of any number of callers, in any number of processes, at most one gets `true`
 *   for a path, and no reader ever sees a part of the object.
 * - When `putIfAbsent`, `put` or `flush` has returned, the objects survive a power cut.
 * - A read that starts after a write returned sees that write (no eventual consistency).
 * - `list` shows every object whose write returned before the call.
 * - What DuckDB reads after `fetch`, and wrote before `flush`, are the object's bytes.
 *
 * Paths are relative to the root, with `/` between their parts, and never begin with `/` or hold `..`.
 */
export interface ObjectStore {
  /** Where the store is, for messages. */
  readonly address: string;
  /** The address under which DuckDB reads the object after `fetch`, and writes it before `flush`. */
  uri(path: string): string;
  /** The object's bytes, or undefined when there is none. */
  read(path: string): Promise<{ data: Buffer; modifiedMs: number } | undefined>;
  /** Creates the object unless one is there; true when this call created it. */
  putIfAbsent(path: string, data: Uint8Array): Promise<boolean>;
  /** Creates or replaces the object atomically. */
  put(path: string, data: Uint8Array): Promise<void>;
  /** All objects whose path starts with `prefix` (which ends in `/` or is empty), sorted by path. */
  list(prefix: string): Promise<StoredObject[]>;
  /** The paths that `list` gives; cheaper where sizes and times must be asked for one by one. */
  names(prefix: string): Promise<string[]>;
  /** Size in bytes, or undefined when there is no such object. */
  size(path: string): Promise<number | undefined>;
  /** Removes the object; nothing happens when there is none. */
  delete(path: string): Promise<void>;
  /**
   * Makes objects readable for DuckDB through `uri`, if they are not there anyway. They must never change.
   *
   * @throws DeltaError `data_file_missing`, unless DuckDB itself will find that out
   */
  fetch(paths: readonly string[]): Promise<void>;
  /**
   * Makes Parquet files readable for DuckDB as far as a query over some columns needs them, if they are not there anyway.
   *
   * @returns the address of each, under which other columns, and row groups that cannot hold what is looked for, may be
   *   missing; it is good until other files that are fetched need the space
   * @throws DeltaError as `fetch`; `storage_full`
   */
  fetchColumns(wanted: readonly NeededColumns[]): Promise<string[]>;
  /** Makes objects that DuckDB wrote through `uri` durable. */
  flush(paths: readonly string[]): Promise<void>;
  /** Makes sure DuckDB can write below the root (creates the folder where there is one). */
  prepare(): Promise<void>;
}

/** Returns the path, which must stay within the store. */
export function checkPath(path: string): string {
  if (path.startsWith('/') || path.split('/').includes('..'))
    throw new DeltaError('invalid_argument', `The path '${path}' leads outside the table's folder.`);
  return path;
}
