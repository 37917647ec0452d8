import type { Offsets } from '../features/earlier-formats.ts';
import { cellPatterns, endsWithOffset } from '../features/cell-patterns.ts';
import { quoteText } from '../sql/quote.ts';

const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const time = '([01][0-9]|2[0-3]):[0-5][0-9]';
/** What nearly all times look like, a part of what `cellPatterns` allows: told and read in less than half the time. */
const timeWithoutZone = `${day}[ T]${time}:[0-5][0-9]`;
/** Times, with an offset or not, that DuckDB reads as they are. */
const readAsItIs = ` *${day}([ T]${time}(:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3])(:[0-5][0-9])?)?)?)? *`;

/** The parts of any other time: day, time of day, half of the day, and the offset, where it is not UTC. */
const parts =
  '^(.{10})(?:,? |T)([0-9]{1,2}:[0-9]{2}(?::[0-9.]+)?)[ \u00a0\u202f]?(?:([AaPp])\\.? ?[Mm]\\.?)? ?(?:Z|z|UTC|([+-].*))?$';
const halfDayUs = 43_200_000_000;

/**
 * SQL that reads an ISO time as `TIMESTAMPTZ`, in UTC where it names no offset; digits beyond microseconds are cut off.
 *
 * @param only times that say how far they are from UTC, or those that do not; others are NULL. Default: both
 */
export function readTimeSql(cell: string, only?: Offsets): string {
  const matches = (pattern: string): string => `regexp_full_match(${cell}, ${quoteText(pattern)})`;
  return [
    'CASE',
    only === 'with'
      ? ''
      : `WHEN ${matches(timeWithoutZone)} THEN make_timestamptz(epoch_us(TRY_CAST(${cell} AS TIMESTAMP)))`,
    only === undefined ? '' : `WHEN ${isOtherOffsetSql(cell, only)} THEN NULL`,
    `WHEN ${matches(readAsItIs)} THEN TRY_CAST(trim(${cell}) AS TIMESTAMPTZ)`,
    `WHEN ${matches(cellPatterns.timestamp)} THEN ${readOtherTimeSql(`trim(${cell})`)} END`,
  ].join(' ');
}

/** SQL that tells a cell that says how far it is from UTC. */
export function hasOffsetSql(cell: string): string {
  return `regexp_matches(${cell}, ${quoteText(endsWithOffset)})`;
}

/** SQL that tells a cell which says how far it is from UTC where others of its column do not, or the other way round. */
export function isOtherOffsetSql(cell: string, offsets: Offsets): string {
  return offsets === 'with' ? `NOT ${hasOffsetSql(cell)}` : hasOffsetSql(cell);
}

/** DuckDB reads neither halves of a day nor an offset after a blank or after minutes. */
function readOtherTimeSql(cell: string): string {
  const put = (template: string): string => `regexp_replace(${cell}, ${quoteText(parts)}, '${template}')`;
  const local = `epoch_us(TRY_CAST(${put('\\1 \\2')} AS TIMESTAMP))`;
  const offset = `epoch_us(TRY_CAST(${put('1970-01-01 00:00:00\\4')} AS TIMESTAMPTZ))`;
  // The hour of twelve comes first of its half: 12 AM is 0 hours, 12 PM 12.
  const isAfternoon = `(lower(${put('\\3')}) = 'p')::INTEGER`;
  const isTwelve = `regexp_matches(${put('x\\3\\2')}, '^x[AaPp]12')`;
  const halves = `(${isAfternoon} - (${isTwelve})::INTEGER)`;
  return `make_timestamptz(${local} + ${offset} + ${halfDayUs} * ${halves})`;
}
