import { z } from 'zod';
import { Problem } from './upload.ts';

/** RFC 9457. */
export const ProblemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  problems: z.array(z.union([Problem, z.object({ path: z.string(), message: z.string() })])).optional(),
});
export type ProblemDetails = z.infer<typeof ProblemDetails>;
