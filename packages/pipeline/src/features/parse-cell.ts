import type { Cell, ColumnType } from '@kaefer/contracts';
import { booleanOf } from './boolean-words.ts';
import { cellPatterns, manyDigits, missingInTexts, missingMarkers } from './cell-patterns.ts';

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const patterns = {
  integer: whole(cellPatterns.integer),
  number: whole(cellPatterns.number),
  date: whole(cellPatterns.date),
  timestamp: whole(cellPatterns.timestamp),
  manyDigits: whole(manyDigits),
};
const markers: ReadonlySet<string> = new Set(missingMarkers);
const textMarkers: ReadonlySet<string> = new Set(missingInTexts);
const msPerDay = 86_400_000;

/** A value that is not of the column's type. */
export const notUnderstood = Symbol('not understood');

/**
 * Reads one cell of a record as the check stage reads a file's: numbers as numbers, booleans as 0 and 1, dates and
 * times as days since 1970-01-01 (UTC), text as text; null when missing; `notUnderstood` when it is something else.
 */
export function parseCell(
  type: ColumnType,
  cell: Cell | undefined,
): number | string | null | typeof notUnderstood {
  if (cell === null || cell === undefined) return null;
  if (type === 'text') {
    const text = String(cell);
    return isMissingText(text) ? null : text;
  }
  if (typeof cell === 'number') return type === 'integer' || type === 'number' ? finite(cell) : notUnderstood;
  if (typeof cell === 'boolean') return type === 'boolean' ? Number(cell) : notUnderstood;
  if (isMissingMarker(cell)) return null;
  switch (type) {
    case 'boolean': {
      const value = booleanOf(trimSpaces(cell));
      return value === undefined ? notUnderstood : Number(value);
    }
    case 'integer':
      // A whole number of the data has no sign at 0, so that -0 is 0 here, too.
      if (patterns.integer.test(cell)) return Number(cell) + 0;
      return parseCell('number', cell);
    case 'number':
      return patterns.number.test(cell) && !isTooLong(cell) ? finite(Number(cell)) : notUnderstood;
    case 'date':
      return patterns.date.test(cell) || patterns.timestamp.test(cell)
        ? dayOf(cell.trim().slice(0, 10))
        : notUnderstood;
    case 'timestamp':
      return patterns.timestamp.test(cell) ? daysOf(cell.trim()) : notUnderstood;
  }
}

/** Whether a cell of a column that is no text stands for a missing value. */
export function isMissingMarker(cell: string): boolean {
  return markers.has(trimSpaces(cell).toUpperCase());
}

/** Whether a cell of a text, a key or an outcome stands for a missing value. */
export function isMissingText(cell: string): boolean {
  return textMarkers.has(trimSpaces(cell));
}

/**
 * Whether a plain cell is a whole number with more digits than a double keeps: read as one, it would be another number.
 */
export function isTooLong(cell: string): boolean {
  if (!patterns.manyDigits.test(cell)) return false;
  const significant = (digits: string): string => digits.replace(/^[-0]+|0+$/g, '');
  const given = /[0-9]+/.exec(cell)?.[0] ?? '';
  const [kept = ''] = String(Number(cell)).split('e');
  return significant(given) !== significant(kept.replace('.', ''));
}

/** What DuckDB's `trim` leaves: it takes away spaces of every width, but no tabs and line breaks. */
function trimSpaces(text: string): string {
  return text.replace(/^\p{Zs}+|\p{Zs}+$/gu, '');
}

function finite(value: number): number | typeof notUnderstood {
  return Number.isFinite(value) ? value : notUnderstood;
}

function dayOf(text: string): number | typeof notUnderstood {
  const ms = Date.parse(`${text}T00:00:00Z`);
  // Date.parse lets 2026-02-31 roll over into March; a calendar day must come back as it went in.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? notUnderstood : ms / msPerDay;
}

const timeParts =
  /^(\d{4}-\d{2}-\d{2})(?:(?:,? |T)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:[ \u00a0\u202f]?([ap])\.? ?m\.?)? ?(?:Z|UTC|([+-])(\d{2})(?::?(\d{2}))?)?)?$/i;

function daysOf(text: string): number | typeof notUnderstood {
  const [
    ,
    date = '',
    hour = '0',
    minute = '0',
    second = '0',
    fraction = '',
    half,
    sign,
    zoneHour = '0',
    zoneMinute = '0',
  ] = timeParts.exec(text) ?? [];
  const day = dayOf(date);
  if (typeof day !== 'number') return notUnderstood;
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(zoneHour) * 60 + Number(zoneMinute));
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const seconds = day * 86_400 + hours * 3600 + (Number(minute) - offsetMinutes) * 60 + Number(second);
  const microseconds = seconds * 1e6 + Number(fraction.slice(0, 6).padEnd(6, '0'));
  return microseconds / 86_400_000_000;
}
