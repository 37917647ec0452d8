import type { HistoryEntry } from '@kaefer/deltalake';

/** What the log says of one version as far as uploads are concerned. */
export interface UploadEffects {
  /** Uploads whose merge is part of this version, with the version that each was merged in. */
  readonly merged: ReadonlyMap<string, number>;
  /** Of those the ones that were undone again. */
  readonly undone: ReadonlySet<string>;
}

const undoPrefix = 'undo:';

/** The transaction of the n-th undoing of an upload; an upload that a restored version brought back can be undone again. */
export const undoTransaction = (upload: string, n: number): { appId: string; version: number } => ({
  appId: `${undoPrefix}${upload}`,
  version: n,
});

/** The upload that a version undid. */
export function undoneUploadOf({ txns }: Pick<HistoryEntry, 'txns'>): string | undefined {
  return txns.find(({ appId }) => appId.startsWith(undoPrefix))?.appId.slice(undoPrefix.length);
}

/** The uploads that a version merged. */
export function mergedUploadsOf({ txns }: Pick<HistoryEntry, 'txns'>): string[] {
  return txns.map(({ appId }) => appId).filter((appId) => !appId.startsWith(undoPrefix));
}

const nothing: UploadEffects = { merged: new Map(), undone: new Set() };

/** For each version of the log what it holds of the uploads: going back to a version brings back what it held. */
export function uploadEffects(history: readonly HistoryEntry[]): Map<number, UploadEffects> {
  const found = new Map<number, UploadEffects>();
  let last = nothing;
  for (const entry of history) {
    last = nextEffects(last, entry, found);
    found.set(entry.version, last);
  }
  return found;
}

function nextEffects(
  before: UploadEffects,
  entry: HistoryEntry,
  earlier: ReadonlyMap<number, UploadEffects>,
): UploadEffects {
  if (entry.operation === 'RESTORE') return earlier.get(Number(entry.parameters['version'])) ?? before;
  const undone = undoneUploadOf(entry);
  const merged = mergedUploadsOf(entry);
  if (undone === undefined && merged.length === 0) return before;
  return {
    merged: new Map([...before.merged, ...merged.map((upload) => [upload, entry.version] as const)]),
    undone: new Set([...before.undone, ...(undone === undefined ? [] : [undone])]),
  };
}

/**
 * For each upload that was ever merged whether it still counts as that, or was undone and not brought back by going
 * back to a version.
 */
export function uploadStatuses(history: readonly HistoryEntry[]): Map<string, 'merged' | 'undone'> {
  const now = [...uploadEffects(history).values()].at(-1) ?? nothing;
  const undone = new Set(history.map(undoneUploadOf));
  const isIn = (upload: string): boolean => now.merged.has(upload) && !now.undone.has(upload);
  return new Map(
    history
      .flatMap(mergedUploadsOf)
      .map((upload) => [upload, undone.has(upload) && !isIn(upload) ? 'undone' : 'merged']),
  );
}
