import { bcaInterval, MOST_BLOCKS } from './bca.ts';
import type { Interval } from './interval.ts';
import { MetricsError } from './metrics-error.ts';
import { RandomStream } from './random-stream.ts';
import { drawsWanted, type BootstrapOptions } from './resampling.ts';

/** A metric of rows repeated `counts` times each. */
export type CountedMetric = (counts: Uint16Array) => number;

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
