import type { Scores } from './checked-input.ts';
import { ascendingOrder } from './score-order.ts';

/** Counts at every distinct score, from the highest down: rows at or above it, by label. */
export interface ScoreGroups {
  /** Distinct scores, descending. */
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
}

/**
 * What curves, average precision and counts at thresholds are made of.
 *
 * @param labels rows of 0 or 1
 * @param order the rows by ascending score, when it is known already
 */
export function groupByScore(
  labels: Uint8Array,
  scores: Scores,
  order = ascendingOrder(scores),
): ScoreGroups {
  let groups = order.length === 0 ? 0 : 1;
  for (let i = 1; i < order.length; i++) if (scores[order[i]!] !== scores[order[i - 1]!]) groups++;
  const thresholds = new Float64Array(groups);
  const truePositives = new Float64Array(groups);
  const falsePositives = new Float64Array(groups);
  let positives = 0;
  let group = 0;
  for (let i = order.length - 1; i >= 0; i--) {
    const row = order[i]!;
    const score = scores[row]!;
    positives += labels[row]!;
    if (i > 0 && scores[order[i - 1]!] === score) continue;
    thresholds[group] = score;
    truePositives[group] = positives;
    falsePositives[group++] = order.length - i - positives;
  }
  return { thresholds, truePositives, falsePositives };
}
