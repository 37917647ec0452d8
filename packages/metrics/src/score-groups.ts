import type { Scores } from './checked-input.ts';
import { ascendingOrder } from './score-order.ts';

/** Counts at every distinct score, from the highest down: rows at or above it, by label. */
export interface ScoreGroups {
  /** Distinct scores, descending. */
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
}

export function groupByScore(labels: Uint8Array, scores: Scores): ScoreGroups {
  const order = ascendingOrder(scores).reverse();
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let positives = 0;
  for (let i = 0; i < order.length; i++) {
    const score = scores[order[i]!]!;
    positives += labels[order[i]!]!;
    if (i < order.length - 1 && scores[order[i + 1]!] === score) continue;
    thresholds.push(score);
    truePositives.push(positives);
    falsePositives.push(i + 1 - positives);
  }
  return {
    thresholds: Float64Array.from(thresholds),
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
  };
}
