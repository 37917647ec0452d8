import { randomUUID } from 'node:crypto';
import type { AddFile, MetadataAction } from './actions.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { cleanLog } from './clean-log.ts';
import type { CleanLogOptions } from './clean-log.ts';
import { commitChange, firstCommit } from './commit.ts';
import type { CommitResult, TableChange } from './commit.ts';
import { DeltaError } from './delta-error.ts';
import { loadDeletedRows } from './deleted-rows.ts';
import { storePathOf, storePathsOf } from './file-location.ts';
import { FolderStore } from './folder-store.ts';
import { History } from './history.ts';
import type { HistoryEntry } from './history.ts';
import { isCleanedUp, listLog, readCommit, replayLog } from './log-reader.ts';
import { commitPath } from './log-path.ts';
import type { ObjectStore } from './object-store.ts';
import { vectorProperty, withVectors, writesVectors, writtenProtocol } from './protocol-support.ts';
import { checkPartitionColumns } from './partitions.ts';
import { countUnstatedRows } from './row-count.ts';
import { restoreChange } from './restore.ts';
import { checkSchema, schemaFromJson, schemasEqual, schemaToJson } from './schema.ts';
import type { Field } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import { sayingWhyNotWritten } from './storage-errors.ts';
import type { TableState } from './table-state.ts';
import { vacuumTable } from './vacuum.ts';
import type { VacuumOptions } from './vacuum.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Delta's default of `delta.deletedFileRetentionDuration`. */
const tombstoneRetentionMs = 7 * dayMs;
/** Older snapshots kept in memory: enough to compare a few versions without replaying the log. */
const cachedSnapshots = 8;

export interface TableOptions {
  /** Milliseconds since 1970-01-01 UTC. Default Date.now. */
  clock?: () => number;
  /** Unique ids for tables and data files. Default random UUIDs. */
  ids?: () => string;
  /** A checkpoint is written with every so many commits. Default 100. */
  checkpointInterval?: number;
  /** Told when a checkpoint could not be written; the commit before it stands all the same. */
  onCheckpointError?: (error: unknown) => void;
}

export interface CreateOptions extends TableOptions {
  schema: readonly Field[];
  /** Columns of whose values each file has one: text, whole number, decimal, boolean or date. Default none. */
  partitionColumns?: readonly string[];
  name?: string;
  description?: string;
  /**
   * Table properties, such as `delta.appendOnly`. With `delta.enableDeletionVectors` changes of few rows mark them instead
   * of writing their files anew, and only readers of deletion vectors can read the table.
   */
  configuration?: Record<string, string>;
}

/** A Delta table in a folder or another object store. Holds no locks; any number may be open on one table. */
export class DeltaTable {
  readonly store: ObjectStore;
  readonly clock: () => number;
  readonly ids: () => string;
  readonly #checkpointInterval: number;
  readonly #onCheckpointError: (error: unknown) => void;
  #history: History;
  readonly #snapshots = new Map<number, Snapshot>();
  #latest: TableState | undefined;

  private constructor(place: string | ObjectStore, options: TableOptions) {
    this.store = typeof place === 'string' ? new FolderStore(place) : place;
    this.clock = options.clock ?? Date.now;
    this.ids = options.ids ?? randomUUID;
    this.#checkpointInterval = options.checkpointInterval ?? 100;
    this.#onCheckpointError = options.onCheckpointError ?? (() => undefined);
    this.#history = new History(this.store);
  }

  /**
   * Creates a table as version 0. Where one with the same schema, now or at first, is already, it is opened
   * instead, so that creating again after a crash is harmless.
   *
   * @param place a folder, or any object store
   * @throws DeltaError `invalid_schema`; `table_exists` when a table with another schema is there; `storage_full`,
   *   `storage_not_writable`
   */
  static async create(place: string | ObjectStore, options: CreateOptions): Promise<DeltaTable> {
    const { schema, partitionColumns = [] } = options;
    checkSchema(schema);
    checkPartitionColumns(schema, partitionColumns);
    const table = new DeltaTable(place, options);
    return sayingWhyNotWritten(table.store.address, () => table.#create(options));
  }

  async #create({ schema, partitionColumns = [], ...options }: CreateOptions): Promise<DeltaTable> {
    await this.store.prepare();
    const metadata: MetadataAction = {
      id: this.ids(),
      ...(options.name !== undefined && { name: options.name }),
      ...(options.description !== undefined && { description: options.description }),
      format: { provider: 'parquet', options: {} },
      schemaString: schemaToJson(schema),
      partitionColumns: [...partitionColumns],
      configuration: { ...options.configuration },
      createdTime: this.clock(),
    };
    // A log that was cleaned up has no version 0 any more.
    const { checkpoints } = await listLog(this.store);
    const protocol =
      metadata.configuration[vectorProperty] === 'true' ? withVectors(writtenProtocol) : writtenProtocol;
    const first = firstCommit(metadata, protocol, this.clock());
    if (checkpoints.length > 0 || !(await this.store.putIfAbsent(commitPath(0), first)))
      await this.#checkSameSchema(schema, partitionColumns);
    return this;
  }

  /** @throws DeltaError `table_not_found`, `unsupported_feature`, `log_corrupt` */
  static async open(place: string | ObjectStore, options: TableOptions = {}): Promise<DeltaTable> {
    const table = new DeltaTable(place, options);
    await table.snapshot();
    return table;
  }

  /**
   * The table as a version has it; without a version, as the newest has it now. Only what was committed
   * since the last call is read.
   *
   * @throws DeltaError `version_not_found`, `unsupported_feature`, `log_corrupt`
   */
  async snapshot(version?: number): Promise<Snapshot> {
    const cached = version === undefined ? undefined : this.#snapshots.get(version);
    if (cached) return cached;
    const state = version === undefined ? await this.#refresh() : await replayLog(this.store, version);
    return this.#snapshots.get(state.version) ?? this.#remember(await this.#toSnapshot(state));
  }

  /**
   * The table as it was at a time: the newest version committed until then. Times are those of the history;
   * one before its predecessor's, as of a clock that was set back, counts as that.
   *
   * @throws DeltaError `version_not_found` before the oldest version that is still there; as for `snapshot`
   */
  async snapshotAt(time: Date): Promise<Snapshot> {
    const history = await this.history();
    const later = history.findIndex(({ timestamp }) => timestamp.getTime() > time.getTime());
    const found = later === -1 ? history.at(-1) : history[later - 1];
    if (!found)
      throw new DeltaError(
        'version_not_found',
        `The table has no version of ${time.toISOString()}: its oldest is of ${history[0]?.timestamp.toISOString() ?? 'an unknown time'}.`,
      );
    return this.snapshot(found.version);
  }

  /** All versions whose commit file is still there, oldest first. */
  async history(): Promise<HistoryEntry[]> {
    await this.#refresh();
    return this.#history.entries();
  }

  /** The version that recorded a transaction of an application (that version or a later one of it). */
  async versionOfTransaction(appId: string, version: number): Promise<number | undefined> {
    return this.#history.versionOfTransaction(appId, version);
  }

  /**
   * Commits a change that was worked out from `base`. If others committed since, the change is checked
   * against each of their versions and follows them unless one conflicts; a conflict is a returned value.
   *
   * @throws DeltaError `unsupported_feature`, `append_only`, `storage_full`, `storage_not_writable`
   */
  async commit(base: Snapshot, change: TableChange): Promise<CommitResult> {
    const result = await sayingWhyNotWritten(this.store.address, () =>
      commitChange(this.store, base, change, this.clock()),
    );
    if (result.committed && result.version % this.#checkpointInterval === 0) await this.#checkpointQuietly();
    return result;
  }

  /**
   * Makes the newest version equal to an older one, as a new version. Transactions stay recorded.
   *
   * @param info kept with the commit; comes back as `userMetadata` in the history
   * @throws DeltaError `version_not_found`; `data_file_missing` when a vacuum took files of that version;
   *   `commit_conflict` when others committed meanwhile
   */
  async restore(version: number, info?: Record<string, unknown>): Promise<{ version: number }> {
    const target = await this.snapshot(version);
    const current = await this.snapshot();
    for (const path of new Set(target.files.flatMap((file) => storePathsOf(file, this.store.address))))
      if ((await this.store.size(path)) === undefined)
        throw new DeltaError(
          'data_file_missing',
          `Version ${version} cannot be restored: its file ${path} is gone (vacuumed).`,
        );
    const result = await this.commit(current, restoreChange(current, target, info));
    if (!result.committed)
      throw new DeltaError('commit_conflict', `Version ${version} was not restored. ${result.detail}`);
    return { version: result.version };
  }

  /**
   * Lets changes from now on mark rows as deleted instead of writing their files anew, which is much cheaper for few rows of
   * many files. Only readers of deletion vectors can read the table then. Makes no version where it is so already.
   *
   * @param info kept with the commit; comes back as `userMetadata` in the history
   * @throws DeltaError `unsupported_feature`; `commit_conflict` when others changed the protocol or schema meanwhile
   */
  async enableDeletionVectors(info?: Record<string, unknown>): Promise<{ version: number }> {
    const current = await this.snapshot();
    if (writesVectors(current.protocol, current.metadata)) return { version: current.version };
    const { metadata } = current;
    const result = await this.commit(current, {
      protocol: withVectors(current.protocol),
      metadata: { ...metadata, configuration: { ...metadata.configuration, [vectorProperty]: 'true' } },
      operation: 'SET TBLPROPERTIES',
      parameters: { properties: JSON.stringify({ [vectorProperty]: 'true' }) },
      ...(info && { info }),
    });
    if (!result.committed)
      throw new DeltaError('commit_conflict', `Deletion vectors were not enabled. ${result.detail}`);
    return { version: result.version };
  }

  /** Writes a checkpoint of the newest version, so that opening the table need not replay the whole log. */
  async checkpoint(): Promise<{ version: number }> {
    const state = await this.#refresh();
    await writeCheckpoint(this.store, state, this.clock() - tombstoneRetentionMs);
    return { version: state.version };
  }

  /** Deletes files that no version within the retention needs; returns their store paths. */
  async vacuum(options: VacuumOptions): Promise<string[]> {
    return vacuumTable(this.store, await this.#refresh(), this.clock(), options);
  }

  /** Deletes what no version within the retention needs of the log; returns its store paths. */
  async cleanLog(options: CleanLogOptions): Promise<string[]> {
    const deleted = await cleanLog(this.store, await this.#refresh(), this.clock(), options);
    this.#history = new History(this.store);
    return deleted;
  }

  /** Makes data files readable for DuckDB; in a folder they are. */
  async fetch(files: readonly Pick<AddFile, 'path'>[]): Promise<void> {
    await this.store.fetch(files.map(storePathOf));
  }

  /** The address under which DuckDB finds a data file that was fetched. */
  uriOf(file: Pick<AddFile, 'path'>): string {
    return this.store.uri(storePathOf(file));
  }

  async #refresh(): Promise<TableState> {
    const known = this.#latest;
    if (!known) return (this.#latest = await replayLog(this.store));
    let commit = await readCommit(this.store, known.version + 1);
    if (!commit) return (await isCleanedUp(this.store, known.version)) ? this.#reopen() : known;
    const state = known.clone();
    for (; commit; commit = await readCommit(this.store, state.version + 1))
      state.apply(commit.version, commit.actions, commit.modifiedMs);
    if (state.version > this.#latest!.version) this.#latest = state;
    return state;
  }

  async #reopen(): Promise<TableState> {
    this.#history = new History(this.store);
    return (this.#latest = await replayLog(this.store));
  }

  async #toSnapshot(state: TableState): Promise<Snapshot> {
    const { protocol, metadata } = state.readable();
    const files = [...state.files.values()];
    await loadDeletedRows(this.store, files);
    return Object.freeze({
      version: state.version,
      schema: schemaFromJson(metadata.schemaString),
      files,
      rowCount: await countUnstatedRows(this.store, files),
      transactions: new Map([...state.transactions.values()].map((txn) => [txn.appId, txn.version])),
      metadata,
      protocol,
      timestamp: new Date(state.timestampMs),
    });
  }

  #remember(snapshot: Snapshot): Snapshot {
    this.#snapshots.set(snapshot.version, snapshot);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > cachedSnapshots && oldest !== undefined) this.#snapshots.delete(oldest);
    return snapshot;
  }

  async #checkSameSchema(schema: readonly Field[], partitionColumns: readonly string[]): Promise<void> {
    const newest = await this.snapshot();
    const samePartitions =
      JSON.stringify(newest.metadata.partitionColumns) === JSON.stringify(partitionColumns);
    if (samePartitions && schemasEqual(newest.schema, schema)) return;
    const [oldest] = await this.history();
    if (samePartitions && oldest?.version === 0 && schemasEqual((await this.snapshot(0)).schema, schema))
      return;
    throw new DeltaError(
      'table_exists',
      `There is already a table with another schema or other partitions at ${this.store.address}.`,
    );
  }

  async #checkpointQuietly(): Promise<void> {
    try {
      await this.checkpoint();
    } catch (error) {
      this.#onCheckpointError(error);
    }
  }
}
