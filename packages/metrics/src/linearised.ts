import { rowBrierLosses, rowLogLosses } from './binary-scores.ts';
import type { Scores } from './checked-input.ts';
import type { Interval } from './interval.ts';
import { NORMAL_97_5 } from './normal-distribution.ts';
import { groupByScore, type ScoreGroups } from './score-groups.ts';
import { mapMetrics } from './resampling.ts';
import { ascendingOrder } from './score-order.ts';

export type LinearisedMetric = 'averagePrecision' | 'logLoss' | 'brier';

/** A metric and, for each row, how much the metric changes when the row counts a little more: the sum is 0. */
export interface Linearised {
  readonly estimate: number;
  readonly influences: Float64Array;
}

/**
 * The infinitesimal jackknife (Jaeckel 1972; Efron, "The Jackknife, the Bootstrap and Other Resampling Plans", 1982,
 * chapter 6): the bootstrap's limit for many rows, in one pass. Where rows are so many that only few resamplings could
 * be paid for, its interval is the truer of the two.
 *
 * @param order the rows by ascending score, @param groups the rows by score, when they are known already
 */
export function lineariseBinary(
  labels: Uint8Array,
  scores: Scores,
  order = ascendingOrder(scores),
  groups = groupByScore(labels, scores, order),
): Record<LinearisedMetric, Linearised> {
  return {
    averagePrecision: lineariseAveragePrecision(labels, scores, order, groups),
    logLoss: lineariseMean(rowLogLosses(labels, scores)),
    brier: lineariseMean(rowBrierLosses(labels, scores)),
  };
}

/** The mean of a loss; takes over `losses` for its influences. */
export function lineariseMean(losses: Float64Array): Linearised {
  const rows = losses.length;
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += losses[i]!;
  const estimate = sum / rows;
  for (let i = 0; i < rows; i++) losses[i] = (losses[i]! - estimate) / rows;
  return { estimate, influences: losses };
}

/**
 * Average precision is Σ_g p_g TP_g / N_g / P over the groups g of equal scores, from the highest down, where p_g
 * positives are in the group, TP_g positives and N_g rows in it or above, P positives in all. Its derivative by the
 * weight of a row with label y in group h is
 * (y TP_h / N_h + Σ_{g ≥ h} p_g (y / N_g − TP_g / N_g²) − y AP) / P.
 */
function lineariseAveragePrecision(
  labels: Uint8Array,
  scores: Scores,
  order: Uint32Array,
  { truePositives, falsePositives }: ScoreGroups,
): Linearised {
  const groups = truePositives.length;
  const positives = truePositives[groups - 1] ?? 0;
  const influences = new Float64Array(labels.length);
  if (positives === 0) return { estimate: 0, influences };
  let estimate = 0;
  const shareBelow = new Float64Array(groups);
  const lossBelow = new Float64Array(groups);
  for (let g = groups - 1, share = 0, loss = 0; g >= 0; g--) {
    const found = truePositives[g]!;
    const called = found + falsePositives[g]!;
    const inGroup = found - (g > 0 ? truePositives[g - 1]! : 0);
    estimate += (inGroup * found) / called / positives;
    share += inGroup / called;
    loss += (inGroup * found) / (called * called);
    shareBelow[g] = share;
    lossBelow[g] = loss;
  }
  for (let i = order.length - 1, g = -1, score = NaN; i >= 0; i--) {
    const row = order[i]!;
    if (scores[row]! !== score) {
      score = scores[row]!;
      g++;
    }
    const precision = truePositives[g]! / (truePositives[g]! + falsePositives[g]!);
    const own = labels[row] === 1 ? precision + shareBelow[g]! - estimate : 0;
    influences[row] = (own - lossBelow[g]!) / positives;
  }
  return { estimate, influences };
}

/** The interval of each metric of one side. */
export const linearisedIntervals = <Name extends string>(
  side: Record<Name, Linearised>,
): Record<Name, Interval> => mapMetrics(side, (_, one) => linearisedInterval(one));

/** The interval of each metric's difference, candidate − current, paired by row. */
export const linearisedDifferences = <Name extends string>(
  current: Record<Name, Linearised>,
  candidate: Record<Name, Linearised>,
): Record<Name, Interval> => mapMetrics(candidate, (name, one) => linearisedDifference(current[name], one));

/** The 95 % interval of one metric. */
export function linearisedInterval({ estimate, influences }: Linearised): Interval {
  let variance = 0;
  for (let i = 0; i < influences.length; i++) variance += influences[i]! ** 2;
  return around(estimate, variance);
}

/** The 95 % interval of candidate − current, paired by row. */
export function linearisedDifference(current: Linearised, candidate: Linearised): Interval {
  let variance = 0;
  for (let i = 0; i < current.influences.length; i++) {
    variance += (candidate.influences[i]! - current.influences[i]!) ** 2;
  }
  return around(candidate.estimate - current.estimate, variance);
}

function around(estimate: number, variance: number): Interval {
  const half = NORMAL_97_5 * Math.sqrt(variance);
  return { estimate, low: estimate - half, high: estimate + half };
}
