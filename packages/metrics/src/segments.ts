import { checkLengths, checkNumbers, type Scores } from './checked-input.ts';
import type { Interval, IntervalWithPValue } from './interval.ts';
import { MetricsError } from './metrics-error.ts';
import { holm } from './multiple-comparisons.ts';
import { NORMAL_97_5, twoSidedPValue } from './normal-distribution.ts';

/** A way to part the rows: each row's segment, 0 … segments − 1; −1 for a row in none. Borrowed, never changed. */
export interface Partition {
  readonly codes: Int32Array | Int16Array | Int8Array;
  readonly segments: number;
}

/** One segment of one partition. Means are of the loss a row; larger is worse. */
export interface SegmentComparison {
  /** Place in the list of partitions. */
  readonly partition: number;
  readonly segment: number;
  readonly rows: number;
  readonly current: Interval;
  readonly candidate: Interval;
  /** Candidate − current, paired by row: above 0 where the candidate is worse. `pValue` is two-sided. */
  readonly difference: IntervalWithPValue;
  /** Holm's, over every segment that was compared; below 0.05 the difference is more than luck. */
  readonly adjustedPValue: number;
}

export interface SegmentOptions {
  /** Segments with fewer rows are not compared; default 50, at least 2. */
  readonly fewestRows?: number;
}

const FEWEST_ROWS = 50;

/**
 * Where one of two models is better or worse: the mean of a loss of each row (a log loss, a squared error, 1 for a wrong
 * decision) in every segment of every partition, with intervals by the normal approximation of a mean. One pass over the
 * rows a partition and no sorting. p-values are corrected by Holm's method for all segments together.
 *
 * Sorted by what got worse: from the clearest loss of the candidate (difference ÷ its standard error) to its clearest gain.
 *
 * @param current, @param candidate loss of each row, the same rows in the same order
 * @throws MetricsError `metrics_empty_input`, `metrics_length_mismatch`, `metrics_invalid_value`,
 *   `metrics_invalid_argument`
 */
export function compareSegments(
  partitions: readonly Partition[],
  current: Scores,
  candidate: Scores,
  { fewestRows = FEWEST_ROWS }: SegmentOptions = {},
): SegmentComparison[] {
  checkLengths(current.length, candidate.length);
  checkNumbers(current);
  checkNumbers(candidate);
  if (!Number.isInteger(fewestRows) || fewestRows < 2) {
    throw new MetricsError(
      'metrics_invalid_argument',
      `fewestRows ${fewestRows}: expected a whole number of at least 2.`,
    );
  }
  const found = partitions.flatMap((partition, index) =>
    momentsOf(partition, current, candidate).flatMap((moments, segment) =>
      moments.rows < fewestRows ? [] : [{ partition: index, segment, ...resultOf(moments) }],
    ),
  );
  const adjusted = holm(found.map(({ difference }) => difference.pValue));
  return found
    .map((segment, index) => ({ ...segment, adjustedPValue: adjusted[index]! }))
    .sort((a, b) => b.evidence - a.evidence || b.rows - a.rows)
    .map(({ evidence: _evidence, ...segment }) => segment);
}

interface Moments {
  readonly rows: number;
  readonly means: readonly [current: number, candidate: number, difference: number];
  /** Sums of squared deviations from the means, in the same order. */
  readonly squares: readonly [number, number, number];
}

function momentsOf({ codes, segments }: Partition, current: Scores, candidate: Scores): Moments[] {
  checkLengths(current.length, codes.length);
  const rows = new Float64Array(segments);
  const sums = [new Float64Array(segments), new Float64Array(segments)] as const;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code < 0) continue;
    if (code >= segments) {
      throw new MetricsError(
        'metrics_invalid_value',
        `Segment ${code} at row ${i}: expected −1 to ${segments - 1}.`,
      );
    }
    rows[code]!++;
    sums[0][code]! += current[i]!;
    sums[1][code]! += candidate[i]!;
  }
  const means = sums.map((sum) => sum.map((value, segment) => value / rows[segment]!));
  const [meanA, meanB] = means as [Float64Array, Float64Array];
  const squaresA = new Float64Array(segments);
  const squaresB = new Float64Array(segments);
  const squaresOfGap = new Float64Array(segments);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code < 0) continue;
    const a = current[i]! - meanA[code]!;
    const b = candidate[i]! - meanB[code]!;
    squaresA[code]! += a * a;
    squaresB[code]! += b * b;
    squaresOfGap[code]! += (b - a) * (b - a);
  }
  return Array.from({ length: segments }, (_, segment) => ({
    rows: rows[segment]!,
    means: [meanA[segment]!, meanB[segment]!, meanB[segment]! - meanA[segment]!],
    squares: [squaresA[segment]!, squaresB[segment]!, squaresOfGap[segment]!],
  }));
}

function resultOf({ rows, means, squares }: Moments): Omit<
  SegmentComparison,
  'partition' | 'segment' | 'adjustedPValue'
> & {
  readonly evidence: number;
} {
  const errors = squares.map((sum) => Math.sqrt(sum / (rows - 1) / rows));
  const interval = (side: 0 | 1 | 2): Interval => ({
    estimate: means[side],
    low: means[side] - NORMAL_97_5 * errors[side]!,
    high: means[side] + NORMAL_97_5 * errors[side]!,
  });
  const evidence = means[2] === 0 ? 0 : means[2] / errors[2]!;
  return {
    rows,
    current: interval(0),
    candidate: interval(1),
    difference: { ...interval(2), pValue: twoSidedPValue(evidence) },
    evidence,
  };
}
