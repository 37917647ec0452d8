import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ProblemDetails } from '@kaefer/contracts';

/** The server's Fastify: requests and answers are typed by the schemas that also validate them. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export const ProjectParams = z.object({ project: z.string().min(1).max(120) });
export const IdParams = z.object({ id: z.string().min(1).max(120) });
export const ModelParams = ProjectParams.extend({ version: z.coerce.number().int().min(1) });

export const CellsQuery = z.object({
  /**
   * `safe`: a text that a spreadsheet program would carry out as a formula has an apostrophe before it. `exact`: the very
   * texts, for programs.
   */
  cells: z.enum(['safe', 'exact']).default('safe'),
});

/** A file as text; described for OpenAPI, streamed in fact. */
export const TextAnswer = z.string();

/** The answers of a route, with the problem details that any route may give. */
export function answers<const T extends Record<number, z.ZodType>>(
  success: T,
): T & { readonly '4xx': typeof ProblemDetails; readonly '5xx': typeof ProblemDetails } {
  return { ...success, '4xx': ProblemDetails, '5xx': ProblemDetails };
}
