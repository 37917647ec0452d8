import { pino } from 'pino';
import type { FastifyBaseLogger } from 'fastify';
import type { Config } from './config.ts';

/** A request as the log may know it: no headers, and no query, which in the sign-in link holds a secret. */
function describeRequest(request: { readonly method?: string; readonly url?: string }): object {
  return { method: request.method, path: request.url?.split('?')[0] };
}

/** The log, as JSON lines on standard error. */
export function createLog(level: Config['logLevel'], destination = pino.destination(2)): FastifyBaseLogger {
  return pino({ level, serializers: { req: describeRequest } }, destination);
}
