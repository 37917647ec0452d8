import type { Curves } from '@kaefer/contracts';
import { ascendingOrder } from '@kaefer/metrics';
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
    const order = orderOf(side);
    const positives = order.filter((row) => labels[row] === 1);
    const own = side.threshold === null ? [] : [side.threshold];
    return [...own, ...spaced(order, side.scores), ...spaced(positives, side.scores)];
  });
  return [...new Set([...found, highest])].sort((a, b) => a - b);
}

/** What a model calls at each of some ascending thresholds, counted exactly in one pass over the rows. */
export function countThresholds(
  labels: Float64Array,
  side: Side,
  thresholds: readonly number[],
): NonNullable<Curves['thresholds']> {
  const order = orderOf(side);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  let below = 0;
  let fn = 0;
  return thresholds.map((threshold) => {
    for (; below < order.length; below++) {
      const row = order[below] as number;
      if ((side.scores[row] as number) >= threshold) break;
      fn += labels[row] as number;
    }
    const tn = below - fn;
    return { threshold, tp: positives - fn, fp: negatives - tn, fn, tn };
  });
}

const orderOf = ({ scores, order }: Side): Uint32Array => order ?? ascendingOrder(scores);

/** Scores of ascending rows at evenly spaced ranks, from the lowest to the highest. */
function spaced(rows: Uint32Array, scores: Float32Array): number[] {
  const last = rows.length - 1;
  if (last < 0) return [];
  return Array.from({ length: ranks }, (_, rank) => {
    const row = rows[Math.round((rank * last) / (ranks - 1))] as number;
    return scores[row] as number;
  });
}
