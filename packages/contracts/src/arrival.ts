import { z } from 'zod';

/** A file on its way to being an upload. */
export const Arrival = z.object({
  /** The upload's id, once it is one. */
  id: z.string(),
  filename: z.string(),
  /** What its sender called it in the query `reference`. */
  reference: z.string().nullable(),
  /** The feed that fetches it. */
  feed: z.string().nullable(),
  startedAt: z.iso.datetime(),
  stage: z.enum(['receiving', 'checking']),
  /** What has arrived. */
  bytes: z.int(),
  /** Null when the sender did not say. */
  expectedBytes: z.int().nullable(),
  /** How far the check is, once it says so. */
  checked: z
    .object({
      /** 0 to 1. */
      fraction: z.number(),
      /** A file is read several times: which time it is, from 1. */
      pass: z.int(),
      /** Rows read this time, about. */
      rows: z.int(),
    })
    .nullable(),
});
export type Arrival = z.infer<typeof Arrival>;
