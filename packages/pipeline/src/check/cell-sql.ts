import type { ColumnType } from '@kaefer/contracts';
import { quoteText } from '../sql/quote.ts';
import { cellPatterns, missingMarkers } from '../features/cell-patterns.ts';

/**
 * SQL that reads a cell's text as a type; NULL when it is missing or is no value of that type. The same patterns
 * decide in `parseCell`, which reads records at prediction time.
 */
export function readCellSql(type: ColumnType, cell: string): string {
  switch (type) {
    case 'text':
      return `CASE WHEN ${beginsPlainly(cell)} THEN ${cell} WHEN trim(${cell}) = '' THEN NULL ELSE ${cell} END`;
    case 'boolean':
      return `CASE lower(trim(${cell})) WHEN 'true' THEN true WHEN 'false' THEN false END`;
    case 'integer':
      return `CASE WHEN regexp_full_match(${cell}, ${quoteText(cellPatterns.integer)}) THEN TRY_CAST(${cell} AS BIGINT) END`;
    case 'number':
      return `CASE WHEN regexp_full_match(${cell}, ${quoteText(cellPatterns.number)}) AND isfinite(TRY_CAST(${cell} AS DOUBLE)) THEN TRY_CAST(${cell} AS DOUBLE) END`;
    case 'date':
      return `CASE WHEN regexp_full_match(${cell}, ${quoteText(cellPatterns.date)}) THEN TRY_CAST(${cell} AS DATE) END`;
    case 'timestamp':
      return `CASE WHEN regexp_full_match(${cell}, ${quoteText(cellPatterns.timestamp)}) THEN TRY_CAST(trim(${cell}) AS TIMESTAMPTZ) END`;
  }
}

/** SQL that reads a key: its text without blanks around it. */
export function readKeySql(cell: string): string {
  const hasPlainEnd = `strlen(${cell}) = length(${cell}) AND NOT ends_with(${cell}, ' ')`;
  return `CASE WHEN ${beginsPlainly(cell)} AND ${hasPlainEnd} THEN ${cell} ELSE NULLIF(trim(${cell}), '') END`;
}

/** Whether a text begins with a visible ASCII character: true of nearly all, and told faster than by trimming. */
function beginsPlainly(cell: string): string {
  return `${cell} BETWEEN '!' AND '~'`;
}

/** SQL that tells a cell which holds something that its type cannot: given the cell and what was read from it. */
export function isBadCellSql(type: ColumnType, cell: string, read: string): string {
  if (type === 'text') return 'false';
  const markers = missingMarkers.map(quoteText).join(', ');
  return `(CASE WHEN ${read} IS NULL AND ${cell} IS NOT NULL THEN upper(trim(${cell})) NOT IN (${markers}) ELSE false END)`;
}
