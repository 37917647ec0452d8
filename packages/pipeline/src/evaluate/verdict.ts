import type { Comparison, Difference, ModelCost, Task } from '@kaefer/contracts';
import { decidingMetric, isLoss, type DecidingMetric } from '@kaefer/contracts/messages';

/** What kept a model whose deciding metric is better from being called so. */
export type Concern = 'calibration' | 'segment' | 'size' | 'latency';

export interface Decided {
  readonly outcome: Comparison['verdict']['outcome'];
  /** Not empty only where the deciding metric alone would have said *better*. */
  readonly concerns: readonly Concern[];
}

/** What a model that is called better may cost; null: whatever it does. */
export interface CostLimits {
  readonly mostBytes: number | null;
  readonly mostMicroseconds: number | null;
}

export const exceedsLimits = (
  { bytes, microseconds }: ModelCost,
  { mostBytes, mostMicroseconds }: CostLimits,
): Concern[] => [
  ...(mostBytes !== null && bytes > mostBytes ? (['size'] as const) : []),
  ...(mostMicroseconds !== null && microseconds > mostMicroseconds ? (['latency'] as const) : []),
];

/** The part of a segment that the verdict looks at; a loss, so that above 0 is worse. */
export interface JudgedSegment {
  readonly difference: { readonly estimate: number };
  readonly adjustedPValue: number;
}

/** Below it a p-value tells more than chance. */
export const significant = 0.05;

/**
 * Better or worse when the 95 % interval of the deciding metric's difference lies beyond the margin; otherwise no clear
 * difference, however large the number.
 *
 * *Better* has guard rails: a binary model whose log loss is clearly worse (its probabilities are less true), or one that
 * is clearly worse in some segment (Holm's p-value below 0.05), or that costs more than the project allows, is not called
 * better, and `concerns` says why.
 *
 * @param differences candidate − current by metric; null for a first model
 * @param margin smallest difference of the deciding metric that matters, in its unit, at least 0; default 0
 * @param tooCostly see {@link exceedsLimits}; default nothing
 * @param metric the one that decides; default the usual one of the task
 */
export function decideVerdict(
  task: Task,
  differences: Readonly<Record<string, Difference>> | null,
  segments: readonly JudgedSegment[] = [],
  margin = 0,
  tooCostly: readonly Concern[] = [],
  metric: DecidingMetric = decidingMetric(task),
): Decided {
  if (differences === null) return { outcome: 'first_model', concerns: [] };
  const outcome = decideOutcome(task, differences[metric], margin, metric);
  if (outcome !== 'better') return { outcome, concerns: [] };
  const concerns: Concern[] = [];
  if (task === 'binary' && (differences['logLoss']?.low ?? 0) > 0) concerns.push('calibration');
  if (segments.some((s) => s.difference.estimate > 0 && s.adjustedPValue < significant))
    concerns.push('segment');
  concerns.push(...tooCostly);
  return { outcome: concerns.length === 0 ? outcome : 'no_clear_difference', concerns };
}

/** {@link decideVerdict} by the deciding metric alone. */
export function decideOutcome(
  task: Task,
  difference: Difference | undefined,
  margin = 0,
  metric: DecidingMetric = decidingMetric(task),
): Comparison['verdict']['outcome'] {
  if (difference === undefined) return 'first_model';
  const { low, high } = difference;
  if (low === null || high === null || (low <= margin && high >= -margin)) return 'no_clear_difference';
  return low > margin === isLoss(metric) ? 'worse' : 'better';
}
