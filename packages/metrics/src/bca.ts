import type { Interval } from './interval.ts';
import { NORMAL_97_5, normalProbability, normalQuantile } from './normal-distribution.ts';
import { quantileOfSorted } from './quantile.ts';

/** A metric with some rows left out, and of how many such sets of rows each value is; 1 by default. */
export interface LeftOut {
  readonly values: Float64Array;
  readonly weights?: Float64Array;
}

/** Rows are left out in at most so many blocks when the acceleration is measured. */
export const MOST_BLOCKS = 200;

/**
 * The bias-corrected and accelerated 95 % interval: Efron, "Better bootstrap confidence intervals" (1987). Draws that
 * are not defined (NaN) are left out. NaN bounds when no draw is defined; both bounds are the estimate when all draws
 * equal it.
 *
 * @param draws the metric on each resampling
 * @param leftOut the metric with each row, or each of equal blocks of rows, left out; undefined ones are left out
 */
export function bcaInterval(
  estimate: number,
  draws: Float64Array,
  leftOut: Float64Array | LeftOut,
): Interval {
  const ascending = draws.filter((value) => !Number.isNaN(value)).sort();
  if (ascending.length === 0 || Number.isNaN(estimate)) return { estimate, low: NaN, high: NaN };
  if (ascending[0] === estimate && ascending.at(-1) === estimate)
    return { estimate, low: estimate, high: estimate };
  let below = 0;
  for (const value of ascending) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  // All draws on one side of the estimate give no finite bias: half a draw is taken to lie on the other.
  const share = Math.min(ascending.length - 0.5, Math.max(0.5, below)) / ascending.length;
  const bias = normalQuantile(share);
  const acceleration = accelerationOf(leftOut instanceof Float64Array ? { values: leftOut } : leftOut);
  const at = (z: number): number => {
    const moved = bias + (bias + z) / (1 - acceleration * (bias + z));
    return quantileOfSorted(ascending, normalProbability(moved));
  };
  return { estimate, low: at(-NORMAL_97_5), high: at(NORMAL_97_5) };
}

function accelerationOf({ values, weights }: LeftOut): number {
  const weightOf = (index: number): number =>
    Number.isNaN(values[index]) ? 0 : weights === undefined ? 1 : weights[index]!;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weightOf(i);
    if (weight === 0) continue;
    sum += weight * values[i]!;
    total += weight;
  }
  const mean = sum / total;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weightOf(i);
    if (weight === 0) continue;
    squares += weight * (mean - values[i]!) ** 2;
    cubes += weight * (mean - values[i]!) ** 3;
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}
