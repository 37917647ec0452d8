import type { LearningCurve } from '@kaefer/contracts';
import { useMemo } from 'react';
import { LearningCurvePlot } from './LearningCurvePlot.tsx';
import { toPoints } from './learning-points.ts';

/** The learning curve of a training that has ended. */
export function StoredLearningCurve({ curve }: { curve: LearningCurve }) {
  const points = useMemo(() => toPoints(curve), [curve]);
  return <LearningCurvePlot curve={points} />;
}
