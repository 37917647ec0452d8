import { afterEach, beforeEach } from 'vitest';

/** The tests of a group are steps of one story: after one has failed, the others fail at once instead of waiting. */
export function stopAtFirstFailure(): void {
  let failed: string | undefined;
  beforeEach(() => {
    if (failed !== undefined) throw new Error(`an earlier step failed: ${failed}`);
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') failed ??= task.name;
  });
}
