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

/** Share of the positives that are found, and share of the alerts that are right; null where there are none. */
export function ratesOf({ tp, fp, fn }: Confusion): { recall: number | null; precision: number | null } {
  return {
    recall: tp + fn === 0 ? null : tp / (tp + fn),
    precision: tp + fp === 0 ? null : tp / (tp + fp),
  };
}
