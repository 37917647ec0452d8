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
 *
 * Paths are relative to the root, with `/` between their parts, and never begin with `/` or hold `..`.
 */
export interface ObjectStore {
  /** The address under which DuckDB reads and writes the object. */
  uri(path: string): string;
  /** The object's bytes, or undefined when there is none. */
  read(path: string): Promise<{ data: Buffer; modifiedMs: number } | undefined>;
  /** Creates the object unless one is there; true when this call created it. */
  putIfAbsent(path: string, data: Uint8Array): Promise<boolean>;
  /** Creates or replaces the object atomically. */
  put(path: string, data: Uint8Array): Promise<void>;
  /** All objects whose path starts with `prefix` (which ends in `/` or is empty), sorted by path. */
  list(prefix: string): Promise<StoredObject[]>;
  /** Size in bytes, or undefined when there is no such object. */
  size(path: string): Promise<number | undefined>;
  /** Removes the object; nothing happens when there is none. */
  delete(path: string): Promise<void>;
  /** Makes objects that DuckDB wrote through `uri` durable. */
  flush(paths: readonly string[]): Promise<void>;
  /** Makes sure DuckDB can write below the root (creates the folder where there is one). */
  prepare(): Promise<void>;
}
