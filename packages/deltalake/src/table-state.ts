import type {
  Action,
  AddFile,
  CommitInfo,
  MetadataAction,
  ProtocolAction,
  RemoveFile,
  TxnAction,
} from './actions.ts';
import { ownEngine } from './commit-seal.ts';
import { DeltaError } from './delta-error.ts';
import { fileKey, vectorId } from './deletion-vector.ts';
import { commitPath } from './log-path.ts';
import { checkReadable } from './protocol-support.ts';

/** The log replayed up to a version (PROTOCOL.md, "Action Reconciliation"). */
export class TableState {
  version = -1;
  /** Milliseconds since 1970-01-01 UTC. */
  timestampMs = 0;
  protocol: ProtocolAction | undefined;
  metadata: MetadataAction | undefined;
  /** By path: a version has each data file once, with one deletion vector or none. */
  readonly files = new Map<string, AddFile>();
  /** By path and deletion vector: a data file may stay while its vector goes. */
  readonly tombstones = new Map<string, RemoveFile>();
  readonly transactions = new Map<string, TxnAction>();

  clone(): TableState {
    const copy = new TableState();
    copy.version = this.version;
    copy.timestampMs = this.timestampMs;
    copy.protocol = this.protocol;
    copy.metadata = this.metadata;
    for (const [path, file] of this.files) copy.files.set(path, file);
    for (const [path, file] of this.tombstones) copy.tombstones.set(path, file);
    for (const [appId, txn] of this.transactions) copy.transactions.set(appId, txn);
    return copy;
  }

  /**
   * Takes one version's actions. A file added again moves to the end of the order, unless it only gets another
   * deletion vector: its rows stay where they are.
   *
   * @throws DeltaError `log_corrupt` for a commit that this package wrote to another table. Others' may give a table a new
   *   id, as delta-rs does when it creates one anew in place.
   */
  apply(version: number, actions: readonly Action[], fallbackTimestampMs: number): void {
    const info = actions.find(({ commitInfo }) => commitInfo)?.commitInfo;
    const readded = new Set(actions.flatMap(({ add }) => (add ? [add.path] : [])));
    for (const { protocol, metaData, add, remove, txn } of actions) {
      if (protocol) this.protocol = protocol;
      if (metaData) {
        this.#checkSameTable(version, metaData, info);
        this.metadata = withDefaults(metaData);
      }
      if (add) this.#add(add);
      if (remove) {
        // Actions of a commit have no order: what replaces the file may have come before.
        const live = this.files.get(remove.path);
        if (!readded.has(remove.path) && live && vectorId(live) === vectorId(remove))
          this.files.delete(remove.path);
        this.tombstones.set(fileKey(remove), remove);
      }
      if (txn) this.transactions.set(txn.appId, txn);
    }
    this.version = version;
    this.timestampMs = info?.timestamp ?? fallbackTimestampMs;
  }

  /** Protocol and metadata, checked to be there and to be readable by this package. */
  readable(): { protocol: ProtocolAction; metadata: MetadataAction } {
    const { protocol, metadata } = this;
    if (!protocol || !metadata)
      throw new DeltaError(
        'log_corrupt',
        `The log up to version ${this.version} holds no ${protocol ? 'metaData' : 'protocol'} action.`,
      );
    checkReadable(protocol, metadata);
    return { protocol, metadata };
  }

  #checkSameTable(version: number, { id }: MetadataAction, info: CommitInfo | undefined): void {
    const known = this.metadata?.id;
    if (known === undefined || known === id || info?.engineInfo?.startsWith(ownEngine) !== true) return;
    throw new DeltaError(
      'log_corrupt',
      `The log file ${commitPath(version)} is another table's: it was written to the table ${id}, and this is ${known}. Restore it from a backup.`,
    );
  }

  #add(file: AddFile): void {
    this.tombstones.delete(fileKey(file));
    const before = this.files.get(file.path);
    if (before && vectorId(before) === vectorId(file)) this.files.delete(file.path);
    this.files.set(file.path, file);
  }
}

/** Other writers leave out what is empty. */
function withDefaults(metadata: MetadataAction): MetadataAction {
  return {
    ...metadata,
    partitionColumns: metadata.partitionColumns ?? [],
    configuration: metadata.configuration ?? {},
  };
}
