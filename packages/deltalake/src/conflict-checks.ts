import type { Action, AddFile, RemoveFile, TxnAction } from './actions.ts';

/** Why a commit cannot follow what others committed in between: Delta's own names of conflicts. */
export type ConflictReason =
  | 'protocol_changed'
  | 'metadata_changed'
  | 'concurrent_transaction'
  | 'concurrent_append'
  | 'concurrent_delete_read'
  | 'concurrent_delete_delete';

export interface Conflict {
  reason: ConflictReason;
  /** The version that is in the way. */
  version: number;
  detail: string;
}

/** Whether a change was worked out from the rows of a file, or would have been had the file been there. */
export type ReadsFile = (file: AddFile) => boolean;

export interface IntendedChange {
  /** Files of the version that the change was worked out from. */
  base: readonly AddFile[];
  remove: readonly RemoveFile[];
  txn?: TxnAction | undefined;
  reads: ReadsFile;
}

type Check = (change: IntendedChange, others: readonly Action[]) => string | undefined;

/**
 * One named check for each conflict; `undefined` means that it finds none. Files that others only rearranged
 * (`dataChange` false) hold the rows that were read, so they matter only to who removes them, too.
 */
export const conflictChecks: Readonly<Record<ConflictReason, Check>> = {
  protocol_changed: (_, others) =>
    others.some(({ protocol }) => protocol) ? 'the protocol of the table was changed' : undefined,

  metadata_changed: (_, others) =>
    others.some(({ metaData }) => metaData) ? 'the schema or configuration was changed' : undefined,

  concurrent_transaction: ({ txn }, others) =>
    txn && others.some((other) => other.txn?.appId === txn.appId)
      ? `the transaction '${txn.appId}' was committed by another writer`
      : undefined,

  concurrent_delete_delete: ({ remove }, others) => {
    const removed = new Set(others.flatMap((other) => (other.remove ? [other.remove.path] : [])));
    const both = remove.find(({ path }) => removed.has(path));
    return both && `the file ${both.path} was removed by another writer, too`;
  },

  concurrent_append: ({ reads }, others) => {
    const added = others.find(({ add }) => add?.dataChange && reads(add))?.add;
    return added && `another writer added the file ${added.path}, whose rows the change would have read`;
  },

  concurrent_delete_read: ({ base, reads }, others) => {
    const removed = new Set(others.flatMap(({ remove }) => (remove?.dataChange ? [remove.path] : [])));
    const read = removed.size > 0 ? base.find((file) => removed.has(file.path) && reads(file)) : undefined;
    return read && `another writer removed the file ${read.path}, whose rows the change has read`;
  },
};

/** The first conflict of an intended change with one version that was committed after its base. */
export function findConflict(
  change: IntendedChange,
  version: number,
  others: readonly Action[],
): Conflict | undefined {
  for (const [reason, check] of Object.entries(conflictChecks) as [ConflictReason, Check][]) {
    const found = check(change, others);
    if (found) return { reason, version, detail: `In version ${version} ${found}.` };
  }
  return undefined;
}
