/**
 * The metrics by which the models of a project may be judged, for each task: the first where the project names none. No
 * threshold moves those of two outcomes.
 */
export const decidingMetrics = {
  binary: ['auc', 'averagePrecision', 'logLoss', 'brier'],
  multiclass: ['logLoss', 'accuracy', 'macroF1', 'auc'],
  regression: ['rmse', 'mae', 'r2'],
} as const;
export type DecidingMetric = (typeof decidingMetrics)[keyof typeof decidingMetrics][number];

const losses: ReadonlySet<string> = new Set<DecidingMetric>(['logLoss', 'brier', 'rmse', 'mae']);

/** Whether more of a metric is worse. */
export const isLoss = (metric: string): boolean => losses.has(metric);

/**
 * The metric that decides.
 *
 * @param chosen the project's; null or nothing: the usual one of the task
 */
export const decidingMetric = (
  task: keyof typeof decidingMetrics,
  chosen?: DecidingMetric | null,
): DecidingMetric => chosen ?? decidingMetrics[task][0];
