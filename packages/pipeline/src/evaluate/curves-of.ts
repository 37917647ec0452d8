import {
  calibrationLine,
  confusionAt,
  confusionMatrix,
  precisionRecallCurve,
  predictedClasses,
  reliabilityCurve,
  rocCurve,
  scoreHistogram,
  type CurveOptions,
} from '@kaefer/metrics';
import type { Confusion, Curves } from '@kaefer/contracts';
import { finiteOrNull, type Sample, type Side } from './assess.ts';
import { countThresholds } from './count-thresholds.ts';

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
  { task, labels, classes }: Sample,
  side: Side,
  thresholds: readonly number[],
): Curves {
  const { scores, order, groups } = side;
  if (task === 'regression') return { predicted: samplePairs(labels, scores) };
  if (task === 'multiclass') return { calibration: calibrationOf(...calledClasses(labels, scores, classes)) };
  const truth = new Uint8Array(labels);
  const histogram = scoreHistogram(truth, scores, { bins: scoreBins });
  return {
    ...rankingCurves(truth, scores, {
      maxPoints: curvePoints,
      ...(order === undefined ? {} : { order }),
      ...(groups === undefined ? {} : { groups }),
    }),
    scores: {
      binWidth: 1 / scoreBins,
      positives: [...histogram.positives],
      negatives: [...histogram.negatives],
    },
    thresholds: countThresholds(labels, side, thresholds),
    calibration: calibrationOf(truth, scores),
  };
}

/** ROC and precision-recall of rows of 0 or 1. */
export function rankingCurves(
  truth: Uint8Array,
  scores: Float32Array | Float64Array,
  options: CurveOptions,
): Required<Pick<Curves, 'roc' | 'precisionRecall'>> {
  const roc = rocCurve(truth, scores, options);
  const precisionRecall = precisionRecallCurve(truth, scores, options);
  return {
    roc: pairs(roc.falsePositiveRate, roc.truePositiveRate),
    precisionRecall: pairs(precisionRecall.recall, precisionRecall.precision),
  };
}

/** Whether the class that a model calls is right, and the probability that the model gives it. */
function calledClasses(
  labels: Float64Array,
  scores: Float32Array,
  classes: number,
): [isRight: Uint8Array, certainty: Float32Array] {
  const called = predictedClasses(scores, classes);
  return [
    Uint8Array.from(called, (one, row) => (one === labels[row] ? 1 : 0)),
    Float32Array.from(called, (one, row) => Math.min(1, scores[row * classes + one] as number)),
  ];
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
