import { checkLengths } from './checked-input.ts';
import { MetricsError } from './metrics-error.ts';

/** How far the values of a feature have moved from one sample to another. */
export interface Drift {
  /**
   * Population stability index, Σ (q − p) ln(q / p) over the cells' shares: 0 when nothing moved. By custom below 0.1
   * is little, above 0.25 much. A cell that is empty on one side counts as half a row there.
   */
  readonly stabilityIndex: number;
  /** Share of the rows, 0 … 1, that would have to take another value: ½ Σ |q − p|. */
  readonly totalVariation: number;
  /** The largest distance between the two cumulated shares, cells in their order; means something for ordered cells. */
  readonly kolmogorovSmirnov: number;
}

/**
 * Compares two samples of a feature that were counted in the same cells: the values of a category, or the bins of a
 * number, with one more cell for missing values.
 *
 * @param before, @param after rows a cell
 * @throws MetricsError `metrics_empty_input` when a side has no rows, `metrics_length_mismatch`,
 *   `metrics_invalid_value` for a count below 0 or NaN
 */
export function featureDrift(before: ArrayLike<number>, after: ArrayLike<number>): Drift {
  checkLengths(before.length, after.length);
  const totals = [totalOf(before), totalOf(after)] as const;
  let stabilityIndex = 0;
  let variation = 0;
  let cumulated = 0;
  let largest = 0;
  for (let cell = 0; cell < before.length; cell++) {
    const [a, b] = [before[cell]!, after[cell]!];
    if (a === 0 && b === 0) continue;
    const step = b / totals[1] - a / totals[0];
    const [p, q] = [(a || 0.5) / totals[0], (b || 0.5) / totals[1]];
    stabilityIndex += (q - p) * Math.log(q / p);
    variation += Math.abs(step);
    cumulated += step;
    largest = Math.max(largest, Math.abs(cumulated));
  }
  return { stabilityIndex, totalVariation: variation / 2, kolmogorovSmirnov: largest };
}

function totalOf(counts: ArrayLike<number>): number {
  let total = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    if (!(counts[cell]! >= 0)) {
      throw new MetricsError(
        'metrics_invalid_value',
        `Count ${counts[cell]} of cell ${cell}: expected at least 0.`,
      );
    }
    total += counts[cell]!;
  }
  if (total === 0) throw new MetricsError('metrics_empty_input', 'There are no rows to compare.');
  return total;
}
