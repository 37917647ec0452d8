import { checkLengths, checkRegression, type Scores } from './checked-input.ts';
import { lineariseRegression, type RegressionMetric } from './linearised-regression.ts';
import { assessAlone, comparePaired, type Measured } from './paired-comparison.ts';
import { explained } from './regression.ts';
import type { Assessment, BootstrapOptions, Comparison, ResampledMetrics } from './resampling.ts';

/** Both sides' metrics and candidate − current, with 95 % intervals. */
export function compareRegression(
  targets: Float64Array,
  current: Scores,
  candidate: Scores,
  options: BootstrapOptions = {},
): Comparison<RegressionMetric> {
  checkRegression(targets, current);
  checkLengths(targets.length, candidate.length);
  checkRegression(targets, candidate);
  const rows = targets.length;
  return comparePaired(rows, rows, measured(targets, current), measured(targets, candidate), options);
}

/** Every metric of one model with its 95 % interval. */
export function assessRegression(
  targets: Float64Array,
  predictions: Scores,
  options: BootstrapOptions = {},
): Assessment<RegressionMetric> {
  checkRegression(targets, predictions);
  return assessAlone(targets.length, targets.length, measured(targets, predictions), options);
}

const measured = (targets: Float64Array, predictions: Scores): Measured<RegressionMetric> => ({
  resampled: () => regressionMetrics(targets, predictions),
  linearised: () => lineariseRegression(targets, predictions),
});

function regressionMetrics(targets: Float64Array, predictions: Scores): ResampledMetrics<RegressionMetric> {
  const errors = targets.map((target, i) => predictions[i]! - target);
  return {
    names: ['rmse', 'mae', 'r2'],
    evaluate(counts, out) {
      let rows = 0;
      let squares = 0;
      let distances = 0;
      let targetSum = 0;
      for (let i = 0; i < counts.length; i++) {
        const count = counts[i]!;
        rows += count;
        const error = errors[i]!;
        squares += count * error * error;
        distances += count * Math.abs(error);
        targetSum += count * targets[i]!;
      }
      const mean = targetSum / rows;
      let total = 0;
      for (let i = 0; i < counts.length; i++) total += counts[i]! * (targets[i]! - mean) ** 2;
      out[0] = Math.sqrt(squares / rows);
      out[1] = distances / rows;
      out[2] = rows < 2 ? NaN : explained(squares, total);
    },
  };
}
