import { quantileOfSorted } from './quantile.ts';

/** An estimate and the bounds of its 95 % interval. A bound that is not defined is NaN. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface IntervalWithPValue extends Interval {
  readonly pValue: number;
}

/**
 * The percentile interval of bootstrap draws: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993),
 * chapter 13. Draws in which the metric is not defined (NaN) are left out.
 */
export function percentileInterval(estimate: number, draws: Float64Array): Interval {
  const ascending = draws.filter((value) => !Number.isNaN(value)).sort();
  return { estimate, low: quantileOfSorted(ascending, 0.025), high: quantileOfSorted(ascending, 0.975) };
}
