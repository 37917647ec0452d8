import { z } from 'zod';
import { earlierParts, readingParts } from './reading.ts';
import { uploadProblemCatalogue, type UploadProblemCode } from './upload-problem-catalogue.ts';

export const Problem = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.enum(Object.keys(uploadProblemCatalogue) as [UploadProblemCode, ...UploadProblemCode[]]),
  message: z.string(),
  column: z.string().optional(),
  line: z.int().optional(),
  value: z.string().optional(),
  count: z.int(),
  /** Whether the rows that it concerns are left out. */
  rejectsRows: z.boolean(),
  /** Where it was found, some places of many, each with another value. */
  examples: z.array(z.object({ line: z.int().optional(), value: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** What a file was packed in, or which form other than text it has. */
export const FileContainer = z.enum(['gzip', 'zip', 'workbook', 'parquet', 'json_lines']);
export type FileContainer = z.infer<typeof FileContainer>;

/** How the text of a file is written; of a workbook and the like, the text that was made of it. */
export const Dialect = z.object({
  /** Absent: the file is text itself. */
  container: FileContainer.optional(),
  /** The sheet of a workbook that was read. */
  sheet: z.string().optional(),
  /** All sheets of a workbook that has several. */
  sheets: z.array(z.string()).optional(),
  /** Line with the column names, where it is not the first; the first is 1. */
  headerLine: z.int().optional(),
  encoding: z.string(),
  delimiter: z.string(),
  quote: z.string(),
  /** What stands before a quotation mark within quotes. Absent: it is doubled. */
  escape: z.string().optional(),
  decimal: z.string(),
  lineEnd: z.string(),
  /** What of it is as a person said for this project, and not found in the file alone. */
  remembered: z.array(z.enum(readingParts)).optional(),
  /** What of it is as merged files of before have proven, because this file leaves it open. */
  asBefore: z.array(z.enum(earlierParts)).optional(),
});
export type Dialect = z.infer<typeof Dialect>;

export const columnTypes = ['integer', 'number', 'boolean', 'date', 'timestamp', 'text'] as const;
export const ColumnType = z.enum(columnTypes);
export type ColumnType = z.infer<typeof ColumnType>;

/**
 * How the cells of a column are written: `plain` (1234.5, 2026-12-31), `decimal_comma` (1.234,5), `grouped_point`
 * (1,234.5), `day_first` (31/12/2026), `month_first` (12/31/2026).
 */
export const cellFormats = ['plain', 'decimal_comma', 'grouped_point', 'day_first', 'month_first'] as const;
export const CellFormat = z.enum(cellFormats);
export type CellFormat = z.infer<typeof CellFormat>;

export const Column = z.object({
  name: z.string(),
  type: ColumnType,
  role: z.enum(['key', 'target', 'date', 'feature', 'excluded']),
});
export type Column = z.infer<typeof Column>;

/** A column of a file. */
export const FileColumn = Column.extend({
  format: CellFormat,
  /** What the file calls it, where that is another of its names. */
  givenAs: z.string().optional(),
});
export type FileColumn = z.infer<typeof FileColumn>;

export const RowCounts = z.object({
  /** Rows in the file; the sum of the other four. */
  total: z.int(),
  new: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  rejected: z.int(),
});
export type RowCounts = z.infer<typeof RowCounts>;

export const Upload = z.object({
  id: z.string(),
  project: z.string(),
  /** Which of the project's reports it is; null in a project without sources, and when that could not be told. */
  source: z.string().nullable(),
  /** The feed that fetched it; null when a person or a program sent it. */
  feed: z.string().nullable(),
  filename: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  status: z.enum(['valid', 'invalid', 'merged', 'undone', 'discarded']),
  receivedAt: z.iso.datetime(),
  dialect: Dialect.nullable(),
  columns: z.array(FileColumn),
  /** The first rows as text, in the order of `columns`; empty string: no value. */
  preview: z.array(z.array(z.string())),
  rows: RowCounts,
  problems: z.array(Problem),
  /** Version of the contract that it was checked by; null before there was one. */
  contractVersion: z.int().nullable(),
});
export type Upload = z.infer<typeof Upload>;

/** What became of each file of a form that held several, in the form's order. */
export const UploadBatch = z.object({
  items: z.array(
    z.object({
      /** Null where the form ended before the next file's name. */
      filename: z.string().nullable(),
      /** Null when it was not taken. */
      upload: Upload.nullable(),
      error: z.object({ code: z.string(), title: z.string(), detail: z.string() }).nullable(),
    }),
  ),
});
export type UploadBatch = z.infer<typeof UploadBatch>;

/** What undoing a merged upload would do to the rows of the data. */
export const UndoPlan = z.object({
  upload: z.string(),
  /** Rows that it added: they go. */
  removed: z.int(),
  /** Rows that it changed: they are again as before. */
  restored: z.int(),
  /** Rows of it that later files changed or hold as well: they stay. */
  kept: z.int(),
  /** Versions of models that learned from it, the model in production among them or not. */
  models: z.array(z.int()),
});
export type UndoPlan = z.infer<typeof UndoPlan>;

export const UndoAnswer = UndoPlan.extend({
  /** Dataset version without the upload. */
  version: z.int(),
});
export type UndoAnswer = z.infer<typeof UndoAnswer>;

/** A column of a file that no project knows yet. */
export const DraftColumn = z.object({
  name: z.string(),
  type: ColumnType,
  format: CellFormat,
  distinct: z.int(),
  missing: z.int(),
  /** The most frequent values, most frequent first. */
  examples: z.array(z.object({ value: z.string(), count: z.int() })),
});

/** A file sent before there is a project, and what Käfer would make of it. */
export const Draft = z.object({
  id: z.string(),
  filename: z.string(),
  bytes: z.int(),
  rows: z.int(),
  dialect: Dialect.nullable(),
  columns: z.array(DraftColumn),
  preview: z.array(z.array(z.string())),
  problems: z.array(Problem),
  /** Likely choices, the likeliest first. */
  suggestions: z.object({
    name: z.string(),
    targets: z.array(
      z.object({
        column: z.string(),
        task: z.enum(['binary', 'multiclass', 'regression']),
        positive: z.string().nullable(),
      }),
    ),
    keys: z.array(z.string()),
    dates: z.array(z.string()),
  }),
});
export type Draft = z.infer<typeof Draft>;
