import { checkBinary, type Scores } from './checked-input.ts';
import { MetricsError } from './metrics-error.ts';
import { wilsonInterval } from './wilson-interval.ts';
import { quantileOfSorted } from './quantile.ts';

export interface ScoreHistogram {
  /** bins + 1 numbers, rising evenly from `low` to `high`. */
  readonly edges: Float64Array;
  /** Rows a bin, by their label; a score outside the edges counts in the nearest bin. */
  readonly negatives: Uint32Array;
  readonly positives: Uint32Array;
}

/** How many rows of each label have a score in each of `bins` (default 20) equal bins of `low` … `high` (0 … 1). */
export function scoreHistogram(
  labels: Uint8Array,
  scores: Scores,
  { bins = 20, low = 0, high = 1 }: { bins?: number; low?: number; high?: number } = {},
): ScoreHistogram {
  checkBinary(labels, scores);
  checkBins(bins);
  if (!(high > low))
    throw new MetricsError('metrics_invalid_argument', `high ${high} is not above low ${low}.`);
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  const counts = [new Uint32Array(bins), new Uint32Array(bins)] as const;
  for (let i = 0; i < labels.length; i++) {
    const bin = Math.floor(((scores[i]! - low) / (high - low)) * bins);
    counts[labels[i] === 1 ? 1 : 0][Math.min(bins - 1, Math.max(0, bin))]!++;
  }
  return { edges, negatives: counts[0], positives: counts[1] };
}

/** One entry a bin that has rows. */
export interface ReliabilityCurve {
  readonly meanScore: Float64Array;
  readonly positiveShare: Float64Array;
  /** Wilson's 95 % interval of the share. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly count: Uint32Array;
}

/**
 * What share of the rows is positive where the model says p (scikit-learn's `calibration_curve`).
 *
 * @param scores probabilities in 0 … 1
 * @param options `bins` (default 10) of equal width (`uniform`, default) or of equal row count (`quantile`)
 */
export function reliabilityCurve(
  labels: Uint8Array,
  scores: Scores,
  { bins = 10, strategy = 'uniform' }: { bins?: number; strategy?: 'uniform' | 'quantile' } = {},
): ReliabilityCurve {
  checkBinary(labels, scores);
  checkBins(bins);
  const sorted = strategy === 'quantile' ? new Float64Array(scores).sort() : null;
  const innerEdges = Float64Array.from({ length: bins - 1 }, (_, i) =>
    sorted ? quantileOfSorted(sorted, (i + 1) / bins) : (i + 1) / bins,
  );
  const sums = new Float64Array(bins);
  const positives = new Float64Array(bins);
  const counts = new Uint32Array(bins);
  for (let i = 0; i < labels.length; i++) {
    const score = scores[i]!;
    if (score < 0 || score > 1) {
      throw new MetricsError(
        'metrics_invalid_value',
        `Score ${score} at row ${i}: expected a probability, 0 to 1.`,
      );
    }
    let bin = 0;
    while (bin < innerEdges.length && innerEdges[bin]! < score) bin++;
    sums[bin]! += score;
    positives[bin]! += labels[i]!;
    counts[bin]!++;
  }
  const filled = Array.from(counts.keys()).filter((bin) => counts[bin]! > 0);
  const intervals = filled.map((bin) => wilsonInterval(positives[bin]!, counts[bin]!));
  return {
    meanScore: Float64Array.from(filled, (bin) => sums[bin]! / counts[bin]!),
    positiveShare: Float64Array.from(filled, (bin) => positives[bin]! / counts[bin]!),
    low: Float64Array.from(intervals, ({ low }) => low),
    high: Float64Array.from(intervals, ({ high }) => high),
    count: Uint32Array.from(filled, (bin) => counts[bin]!),
  };
}

/** @throws MetricsError `metrics_invalid_argument` */
export function checkBins(bins: number): void {
  if (!Number.isInteger(bins) || bins < 1) {
    throw new MetricsError(
      'metrics_invalid_argument',
      `${bins} bins: expected a whole number of at least 1.`,
    );
  }
}
