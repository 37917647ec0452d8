import { checkRegression, type Scores } from './checked-input.ts';

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
