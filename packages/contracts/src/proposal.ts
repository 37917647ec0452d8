import { z } from 'zod';

/** A choice that waits for a second person, in a project that asks for one. */
export const Proposal = z.object({
  /** The run's id, or one of its own. */
  id: z.string(),
  project: z.string(),
  /** Null when a model was chosen from the list of models. */
  run: z.string().nullable(),
  /** The model that would go into production. */
  version: z.int(),
  note: z.string().nullable(),
  by: z.string(),
  /** Null when the token or the machine's own link proposed it. */
  person: z.string().nullable(),
  at: z.iso.datetime(),
  state: z.enum(['open', 'approved', 'rejected']),
  answeredBy: z.string().nullable(),
  answeredAt: z.iso.datetime().nullable(),
  /** Why it was approved or rejected. */
  reason: z.string().nullable(),
});
export type Proposal = z.infer<typeof Proposal>;

export const ProposalAnswer = z.strictObject({
  answer: z.enum(['approve', 'reject']),
  reason: z.string().max(2000).optional(),
});
export type ProposalAnswer = z.infer<typeof ProposalAnswer>;
