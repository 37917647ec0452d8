import { z } from 'zod';

/**
 * What a person said of how a project's files are written, because a file alone leaves it open or was understood wrongly.
 * What is left out is decided from each file. Nothing of it is used against what a file proves.
 */
export const Reading = z.strictObject({
  /** Between the cells of a line. */
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  /** Line with the column names, the first being 1. */
  headerLine: z.int().min(1).max(1000).optional(),
  /** Sheet of a workbook. */
  sheet: z.string().min(1).max(200).optional(),
  /** Of numbers such as 1,234 or 1.234. */
  decimal: z.enum(['comma', 'point']).optional(),
  /** Of dates such as 01/02/2026. */
  dates: z.enum(['day_first', 'month_first']).optional(),
  /** Columns that stay text although their values look like numbers or dates, as codes do. */
  asText: z.array(z.string().min(1).max(200)).max(5000).optional(),
});
export type Reading = z.infer<typeof Reading>;

export const readingParts = ['delimiter', 'headerLine', 'sheet', 'decimal', 'dates', 'asText'] as const;
export type ReadingPart = (typeof readingParts)[number];

/** What of a file's writing may be decided as files of before have proven it. */
export const earlierParts = ['decimal', 'dates'] as const;
export type EarlierPart = (typeof earlierParts)[number];
