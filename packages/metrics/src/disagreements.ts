import { checkLengths, checkNumbers, type Scores } from './checked-input.ts';
import { MetricsError } from './metrics-error.ts';

/** The rows that one of two models calls positive and the other does not. */
export interface Disagreements {
  /** All of them. */
  readonly count: number;
  /** Those that only the candidate calls positive. */
  readonly newlyPositive: number;
  /** Row indices, those whose scores lie farthest apart first; at most `limit`. */
  readonly rows: Uint32Array;
}

/**
 * @param current, @param candidate scores of the same rows, and the threshold at or above which a row is positive
 * @param limit how many rows are listed, default 100
 * @throws MetricsError `metrics_empty_input`, `metrics_length_mismatch`, `metrics_invalid_value`,
 *   `metrics_invalid_argument`
 */
export function disagreements(
  current: { readonly scores: Scores; readonly threshold: number },
  candidate: { readonly scores: Scores; readonly threshold: number },
  limit = 100,
): Disagreements {
  checkLengths(current.scores.length, candidate.scores.length);
  checkNumbers(current.scores);
  checkNumbers(candidate.scores);
  if (!Number.isInteger(limit) || limit < 0) {
    throw new MetricsError(
      'metrics_invalid_argument',
      `limit ${limit}: expected a whole number of at least 0.`,
    );
  }
  const found: number[] = [];
  let newlyPositive = 0;
  for (let row = 0; row < current.scores.length; row++) {
    const was = current.scores[row]! >= current.threshold;
    const is = candidate.scores[row]! >= candidate.threshold;
    if (was === is) continue;
    found.push(row);
    if (is) newlyPositive++;
  }
  const gap = (row: number): number => Math.abs(candidate.scores[row]! - current.scores[row]!);
  const rows = Uint32Array.from(found.sort((a, b) => gap(b) - gap(a) || a - b).slice(0, limit));
  return { count: found.length, newlyPositive, rows };
}
