import { FactoryError } from './factory-error.ts';

export interface WorkingDay {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Day of the month, from 1. */
  readonly dayOfMonth: number;
  readonly weekday: 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat';
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/**
 * The days on which the factory works (all but Sundays) in the given month.
 *
 * @param start first day of the first month, YYYY-MM-01
 * @param month 1 for the month of `start`, 2 for the one after it, …
 */
export function workingDays(start: string, month: number): WorkingDay[] {
  const seen = /^(\d{4})-(\d{2})-01$/.exec(start);
  if (!seen || Number(seen[2]) < 1 || Number(seen[2]) > 12) {
    throw new FactoryError(`Start ${start}: expected the first day of a month, such as 2026-01-01.`);
  }
  if (!Number.isInteger(month) || month < 1) throw new FactoryError(`Month ${month}: expected 1, 2, 3, …`);
  const year = Number(seen[1]);
  const monthIndex = Number(seen[2]) - 1 + month - 1;
  const days: WorkingDay[] = [];
  for (let dayOfMonth = 1; ; dayOfMonth++) {
    const date = new Date(Date.UTC(year, monthIndex, dayOfMonth));
    if (date.getUTCDate() !== dayOfMonth) return days;
    const weekday = weekdays[date.getUTCDay()]!;
    if (weekday !== 'sun') days.push({ date: date.toISOString().slice(0, 10), dayOfMonth, weekday });
  }
}
