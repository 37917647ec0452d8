import { randomUUID } from 'node:crypto';
import { serializeActions } from './actions.ts';
import type { Action, AddFile, CommitInfo, MetadataAction, ProtocolAction, RemoveFile } from './actions.ts';
import { ownEngine, sealCommit } from './commit-seal.ts';
import { findConflict } from './conflict-checks.ts';
import type { ConflictReason, ReadsFile } from './conflict-checks.ts';
import { DeltaError } from './delta-error.ts';
import { commitPath } from './log-path.ts';
import { readCommit } from './log-reader.ts';
import type { ObjectStore } from './object-store.ts';
import { checkWritable } from './protocol-support.ts';
import type { Snapshot } from './snapshot.ts';

const engineInfo = `${ownEngine}0.1.0`;
/** Lost races in a row after which a commit gives up: far more than writers that can work on one table. */
const maxLostRaces = 1000;

export interface TableChange {
  add?: readonly AddFile[];
  remove?: readonly AddFile[];
  /** What readers and writers must support from now on. */
  protocol?: ProtocolAction;
  /** New metadata; its schemaString is the new schema. */
  metadata?: MetadataAction;
  txn?: { appId: string; version: number };
  /** False when the same rows are only laid out anew. Default true. */
  dataChange?: boolean;
  /** The files that the change depends on: it conflicts with others that add or remove one. Default all if it removes any, else none. */
  reads?: ReadsFile;
  /** For the history: WRITE, MERGE, … */
  operation: string;
  parameters?: Record<string, unknown>;
  metrics?: Record<string, number>;
  /** Kept with the commit; comes back as `userMetadata` in the history. */
  info?: Record<string, unknown>;
}

export type CommitResult =
  | { committed: true; version: number }
  | { committed: false; reason: ConflictReason | 'too_many_lost_races'; detail: string };

/** The bytes of version 0. */
export function firstCommit(metaData: MetadataAction, protocol: ProtocolAction, nowMs: number): Buffer {
  const commitInfo = {
    timestamp: nowMs,
    operation: 'CREATE TABLE',
    operationParameters: {
      isManaged: 'false',
      description: metaData.description ?? null,
      partitionBy: JSON.stringify(metaData.partitionColumns),
      properties: JSON.stringify(metaData.configuration),
    },
    operationMetrics: {},
    isBlindAppend: true,
    engineInfo,
    txnId: randomUUID(),
  };
  return sealCommit(serializeActions([{ commitInfo }, { protocol }, { metaData }]));
}

/** See `DeltaTable.commit`. Data files must be durable before this is called. */
export async function commitChange(
  store: ObjectStore,
  base: Snapshot,
  change: TableChange,
  nowMs: number,
): Promise<CommitResult> {
  checkCommittable(base, change);
  const { dataChange = true } = change;
  const removed = (change.remove ?? []).map((file) => tombstone(file, nowMs, dataChange));
  const intended = {
    base: base.files,
    remove: removed,
    txn: change.txn && { ...change.txn, lastUpdated: nowMs },
    reads: change.reads ?? (() => removed.length > 0),
  };
  const actions: Action[] = [
    { commitInfo: describe(base, change, nowMs) },
    ...(change.protocol ? [{ protocol: change.protocol }] : []),
    ...(change.metadata ? [{ metaData: change.metadata }] : []),
    ...(intended.txn ? [{ txn: intended.txn }] : []),
    ...removed.map((remove): Action => ({ remove })),
    ...(change.add ?? []).map((add): Action => ({ add: { ...add, dataChange } })),
  ];
  const data = sealCommit(serializeActions(actions));
  for (let version = base.version + 1; version <= base.version + maxLostRaces; version++) {
    if (await store.putIfAbsent(commitPath(version), data)) return { committed: true, version };
    const winner = await readCommit(store, version);
    const conflict = findConflict(intended, version, winner?.actions ?? []);
    if (conflict) return { committed: false, reason: conflict.reason, detail: conflict.detail };
  }
  return {
    committed: false,
    reason: 'too_many_lost_races',
    detail: `${maxLostRaces} races for the next version were lost in a row.`,
  };
}

/** Throws what `commitChange` would throw whatever the others do: `unsupported_feature`, `append_only`. */
export function checkCommittable(
  base: Snapshot,
  { remove = [], dataChange = true }: Pick<TableChange, 'remove' | 'dataChange'>,
): void {
  checkWritable(base.protocol, base.metadata);
  if (dataChange && remove.length > 0 && base.metadata.configuration['delta.appendOnly'] === 'true')
    throw new DeltaError(
      'append_only',
      'The table is append-only (delta.appendOnly): files cannot be removed from it.',
    );
}

function tombstone(
  { path, partitionValues, size, deletionVector }: AddFile,
  nowMs: number,
  dataChange: boolean,
): RemoveFile {
  return {
    path,
    deletionTimestamp: nowMs,
    dataChange,
    extendedFileMetadata: true,
    partitionValues,
    size,
    ...(deletionVector && { deletionVector }),
  };
}

/** Spark reads parameters and metrics as texts. */
const asTexts = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

function describe(base: Snapshot, change: TableChange, nowMs: number): CommitInfo {
  const pureAppend = !change.remove?.length && !change.metadata && !change.reads;
  return {
    timestamp: Math.max(nowMs, base.timestamp.getTime()),
    operation: change.operation,
    operationParameters: asTexts(change.parameters ?? {}),
    operationMetrics: asTexts(change.metrics ?? {}),
    readVersion: base.version,
    isBlindAppend: pureAppend,
    engineInfo,
    txnId: randomUUID(),
    ...(change.info && { userMetadata: JSON.stringify(change.info) }),
  };
}
