import type { LearningCurve } from '@kaefer/contracts';

/** A round of a learning curve. While a training runs not every round is told, so each names itself. */
export interface LearningPoint {
  readonly round: number;
  readonly train: number;
  readonly validation: number | null;
}

export interface LearningPoints {
  readonly metric: string;
  /** Ascending by round. */
  readonly points: readonly LearningPoint[];
  readonly bestRound: number | null;
}

export function toPoints({
  metric,
  firstRound,
  train,
  validation,
  bestRound,
}: LearningCurve): LearningPoints {
  const points = train.map((value, index) => ({
    round: firstRound + index,
    train: value,
    validation: validation[index] ?? null,
  }));
  return { metric, points, bestRound };
}
