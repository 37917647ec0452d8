import { bcaInterval, MOST_BLOCKS, type LeftOut } from './bca.ts';
import type { Interval } from './interval.ts';
import { MetricsError } from './metrics-error.ts';
import { RandomStream } from './random-stream.ts';

export interface BootstrapOptions {
  /** Same seed, same intervals. Default 1. */
  readonly seed?: number;
  /** Resamplings, default 1000. */
  readonly draws?: number;
  /**
   * Whether more than 40,000,000 rows × draws (of several classes rows × classes × draws) are replaced by the infinitesimal
   * jackknife. Default true; with false every draw is done, a minute for 1,000,000 rows of two outcomes and 2000 draws.
   */
  readonly linearise?: boolean;
}

const DEFAULT_DRAWS = 1000;
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

/** Whether resampling so many rows, or rows × classes, would take longer than it is worth. */
export const isLinearised = (rows: number, options: BootstrapOptions): boolean =>
  options.linearise !== false && rows * drawsWanted(options) > WORK_LIMIT;

/** Metrics of one side's scores that can be taken over rows repeated any number of times. */
export interface ResampledMetrics<Name extends string> {
  readonly names: readonly Name[];
  /** Writes the value of each metric to `out`, row i counting counts[i] times. */
  evaluate(counts: Uint16Array, out: Float64Array): void;
}

/** A metric's estimate on the rows as they are, and on each resampling. */
export interface Drawn {
  readonly estimate: number;
  readonly draws: Float64Array;
  /** The metric with rows left out, from which the interval's skewness is known. */
  readonly leftOut: LeftOut;
}

/** What was drawn of each metric of one side. */
export type Draws<Name extends string> = Record<Name, Drawn>;

/**
 * The bootstrap: draws as many rows as there are, with replacement, and takes every metric of every side on
 * them. All sides see the same resampling each time, so their differences are paired. Rows are left out, too, in at most
 * 200 blocks of every so many-th row.
 */
export function resample<Name extends string>(
  rows: number,
  sides: readonly ResampledMetrics<Name>[],
  draws: number,
  seed: number,
): Draws<Name>[] {
  const blocks = Math.min(rows, MOST_BLOCKS);
  const counts = new Uint16Array(rows).fill(1);
  const values = sides.map(({ names }) => new Float64Array(names.length));
  const evaluate = (): void => sides.forEach((side, s) => side.evaluate(counts, values[s]!));
  evaluate();
  const results = sides.map(({ names }, s) =>
    names.map((name, m) => ({
      name,
      estimate: values[s]![m]!,
      draws: new Float64Array(draws),
      leftOut: new Float64Array(blocks),
    })),
  );
  for (let block = 0; block < blocks; block++) {
    for (let row = block; row < rows; row += blocks) counts[row] = 0;
    evaluate();
    results.forEach((metrics, s) => metrics.forEach((metric, m) => (metric.leftOut[block] = values[s]![m]!)));
    for (let row = block; row < rows; row += blocks) counts[row] = 1;
  }
  const random = new RandomStream(seed);
  for (let draw = 0; draw < draws; draw++) {
    random.drawRows(counts);
    evaluate();
    results.forEach((metrics, s) => metrics.forEach((metric, m) => (metric.draws[draw] = values[s]![m]!)));
  }
  return results.map(
    (metrics) =>
      Object.fromEntries(
        metrics.map(({ name, estimate, draws: drawn, leftOut }): [Name, Drawn] => [
          name,
          { estimate, draws: drawn, leftOut: { values: leftOut } },
        ]),
      ) as Draws<Name>,
  );
}

/** The interval of each metric of one side. */
export function intervalsOf<Name extends string>(side: Draws<Name>): Record<Name, Interval> {
  return mapMetrics(side, (_, drawn) => intervalOf(drawn));
}

/** The interval of each metric's difference, candidate − current, from paired draws. */
export function differencesOf<Name extends string>(
  current: Draws<Name>,
  candidate: Draws<Name>,
): Record<Name, Interval> {
  return mapMetrics(candidate, (name, drawn) => intervalOf(differenceOf(current[name], drawn)));
}

const intervalOf = ({ estimate, draws, leftOut }: Drawn): Interval => bcaInterval(estimate, draws, leftOut);

function differenceOf(current: Drawn, candidate: Drawn): Drawn {
  const gap = (a: Float64Array, b: Float64Array): Float64Array => b.map((value, index) => value - a[index]!);
  return {
    estimate: candidate.estimate - current.estimate,
    draws: gap(current.draws, candidate.draws),
    leftOut: { ...candidate.leftOut, values: gap(current.leftOut.values, candidate.leftOut.values) },
  };
}

/** An interval of each metric. */
export function mapMetrics<Name extends string, Value>(
  side: Record<Name, Value>,
  interval: (name: Name, value: Value) => Interval,
): Record<Name, Interval> {
  const names = Object.keys(side) as Name[];
  return Object.fromEntries(names.map((name) => [name, interval(name, side[name])])) as Record<
    Name,
    Interval
  >;
}

/** What an assessment of one model gives. */
export interface Assessment<Name extends string> {
  /** Resamplings for the bootstrap intervals. */
  readonly draws: number;
  /** Intervals of what every row takes part in come from the infinitesimal jackknife instead; AUC of two outcomes: DeLong's. */
  readonly linearised: boolean;
  readonly metrics: Record<Name, Interval>;
}

/** What a comparison of two models on the same rows gives. */
export interface Comparison<Name extends string, Difference extends Interval = Interval> {
  /** As in {@link Assessment}. */
  readonly draws: number;
  readonly linearised: boolean;
  readonly current: Record<Name, Interval>;
  readonly candidate: Record<Name, Interval>;
  /** Candidate − current, paired by row. */
  readonly difference: Record<Name, Difference>;
}
