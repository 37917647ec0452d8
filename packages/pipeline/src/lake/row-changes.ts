/** What a commit did to the rows, from the metrics that it was committed with; null where it does not say. */
export function rowChanges(metrics: Readonly<Record<string, unknown>>): {
  new: number | null;
  updated: number | null;
  unchanged: number | null;
  removed: number | null;
} {
  const count = (name: string): number | null => {
    const value = Number(metrics[name]);
    return metrics[name] === undefined || Number.isNaN(value) ? null : value;
  };
  const deleted = count('numDeletedRows');
  if (deleted !== null) {
    // An upload was undone: some of its rows were replaced by what was before it.
    const restored = count('numOutputRows') ?? 0;
    return { new: 0, updated: restored, unchanged: null, removed: deleted - restored };
  }
  return {
    removed: count('numTargetRowsDeleted'),
    new: count('numTargetRowsInserted') ?? count('numOutputRows'),
    updated: count('numTargetRowsUpdated'),
    unchanged: count('numTargetRowsUnchanged'),
  };
}
