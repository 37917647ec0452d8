import {
  assessBinary,
  assessMulticlass,
  assessRegression,
  calibrationLine,
  compareBinary,
  compareMulticlass,
  compareRegression,
  confusionAt,
  confusionMatrix,
  precisionRecallCurve,
  reliabilityCurve,
  rocCurve,
  scoreHistogram,
  type Interval,
  type ScoreGroups,
} from '@kaefer/metrics';
import type { Confusion, Curves, Difference, Task } from '@kaefer/contracts';
import { countThresholds } from './count-thresholds.ts';

/** One model's scores of the holdout. */
export interface Side {
  readonly scores: Float32Array;
  /** Binary only. */
  readonly threshold: number | null;
  /** Binary only: the rows by ascending score, which most figures need. */
  readonly order?: Uint32Array;
  /** Binary only: the rows by score. */
  readonly groups?: ScoreGroups;
}

type Metrics = Record<string, number | null>;

/** One model's figures. */
export interface SideFigures {
  readonly metrics: Metrics;
  readonly intervals: Record<string, { low: number | null; high: number | null }>;
}

/** Figures of one or two models on the same rows. */
export interface Figures {
  readonly current: SideFigures | null;
  readonly candidate: SideFigures;
  readonly difference: Record<string, Difference> | null;
  readonly draws: number;
}

const seed = 20_260_101;

/**
 * Every metric of both models with its interval, and of their difference, on the same rows.
 *
 * @param labels binary 0 or 1, multiclass class index, regression value; one a row
 * @param classes number of classes; used for multiclass
 */
export function assess(
  task: Task,
  labels: Float64Array,
  classes: number,
  current: Side | null,
  candidate: Side,
  draws: number,
): Figures {
  const compared = run(task, labels, classes, current, candidate, { seed, draws });
  return {
    current:
      current === null || compared.current === null ? null : figuresOf(compared.current, current.threshold),
    candidate: figuresOf(compared.candidate, candidate.threshold),
    difference: compared.difference === null ? null : mapValues(compared.difference, differenceOf),
    draws: compared.draws,
  };
}

interface Compared {
  readonly draws: number;
  readonly current: Readonly<Record<string, Interval>> | null;
  readonly candidate: Readonly<Record<string, Interval>>;
  readonly difference: Readonly<Record<string, Interval & { readonly pValue?: number }>> | null;
}

function run(
  task: Task,
  labels: Float64Array,
  classes: number,
  current: Side | null,
  candidate: Side,
  options: { seed: number; draws: number },
): Compared {
  const alone = ({
    metrics,
    draws,
  }: {
    metrics: Readonly<Record<string, Interval>>;
    draws: number;
  }): Compared => ({ draws, current: null, candidate: metrics, difference: null });
  switch (task) {
    case 'binary': {
      const truth = new Uint8Array(labels);
      const side = ({ threshold, ...rest }: Side) => ({ ...rest, threshold: threshold ?? 0.5 });
      return current === null
        ? alone(assessBinary(truth, side(candidate), options))
        : compareBinary(truth, side(current), side(candidate), options);
    }
    case 'multiclass': {
      const truth = new Int32Array(labels);
      return current === null
        ? alone(assessMulticlass(truth, candidate.scores, classes, options))
        : compareMulticlass(truth, current.scores, candidate.scores, classes, options);
    }
    case 'regression': {
      const truth = new Float64Array(labels);
      return current === null
        ? alone(assessRegression(truth, candidate.scores, options))
        : compareRegression(truth, current.scores, candidate.scores, options);
    }
  }
}

function figuresOf(intervals: Readonly<Record<string, Interval>>, threshold: number | null): SideFigures {
  return {
    metrics: {
      ...mapValues(intervals, ({ estimate }) => finiteOrNull(estimate)),
      ...(threshold === null ? {} : { threshold }),
    },
    intervals: mapValues(intervals, ({ low, high }) => ({
      low: finiteOrNull(low),
      high: finiteOrNull(high),
    })),
  };
}

function differenceOf({ estimate, low, high, pValue }: Interval & { readonly pValue?: number }): Difference {
  return {
    estimate: finiteOrNull(estimate),
    low: finiteOrNull(low),
    high: finiteOrNull(high),
    ...(pValue === undefined ? {} : { pValue: finiteOrNull(pValue) }),
  };
}

export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

const curvePoints = 240;
const scoreBins = 25;
const calibrationGroups = 10;
const plottedPredictions = 400;

/**
 * What the plots of one model need.
 *
 * @param thresholds ascending; binary only
 */
export function curvesOf(
  task: Task,
  labels: Float64Array,
  side: Side,
  thresholds: readonly number[],
): Curves {
  const { scores, order, groups } = side;
  if (task === 'regression') return { predicted: samplePairs(labels, scores) };
  if (task === 'multiclass') return {};
  const truth = new Uint8Array(labels);
  const options = {
    maxPoints: curvePoints,
    ...(order === undefined ? {} : { order }),
    ...(groups === undefined ? {} : { groups }),
  };
  const roc = rocCurve(truth, scores, options);
  const precisionRecall = precisionRecallCurve(truth, scores, options);
  const histogram = scoreHistogram(truth, scores, { bins: scoreBins });
  return {
    roc: pairs(roc.falsePositiveRate, roc.truePositiveRate),
    precisionRecall: pairs(precisionRecall.recall, precisionRecall.precision),
    scores: {
      binWidth: 1 / scoreBins,
      positives: [...histogram.positives],
      negatives: [...histogram.negatives],
    },
    thresholds: countThresholds(labels, side, thresholds),
    calibration: calibrationOf(truth, scores),
  };
}

function calibrationOf(truth: Uint8Array, scores: Float32Array): NonNullable<Curves['calibration']> {
  const bins = { bins: calibrationGroups, strategy: 'quantile' } as const;
  const { meanScore, positiveShare, low, high, count } = reliabilityCurve(truth, scores, bins);
  const { slope, intercept } = calibrationLine(truth, scores);
  let distance = 0;
  for (let group = 0; group < count.length; group++)
    distance += count[group]! * Math.abs(positiveShare[group]! - meanScore[group]!);
  return {
    groups: Array.from(meanScore, (predicted, group) => ({
      predicted,
      observed: positiveShare[group]!,
      low: low[group]!,
      high: high[group]!,
      rows: count[group]!,
    })),
    error: distance / truth.length,
    slope: finiteOrNull(slope),
    intercept: finiteOrNull(intercept),
  };
}

function pairs(x: Float64Array, y: Float64Array): [number, number][] {
  return [...x].flatMap((value, index): [number, number][] => {
    const other = y[index] ?? Number.NaN;
    return Number.isFinite(value) && Number.isFinite(other) ? [[value, other]] : [];
  });
}

/** Evenly spaced rows: the holdout has no order that matters. */
function samplePairs(labels: Float64Array, scores: Float32Array): [number, number][] {
  const step = Math.max(1, Math.floor(labels.length / plottedPredictions));
  return Array.from({ length: Math.floor((labels.length - 1) / step) + 1 }, (_, index): [number, number] => [
    labels[index * step] ?? 0,
    scores[index * step] ?? 0,
  ]);
}

export function binaryConfusion(labels: Float64Array, { scores, threshold }: Side): Confusion {
  return confusionAt(new Uint8Array(labels), scores, threshold ?? 0.5);
}

export function classConfusion(labels: Float64Array, scores: Float32Array, classes: number): number[][] {
  const flat = confusionMatrix(new Int32Array(labels), scores, classes);
  return Array.from({ length: classes }, (_, row) => [...flat.subarray(row * classes, (row + 1) * classes)]);
}
