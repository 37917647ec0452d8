import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import {
  describeError,
  KaeferError,
  localeOf,
  toStoredError,
  type ProblemDetails,
  type StoredError,
} from '@kaefer/contracts';

type Place = NonNullable<ProblemDetails['problems']>[number];

const mib = 1 << 20;

/** Turns every error of every route into problem details (RFC 9457), in the reader's language. */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const [stored, problems] = classify(error, request);
    if (stored.code === 'internal_error') request.log.error({ err: error }, 'request failed');
    return sendProblem(request, reply, stored, problems);
  });
  app.setNotFoundHandler(async (request, reply) =>
    sendProblem(request, reply, {
      code: 'not_found',
      parameters: { path: (request.url.split('?')[0] ?? '').slice(0, 200) },
    }),
  );
}

function classify(error: FastifyError, request: FastifyRequest): [StoredError, Place[]?] {
  if (error instanceof KaeferError) return [toStoredError(error)];
  if (hasZodFastifySchemaValidationErrors(error)) {
    const places = error.validation.map(({ instancePath, message }) => ({
      path: instancePath === '' ? '/' : instancePath,
      message: message ?? 'not valid',
    }));
    const reason = places
      .map(({ path, message }) => (path === '/' ? message : `${path}: ${message}`))
      .join('; ');
    return [{ code: 'invalid_request', parameters: { reason: reason.slice(0, 500) } }, places];
  }
  switch (error.statusCode) {
    case 413:
      return [
        { code: 'upload_too_large', parameters: { limit: Math.floor(request.routeOptions.bodyLimit / mib) } },
      ];
    case 415:
      return [{ code: 'unsupported_media_type', parameters: { seen: contentTypeOf(request) } }];
    case 429:
      return [{ code: 'too_many_requests', parameters: {} }];
    default:
      if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
        return [{ code: 'invalid_request', parameters: { reason: error.message.slice(0, 300) } }];
      }
      return [toStoredError(error)];
  }
}

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: StoredError,
  problems?: Place[],
): FastifyReply {
  const { title, detail, status } = describeError(error, localeOf(request.headers['accept-language']));
  const body: ProblemDetails = {
    type: `urn:kaefer:error:${error.code}`,
    title,
    status,
    detail,
    code: error.code,
    ...(problems === undefined ? {} : { problems }),
  };
  return reply
    .code(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body);
}

/** What a request says that it carries, as a message shows it. */
export function contentTypeOf({ headers }: FastifyRequest): string {
  const type = headers['content-type'] ?? '';
  return type === '' ? '–' : type.slice(0, 100);
}
