import type { RunStatus } from '@kaefer/contracts';

/** Where a run can go from each state; nothing else may change a run's status. */
export const transitions: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  queued: ['running', 'cancelled', 'failed'],
  running: ['awaiting_decision', 'failed', 'cancelled'],
  awaiting_decision: ['decided', 'cancelled'],
  decided: [],
  failed: [],
  cancelled: [],
};

/** States of a run that still holds its project. */
export const openStatuses: readonly RunStatus[] = ['queued', 'running', 'awaiting_decision'];

export function canMove(from: RunStatus, to: RunStatus): boolean {
  return transitions[from].includes(to);
}
