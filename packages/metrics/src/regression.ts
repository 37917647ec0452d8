import { checkRegression, type Scores } from './checked-input.ts';
import { MetricsError } from './metrics-error.ts';

/** Root of the mean squared error, in the target's unit. */
export function rmse(targets: Float64Array, predictions: Scores): number {
  checkRegression(targets, predictions);
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += (predictions[i]! - targets[i]!) ** 2;
  return Math.sqrt(sum / targets.length);
}

/** Mean absolute error, in the target's unit. */
export function mae(targets: Float64Array, predictions: Scores): number {
  checkRegression(targets, predictions);
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += Math.abs(predictions[i]! - targets[i]!);
  return sum / targets.length;
}

/**
 * Mean absolute error as a share of the true value, 0.1 for 10 %. As in scikit-learn a true value of 0 counts as the
 * machine epsilon, so that one such row makes the mean huge: a target that can be 0 wants another metric.
 */
export function mape(targets: Float64Array, predictions: Scores): number {
  checkRegression(targets, predictions);
  let sum = 0;
  for (let i = 0; i < targets.length; i++) {
    sum += Math.abs(predictions[i]! - targets[i]!) / Math.max(Number.EPSILON, Math.abs(targets[i]!));
  }
  return sum / targets.length;
}

/**
 * Mean pinball loss of predicted quantiles, in the target's unit: a row above its prediction costs `quantile` a unit,
 * one below it 1 − `quantile`. At 0.5 it is half of {@link mae}.
 *
 * @param quantile in 0 … 1; default 0.5
 * @throws MetricsError `metrics_invalid_argument`
 */
export function pinballLoss(targets: Float64Array, predictions: Scores, quantile = 0.5): number {
  checkRegression(targets, predictions);
  if (!(quantile >= 0 && quantile <= 1)) {
    throw new MetricsError('metrics_invalid_argument', `quantile ${quantile}: expected 0 to 1.`);
  }
  let sum = 0;
  for (let i = 0; i < targets.length; i++) {
    const above = targets[i]! - predictions[i]!;
    sum += above >= 0 ? quantile * above : (quantile - 1) * above;
  }
  return sum / targets.length;
}

/**
 * Share of the target's variance that is explained; negative when the predictions are worse than the mean.
 * As in scikit-learn: NaN for fewer than two rows; for a constant target 1 when met exactly, otherwise 0.
 */
export function r2(targets: Float64Array, predictions: Scores): number {
  checkRegression(targets, predictions);
  if (targets.length < 2) return NaN;
  let mean = 0;
  for (let i = 0; i < targets.length; i++) mean += targets[i]!;
  mean /= targets.length;
  let residual = 0;
  let total = 0;
  for (let i = 0; i < targets.length; i++) {
    residual += (predictions[i]! - targets[i]!) ** 2;
    total += (targets[i]! - mean) ** 2;
  }
  return explained(residual, total);
}

export function explained(residual: number, total: number): number {
  if (total === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
}
