import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { KaeferError, type Session } from '@kaefer/contracts';
import type { Sessions } from './sessions.ts';

export const cookieName = 'kaefer_session';
const cookieSeconds = 30 * 24 * 3600;
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null;
  }
}

/** Lets nobody past `/api/v1` without a session or a token, and no other site's page use a browser's session. */
export function requireSession(app: FastifyInstance, sessions: Sessions): void {
  app.decorateRequest('session', null);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.open === true) return;
    const session = await sessions.identify(request.headers.authorization, request.cookies[cookieName]);
    if (session === undefined) throw new KaeferError('unauthorized');
    if (session.via === 'link' && !safeMethods.has(request.method)) requireOwnOrigin(request);
    request.session = session;
    if (request.routeOptions.config.engineer === true) requireEngineer(request);
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route needs no session. */
    open?: boolean;
    /** Operators may not call the route. */
    engineer?: boolean;
  }
}

/** A browser says where a request that changes something comes from; it must be the address it is sent to. */
function requireOwnOrigin({ headers }: FastifyRequest): void {
  const { origin, host } = headers;
  if (origin === undefined) return;
  let from: string;
  try {
    from = new URL(origin).host;
  } catch {
    throw new KaeferError('forbidden_origin', { origin: origin.slice(0, 100) });
  }
  if (from !== host) throw new KaeferError('forbidden_origin', { origin: origin.slice(0, 100) });
}

/** @throws KaeferError `not_allowed` */
export function requireEngineer({ session }: FastifyRequest): void {
  if (session?.role !== 'engineer') throw new KaeferError('not_allowed');
}

/** Id of the person who asked; null for the token and the machine's own link. */
export function personOf(request: FastifyRequest): string | null {
  return request.session?.person ?? null;
}

/** Who asked, for the record of a decision. */
export function actorOf(request: FastifyRequest): string {
  return request.session?.user ?? 'unknown';
}

export function setSessionCookie(reply: FastifyReply, secret: string): void {
  void reply.setCookie(cookieName, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    maxAge: cookieSeconds,
  });
}

export function clearSessionCookie(reply: FastifyReply): void {
  void reply.clearCookie(cookieName, { path: '/' });
}
