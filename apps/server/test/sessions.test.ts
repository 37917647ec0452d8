import { Session } from '@kaefer/contracts';
import { fastify } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { describe, expect, test } from 'vitest';
import { handleErrors } from '../src/http/problem-details.ts';
import { healthRoutes } from '../src/routes/health-routes.ts';
import { ApiClient } from './support/api-client.ts';
import { cookieOf } from './support/browser.ts';
import { ServerProcess } from './support/server-process.ts';
import { startedServer, token } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

describe('who may use the server', () => {
  test('nobody without a token or a session', async () => {
    const { api, stranger } = await startedServer();
    const paths = ['projects', 'projects/p', 'runs/r', 'uploads/u', 'session', 'nothing/here'];
    for (const path of paths) await stranger.refused('unauthorized', 401, `/api/v1/${path}`);
    await stranger.refused('unauthorized', 401, '/api/v1/projects', { json: {} });
    await stranger.refused('unauthorized', 401, '/api/v1/drafts', { csv: 'a,b\n1,2\n' });
    for (const authorization of [`Bearer ${token}x`, 'Bearer ', `Basic ${token}`, token])
      await stranger.refused('unauthorized', 401, '/api/v1/projects', { headers: { authorization } });
    await stranger.refused('unauthorized', 401, '/api/v1/projects', {
      headers: { cookie: 'kaefer_session=x' },
    });
    expect(await api.call(Session, 200, '/api/v1/session')).toEqual({
      user: 'token',
      via: 'token',
      person: null,
      role: 'engineer',
    });
    for (const path of ['/healthz', '/readyz']) expect((await stranger.send(path)).status).toBe(200);
    const portuguese = await stranger.refused('unauthorized', 401, '/api/v1/projects', {
      headers: { 'accept-language': 'pt-BR' },
    });
    expect(portuguese.title).toBe('É preciso entrar');
  });

  test('the printed link works once; its session lasts over a restart and ends on sign-out', async () => {
    const { server, dataDir, stranger } = await startedServer();
    const link = server.signInLink.slice(server.address.length);
    const wrong = await stranger.send('/sign-in?token=wrong');
    expect([wrong.status, wrong.headers.get('location'), cookieOf(wrong)]).toEqual([
      302,
      '/?sign-in=expired',
      '',
    ]);
    const signedIn = await stranger.send(link);
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([302, '/']);
    expect(signedIn.headers.get('set-cookie')).toMatch(/HttpOnly/);
    expect(signedIn.headers.get('set-cookie')).toMatch(/SameSite=Lax/);
    const headers = { cookie: cookieOf(signedIn) };
    const again = await stranger.send(link);
    expect([again.headers.get('location'), cookieOf(again)]).toEqual(['/?sign-in=expired', '']);
    // Whoever is signed in comes in by the old link, too.
    expect((await stranger.send(link, { headers })).headers.get('location')).toBe('/');

    expect(await stranger.call(Session, 200, '/api/v1/session', { headers })).toMatchObject({ via: 'link' });
    const project = { name: 'p', task: 'binary', target: 'y' };
    const own = { ...headers, origin: server.address };
    expect((await stranger.send('/api/v1/projects', { json: project, headers: own })).status).toBe(201);
    for (const origin of ['https://evil.example', 'null', server.address.replace('127.0.0.1', 'localhost')]) {
      const refused = await stranger.refused('forbidden_origin', 403, '/api/v1/projects', {
        json: { ...project, name: 'q' },
        headers: { ...headers, origin },
      });
      expect(refused.detail).toContain(origin);
    }
    // Reading harms nobody, and the browser's own rules keep the answer from the other page.
    expect(
      (await stranger.send('/api/v1/projects', { headers: { ...headers, origin: 'https://evil.example' } }))
        .status,
    ).toBe(200);

    await server.stop();
    const restarted = await ServerProcess.start(dataDir);
    const visitor = new ApiClient(restarted.address, null);
    try {
      await visitor.call(Session, 200, '/api/v1/session', { headers });
      expect((await visitor.send(link)).headers.get('location')).toBe('/?sign-in=expired');
      const out = await visitor.send('/api/v1/session', { method: 'DELETE', headers });
      expect(out.status).toBe(204);
      expect(out.headers.get('set-cookie')).toMatch(/kaefer_session=;/);
      await visitor.refused('unauthorized', 401, '/api/v1/session', { headers });
      // Without a token set, no token works.
      await visitor.refused('unauthorized', 401, '/api/v1/session', {
        headers: { authorization: `Bearer ${token}` },
      });
      await visitor.refused('wrong_token', 401, '/api/v1/session', { json: { token } });
    } finally {
      await restarted.stop();
    }
  });

  test('a browser signs in with the token; guessing is slowed down', async () => {
    const { stranger } = await startedServer();
    const answer = await stranger.send('/api/v1/session', { json: { token } });
    expect(answer.status).toBe(200);
    const headers = { cookie: cookieOf(answer) };
    expect(await stranger.call(Session, 200, '/api/v1/session', { headers })).toEqual({
      user: 'token',
      via: 'link',
      person: null,
      role: 'engineer',
    });
    let limited = 0;
    for (let guess = 0; guess < 25; guess++) {
      const { status } = await stranger.send('/api/v1/session', { json: { token: `guess ${guess}` } });
      expect([401, 429]).toContain(status);
      if (status === 429) limited++;
    }
    expect(limited).toBeGreaterThan(0);
    await stranger.refused('too_many_requests', 429, '/api/v1/session', { json: { token } });
  });
});

test('not ready while it starts or stops', async () => {
  const app = fastify().withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  handleErrors(app);
  let ready = false;
  healthRoutes(app, () => ready);
  expect((await app.inject('/healthz')).statusCode).toBe(200);
  const refused = await app.inject('/readyz');
  expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([503, 'not_ready']);
  ready = true;
  expect((await app.inject('/readyz')).json()).toEqual({ status: 'ok' });
  await app.close();
});

test('who reads the link may stop the server at once: it ends in order', async () => {
  for (let start = 0; start < 5; start++) {
    const server = await ServerProcess.start(temporaryFolder());
    await server.stop();
  }
});
