import { z } from 'zod';
import { fewestFreshRows } from './looks.ts';

/** Where a further holdout began: rows that were test rows until then belong to earlier ones. */
export const HoldoutStart = z.strictObject({
  /** Names the list of the test rows that there were. */
  id: z.string().regex(/^holdout-[0-9a-f]{18}$/),
  /** Test rows that it must have before models are compared on it. */
  needed: z.int().min(1),
});
export type HoldoutStart = z.infer<typeof HoldoutStart>;

/** One set of test rows of a project. */
export const Holdout = z.object({
  /** From 1; each is made of test rows that came after the one before had been retired. */
  number: z.int(),
  /** `collecting`: has too few rows yet; `used`: models are compared on it; `retired`: an earlier one. */
  state: z.enum(['collecting', 'used', 'retired']),
  /** Its rows in the data now. */
  rows: z.int(),
  /** Of these, the ones of the rarer outcome; null unless there are two. */
  rarer: z.int().nullable(),
  /** Rows that it must have before it is used; 0 for the first. */
  needed: z.int(),
  /** How many choices between two models were made on it. */
  looks: z.int(),
  startedAt: z.iso.datetime(),
  /** Null for the first. */
  startedBy: z.string().nullable(),
  note: z.string().nullable(),
});
export type Holdout = z.infer<typeof Holdout>;

export const HoldoutRequest = z.strictObject({
  /** Test rows to collect before it is used; default as many as there are now, at most 1000. */
  rows: z.int().min(fewestFreshRows).max(10_000_000).optional(),
  note: z.string().trim().max(2000).optional(),
});
export type HoldoutRequest = z.infer<typeof HoldoutRequest>;
