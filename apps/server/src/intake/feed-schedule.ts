import type { FeedSchedule } from '@kaefer/contracts';

const minuteMs = 60_000;
/** After a failure a place is looked at again after so long, each time twice as long, … */
export const firstWaitMs = minuteMs;
/** … up to so long. */
export const longestWaitMs = 60 * minuteMs;

/** The wait after so many failures in a row, 1 or more. */
export function waitAfter(failures: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures - 1, 20));
}

/** What is known of the latest looks. */
export interface LastLooks {
  /** When the last one ended, in milliseconds since 1970; undefined when there was none since the feed is as it is. */
  readonly atMs: number | undefined;
  /** How many of the latest looks in a row found the place unreadable. */
  readonly failures: number;
}

/**
 * When a feed is due, in milliseconds since 1970; undefined when only a person fetches. A look that was missed because
 * the server did not run is made up for at once.
 *
 * @param sinceMs when the feed was configured as it is
 */
export function dueAt(
  schedule: FeedSchedule,
  sinceMs: number,
  { atMs, failures }: LastLooks,
): number | undefined {
  if (schedule.kind === 'asked') return undefined;
  if (atMs !== undefined && failures > 0) return atMs + waitAfter(failures);
  if (schedule.kind === 'daily') return nextTimeOfDay(schedule.at, Math.max(sinceMs, atMs ?? 0));
  return atMs === undefined ? sinceMs : atMs + schedule.minutes * minuteMs;
}

/** The first moment after another at which the clock of this machine shows a time. */
function nextTimeOfDay(time: string, afterMs: number): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const moment = new Date(afterMs);
  moment.setHours(hours, minutes, 0, 0);
  if (moment.getTime() <= afterMs) moment.setDate(moment.getDate() + 1);
  return moment.getTime();
}
