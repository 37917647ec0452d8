import { z } from 'zod';
import { Problem } from './upload.ts';

export const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof Cell>;

export const PredictionRequest = z.strictObject({
  rows: z.array(z.record(z.string(), Cell)).min(1).max(10_000),
  explain: z.boolean().default(false),
});
export type PredictionRequest = z.infer<typeof PredictionRequest>;

/** What one column did to a score: positive raises it. In the model's margin (log-odds for binary). */
export const Reason = z.object({ feature: z.string(), value: Cell, contribution: z.number() });

export const Prediction = z.object({
  /** Binary: probability of the positive outcome. Multiclass: probability of `label`. Regression: the value. */
  score: z.number(),
  label: z.union([z.string(), z.number()]),
  threshold: z.number().nullable(),
  /** Multiclass: probability of every class. */
  scores: z.record(z.string(), z.number()).optional(),
  /** All columns, the strongest first; the sum with `base` is the margin. */
  explanation: z.object({ base: z.number(), reasons: z.array(Reason) }).optional(),
  /** Columns whose text was never seen in training; they counted as missing. */
  unseen: z.array(z.string()).optional(),
});
export type Prediction = z.infer<typeof Prediction>;

export const PredictionAnswer = z.object({ model: z.int(), predictions: z.array(Prediction) });
export type PredictionAnswer = z.infer<typeof PredictionAnswer>;

/** One row of the lake, by its key. */
export const LakeRecord = z.object({
  key: z.string(),
  values: z.record(z.string(), Cell),
  upload: z.string().nullable(),
});
export type LakeRecord = z.infer<typeof LakeRecord>;

/** The header that says of a file to predict what was noticed: the answer is a file itself. */
export const predictionNotesHeader = 'kaefer-notes';
/** What it holds, as JSON in ASCII. */
export const PredictionNotes = z.array(Problem);
