import { rowBrierLosses, rowLogLosses } from './binary-scores.ts';
import { checkBinary, checkLengths, type Scores } from './checked-input.ts';
import { resampleConfusions, type ConfusionMetric } from './confusion-resampling.ts';
import { aucInterval, deLong } from './delong.ts';
import type { Interval, IntervalWithPValue } from './interval.ts';
import {
  differencesOf,
  drawsFor,
  intervalsOf,
  resample,
  type Assessment,
  type BootstrapOptions,
  type Comparison,
  type Draws,
  type ResampledMetrics,
} from './resampling.ts';
import { prepareAveragePrecision } from './weighted-average-precision.ts';

/** One model's probabilities of the positive class, and the threshold at or above which it calls a row positive. */
export interface BinarySide {
  readonly scores: Scores;
  readonly threshold: number;
}

type RowMetric = 'averagePrecision' | 'logLoss' | 'brier';
export type BootstrappedBinaryMetric = RowMetric | ConfusionMetric;
export type BinaryMetric = 'auc' | BootstrappedBinaryMetric;

const DEFAULT_SEED = 1;

/**
 * Percentile intervals, by resampling rows, of each metric of both sides and of candidate − current. Both
 * sides see the same resampled rows. Deterministic for a seed.
 *
 * @param labels rows of 0 or 1
 */
export function pairedBootstrap(
  labels: Uint8Array,
  current: BinarySide,
  candidate: BinarySide,
  options: BootstrapOptions = {},
): Comparison<BootstrappedBinaryMetric> {
  checkBinary(labels, current.scores);
  checkLengths(labels.length, candidate.scores.length);
  checkBinary(labels, candidate.scores);
  const draws = drawsFor(labels.length, options);
  const seed = options.seed ?? DEFAULT_SEED;
  const [rowsA, rowsB] = resample(
    labels.length,
    [rowMetrics(labels, current.scores), rowMetrics(labels, candidate.scores)],
    draws,
    seed,
  ) as [Draws<RowMetric>, Draws<RowMetric>];
  const [cellsA, cellsB] = resampleConfusions(labels, called(current), called(candidate), draws, seed + 1);
  const a = { ...rowsA, ...cellsA };
  const b = { ...rowsB, ...cellsB };
  return { draws, current: intervalsOf(a), candidate: intervalsOf(b), difference: differencesOf(a, b) };
}

/**
 * Everything that a comparison of two binary models shows: {@link pairedBootstrap}, and the AUC with
 * {@link deLong}'s intervals and p-value.
 */
export function compareBinary(
  labels: Uint8Array,
  current: BinarySide,
  candidate: BinarySide,
  options: BootstrapOptions = {},
): Comparison<BinaryMetric> & { readonly difference: { readonly auc: IntervalWithPValue } } {
  const areas = deLong(labels, current.scores, candidate.scores);
  const rest = pairedBootstrap(labels, current, candidate, options);
  const { difference: estimate, low, high, pValue } = areas;
  return {
    draws: rest.draws,
    current: { auc: aucInterval(labels, current.scores), ...rest.current },
    candidate: { auc: aucInterval(labels, candidate.scores), ...rest.candidate },
    difference: { auc: { estimate, low, high, pValue }, ...rest.difference },
  };
}

/** Every metric of one model with its own interval: DeLong's for the AUC, the bootstrap's for the rest. */
export function assessBinary(
  labels: Uint8Array,
  side: BinarySide,
  options: BootstrapOptions = {},
): Assessment<BinaryMetric> {
  checkBinary(labels, side.scores);
  const draws = drawsFor(labels.length, options);
  const seed = options.seed ?? DEFAULT_SEED;
  const [rows] = resample(labels.length, [rowMetrics(labels, side.scores)], draws, seed) as [
    Draws<RowMetric>,
  ];
  const predicted = called(side);
  const [cells] = resampleConfusions(labels, predicted, predicted, draws, seed + 1);
  const bootstrapped: Record<BootstrappedBinaryMetric, Interval> = intervalsOf({ ...rows, ...cells });
  return { draws, metrics: { auc: aucInterval(labels, side.scores), ...bootstrapped } };
}

const called = ({ scores, threshold }: BinarySide): Uint8Array =>
  Uint8Array.from(scores, (score) => (score >= threshold ? 1 : 0));

function rowMetrics(labels: Uint8Array, scores: Scores): ResampledMetrics<RowMetric> {
  const averagePrecision = prepareAveragePrecision(labels, scores);
  const logLosses = rowLogLosses(labels, scores);
  const brierLosses = rowBrierLosses(labels, scores);
  return {
    names: ['averagePrecision', 'logLoss', 'brier'],
    evaluate(counts, out) {
      let logSum = 0;
      let brierSum = 0;
      for (let i = 0; i < counts.length; i++) {
        const count = counts[i]!;
        logSum += count * logLosses[i]!;
        brierSum += count * brierLosses[i]!;
      }
      out[0] = averagePrecision(counts);
      out[1] = logSum / counts.length;
      out[2] = brierSum / counts.length;
    },
  };
}
