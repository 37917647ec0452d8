import type { Booster } from './booster.ts';
import type { DMatrix } from './dmatrix.ts';
import type { Metrics } from './early-stopping.ts';
import { XgboostError } from './errors.ts';
import type { Parameters } from './parameter-schema.ts';

/** A matrix whose metrics are computed after each round, and what it is called in them. */
export interface Evaluated {
  readonly matrix: DMatrix;
  readonly name: string;
}

/** A loss and a metric that the library does not have. */
export interface Customs {
  /**
   * A loss of your own: its first and second derivatives by the margin, one a row, or row-major one a row and class.
   * The model then answers with margins; `base_score` and the objective's own transformation are yours to care for.
   */
  readonly objective?: (margins: Float32Array, matrix: DMatrix) => Derivatives;
  /** A metric of your own, beside those of `eval_metric`. */
  readonly metric?: CustomMetric;
}

export interface Derivatives {
  readonly gradient: Float32Array;
  readonly hessian: Float32Array;
}

export interface CustomMetric {
  readonly name: string;
  /** @param predictions row-major: values, or margins where the objective is your own */
  readonly evaluate: (predictions: Float32Array, matrix: DMatrix) => number;
}

/** @throws XgboostError `XGBOOST_BAD_ARGUMENT` */
export function checkCustoms({ booster }: Parameters, { objective }: Customs): void {
  if (objective === undefined || booster !== 'dart') return;
  const message =
    'An objective of your own cannot be used with booster dart, whose trees are dropped at random.';
  throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
}

/** One round of boosting. */
export function boostOnce(
  booster: Booster,
  parameters: Parameters,
  matrix: DMatrix,
  iteration: number,
  { objective }: Customs,
): void {
  // Going over existing trees draws nothing, and a configuration that is loaded forgets that this was asked for.
  if (parameters.seed_per_iteration && parameters.process_type !== 'update')
    booster.renewSamplers(parameters.eval_metric);
  if (objective === undefined) {
    booster.update(matrix, iteration);
    return;
  }
  const margins = booster.predict(matrix, { kind: 'margin' }).values;
  const { gradient, hessian } = objective(margins, matrix);
  booster.boost(matrix, gradient, hessian, iteration);
}

/** The metrics of every evaluated matrix after a round. */
export function evaluateOnce(
  booster: Booster,
  iteration: number,
  evaluated: readonly Evaluated[],
  { objective, metric }: Customs,
): Metrics {
  if (evaluated.length === 0) return {};
  const metrics = booster.evaluate(iteration, evaluated);
  if (metric === undefined) return metrics;
  const kind = objective === undefined ? 'value' : 'margin';
  for (const { matrix, name } of evaluated)
    (metrics[name] ??= {})[metric.name] = metric.evaluate(booster.predict(matrix, { kind }).values, matrix);
  return metrics;
}
