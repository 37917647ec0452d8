import type { Comparison, Costs, Difference, Task } from '@kaefer/contracts';
import type { DecidingMetric } from '@kaefer/contracts/messages';
import {
  aucScore,
  averagePrecisionScore,
  balancedAccuracyScore,
  brierLoss,
  confusionAt,
  accuracyScore,
  deLong,
  expectedCost,
  f1Score,
  lineariseBinary,
  lineariseMulticlass,
  lineariseRegression,
  linearisedDifference,
  logLoss,
  macroF1,
  mae,
  matthewsScore,
  multiclassAccuracy,
  multiclassBalancedAccuracy,
  multiclassLogLoss,
  multiclassMatthews,
  ovrAuc,
  precisionScore,
  r2,
  recallScore,
  rmse,
  specificityScore,
  type Interval,
  type Linearised,
} from '@kaefer/metrics';
import type { PlainModel } from '../features/plain-model.ts';
import { alignClasses } from './align-classes.ts';
import { finiteOrNull } from './assess.ts';
import { decideOutcome } from './verdict.ts';

export interface PlainAssessment {
  readonly plain: PlainModel;
  /** Those that the plain model knows. */
  readonly ownClasses: readonly string[];
  /** Those of the labels. */
  readonly classes: readonly string[];
  readonly labels: Float64Array;
  /** The candidate's, row-major, rows × classes. */
  readonly candidate: Float32Array;
  /** Binary only: prices of wrong answers. */
  readonly costs: Costs | null;
  /** The one that decides. */
  readonly metric: DecidingMetric;
}

type Metrics = Record<string, number | null>;
export type Baseline = NonNullable<Comparison['baseline']>;

/** @param scores the plain model's, row-major, rows × its classes */
export function assessPlain(request: PlainAssessment, scores: Float32Array): Baseline {
  const { plain, ownClasses, classes, labels, candidate, metric, costs } = request;
  const { task } = plain;
  const aligned = task === 'multiclass' ? alignClasses(scores, ownClasses, classes) : scores;
  const prior = guess(plain.prior, labels.length);
  const guessed = task === 'multiclass' ? alignClasses(prior, ownClasses, classes) : prior;
  const difference = differenceOf(metric, task, labels, aligned, candidate, classes.length);
  return {
    kind: ({ binary: 'logistic', multiclass: 'softmax', regression: 'linear' } as const)[task],
    learnedWith: plain.learnedWith,
    rows: plain.rows,
    metrics: metricsOf(task, labels, aligned, classes.length, { threshold: plain.threshold, costs }),
    prior: metricsOf(task, labels, guessed, classes.length, null),
    difference,
    isBeaten: decideOutcome(task, difference, 0, metric) === 'better',
  };
}

/** The same for every row. */
function guess(prior: readonly number[], rows: number): Float32Array {
  const scores = new Float32Array(rows * prior.length);
  for (let i = 0; i < scores.length; i++) scores[i] = prior[i % prior.length] as number;
  return scores;
}

function metricsOf(
  task: Task,
  labels: Float64Array,
  scores: Float32Array,
  classes: number,
  deciding: { readonly threshold: number | null; readonly costs: Costs | null } | null,
): Metrics {
  const figures = ((): Record<string, number> => {
    switch (task) {
      case 'binary': {
        const truth = new Uint8Array(labels);
        const orders = {
          auc: aucScore(truth, scores),
          averagePrecision: averagePrecisionScore(truth, scores),
          logLoss: logLoss(truth, scores),
          brier: brierLoss(truth, scores),
        };
        if (deciding === null || deciding.threshold === null) return orders;
        const { threshold, costs } = deciding;
        const confusion = confusionAt(truth, scores, threshold);
        return {
          ...orders,
          accuracy: accuracyScore(confusion),
          precision: precisionScore(confusion),
          recall: recallScore(confusion),
          f1: f1Score(confusion),
          specificity: specificityScore(confusion),
          balancedAccuracy: balancedAccuracyScore(confusion),
          matthews: matthewsScore(confusion),
          ...(costs === null ? {} : { expectedCost: expectedCost(confusion, costs) }),
          threshold,
        };
      }
      case 'multiclass': {
        const truth = new Int32Array(labels);
        return {
          accuracy: multiclassAccuracy(truth, scores, classes),
          balancedAccuracy: multiclassBalancedAccuracy(truth, scores, classes),
          macroF1: macroF1(truth, scores, classes),
          matthews: multiclassMatthews(truth, scores, classes),
          logLoss: multiclassLogLoss(truth, scores, classes),
          auc: ovrAuc(truth, scores, classes),
        };
      }
      case 'regression':
        return { rmse: rmse(labels, scores), mae: mae(labels, scores), r2: r2(labels, scores) };
    }
  })();
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, finiteOrNull(value)]));
}

/** Candidate − plain in the deciding metric, paired by row: DeLong's, or by the infinitesimal jackknife. */
function differenceOf(
  metric: DecidingMetric,
  task: Task,
  labels: Float64Array,
  plain: Float32Array,
  candidate: Float32Array,
  classes: number,
): Difference {
  const { estimate, low, high } = ((): Interval => {
    if (task === 'binary' && metric === 'auc') {
      const { difference, ...bounds } = deLong(new Uint8Array(labels), plain, candidate);
      return { estimate: difference, ...bounds };
    }
    const of = (scores: Float32Array): Linearised | undefined =>
      linearise(task, labels, scores, classes)[metric];
    const [from, to] = [of(plain), of(candidate)];
    if (from === undefined || to === undefined) throw new TypeError(`${metric} is no metric of ${task}`);
    return linearisedDifference(from, to);
  })();
  return { estimate: finiteOrNull(estimate), low: finiteOrNull(low), high: finiteOrNull(high) };
}

function linearise(
  task: Task,
  labels: Float64Array,
  scores: Float32Array,
  classes: number,
): Readonly<Record<string, Linearised>> {
  switch (task) {
    case 'binary':
      return lineariseBinary(new Uint8Array(labels), scores);
    case 'multiclass':
      return lineariseMulticlass(new Int32Array(labels), scores, classes);
    case 'regression':
      return lineariseRegression(labels, scores);
  }
}
