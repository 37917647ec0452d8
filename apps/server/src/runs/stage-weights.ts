import type { Stage } from '@kaefer/contracts';

export const stageOrder: readonly Stage[] = ['merge', 'prepare', 'train', 'evaluate'];

/** About how much of a run each stage takes; only the progress bar depends on it. */
const weights: Readonly<Record<Stage, number>> = { merge: 0.15, prepare: 0.15, train: 0.55, evaluate: 0.15 };

/** How much of a whole run is done when a stage is done to a fraction, 0 to 1. */
export function wholeFraction(stage: Stage, fraction: number): number {
  const before = stageOrder.slice(0, stageOrder.indexOf(stage)).reduce((sum, name) => sum + weights[name], 0);
  return Math.min(1, before + weights[stage] * Math.min(1, Math.max(0, fraction)));
}
