/** What a commit did to the rows, from the metrics that it was committed with; null where it does not say. */
export function rowChanges(metrics: Readonly<Record<string, unknown>>): {
  new: number | null;
  updated: number | null;
  unchanged: number | null;
} {
  const count = (name: string): number | null => {
    const value = Number(metrics[name]);
    return metrics[name] === undefined || Number.isNaN(value) ? null : value;
  };
  return {
    new: count('numTargetRowsInserted') ?? count('numOutputRows'),
    updated: count('numTargetRowsUpdated'),
    unchanged: count('numTargetRowsUnchanged'),
  };
}
