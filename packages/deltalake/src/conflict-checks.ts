import type { Action, AddFile, RemoveFile, TxnAction } from './actions.ts';

/** Why a commit cannot follow what others committed in between. */
export type ConflictReason =
  | 'protocol_changed'
  | 'metadata_changed'
  | 'same_transaction'
  | 'file_removed_by_other'
  | 'table_read_changed';

export interface Conflict {
  reason: ConflictReason;
  /** The version that is in the way. */
  version: number;
  detail: string;
}

export interface IntendedChange {
  add: readonly AddFile[];
  remove: readonly RemoveFile[];
  txn?: TxnAction | undefined;
  /** The change was worked out from all rows of the table: rows that others added or removed matter. */
  readsTable: boolean;
}

type Check = (change: IntendedChange, others: readonly Action[]) => string | undefined;

/** One named check for each conflict; `undefined` means that it finds none. */
export const conflictChecks: Readonly<Record<ConflictReason, Check>> = {
  protocol_changed: (_, others) =>
    others.some(({ protocol }) => protocol) ? 'the protocol of the table was changed' : undefined,

  metadata_changed: (_, others) =>
    others.some(({ metaData }) => metaData) ? 'the schema or configuration was changed' : undefined,

  same_transaction: ({ txn }, others) =>
    txn && others.some((other) => other.txn?.appId === txn.appId)
      ? `the transaction '${txn.appId}' was committed by another writer`
      : undefined,

  file_removed_by_other: ({ remove }, others) => {
    const removed = new Set(others.flatMap((other) => (other.remove ? [other.remove.path] : [])));
    const both = remove.find(({ path }) => removed.has(path));
    return both && `the file ${both.path} was removed by another writer`;
  },

  table_read_changed: ({ readsTable }, others) =>
    readsTable && others.some(({ add, remove }) => add?.dataChange || remove?.dataChange)
      ? 'rows were added or removed by another writer'
      : undefined,
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
