import { percentileInterval, type Interval } from './interval.ts';
import { MetricsError } from './metrics-error.ts';
import { RandomStream } from './random-stream.ts';

export interface BootstrapOptions {
  /** Same seed, same intervals. Default 1. */
  readonly seed?: number;
  /**
   * Resamplings wanted, default 1000. Fewer are done where rows × draws would pass 40,000,000, but never
   * fewer than the smaller of this and 100.
   */
  readonly draws?: number;
  /**
   * Binary only: whether rows × draws above 40,000,000 are replaced by the infinitesimal jackknife. Default true; with
   * false every draw is done, a minute for 1,000,000 rows and 2000 draws.
   */
  readonly linearise?: boolean;
}

const DEFAULT_DRAWS = 1000;
const MINIMUM_DRAWS = 100;
/** Rows × draws: about a second for a pair of binary models. */
const WORK_LIMIT = 4e7;

/** @throws MetricsError `metrics_invalid_argument` */
export function drawsWanted({ draws = DEFAULT_DRAWS }: BootstrapOptions): number {
  if (!Number.isInteger(draws) || draws < 2) {
    throw new MetricsError(
      'metrics_invalid_argument',
      `${draws} draws: expected a whole number of at least 2.`,
    );
  }
  return draws;
}

/** The draws that so many rows can be resampled in reasonable time. */
export function drawsFor(rows: number, options: BootstrapOptions): number {
  return Math.min(drawsWanted(options), Math.max(MINIMUM_DRAWS, Math.floor(WORK_LIMIT / rows)));
}

/** Metrics of one side's scores that can be taken over rows repeated any number of times. */
export interface ResampledMetrics<Name extends string> {
  readonly names: readonly Name[];
  /** Writes the value of each metric to `out`, row i counting counts[i] times. */
  evaluate(counts: Uint16Array, out: Float64Array): void;
}

/** Values of one side: for each metric its estimate on the rows as they are, and on each resampling. */
export type Draws<Name extends string> = Record<
  Name,
  { readonly estimate: number; readonly draws: Float64Array }
>;

/**
 * The bootstrap: draws as many rows as there are, with replacement, and takes every metric of every side on
 * them. All sides see the same resampling each time, so their differences are paired.
 */
export function resample<Name extends string>(
  rows: number,
  sides: readonly ResampledMetrics<Name>[],
  draws: number,
  seed: number,
): Draws<Name>[] {
  const counts = new Uint16Array(rows).fill(1);
  const values = sides.map(({ names }) => new Float64Array(names.length));
  const evaluate = (): void => sides.forEach((side, s) => side.evaluate(counts, values[s]!));
  evaluate();
  const results = sides.map(({ names }, s) =>
    names.map((name, m) => ({ name, estimate: values[s]![m]!, draws: new Float64Array(draws) })),
  );
  const random = new RandomStream(seed);
  for (let draw = 0; draw < draws; draw++) {
    random.drawRows(counts);
    evaluate();
    results.forEach((metrics, s) => metrics.forEach((metric, m) => (metric.draws[draw] = values[s]![m]!)));
  }
  return results.map(
    (metrics) =>
      Object.fromEntries(
        metrics.map(({ name, estimate, draws: drawn }) => [name, { estimate, draws: drawn }]),
      ) as Draws<Name>,
  );
}

/** The interval of each metric of one side. */
export function intervalsOf<Name extends string>(side: Draws<Name>): Record<Name, Interval> {
  return mapMetrics(side, (name) => percentileInterval(side[name].estimate, side[name].draws));
}

/** The interval of each metric's difference, candidate − current, from paired draws. */
export function differencesOf<Name extends string>(
  current: Draws<Name>,
  candidate: Draws<Name>,
): Record<Name, Interval> {
  return mapMetrics(candidate, (name) =>
    percentileInterval(
      candidate[name].estimate - current[name].estimate,
      candidate[name].draws.map((value, draw) => value - current[name].draws[draw]!),
    ),
  );
}

function mapMetrics<Name extends string>(
  side: Draws<Name>,
  interval: (name: Name) => Interval,
): Record<Name, Interval> {
  const names = Object.keys(side) as Name[];
  return Object.fromEntries(names.map((name) => [name, interval(name)])) as Record<Name, Interval>;
}

/** What an assessment of one model gives. */
export interface Assessment<Name extends string> {
  /** Resamplings done for the bootstrap intervals. */
  readonly draws: number;
  readonly metrics: Record<Name, Interval>;
}

/** What a comparison of two models on the same rows gives. */
export interface Comparison<Name extends string, Difference extends Interval = Interval> {
  /** Resamplings done for the bootstrap intervals. */
  readonly draws: number;
  readonly current: Record<Name, Interval>;
  readonly candidate: Record<Name, Interval>;
  /** Candidate − current, paired by row. */
  readonly difference: Record<Name, Difference>;
}
