import type { Interval } from './interval.ts';
import { linearisedDifferences, linearisedIntervals, type Linearised } from './linearised.ts';
import {
  differencesOf,
  drawsWanted,
  intervalsOf,
  isLinearised,
  mapMetrics,
  resample,
  type Assessment,
  type BootstrapOptions,
  type Comparison,
  type Draws,
  type ResampledMetrics,
} from './resampling.ts';

const DEFAULT_SEED = 1;

/** One side's metrics, ready to be resampled or linearised. */
export interface Measured<Name extends string> {
  readonly resampled: () => ResampledMetrics<Name>;
  readonly linearised: () => Record<Name, Linearised>;
}

/**
 * Both sides' metrics and their difference, candidate − current, with 95 % intervals: the paired bootstrap's, or, where it
 * would take too long, the infinitesimal jackknife's. Where both are had, a difference has the interval that both span
 * together: where few rows hold most of an error the bootstrap tells differences that are not there, and where the
 * difference is skewed the jackknife does.
 *
 * @param values numbers that a draw looks at: rows, or rows × classes
 */
export function comparePaired<Name extends string>(
  rows: number,
  values: number,
  current: Measured<Name>,
  candidate: Measured<Name>,
  options: BootstrapOptions,
): Comparison<Name> {
  const draws = drawsWanted(options);
  const linearised = isLinearised(values, options);
  const [was, is] = [current.linearised(), candidate.linearised()];
  const limit = linearisedDifferences(was, is);
  if (linearised) {
    return {
      draws,
      linearised,
      current: linearisedIntervals(was),
      candidate: linearisedIntervals(is),
      difference: limit,
    };
  }
  const sides = [current.resampled(), candidate.resampled()];
  const [a, b] = resample(rows, sides, draws, options.seed ?? DEFAULT_SEED) as [Draws<Name>, Draws<Name>];
  return {
    draws,
    linearised,
    current: intervalsOf(a),
    candidate: intervalsOf(b),
    difference: mapMetrics(differencesOf(a, b), (name, drawn) => spanOf(drawn, limit[name])),
  };
}

/** What two intervals of one estimate cover together; NaN where a bound of either is. */
const spanOf = (a: Interval, b: Interval): Interval => ({
  estimate: a.estimate,
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
});

/** {@link comparePaired} of one side alone. */
export function assessAlone<Name extends string>(
  rows: number,
  values: number,
  side: Measured<Name>,
  options: BootstrapOptions,
): Assessment<Name> {
  const draws = drawsWanted(options);
  if (isLinearised(values, options))
    return { draws, linearised: true, metrics: linearisedIntervals(side.linearised()) };
  const [drawn] = resample(rows, [side.resampled()], draws, options.seed ?? DEFAULT_SEED) as [Draws<Name>];
  return { draws, linearised: false, metrics: intervalsOf(drawn) };
}
