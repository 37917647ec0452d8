import { rowBrierLosses, rowLogLosses } from './binary-scores.ts';
import { checkBinary, checkLengths, type Scores } from './checked-input.ts';
import { expectedCost, type Confusion, type Costs } from './confusion.ts';
import { confusionMetrics, resampleConfusions, type ConfusionMetric } from './confusion-resampling.ts';
import { areaOf, compareAreas, intervalOfArea } from './delong.ts';
import type { Interval, IntervalWithPValue } from './interval.ts';
import { lineariseBinary, type LinearisedMetric } from './linearised.ts';
import { assessAlone, comparePaired, type Measured } from './paired-comparison.ts';
import {
  differencesOf,
  drawsWanted,
  intervalsOf,
  type Assessment,
  type BootstrapOptions,
  type Comparison,
  type ResampledMetrics,
} from './resampling.ts';
import type { ScoreGroups } from './score-groups.ts';
import { ascendingOrder } from './score-order.ts';
import { prepareAveragePrecision } from './weighted-average-precision.ts';

/** One model's probabilities of the positive class, and the threshold at or above which it calls a row positive. */
export interface BinarySide {
  readonly scores: Scores;
  readonly threshold: number;
  /** The rows by ascending score, when {@link ascendingOrder} was asked for it already; sorting is most of the work. */
  readonly order?: Uint32Array;
  /** The same for {@link groupByScore}. */
  readonly groups?: ScoreGroups;
}

type RowMetric = LinearisedMetric;
export type BootstrappedBinaryMetric = RowMetric | ConfusionMetric;
export type BinaryMetric = 'auc' | BootstrappedBinaryMetric;

export interface BinaryOptions extends BootstrapOptions {
  /** Prices of wrong answers; with them there is an expected cost. Default none. */
  readonly costs?: Costs | undefined;
}

/** A comparison of two binary models. */
export interface BinaryComparison<Name extends string> extends Comparison<Name> {
  /** Mean cost of a row at each side's threshold, in the currency of the costs; null without costs. */
  readonly expectedCost: Record<'current' | 'candidate' | 'difference', Interval> | null;
}

const DEFAULT_SEED = 1;
const free: Costs = { falsePositive: 0, falseNegative: 0 };

/**
 * 95 % intervals of each metric of both sides and of candidate − current, by resampling rows: both sides see the same
 * resampled rows. Deterministic for a seed.
 *
 * Metrics of confusions resample their table and always get all draws. For the others, where rows × draws would pass
 * 40,000,000, the interval is the infinitesimal jackknife's, to which the bootstrap tends; `linearised` says so.
 *
 * @param labels rows of 0 or 1
 */
export function pairedBootstrap(
  labels: Uint8Array,
  current: BinarySide,
  candidate: BinarySide,
  options: BinaryOptions = {},
): BinaryComparison<BootstrappedBinaryMetric> {
  checkBinary(labels, current.scores);
  checkLengths(labels.length, candidate.scores.length);
  checkBinary(labels, candidate.scores);
  const confusions = resampledConfusions(labels, called(current), called(candidate), options);
  const rows = labels.length;
  const rest = comparePaired(rows, rows, measured(labels, current), measured(labels, candidate), options);
  return {
    draws: rest.draws,
    linearised: rest.linearised,
    current: { ...rest.current, ...confusions.current },
    candidate: { ...rest.candidate, ...confusions.candidate },
    difference: { ...rest.difference, ...confusions.difference },
    expectedCost: confusions.expectedCost,
  };
}

interface ResampledConfusions extends PairedIntervals<ConfusionMetric> {
  readonly expectedCost: BinaryComparison<string>['expectedCost'];
}

function resampledConfusions(
  labels: Uint8Array,
  calledA: Uint8Array,
  calledB: Uint8Array,
  options: BinaryOptions,
): ResampledConfusions {
  const { costs = free, seed = DEFAULT_SEED } = options;
  const metrics = { ...confusionMetrics, expectedCost: (one: Confusion) => expectedCost(one, costs) };
  const [a, b] = resampleConfusions(labels, calledA, calledB, metrics, drawsWanted(options), seed + 1);
  const { expectedCost: current, ...metricsA } = intervalsOf(a);
  const { expectedCost: candidate, ...metricsB } = intervalsOf(b);
  const { expectedCost: difference, ...differences } = differencesOf(a, b);
  return {
    current: metricsA,
    candidate: metricsB,
    difference: differences,
    expectedCost: options.costs === undefined ? null : { current, candidate, difference },
  };
}

type PairedIntervals<Name extends string> = Record<
  'current' | 'candidate' | 'difference',
  Record<Name, Interval>
>;

/**
 * Everything that a comparison of two binary models shows: {@link pairedBootstrap}, and the AUC with
 * {@link compareAreas}'s intervals and p-value.
 */
export function compareBinary(
  labels: Uint8Array,
  current: BinarySide,
  candidate: BinarySide,
  options: BinaryOptions = {},
): BinaryComparison<BinaryMetric> & { readonly difference: { readonly auc: IntervalWithPValue } } {
  const [a, b] = [ordered(current), ordered(candidate)];
  const rest = pairedBootstrap(labels, a, b, options);
  const areaA = areaOf(labels, a.scores, a.order);
  const areaB = areaOf(labels, b.scores, b.order);
  const { difference: estimate, low, high, pValue } = compareAreas(labels, areaA, areaB);
  return {
    draws: rest.draws,
    linearised: rest.linearised,
    current: { auc: intervalOfArea(labels, areaA), ...rest.current },
    candidate: { auc: intervalOfArea(labels, areaB), ...rest.candidate },
    difference: { auc: { estimate, low, high, pValue }, ...rest.difference },
    expectedCost: rest.expectedCost,
  };
}

export interface BinaryAssessment extends Assessment<BinaryMetric> {
  /** As in {@link BinaryComparison}. */
  readonly expectedCost: Interval | null;
}

/** Every metric of one model with its own interval: DeLong's for the AUC, the bootstrap's for the rest. */
export function assessBinary(
  labels: Uint8Array,
  side: BinarySide,
  options: BinaryOptions = {},
): BinaryAssessment {
  checkBinary(labels, side.scores);
  const known = ordered(side);
  const predicted = called(side);
  const confusions = resampledConfusions(labels, predicted, predicted, options);
  const rest = assessAlone(labels.length, labels.length, measured(labels, known), options);
  return {
    draws: rest.draws,
    linearised: rest.linearised,
    metrics: {
      auc: intervalOfArea(labels, areaOf(labels, side.scores, known.order)),
      ...rest.metrics,
      ...confusions.current,
    },
    expectedCost: confusions.expectedCost?.current ?? null,
  };
}

const ordered = (side: BinarySide): BinarySide & { readonly order: Uint32Array } => ({
  ...side,
  order: side.order ?? ascendingOrder(side.scores),
});

const measured = (labels: Uint8Array, { scores, order, groups }: BinarySide): Measured<RowMetric> => ({
  resampled: () => rowMetrics(labels, scores),
  linearised: () => lineariseBinary(labels, scores, order, groups),
});

function called({ scores, threshold }: BinarySide): Uint8Array {
  const predicted = new Uint8Array(scores.length);
  for (let i = 0; i < scores.length; i++) predicted[i] = scores[i]! >= threshold ? 1 : 0;
  return predicted;
}

function rowMetrics(labels: Uint8Array, scores: Scores): ResampledMetrics<RowMetric> {
  const averagePrecision = prepareAveragePrecision(labels, scores);
  const logLosses = rowLogLosses(labels, scores);
  const brierLosses = rowBrierLosses(labels, scores);
  return {
    names: ['averagePrecision', 'logLoss', 'brier'],
    evaluate(counts, out) {
      let rows = 0;
      let logSum = 0;
      let brierSum = 0;
      for (let i = 0; i < counts.length; i++) {
        const count = counts[i]!;
        rows += count;
        logSum += count * logLosses[i]!;
        brierSum += count * brierLosses[i]!;
      }
      out[0] = averagePrecision(counts);
      out[1] = logSum / rows;
      out[2] = brierSum / rows;
    },
  };
}
