import type { FastifyRequest } from 'fastify';
import { localeOf, type Locale } from '@kaefer/contracts';

export function requestLocale(request: FastifyRequest): Locale {
  return localeOf(request.headers['accept-language']);
}
