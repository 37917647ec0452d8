import { linearisedDifferences, linearisedIntervals, type Linearised } from './linearised.ts';
import {
  differencesOf,
  drawsWanted,
  intervalsOf,
  isLinearised,
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
 * would take too long, the infinitesimal jackknife's.
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
  if (linearised) {
    const [a, b] = [current.linearised(), candidate.linearised()];
    return {
      draws,
      linearised,
      current: linearisedIntervals(a),
      candidate: linearisedIntervals(b),
      difference: linearisedDifferences(a, b),
    };
  }
  const sides = [current.resampled(), candidate.resampled()];
  const [a, b] = resample(rows, sides, draws, options.seed ?? DEFAULT_SEED) as [Draws<Name>, Draws<Name>];
  return {
    draws,
    linearised,
    current: intervalsOf(a),
    candidate: intervalsOf(b),
    difference: differencesOf(a, b),
  };
}

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
