import { MetricsError } from './metrics-error.ts';

/**
 * Holm, "A simple sequentially rejective multiple test procedure" (1979): p-values such that, whatever of the
 * hypotheses are true, the chance of finding any of them below 0.05 is at most 0.05. Undefined ones (NaN) stay so and do
 * not count.
 *
 * @param pValues each in 0 … 1 or NaN; not changed
 * @throws MetricsError `metrics_invalid_value`
 */
export function holm(pValues: ArrayLike<number>): Float64Array {
  const { adjusted, ascending } = start(pValues);
  let largest = 0;
  ascending.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (ascending.length - rank) * pValues[index]!));
    adjusted[index] = largest;
  });
  return adjusted;
}

/**
 * Benjamini & Hochberg, "Controlling the false discovery rate" (1995): p-values such that of those below 0.05 at most one
 * in twenty is expected to be found by chance. Undefined ones (NaN) stay so and do not count.
 *
 * @param pValues each in 0 … 1 or NaN; not changed
 * @throws MetricsError `metrics_invalid_value`
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const { adjusted, ascending } = start(pValues);
  let smallest = 1;
  for (let rank = ascending.length; rank >= 1; rank--) {
    const index = ascending[rank - 1]!;
    smallest = Math.min(smallest, (ascending.length / rank) * pValues[index]!);
    adjusted[index] = smallest;
  }
  return adjusted;
}

function start(pValues: ArrayLike<number>): { adjusted: Float64Array; ascending: number[] } {
  const indices = Array.from(pValues, (_, index) => index).filter((index) => {
    const value = pValues[index]!;
    if (value < 0 || value > 1) {
      throw new MetricsError('metrics_invalid_value', `p-value ${value} at ${index}: expected 0 to 1.`);
    }
    return !Number.isNaN(value);
  });
  return {
    adjusted: new Float64Array(pValues.length).fill(NaN),
    ascending: indices.sort((a, b) => pValues[a]! - pValues[b]!),
  };
}
