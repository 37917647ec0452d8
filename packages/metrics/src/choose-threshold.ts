import { checkBinary, type Scores } from './checked-input.ts';
import { expectedCost, f1Score, type Costs } from './confusion.ts';
import { MetricsError } from './metrics-error.ts';
import { groupByScore } from './score-groups.ts';

export type ThresholdCriterion = { readonly criterion: 'f1' } | ({ readonly criterion: 'cost' } & Costs);

export interface ChosenThreshold {
  /** Finite. A row is positive when its score is ≥ this. */
  readonly threshold: number;
  /** F1 or the mean cost a row at this threshold, on these rows. */
  readonly value: number;
}

/**
 * The threshold with the largest F1, or the smallest mean cost, among all that separate these rows
 * differently. It lies halfway between the two neighbouring scores, so that a last-digit difference in a score
 * changes no label. Of equally good ones the highest is taken.
 *
 * When it is best to call no row positive, the threshold is 1, or the next number above the highest score if
 * that is 1 or more; when it is best to call all positive, it is the lowest score.
 */
export function chooseThreshold(
  labels: Uint8Array,
  scores: Scores,
  choice: ThresholdCriterion,
): ChosenThreshold {
  checkBinary(labels, scores);
  if (choice.criterion === 'cost' && !(choice.falsePositive >= 0 && choice.falseNegative >= 0)) {
    throw new MetricsError('metrics_invalid_argument', 'Costs are numbers of at least 0.');
  }
  const { thresholds, truePositives, falsePositives } = groupByScore(labels, scores);
  const positives = truePositives.at(-1)!;
  const negatives = falsePositives.at(-1)!;
  // Larger is better.
  const goodness = (tp: number, fp: number): number => {
    const confusion = { tp, fp, fn: positives - tp, tn: negatives - fp };
    return choice.criterion === 'f1' ? f1Score(confusion) : -expectedCost(confusion, choice);
  };
  let best = -1;
  let bestGoodness = goodness(0, 0);
  for (let i = 0; i < thresholds.length; i++) {
    const candidate = goodness(truePositives[i]!, falsePositives[i]!);
    if (candidate > bestGoodness) {
      best = i;
      bestGoodness = candidate;
    }
  }
  const value = choice.criterion === 'f1' ? bestGoodness : Math.abs(bestGoodness);
  return { threshold: best < 0 ? above(thresholds[0]!) : halfway(thresholds, best), value };
}

function halfway(descending: Float64Array, index: number): number {
  const score = descending[index]!;
  const next = descending[index + 1];
  if (next === undefined || !Number.isFinite(next)) return Number.isFinite(score) ? score : Number.MAX_VALUE;
  const middle = next + (Math.min(score, Number.MAX_VALUE) - next) / 2;
  return middle > next ? middle : score;
}

function above(highest: number): number {
  if (highest < 1) return 1;
  return Math.min(highest * (1 + Number.EPSILON), Number.MAX_VALUE);
}
