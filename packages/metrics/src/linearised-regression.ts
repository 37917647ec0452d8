import type { Scores } from './checked-input.ts';
import { lineariseMean, type Linearised } from './linearised.ts';
import { explained } from './regression.ts';

export type RegressionMetric = 'rmse' | 'mae' | 'r2';

/** The infinitesimal jackknife of the metrics of numbers; see {@link Linearised}. */
export function lineariseRegression(
  targets: Float64Array,
  predictions: Scores,
): Record<RegressionMetric, Linearised> {
  const squares = targets.map((target, row) => (predictions[row]! - target) ** 2);
  return {
    rmse: rootOf(lineariseMean(squares.slice())),
    mae: lineariseMean(targets.map((target, row) => Math.abs(predictions[row]! - target))),
    r2: lineariseExplained(targets, squares),
  };
}

/** d√m = dm / 2√m. */
function rootOf({ estimate, influences }: Linearised): Linearised {
  const root = Math.sqrt(estimate);
  return { estimate: root, influences: influences.map((change) => (root === 0 ? 0 : change / (2 * root))) };
}

/** 1 − S / T changes by S (y − ȳ)² / T² − e² / T; that the mean moves changes T only in the second order. */
function lineariseExplained(targets: Float64Array, squares: Float64Array): Linearised {
  const rows = targets.length;
  const mean = targets.reduce((sum, target) => sum + target, 0) / rows;
  const residual = squares.reduce((sum, square) => sum + square, 0);
  const total = targets.reduce((sum, target) => sum + (target - mean) ** 2, 0);
  return {
    estimate: rows < 2 ? NaN : explained(residual, total),
    influences: targets.map((target, row) =>
      total === 0 ? 0 : (residual * (target - mean) ** 2) / total ** 2 - squares[row]! / total,
    ),
  };
}
