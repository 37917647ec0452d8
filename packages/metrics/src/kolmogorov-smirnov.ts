import { checkBinary, checkLengths, checkNumbers, type Scores } from './checked-input.ts';
import { groupByScore } from './score-groups.ts';

/**
 * Kolmogorov and Smirnov's statistic of a binary model: the largest distance, 0 … 1, between the share of positives and
 * the share of negatives at or above a score. NaN when one of the two classes is absent.
 *
 * @param order the rows by ascending score, when it is known already
 */
export function ksScore(labels: Uint8Array, scores: Scores, order?: Uint32Array): number {
  checkBinary(labels, scores);
  const { truePositives, falsePositives } = groupByScore(labels, scores, order);
  const positives = truePositives.at(-1)!;
  const negatives = falsePositives.at(-1)!;
  if (positives === 0 || negatives === 0) return NaN;
  let largest = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const distance = Math.abs(truePositives[i]! / positives - falsePositives[i]! / negatives);
    if (distance > largest) largest = distance;
  }
  return largest;
}

/**
 * The largest distance, 0 … 1, between the empirical distribution functions of two samples.
 *
 * @throws MetricsError `metrics_empty_input`, `metrics_invalid_value`
 */
export function ksDistance(a: Scores, b: Scores): number {
  for (const sample of [a, b]) {
    checkLengths(sample.length, sample.length);
    checkNumbers(sample);
  }
  const first = new Float64Array(a).sort();
  const second = new Float64Array(b).sort();
  let largest = 0;
  for (let i = 0, j = 0; i < first.length && j < second.length;) {
    const value = Math.min(first[i]!, second[j]!);
    while (i < first.length && first[i]! <= value) i++;
    while (j < second.length && second[j]! <= value) j++;
    largest = Math.max(largest, Math.abs(i / first.length - j / second.length));
  }
  return largest;
}
