import { z } from 'zod';

/**
 * What became of a model's predictions. Of a record that was predicted before the lake knew its key the last prediction
 * counts, once its outcome is in the data.
 */
export const ModelOutcomes = z.object({
  model: z.int(),
  /** Records with a key that it predicted before the lake knew them. */
  predicted: z.int(),
  /** Of these the records whose outcome has arrived since. */
  known: z.int(),
  /** Binary: known records that turned out positive; null otherwise. */
  positives: z.int().nullable(),
  /** When the first and the last of the known records were predicted. */
  first: z.iso.datetime().nullable(),
  last: z.iso.datetime().nullable(),
  /** Over the known records, by the names that comparisons use; null where they do not tell (no positives, say). */
  metrics: z.record(z.string(), z.number().nullable()),
});
export type ModelOutcomes = z.infer<typeof ModelOutcomes>;

export const Outcomes = z.object({
  /** One a model that predicted such a record, the newest first; none in a project without a key. */
  items: z.array(ModelOutcomes),
});
export type Outcomes = z.infer<typeof Outcomes>;
