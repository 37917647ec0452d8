import { checkBinary, type Scores } from './checked-input.ts';
import { MetricsError } from './metrics-error.ts';

/** Counts of rows: true and false positives, false and true negatives. Fractional counts work too. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** Counts the four outcomes; a row is predicted positive when its score is at or above the threshold. */
export function confusionAt(labels: Uint8Array, scores: Scores, threshold: number): Confusion {
  checkBinary(labels, scores);
  let tp = 0;
  let predicted = 0;
  let positives = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    positives += label;
    if (scores[i]! >= threshold) {
      predicted++;
      tp += label;
    }
  }
  const fp = predicted - tp;
  const fn = positives - tp;
  return { tp, fp, fn, tn: labels.length - tp - fp - fn };
}

/** Where a share has nothing to be a share of, it is 0 (scikit-learn's default for `zero_division`). */
const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Share of rows predicted rightly. */
export const accuracyScore = ({ tp, fp, fn, tn }: Confusion): number => share(tp + tn, tp + fp + fn + tn);
/** Share of the predicted positives that are positive; 0 when none is predicted. */
export const precisionScore = ({ tp, fp }: Confusion): number => share(tp, tp + fp);
/** Share of the positives that are found; 0 when there are none. */
export const recallScore = ({ tp, fn }: Confusion): number => share(tp, tp + fn);
/** Harmonic mean of precision and recall; 0 when there is neither a positive nor a predicted one. */
export const f1Score = ({ tp, fp, fn }: Confusion): number => share(2 * tp, 2 * tp + fp + fn);
/**
 * Weighted harmonic mean of precision and recall; 0 when there is neither a positive nor a predicted one.
 *
 * @param beta how many times as much recall counts as precision, above 0; 1 gives {@link f1Score}
 * @throws MetricsError `metrics_invalid_argument`
 */
export function fBetaScore({ tp, fp, fn }: Confusion, beta: number): number {
  if (!(beta > 0 && beta < Infinity)) {
    throw new MetricsError('metrics_invalid_argument', `beta ${beta}: expected a number above 0.`);
  }
  const weight = beta * beta;
  return share((1 + weight) * tp, (1 + weight) * tp + weight * fn + fp);
}
/** Share of the negatives that are left alone; 0 when there are none. */
export const specificityScore = ({ fp, tn }: Confusion): number => share(tn, tn + fp);

/** Mean of recall and specificity; a class without rows is left out, as in scikit-learn. */
export function balancedAccuracyScore(confusion: Confusion): number {
  const { tp, fp, fn, tn } = confusion;
  if (tp + fn === 0) return specificityScore(confusion);
  if (tn + fp === 0) return recallScore(confusion);
  return (recallScore(confusion) + specificityScore(confusion)) / 2;
}

/** Matthews' correlation coefficient, −1 … 1; 0 when a row or a column of the table is empty. */
export function matthewsScore({ tp, fp, fn, tn }: Confusion): number {
  const scale = Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn);
  return share(tp * tn - fp * fn, scale);
}

/** Price of one false positive and of one false negative, in any one currency. */
export interface Costs {
  readonly falsePositive: number;
  readonly falseNegative: number;
}

/** Mean cost of a row, in the currency of `costs`. */
export const expectedCost = ({ tp, fp, fn, tn }: Confusion, costs: Costs): number =>
  share(fp * costs.falsePositive + fn * costs.falseNegative, tp + fp + fn + tn);
