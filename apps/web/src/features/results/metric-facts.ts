import type { Difference, Task } from '@kaefer/contracts';

/** The figures that have a name and an explanation, in the order in which they are shown for each task. */
export const metricsOfTask = {
  binary: [
    'auc',
    'averagePrecision',
    'recall',
    'precision',
    'specificity',
    'f1',
    'accuracy',
    'balancedAccuracy',
    'matthews',
    'expectedCost',
    'logLoss',
    'brier',
  ],
  multiclass: ['accuracy', 'balancedAccuracy', 'macroF1', 'matthews', 'auc', 'logLoss'],
  regression: ['mae', 'rmse', 'r2'],
} as const satisfies Record<Task, readonly string[]>;

export type KnownMetric = (typeof metricsOfTask)[Task][number];

const smallerIsBetter: ReadonlySet<string> = new Set(['logLoss', 'brier', 'expectedCost', 'rmse', 'mae']);

export const isSmallerBetter = (metric: string): boolean => smallerIsBetter.has(metric);

export type Change = 'better' | 'worse' | 'same';

/** What a difference says of the new model: only an interval that leaves zero out is a clear one. */
export function changeOf(metric: string, difference: Difference | undefined): Change {
  if (!difference || difference.low === null || difference.high === null) return 'same';
  if (difference.low <= 0 && difference.high >= 0) return 'same';
  return difference.low > 0 === isSmallerBetter(metric) ? 'worse' : 'better';
}
