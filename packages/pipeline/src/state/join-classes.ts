import type { Task } from '@kaefer/contracts';

/**
 * A project's outcomes once a file with the outcomes `seen` is merged: `[negative, positive]` as the file that knows
 * both has it, or every class in the order they came.
 *
 * @returns undefined when a third outcome came to a project of two
 */
export function joinClasses(
  task: Task,
  known: readonly string[],
  seen: readonly string[],
): string[] | undefined {
  const added = seen.filter((name) => !known.includes(name));
  if (task !== 'binary') return [...known, ...added];
  if (known.length === 2) return added.length === 0 ? [...known] : undefined;
  return seen.length === 2 || known.length === 0 ? [...seen] : [...known, ...added];
}
