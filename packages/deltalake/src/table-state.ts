import type {
  Action,
  AddFile,
  CommitInfo,
  MetadataAction,
  ProtocolAction,
  RemoveFile,
  TxnAction,
} from './actions.ts';
import { DeltaError } from './delta-error.ts';
import { checkReadable } from './protocol-support.ts';

/** The log replayed up to a version (PROTOCOL.md, "Action Reconciliation"). */
export class TableState {
  version = -1;
  /** Milliseconds since 1970-01-01 UTC. */
  timestampMs = 0;
  protocol: ProtocolAction | undefined;
  metadata: MetadataAction | undefined;
  readonly files = new Map<string, AddFile>();
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

  /** Takes one version's actions. A file added again moves to the end of the order. */
  apply(version: number, actions: readonly Action[], fallbackTimestampMs: number): void {
    let info: CommitInfo | undefined;
    for (const { protocol, metaData, add, remove, txn, commitInfo } of actions) {
      if (protocol) this.protocol = protocol;
      if (metaData) this.metadata = withDefaults(metaData);
      if (add) this.#add(add);
      if (remove) {
        this.files.delete(remove.path);
        this.tombstones.set(remove.path, remove);
      }
      if (txn) this.transactions.set(txn.appId, txn);
      if (commitInfo) info = commitInfo;
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

  #add(file: AddFile): void {
    if ('deletionVector' in file && file.deletionVector)
      throw new DeltaError(
        'unsupported_feature',
        `The file ${file.path} has a deletion vector, which this package cannot read.`,
      );
    this.tombstones.delete(file.path);
    this.files.delete(file.path);
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
