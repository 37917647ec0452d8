import type { ModelResult } from '@kaefer/contracts';
import { expect } from 'vitest';

type HoldoutRow = Readonly<Record<string, string>>;

const digits = 6;

/** Holds a result's figures equal to what its definition gives from the holdout's file, computed the plain way. */
export function recomputeBinary(
  result: ModelResult,
  holdout: readonly HoldoutRow[],
  side: 'current' | 'candidate',
  positive: string,
): void {
  const { metrics, confusion } = result;
  const rows = holdout.map((row) => ({ isPositive: row['label'] === positive, score: Number(row[side]) }));
  const threshold = metrics['threshold'] ?? NaN;
  const count = (called: boolean, actual: boolean): number =>
    rows.filter(({ isPositive, score }) => score >= threshold === called && isPositive === actual).length;
  const counts = {
    tp: count(true, true),
    fp: count(true, false),
    fn: count(false, true),
    tn: count(false, false),
  };
  expect(confusion).toEqual(counts);
  const precision = counts.tp / (counts.tp + counts.fp);
  const recall = counts.tp / (counts.tp + counts.fn);
  const specificity = counts.tn / (counts.tn + counts.fp);
  expectMetrics(metrics, {
    auc: areaUnderRoc(rows),
    averagePrecision: averagePrecision(rows),
    logLoss: mean(rows.map(({ isPositive, score }) => -Math.log(isPositive ? score : 1 - score))),
    brier: mean(rows.map(({ isPositive, score }) => (score - (isPositive ? 1 : 0)) ** 2)),
    accuracy: (counts.tp + counts.tn) / rows.length,
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall),
    specificity,
    balancedAccuracy: (recall + specificity) / 2,
    matthews:
      (counts.tp * counts.tn - counts.fp * counts.fn) /
      Math.sqrt(
        (counts.tp + counts.fp) * (counts.tp + counts.fn) * (counts.tn + counts.fp) * (counts.tn + counts.fn),
      ),
  });
}

export function recomputeMulticlass(
  { metrics, confusionMatrix }: ModelResult,
  holdout: readonly HoldoutRow[],
  side: 'current' | 'candidate',
  classes: readonly string[],
): void {
  const rows = holdout.map((row) => {
    const scores = classes.map((name) => Number(row[`${side}:${name}`]));
    return {
      label: classes.indexOf(row['label'] ?? ''),
      scores,
      predicted: scores.indexOf(Math.max(...scores)),
    };
  });
  const matrix = classes.map((_true, actual) =>
    classes.map(
      (_called, called) =>
        rows.filter(({ label, predicted }) => label === actual && predicted === called).length,
    ),
  );
  expect(confusionMatrix).toEqual(matrix);
  expectMetrics(metrics, {
    accuracy: mean(rows.map(({ label, predicted }) => Number(label === predicted))),
    logLoss: mean(rows.map(({ label, scores }) => -Math.log(scores[label] ?? NaN))),
    macroF1: mean(
      classes.map((_name, index) => {
        const hit = matrix[index]?.[index] ?? 0;
        const actual = matrix[index]?.reduce((sum, value) => sum + value, 0) ?? 0;
        const called = matrix.reduce((sum, row) => sum + (row[index] ?? 0), 0);
        return actual + called === 0 ? 0 : (2 * hit) / (actual + called);
      }),
    ),
    balancedAccuracy: mean(
      matrix
        .map((row, index) => (row[index] ?? 0) / row.reduce((sum, value) => sum + value, 0))
        .filter((recall) => !Number.isNaN(recall)),
    ),
    matthews: correlationOf(matrix),
    auc: mean(
      classes.map((_name, index) =>
        areaUnderRoc(
          rows.map(({ label, scores }) => ({ isPositive: label === index, score: scores[index] ?? NaN })),
        ),
      ),
    ),
  });
}

/** Pearson's, of the indicators of the true and the predicted class, over all classes. */
function correlationOf(matrix: readonly (readonly number[])[]): number {
  const pairs = matrix.flatMap((row, actual) =>
    row.flatMap((count, called) => Array.from({ length: count }, () => [actual, called] as const)),
  );
  const covariance = (of: (pair: readonly [number, number]) => readonly [number, number]): number =>
    matrix.reduce((sum, _row, index) => {
      const marks = pairs.map((pair) => of(pair).map((one) => Number(one === index)));
      const means = [0, 1].map((side) => mean(marks.map((mark) => mark[side] ?? NaN)));
      return sum + mean(marks.map(([x = NaN, y = NaN]) => (x - (means[0] ?? NaN)) * (y - (means[1] ?? NaN))));
    }, 0);
  return (
    covariance((pair) => pair) /
    Math.sqrt(covariance(([actual]) => [actual, actual]) * covariance(([, called]) => [called, called]))
  );
}

export function recomputeRegression(
  { metrics }: ModelResult,
  holdout: readonly HoldoutRow[],
  side: 'current' | 'candidate',
): void {
  const rows = holdout.map((row) => ({ label: Number(row['label']), score: Number(row[side]) }));
  const squares = rows.map(({ label, score }) => (label - score) ** 2);
  const average = mean(rows.map(({ label }) => label));
  expectMetrics(metrics, {
    rmse: Math.sqrt(mean(squares)),
    mae: mean(rows.map(({ label, score }) => Math.abs(label - score))),
    r2: 1 - mean(squares) / mean(rows.map(({ label }) => (label - average) ** 2)),
  });
}

function expectMetrics(
  metrics: Readonly<Record<string, number | null>>,
  wanted: Readonly<Record<string, number>>,
): void {
  for (const [name, value] of Object.entries(wanted)) {
    expect(metrics, name).toHaveProperty(name);
    expect(metrics[name], name).toBeCloseTo(value, digits);
  }
}

interface Scored {
  readonly isPositive: boolean;
  readonly score: number;
}

/** Share of pairs of a positive and a negative in which the positive has the higher score; a tie counts half. */
function areaUnderRoc(rows: readonly Scored[]): number {
  const positives = rows.filter(({ isPositive }) => isPositive);
  const negatives = rows.filter(({ isPositive }) => !isPositive);
  let won = 0;
  for (const { score } of positives)
    for (const other of negatives) won += score > other.score ? 1 : score === other.score ? 0.5 : 0;
  return won / (positives.length * negatives.length);
}

/** Sum over the distinct scores, descending, of precision times the rise in recall. */
function averagePrecision(rows: readonly Scored[]): number {
  const scores = [...new Set(rows.map(({ score }) => score))].sort((a, b) => b - a);
  const all = rows.filter(({ isPositive }) => isPositive).length;
  let sum = 0;
  let before = 0;
  for (const threshold of scores) {
    const called = rows.filter(({ score }) => score >= threshold);
    const hits = called.filter(({ isPositive }) => isPositive).length;
    sum += (hits / called.length) * ((hits - before) / all);
    before = hits;
  }
  return sum;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
