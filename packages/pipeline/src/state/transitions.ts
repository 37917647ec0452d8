import type { RunStatus } from '@kaefer/contracts';

/** Where a run can go from each state; nothing else may change a run's status. */
export const transitions: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  queued: ['running', 'cancelled', 'failed'],
  running: ['awaiting_decision', 'failed', 'cancelled'],
  awaiting_decision: ['awaiting_approval', 'decided', 'cancelled'],
  awaiting_approval: ['awaiting_decision', 'decided'],
  decided: [],
  failed: [],
  cancelled: [],
};

/** States of a run that still holds its project. */
export const openStatuses: readonly RunStatus[] = [
  'queued',
  'running',
  'awaiting_decision',
  'awaiting_approval',
];

/** Whether an open run waits for people: nothing of it is being worked on. */
export const waitsForPeople = (status: RunStatus): boolean =>
  status === 'awaiting_decision' || status === 'awaiting_approval';

export function canMove(from: RunStatus, to: RunStatus): boolean {
  return transitions[from].includes(to);
}
