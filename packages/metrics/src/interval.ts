/** An estimate and the bounds of its 95 % interval. A bound that is not defined is NaN. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface IntervalWithPValue extends Interval {
  readonly pValue: number;
}
