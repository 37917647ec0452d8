import { checkBinary, type Scores } from './checked-input.ts';
import { MetricsError } from './metrics-error.ts';
import { groupByScore } from './score-groups.ts';

/**
 * Share of all positives that are among the `k` rows with the highest scores. Where the cut falls into a group of equal
 * scores, its positives count in proportion: what a random order of the group would give on average. NaN when no row
 * is positive.
 *
 * @param k number of rows looked at, 1 … rows; need not be whole
 * @param order the rows by ascending score, when it is known already
 * @throws MetricsError `metrics_invalid_argument`
 */
export function gainAt(labels: Uint8Array, scores: Scores, k: number, order?: Uint32Array): number {
  checkBinary(labels, scores);
  checkTop(k, labels.length);
  const { truePositives, falsePositives } = groupByScore(labels, scores, order);
  const positives = truePositives.at(-1)!;
  if (positives === 0) return NaN;
  const called = (group: number): number => (group < 0 ? 0 : truePositives[group]! + falsePositives[group]!);
  let low = 0;
  let high = truePositives.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (called(middle) >= k) high = middle;
    else low = middle + 1;
  }
  const before = low === 0 ? 0 : truePositives[low - 1]!;
  const part = (k - called(low - 1)) / (called(low) - called(low - 1));
  return (before + part * (truePositives[low]! - before)) / positives;
}

/**
 * How many times as many positives the `k` highest-scored rows hold as `k` random ones would: {@link gainAt} ÷
 * (k ÷ rows). 1 is chance.
 *
 * @throws MetricsError `metrics_invalid_argument`
 */
export function liftAt(labels: Uint8Array, scores: Scores, k: number, order?: Uint32Array): number {
  return gainAt(labels, scores, k, order) / (k / labels.length);
}

function checkTop(k: number, rows: number): void {
  if (k > 0 && k <= rows) return;
  throw new MetricsError('metrics_invalid_argument', `${k} highest rows: expected above 0, at most ${rows}.`);
}
