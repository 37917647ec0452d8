import { checkLengths, checkRegression, type Scores } from './checked-input.ts';
import { explained } from './regression.ts';
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

export type RegressionMetric = 'rmse' | 'mae' | 'r2';

const DEFAULT_SEED = 1;

/** Both sides' metrics and candidate − current, with bootstrap intervals. */
export function compareRegression(
  targets: Float64Array,
  current: Scores,
  candidate: Scores,
  options: BootstrapOptions = {},
): Comparison<RegressionMetric> {
  checkRegression(targets, current);
  checkLengths(targets.length, candidate.length);
  checkRegression(targets, candidate);
  const draws = drawsFor(targets.length, options);
  const sides = [regressionMetrics(targets, current), regressionMetrics(targets, candidate)];
  const [a, b] = resample(targets.length, sides, draws, options.seed ?? DEFAULT_SEED) as [
    Draws<RegressionMetric>,
    Draws<RegressionMetric>,
  ];
  return { draws, current: intervalsOf(a), candidate: intervalsOf(b), difference: differencesOf(a, b) };
}

/** Every metric of one model with its bootstrap interval. */
export function assessRegression(
  targets: Float64Array,
  predictions: Scores,
  options: BootstrapOptions = {},
): Assessment<RegressionMetric> {
  checkRegression(targets, predictions);
  const draws = drawsFor(targets.length, options);
  const sides = [regressionMetrics(targets, predictions)];
  const [side] = resample(targets.length, sides, draws, options.seed ?? DEFAULT_SEED) as [
    Draws<RegressionMetric>,
  ];
  return { draws, metrics: intervalsOf(side) };
}

function regressionMetrics(targets: Float64Array, predictions: Scores): ResampledMetrics<RegressionMetric> {
  const errors = targets.map((target, i) => predictions[i]! - target);
  return {
    names: ['rmse', 'mae', 'r2'],
    evaluate(counts, out) {
      const rows = counts.length;
      let squares = 0;
      let distances = 0;
      let targetSum = 0;
      for (let i = 0; i < rows; i++) {
        const count = counts[i]!;
        const error = errors[i]!;
        squares += count * error * error;
        distances += count * Math.abs(error);
        targetSum += count * targets[i]!;
      }
      const mean = targetSum / rows;
      let total = 0;
      for (let i = 0; i < rows; i++) total += counts[i]! * (targets[i]! - mean) ** 2;
      out[0] = Math.sqrt(squares / rows);
      out[1] = distances / rows;
      out[2] = rows < 2 ? NaN : explained(squares, total);
    },
  };
}
