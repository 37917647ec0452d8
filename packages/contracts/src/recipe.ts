import { z } from 'zod';
import { Recipe } from './project.ts';
import { Column, ColumnType, Problem } from './upload.ts';

/** A source of a project and its table now. */
export const SourceTable = z.object({
  name: z.string(),
  key: z.array(z.string()),
  /** Null before the first merge. */
  version: z.int().nullable(),
  rows: z.int(),
  columns: z.array(z.object({ name: z.string(), type: ColumnType })),
  updatedAt: z.iso.datetime().nullable(),
});
export type SourceTable = z.infer<typeof SourceTable>;

export const RecipeTrial = z.strictObject({
  /** Default: the project's recipe. */
  recipe: Recipe.optional(),
  /** Checked files that count as merged already. */
  uploads: z.array(z.string()).max(100).default([]),
});
export type RecipeTrial = z.infer<typeof RecipeTrial>;

/** What a recipe makes of the sources, and what that would change in the training table. */
export const RecipeResult = z.object({
  status: z.enum(['valid', 'invalid']),
  columns: z.array(Column),
  preview: z.array(z.array(z.string())),
  rows: z.object({
    /** Rows of the training table as it would be. */
    total: z.int(),
    new: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    /** Rows of the training table that the recipe no longer yields. */
    removed: z.int(),
    /** Rows without an outcome: nothing can be learned from them yet. */
    withoutTarget: z.int(),
  }),
  problems: z.array(Problem),
});
export type RecipeResult = z.infer<typeof RecipeResult>;
