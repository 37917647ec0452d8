import { z } from 'zod';
import { Column } from './upload.ts';

export const DatasetChange = z.object({
  version: z.int(),
  at: z.iso.datetime(),
  operation: z.enum(['create', 'merge', 'restore']),
  rows: z.int(),
  /** What it did to the rows; null where it does not apply. */
  new: z.int().nullable(),
  updated: z.int().nullable(),
  unchanged: z.int().nullable(),
  upload: z.object({ id: z.string(), filename: z.string(), rejected: z.int() }).nullable(),
  restoredFrom: z.int().nullable(),
  by: z.string().nullable(),
});
export type DatasetChange = z.infer<typeof DatasetChange>;

export const Dataset = z.object({
  version: z.int(),
  rows: z.int(),
  columns: z.array(Column),
  history: z.array(DatasetChange),
});
export type Dataset = z.infer<typeof Dataset>;

export const RestoreRequest = z.strictObject({ version: z.int().min(0) });
export const RestoreAnswer = z.object({ version: z.int(), restoredFrom: z.int(), rows: z.int() });
