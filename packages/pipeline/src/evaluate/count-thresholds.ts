import type { Curves } from '@kaefer/contracts';
import { ascendingOrder, groupByScore, type ScoreGroups } from '@kaefer/metrics';
import type { Side } from './assess.ts';

/** Thresholds taken from one model's scores of all rows, and again from those of its positive rows. */
const ranks = 50;
/** No score lies above it: where none reaches it, nothing is called positive. */
const highest = 1;

/**
 * The thresholds at which two models are counted, ascending: scores of both at evenly spaced ranks, of all rows and of
 * the positive ones, which may be few and lie in a narrow range, and each model's own threshold.
 */
export function sharedThresholds(labels: Float64Array, sides: readonly Side[]): number[] {
  const found = sides.flatMap((side) => {
    const { thresholds, truePositives, falsePositives } = groupsOf(labels, side);
    const own = side.threshold === null ? [] : [side.threshold];
    const counts = truePositives.map((count, group) => count + (falsePositives[group] as number));
    return [...own, ...spaced(thresholds, counts), ...spaced(thresholds, truePositives)];
  });
  return [...new Set([...found, highest])].sort((a, b) => a - b);
}

/** What a model calls at each of some ascending thresholds, counted exactly. */
export function countThresholds(
  labels: Float64Array,
  side: Side,
  thresholds: readonly number[],
): NonNullable<Curves['thresholds']> {
  const groups = groupsOf(labels, side);
  const positives = groups.truePositives.at(-1) ?? 0;
  const negatives = groups.falsePositives.at(-1) ?? 0;
  return thresholds.map((threshold) => {
    const called = firstWhere(groups.thresholds.length, (group) => groups.thresholds[group]! < threshold);
    const tp = called === 0 ? 0 : groups.truePositives[called - 1]!;
    const fp = called === 0 ? 0 : groups.falsePositives[called - 1]!;
    return { threshold, tp, fp, fn: positives - tp, tn: negatives - fp };
  });
}

const groupsOf = (labels: Float64Array, { scores, order, groups }: Side): ScoreGroups =>
  groups ?? groupByScore(new Uint8Array(labels), scores, order ?? ascendingOrder(scores));

/**
 * Scores of rows at evenly spaced ranks, from the lowest to the highest.
 *
 * @param scores distinct ones, descending
 * @param counts rows at or above each
 */
function spaced(scores: Float64Array, counts: Float64Array): number[] {
  const rows = counts.at(-1) ?? 0;
  if (rows === 0) return [];
  return Array.from({ length: ranks }, (_, rank) => {
    const below = Math.round((rank * (rows - 1)) / (ranks - 1));
    return scores[firstWhere(counts.length, (group) => counts[group]! >= rows - below)]!;
  });
}

/** The first of so many places for which something that stays true from there on is true; their number where none is. */
function firstWhere(places: number, isTrue: (place: number) => boolean): number {
  let low = 0;
  for (let high = places; low < high;) {
    const middle = (low + high) >>> 1;
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
