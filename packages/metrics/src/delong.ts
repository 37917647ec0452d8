import { checkBinary, checkLengths, type Scores } from './checked-input.ts';
import type { Interval } from './interval.ts';
import { NORMAL_97_5, twoSidedPValue } from './normal-distribution.ts';
import { ascendingOrder } from './score-order.ts';

export interface DeLongComparison {
  readonly aucA: number;
  readonly aucB: number;
  /** aucB − aucA. */
  readonly difference: number;
  readonly standardError: number;
  /** 95 % interval of the difference, within −1 … 1. */
  readonly low: number;
  readonly high: number;
  /** Two-sided, of "the two areas are equal". */
  readonly pValue: number;
}

/**
 * Compares the areas under two ROC curves of the same rows: DeLong, DeLong & Clarke-Pearson, "Comparing the
 * areas under two or more correlated receiver operating characteristic curves" (1988), in O(n log n) after
 * Sun & Xu, "Fast implementation of DeLong's algorithm" (2014).
 *
 * With an absent class everything is NaN; with fewer than two rows of a class all but the areas are. Where
 * both sides order the rows alike the standard error is 0 and the p-value 1; a standard error of 0 beside a
 * real difference (one side is perfect, the other perfectly wrong) gives the p-value 0.
 *
 * @param labels rows of 0 or 1
 * @param scoresA of the current model, @param scoresB of the candidate, in the same order of rows
 */
export function deLong(labels: Uint8Array, scoresA: Scores, scoresB: Scores): DeLongComparison {
  checkBinary(labels, scoresA);
  checkLengths(labels.length, scoresB.length);
  checkBinary(labels, scoresB);
  return compareAreas(labels, areaOf(labels, scoresA), areaOf(labels, scoresB));
}

/** An AUC, and for each row what it adds to it. */
export interface Area {
  readonly auc: number;
  readonly components: Float64Array;
}

/**
 * The AUC with its rows' parts in it, which {@link compareAreas} and {@link intervalOfArea} work on.
 *
 * @param order the rows by ascending score, when it is known already
 */
export function areaOf(labels: Uint8Array, scores: Scores, order = ascendingOrder(scores)): Area {
  const components = structuralComponents(labels, scores, order);
  return { auc: meanOfClass(labels, components, 1), components };
}

/** {@link deLong} of two areas of the same rows. */
export function compareAreas(labels: Uint8Array, a: Area, b: Area): DeLongComparison {
  const difference = b.auc - a.auc;
  const standardError = errorOfMean(
    labels,
    b.components.map((component, row) => component - a.components[row]!),
  );
  const reach = NORMAL_97_5 * standardError;
  return {
    aucA: a.auc,
    aucB: b.auc,
    difference,
    standardError,
    low: Math.max(-1, difference - reach),
    high: Math.min(1, difference + reach),
    pValue: standardError === 0 && difference === 0 ? 1 : twoSidedPValue(difference / standardError),
  };
}

/** The AUC of one set of scores with its 95 % interval by DeLong's variance, cut at 0 and 1. */
export function aucInterval(labels: Uint8Array, scores: Scores): Interval {
  checkBinary(labels, scores);
  return intervalOfArea(labels, areaOf(labels, scores));
}

/** {@link aucInterval} of an area. */
export function intervalOfArea(labels: Uint8Array, { auc, components }: Area): Interval {
  const reach = NORMAL_97_5 * errorOfMean(labels, components);
  return { estimate: auc, low: Math.max(0, auc - reach), high: Math.min(1, auc + reach) };
}

/**
 * For each row the share of rows of the other class that it is ordered rightly against, ties counting half.
 * The mean over either class is the AUC.
 */
function structuralComponents(labels: Uint8Array, scores: Scores, order: Uint32Array): Float64Array {
  const rows = order.length;
  let positives = 0;
  for (let row = 0; row < rows; row++) positives += labels[row]!;
  const negatives = rows - positives;
  const components = new Float64Array(rows);
  let positivesBelow = 0;
  for (let start = 0; start < rows;) {
    const score = scores[order[start]!]!;
    let tiedPositives = 0;
    let end = start;
    for (; end < rows && scores[order[end]!] === score; end++) tiedPositives += labels[order[end]!]!;
    const negativesBelow = start - positivesBelow;
    const ofPositive = (negativesBelow + (end - start - tiedPositives) / 2) / negatives;
    const ofNegative = (positives - positivesBelow - tiedPositives / 2) / positives;
    for (let i = start; i < end; i++)
      components[order[i]!] = labels[order[i]!] === 1 ? ofPositive : ofNegative;
    positivesBelow += tiedPositives;
    start = end;
  }
  return components;
}

function meanOfClass(labels: Uint8Array, values: Float64Array, label: number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (labels[i] !== label) continue;
    sum += values[i]!;
    count++;
  }
  return sum / count;
}

/** √(variance of the positives' values / positives + variance of the negatives' / negatives). */
function errorOfMean(labels: Uint8Array, values: Float64Array): number {
  let variance = 0;
  for (const label of [0, 1]) {
    const mean = meanOfClass(labels, values, label);
    let squares = 0;
    let count = 0;
    for (let i = 0; i < values.length; i++) {
      if (labels[i] !== label) continue;
      squares += (values[i]! - mean) ** 2;
      count++;
    }
    variance += squares / (count - 1) / count;
  }
  return Math.sqrt(variance);
}
