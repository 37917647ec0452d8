import { MetricsError } from './metrics-error.ts';

/** Scores or predictions, one a row (multiclass: row-major, rows × classes). Borrowed, never changed. */
export type Scores = Float32Array | Float64Array;

/**
 * Refuses what no metric is defined on: no rows, arrays of different length, a binary label that is neither
 * 0 nor 1, a score that is not a number. Infinite scores are allowed: they can be ranked.
 */
export function checkBinary(labels: Uint8Array, scores: Scores): void {
  checkLengths(labels.length, scores.length);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i]! > 1) {
      throw new MetricsError('metrics_invalid_value', `Label ${labels[i]} at row ${i}: expected 0 or 1.`);
    }
  }
  checkNumbers(scores);
}

export function checkLengths(expected: number, seen: number): void {
  if (expected === 0) throw new MetricsError('metrics_empty_input', 'There are no rows to measure.');
  if (expected !== seen) {
    throw new MetricsError(
      'metrics_length_mismatch',
      `Expected ${expected} values, one a row, and got ${seen}.`,
    );
  }
}

export function checkNumbers(values: Scores): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) {
      throw new MetricsError('metrics_invalid_value', `Value ${i} is not a number (NaN).`);
    }
  }
}

/** Labels are class indices in 0 … classes − 1; scores are rows × classes. */
export function checkMulticlass(labels: Int32Array, scores: Scores, classes: number): void {
  if (!Number.isInteger(classes) || classes < 2) {
    throw new MetricsError(
      'metrics_invalid_argument',
      `${classes} classes: expected a whole number of at least 2.`,
    );
  }
  checkLengths(labels.length * classes, scores.length);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i]! < 0 || labels[i]! >= classes) {
      throw new MetricsError(
        'metrics_invalid_value',
        `Label ${labels[i]} at row ${i}: expected 0 to ${classes - 1}.`,
      );
    }
  }
  checkNumbers(scores);
}

export function checkRegression(targets: Float64Array, predictions: Scores): void {
  checkLengths(targets.length, predictions.length);
  checkNumbers(targets);
  checkNumbers(predictions);
}

/** The distance that keeps a probability away from 0 and 1 in a log loss: the machine epsilon of the array's type. */
export const clippingDistance = (scores: Scores): number =>
  scores instanceof Float32Array ? 2 ** -23 : Number.EPSILON;
