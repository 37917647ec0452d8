import type { Confusion, Costs, Curves } from '@kaefer/contracts';

export type ThresholdCounts = NonNullable<Curves['thresholds']>[number];

/** The entry of an ascending list that lies nearest to a threshold; null when the list is empty. */
export function countsNear(entries: readonly ThresholdCounts[], threshold: number): ThresholdCounts | null {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.threshold ?? 0) < threshold) low = middle + 1;
    else high = middle;
  }
  const after = entries[low];
  const before = entries[low - 1];
  if (!after || !before) return after ?? before ?? null;
  return threshold - before.threshold < after.threshold - threshold ? before : after;
}

/** What the wrong answers cost, in the project's unit. */
export const costOf = (counts: Confusion, costs: Costs): number =>
  counts.fp * costs.falsePositive + counts.fn * costs.falseNegative;

/** The entry whose wrong answers cost least; the lowest threshold of several. Null when the list is empty. */
export function cheapest(entries: readonly ThresholdCounts[], costs: Costs): ThresholdCounts | null {
  let best: ThresholdCounts | null = null;
  for (const entry of entries) if (!best || costOf(entry, costs) < costOf(best, costs)) best = entry;
  return best;
}

/** Cost of the wrong answers for every 1,000 rows. */
export function costPerThousand(counts: Confusion, costs: Costs): number | null {
  const rows = counts.tp + counts.fp + counts.fn + counts.tn;
  return rows === 0 ? null : (costOf(counts, costs) / rows) * 1000;
}

/** Share of the positives that are found, and share of the alerts that are right; null where there are none. */
export function ratesOf({ tp, fp, fn }: Confusion): { recall: number | null; precision: number | null } {
  return {
    recall: tp + fn === 0 ? null : tp / (tp + fn),
    precision: tp + fp === 0 ? null : tp / (tp + fp),
  };
}
