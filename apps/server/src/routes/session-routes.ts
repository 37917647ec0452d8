import { z } from 'zod';
import { KaeferError, Session } from '@kaefer/contracts';
import { clearSessionCookie, cookieName, setSessionCookie } from '../http/authentication.ts';
import type { Sessions } from '../http/sessions.ts';
import { answers, type App } from '../http/typed.ts';

/** Guessing a secret is made slow: so many attempts a minute from one address. */
const attempts = { max: 20, timeWindow: '1 minute' };

export function sessionRoutes(app: App, sessions: Sessions): void {
  app.get(
    '/api/v1/session',
    { schema: { tags: ['session'], summary: 'Who I am', response: answers({ 200: Session }) } },
    async (request) => {
      if (request.session === null) throw new KaeferError('unauthorized');
      return request.session;
    },
  );
  app.post(
    '/api/v1/session',
    {
      config: { open: true, rateLimit: attempts },
      schema: {
        tags: ['session'],
        summary: 'Sign a browser in with the token',
        security: [],
        body: z.strictObject({ token: z.string().max(500) }),
        response: answers({ 200: Session }),
      },
    },
    async (request, reply) => {
      const secret = await sessions.redeemToken(request.body.token);
      if (secret === undefined) throw new KaeferError('wrong_token');
      setSessionCookie(reply, secret);
      return { user: 'token', via: 'link' as const, role: 'engineer' as const, person: null };
    },
  );
  app.delete(
    '/api/v1/session',
    { schema: { tags: ['session'], summary: 'Sign out', response: answers({ 204: z.null() }) } },
    async (request, reply) => {
      await sessions.end(request.cookies[cookieName]);
      clearSessionCookie(reply);
      return reply.code(204).send(null);
    },
  );
}

/** The printed link, and those of invitations: each signs a browser in once and goes on to the start page. */
export function signInRoute(app: App, sessions: Sessions): void {
  app.get(
    '/sign-in',
    {
      config: { open: true, rateLimit: attempts },
      schema: { hide: true, querystring: z.object({ token: z.string().max(200).default('') }) },
    },
    async (request, reply) => {
      const { token } = request.query;
      const known = await sessions.identify(undefined, request.cookies[cookieName]);
      // An invitation makes a person of whoever was signed in, so that those who run the machine can have a name, too.
      const secret =
        (await sessions.redeemInvitation(token)) ??
        (known === undefined ? await sessions.redeemLink(token) : undefined);
      if (secret !== undefined) setSessionCookie(reply, secret);
      return reply
        .header('cache-control', 'no-store')
        .redirect(secret === undefined && known === undefined ? '/?sign-in=expired' : '/');
    },
  );
}
