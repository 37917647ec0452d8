import type { StoredProblem } from '@kaefer/contracts/messages';

const longestReason = 300;

/** The problem of a file that a library could not read: the first line of its reason. */
export function unreadable(error: unknown): StoredProblem {
  const message = error instanceof Error ? error.message : String(error);
  const reason = (message.split('\n', 1)[0] ?? '').slice(0, longestReason);
  return { code: 'unreadable', parameters: { reason }, count: 1 };
}
