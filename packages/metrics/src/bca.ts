import type { Interval } from './interval.ts';
import { MetricsError } from './metrics-error.ts';
import { NORMAL_97_5, normalProbability, normalQuantile } from './normal-distribution.ts';
import { quantileOfSorted } from './quantile.ts';
import { RandomStream } from './random-stream.ts';
import { drawsWanted, type BootstrapOptions } from './resampling.ts';

/** A metric of rows repeated `counts` times each. */
export type CountedMetric = (counts: Uint16Array) => number;

/** Rows are left out in at most so many blocks when the acceleration is measured. */
const MOST_BLOCKS = 200;

/**
 * The bias-corrected and accelerated 95 % interval: Efron, "Better bootstrap confidence intervals" (1987). Draws that
 * are not defined (NaN) are left out. NaN bounds when no draw is defined; both bounds are the estimate when all draws
 * equal it.
 *
 * @param draws the metric on each resampling
 * @param leftOut the metric with each row, or each of equal blocks of rows, left out; undefined ones are left out
 */
export function bcaInterval(estimate: number, draws: Float64Array, leftOut: Float64Array): Interval {
  const ascending = draws.filter((value) => !Number.isNaN(value)).sort();
  if (ascending.length === 0 || Number.isNaN(estimate)) return { estimate, low: NaN, high: NaN };
  if (ascending[0] === estimate && ascending.at(-1) === estimate)
    return { estimate, low: estimate, high: estimate };
  let below = 0;
  for (const value of ascending) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  // All draws on one side of the estimate give no finite bias: half a draw is taken to lie on the other.
  const share = Math.min(ascending.length - 0.5, Math.max(0.5, below)) / ascending.length;
  const bias = normalQuantile(share);
  const acceleration = accelerationOf(leftOut);
  const at = (z: number): number => {
    const moved = bias + (bias + z) / (1 - acceleration * (bias + z));
    return quantileOfSorted(ascending, normalProbability(moved));
  };
  return { estimate, low: at(-NORMAL_97_5), high: at(NORMAL_97_5) };
}

function accelerationOf(leftOut: Float64Array): number {
  const defined = leftOut.filter((value) => !Number.isNaN(value));
  let sum = 0;
  for (const value of defined) sum += value;
  const mean = sum / defined.length;
  let squares = 0;
  let cubes = 0;
  for (const value of defined) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

/** {@link bcaInterval}s of a metric of both sides and of their difference. */
export interface PairedBca {
  readonly draws: number;
  readonly current: Interval;
  readonly candidate: Interval;
  /** Candidate − current. */
  readonly difference: Interval;
}

/**
 * The paired bootstrap of any metric: rows are drawn with replacement, both sides are measured on the same draw, and
 * the intervals are {@link bcaInterval}s. Their acceleration is measured by leaving each row out, or, of more than 200
 * rows, each of 200 blocks of every 200th row. All draws that are asked for are done (default 1000), each costing both
 * metrics once.
 *
 * @param rows how many, at least 2
 * @throws MetricsError `metrics_invalid_argument`
 */
export function bootstrapBca(
  rows: number,
  current: CountedMetric,
  candidate: CountedMetric,
  options: BootstrapOptions = {},
): PairedBca {
  if (!Number.isInteger(rows) || rows < 2) {
    throw new MetricsError(
      'metrics_invalid_argument',
      `${rows} rows: expected a whole number of at least 2.`,
    );
  }
  const draws = drawsWanted(options);
  const counts = new Uint16Array(rows).fill(1);
  const estimates = [current(counts), candidate(counts)] as const;
  const blocks = Math.min(rows, MOST_BLOCKS);
  const leftOut = emptySides(blocks);
  for (let block = 0; block < blocks; block++) {
    for (let row = block; row < rows; row += blocks) counts[row] = 0;
    leftOut.a[block] = current(counts);
    leftOut.b[block] = candidate(counts);
    for (let row = block; row < rows; row += blocks) counts[row] = 1;
  }
  const drawn = emptySides(draws);
  const random = new RandomStream(options.seed ?? 1);
  for (let draw = 0; draw < draws; draw++) {
    random.drawRows(counts);
    drawn.a[draw] = current(counts);
    drawn.b[draw] = candidate(counts);
  }
  const gap = ({ a, b }: Sides): Float64Array => b.map((value, index) => value - a[index]!);
  return {
    draws,
    current: bcaInterval(estimates[0], drawn.a, leftOut.a),
    candidate: bcaInterval(estimates[1], drawn.b, leftOut.b),
    difference: bcaInterval(estimates[1] - estimates[0], gap(drawn), gap(leftOut)),
  };
}

interface Sides {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

const emptySides = (length: number): Sides => ({ a: new Float64Array(length), b: new Float64Array(length) });
