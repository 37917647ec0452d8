import { z } from 'zod';
import { Cell } from './prediction.ts';
import { Column } from './upload.ts';

export const DatasetChange = z.object({
  version: z.int(),
  at: z.iso.datetime(),
  operation: z.enum(['create', 'merge', 'undo', 'restore']),
  rows: z.int(),
  /** What it did to the rows; null where it does not apply. */
  new: z.int().nullable(),
  updated: z.int().nullable(),
  unchanged: z.int().nullable(),
  /** Rows that are gone since the version before. */
  removed: z.int().nullable(),
  /** The file that was merged or undone. `isPresent`: its rows are part of the newest version. */
  upload: z
    .object({ id: z.string(), filename: z.string(), rejected: z.int(), isPresent: z.boolean() })
    .nullable(),
  /** The reports that came into the table with it, in a project with sources. `isPresent`: their rows are still used. */
  reports: z.array(
    z.object({ id: z.string(), filename: z.string(), source: z.string(), isPresent: z.boolean() }),
  ),
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

/** In which columns one row differs between a version and the one before. */
export const RowChange = z.object({
  kind: z.enum(['added', 'changed', 'removed']),
  /** null in a project without a key. */
  key: z.string().nullable(),
  cells: z.array(z.object({ column: z.string(), before: Cell, after: Cell })),
});
export type RowChange = z.infer<typeof RowChange>;

/** The rows in which a version differs from the one before. */
export const DatasetDifference = z.object({
  version: z.int(),
  added: z.int(),
  changed: z.int(),
  removed: z.int(),
  /** The first of them by kind (changed, removed, added) and key. */
  rows: z.array(RowChange),
});
export type DatasetDifference = z.infer<typeof DatasetDifference>;
