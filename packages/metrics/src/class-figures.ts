import { checkLengths, checkMulticlass, type Scores } from './checked-input.ts';
import { aucInterval } from './delong.ts';
import type { Interval, IntervalWithPValue } from './interval.ts';
import { classCounts, isClass, predictedClasses, scoresOfClass } from './multiclass.ts';
import { holm } from './multiple-comparisons.ts';
import { pairedRateDifference } from './paired-rates.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** One class against all others, with 95 % intervals. What has nothing to be a share of is NaN. */
export interface ClassFigures {
  /** Rows whose class it is. */
  readonly rows: number;
  /** Rows that are predicted to be of it. */
  readonly predicted: number;
  /** Share of its rows that are found; Wilson's interval. */
  readonly recall: Interval;
  /** Share of the rows predicted to be of it that are; Wilson's interval. */
  readonly precision: Interval;
  /** Harmonic mean of both; 0 when there is neither a row nor a prediction. */
  readonly f1: number;
  /** Of its score, against all other rows; DeLong's interval. */
  readonly auc: Interval;
}

/**
 * How well each class is told from the others.
 *
 * @param labels class indices, 0 … classes − 1
 * @param scores probabilities, rows × classes
 * @throws MetricsError `metrics_empty_input`, `metrics_length_mismatch`, `metrics_invalid_value`
 */
export function classFigures(labels: Int32Array, scores: Scores, classes: number): ClassFigures[] {
  const { right, labelled, predicted } = classCounts(labels, scores, classes);
  return Array.from({ length: classes }, (_, c) => {
    const [hits, rows, calls] = [right[c]!, labelled[c]!, predicted[c]!];
    return {
      rows,
      predicted: calls,
      recall: wilsonInterval(hits, rows),
      precision: wilsonInterval(hits, calls),
      f1: rows + calls === 0 ? 0 : (2 * hits) / (rows + calls),
      auc: aucInterval(isClass(labels, c), scoresOfClass(scores, classes, c)),
    };
  });
}

/** Candidate − current in the share of a class's rows that are found. */
export interface ClassDifference {
  /** {@link pairedRateDifference}; NaN for a class without rows. */
  readonly recall: IntervalWithPValue;
  /** Holm's, over the classes that have rows; NaN for one that has none. */
  readonly adjustedPValue: number;
}

/**
 * Of which classes one of two models finds more rows than the other.
 *
 * @param labels class indices, 0 … classes − 1
 * @param current, @param candidate probabilities, rows × classes, the same rows in the same order
 * @throws MetricsError `metrics_empty_input`, `metrics_length_mismatch`, `metrics_invalid_value`
 */
export function compareClasses(
  labels: Int32Array,
  current: Scores,
  candidate: Scores,
  classes: number,
): ClassDifference[] {
  checkMulticlass(labels, current, classes);
  checkLengths(current.length, candidate.length);
  checkMulticlass(labels, candidate, classes);
  const [was, is] = [predictedClasses(current, classes), predictedClasses(candidate, classes)];
  const counts = Array.from({ length: classes }, () => ({
    bothRight: 0,
    onlyCurrentRight: 0,
    onlyCandidateRight: 0,
    neitherRight: 0,
  }));
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    const cells = counts[label]!;
    if (was[row] === label) cells[is[row] === label ? 'bothRight' : 'onlyCurrentRight']++;
    else cells[is[row] === label ? 'onlyCandidateRight' : 'neitherRight']++;
  }
  const differences = counts.map(pairedRateDifference);
  const known = differences.map(({ pValue }) => pValue).filter((pValue) => !Number.isNaN(pValue));
  const adjusted = holm(known);
  let next = 0;
  return differences.map((recall) => ({
    recall,
    adjustedPValue: Number.isNaN(recall.pValue) ? NaN : adjusted[next++]!,
  }));
}
