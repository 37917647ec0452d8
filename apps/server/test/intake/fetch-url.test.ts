import { buffer } from 'node:stream/consumers';
import type { Feed } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { AllowedHosts } from '../../src/intake/allowed-hosts.ts';
import { fetchUrl, parseUrl, type FetchedUrl } from '../../src/intake/fetch-url.ts';
import { Secrets } from '../../src/intake/secrets.ts';
import { loopbackServer, type Answer, type LoopbackServer } from '../support/loopback-server.ts';

type UrlFeed = Extract<Feed, { kind: 'url' }>;

const feedOf = (address: string, part: Partial<UrlFeed> = {}): UrlFeed => ({
  name: 'f',
  since: '2026-01-01T00:00:00.000Z',
  report: null,
  schedule: { kind: 'asked' },
  kind: 'url',
  address,
  secret: null,
  sendAs: { as: 'bearer' },
  ...part,
});
const secrets = new Secrets({ KAFER_SECRET_API: 'se/cret', KAFER_SECRET_PAIR: 'user:pass' }, null);
const loopback = new AllowedHosts(['127.0.0.1']);

interface FetchOptions {
  readonly known?: string;
  readonly hosts?: AllowedHosts;
  readonly signal?: AbortSignal;
  readonly timeouts?: { connectMs: number; idleMs: number };
}
const fetching = (feed: UrlFeed, options: FetchOptions = {}): Promise<FetchedUrl | undefined> =>
  fetchUrl(
    feed,
    options.known,
    options.hosts ?? loopback,
    secrets,
    options.signal ?? new AbortController().signal,
    options.timeouts,
  );
const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );
const sending =
  (content: string, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/csv', ...headers }).end(content);
  };

describe('a file', () => {
  test('comes with its name, its size and its version, byte for byte', async () => {
    const server = await loopbackServer(sending('a;b\n1;2\n', { etag: '"v1"', 'content-length': '8' }));
    const found = await fetching(feedOf(`${server.origin}/reports/m%C3%A3o.csv?x=1`));
    expect(found).toMatchObject({ filename: 'mão.csv', bytes: 8, version: 'etag "v1"' });
    expect(String(await buffer(found!.content))).toBe('a;b\n1;2\n');
    expect(server.requests[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
    expect(server.requests[0]?.url).toBe('/reports/m%C3%A3o.csv?x=1');
  });

  test.each([
    [`attachment; filename="june 1.csv"`, 'june 1.csv'],
    [`attachment; filename=june.csv; size=3`, 'june.csv'],
    [`attachment; filename="x.csv"; filename*=UTF-8''mar%C3%A7o.csv`, 'março.csv'],
    [`attachment; filename*=UTF-8''%zz`, '%zz'],
    ['inline', 'export'],
  ])('is called as its server says: %s', async (disposition, filename) => {
    const server = await loopbackServer(sending('a\n1\n', { 'content-disposition': disposition }));
    expect((await fetching(feedOf(`${server.origin}/export`)))?.filename).toBe(filename);
  });

  test('is not sent again while its server says that it is the same', async () => {
    const server = await loopbackServer((request, response) => {
      const isKnown =
        request.headers['if-none-match'] === '"v1"' ||
        request.headers['if-modified-since'] === 'Thu, 01 Jan 2026 00:00:00 GMT';
      response.writeHead(isKnown ? 304 : 200).end();
    });
    const feed = feedOf(`${server.origin}/a.csv`);
    expect(await fetching(feed, { known: 'etag "v1"' })).toBeUndefined();
    expect(await fetching(feed, { known: 'time Thu, 01 Jan 2026 00:00:00 GMT' })).toBeUndefined();
    expect(await fetching(feed, { known: 'etag "v2"' })).toBeDefined();
    expect((await fetching(feed, { known: 'unknown' }))?.version).toBe('unknown');
  });

  test('larger than memory should hold streams through with back-pressure', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(1 << 16, 'x\n');
    const server = await loopbackServer((_request, response) => {
      const go = (): void => {
        while (sent < 400) {
          sent++;
          if (!response.write(chunk)) return void response.once('drain', go);
        }
        response.end();
      };
      go();
    });
    const found = await fetching(feedOf(`${server.origin}/large.csv`));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toBeLessThan(400);
    expect((await buffer(found!.content)).length).toBe(400 * chunk.length);
  });
});

describe('a secret', () => {
  const seen = (server: LoopbackServer): unknown => {
    const { headers, url } = server.requests[0]!;
    return { authorization: headers.authorization, key: headers['x-key'], url };
  };
  test.each([
    [{ as: 'bearer' } as const, { authorization: 'Bearer se/cret', url: '/a?b=1' }],
    [{ as: 'header', name: 'X-Key' } as const, { key: 'se/cret', url: '/a?b=1' }],
    [{ as: 'query', name: 'sig' } as const, { url: '/a?b=1&sig=se%2Fcret' }],
  ])('goes as it is asked for: %o', async (sendAs, expected) => {
    const server = await loopbackServer(sending('a\n1\n'));
    const found = await fetching(feedOf(`${server.origin}/a?b=1`, { secret: 'api', sendAs }));
    expect(seen(server)).toEqual(expected);
    expect(JSON.stringify([found?.file, found?.filename, found?.version])).not.toContain('cret');
  });

  test('of user and password goes as such', async () => {
    const server = await loopbackServer(sending('a\n1\n'));
    const feed = feedOf(`${server.origin}/a`, { secret: 'pair', sendAs: { as: 'basic' } });
    await fetching(feed);
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${btoa('user:pass')}`);
    expect(await codeOf(fetching({ ...feed, secret: 'api' }))).toBe('feed_secret_malformed');
    expect(await codeOf(fetching({ ...feed, secret: 'nobodys' }))).toBe('feed_secret_missing');
  });

  test('stays with its origin when the request is sent on', async () => {
    const other = await loopbackServer(sending('a\n1\n'));
    const server = await loopbackServer((request, response) => {
      const location = request.url === '/a' ? '/b' : `${other.origin}/c.csv`;
      response.writeHead(302, { location }).end();
    });
    const found = await fetching(feedOf(`${server.origin}/a`, { secret: 'api' }));
    expect(found?.filename).toBe('a');
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer se/cret',
      'Bearer se/cret',
    ]);
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
  });
});

describe('what is no file is said for what it is', () => {
  test.each([
    [401, 'feed_access_refused'],
    [403, 'feed_access_refused'],
    [404, 'feed_nothing_there'],
    [410, 'feed_nothing_there'],
    [429, 'feed_answer_unexpected'],
    [500, 'feed_answer_unexpected'],
    [503, 'feed_answer_unexpected'],
    [204, 'feed_answer_unexpected'],
  ])('status %i', async (status, code) => {
    const server = await loopbackServer((_request, response) => void response.writeHead(status).end('no'));
    expect(await codeOf(fetching(feedOf(`${server.origin}/a.csv`)))).toBe(code);
  });

  test.each([
    ['text/html; charset=utf-8', 'anything'],
    ['text/csv', '<!DOCTYPE html><title>Sign in</title>'],
    ['application/octet-stream', '\ufeff\n  <html lang="pt">'],
  ])('a web page (%s)', async (type, content) => {
    const server = await loopbackServer(sending(content, { 'content-type': type }));
    expect(await codeOf(fetching(feedOf(`${server.origin}/a.csv`)))).toBe('feed_web_page');
  });

  test('a circle, an address without encryption, no address at all', async () => {
    const to =
      (location: string): Answer =>
      (_request, response) =>
        void response.writeHead(301, { location }).end();
    const server = await loopbackServer(to('/again'));
    expect(await codeOf(fetching(feedOf(`${server.origin}/a.csv`)))).toBe('feed_redirects');
    expect(server.requests).toHaveLength(6);
    server.answer = to('http://');
    expect(await codeOf(fetching(feedOf(`${server.origin}/a.csv`)))).toBe('feed_redirects');
    server.answer = to('ftp://127.0.0.1/a.csv');
    expect(await codeOf(fetching(feedOf(`${server.origin}/a.csv`)))).toBe('feed_redirect_refused');
    server.answer = to('file:///etc/passwd');
    expect(await codeOf(fetching(feedOf(`${server.origin}/a.csv`)))).toBe('feed_redirect_refused');
  });

  test('a server that is not there, and one with a certificate of its own', async () => {
    expect(await codeOf(fetching(feedOf('http://127.0.0.1:1/a.csv')))).toBe('feed_unreachable');
    const nowhere = feedOf('http://nowhere.invalid/a.csv');
    const hosts = new AllowedHosts(['nowhere.invalid']);
    expect(await codeOf(fetching(nowhere, { hosts }))).toBe('feed_unreachable');
    const server = await loopbackServer(sending('a\n1\n'), { secure: true });
    expect(await codeOf(fetching(feedOf(`${server.origin}/a.csv`)))).toBe('feed_certificate');
    expect(server.requests).toEqual([]);
  });

  test('a server that never answers, and one that stops in the middle of a file', async () => {
    const timeouts = { connectMs: 2000, idleMs: 100 };
    const server = await loopbackServer(() => undefined);
    const feed = feedOf(`${server.origin}/a.csv`);
    expect(await codeOf(fetching(feed, { timeouts }))).toBe('feed_timeout');
    server.answer = (_request, response) => void response.write('a'.repeat(1000));
    const silent = await fetching(feed, { timeouts });
    expect(await codeOf(buffer(silent!.content))).toBe('feed_timeout');
    server.answer = (_request, response) => void response.write('a');
    expect(await codeOf(fetching(feed, { timeouts }))).toBe('feed_timeout');
  });

  test('a file that breaks off, before or after its first bytes', async () => {
    const broken =
      (bytes: number): Answer =>
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100000' });
        response.write('a'.repeat(bytes), () => response.destroy());
      };
    const server = await loopbackServer(broken(5000));
    const found = await fetching(feedOf(`${server.origin}/a.csv`));
    expect(await codeOf(buffer(found!.content))).toBe('feed_broken_off');
    server.answer = broken(10);
    expect(await codeOf(fetching(feedOf(`${server.origin}/a.csv`)))).toBe('feed_broken_off');
  });

  test('a stop ends it at once', async () => {
    const server = await loopbackServer((_request, response) => void response.write('a'.repeat(1000)));
    const stop = new AbortController();
    const found = await fetching(feedOf(`${server.origin}/a.csv`), { signal: stop.signal });
    const reading = codeOf(buffer(found!.content));
    stop.abort();
    expect(await reading).not.toBeUndefined();
  });
});

test('only addresses of files on the web are addresses', () => {
  for (const address of ['ftp://a/b', 'file:///etc/passwd', 'a.csv', 'data:text/csv,a', 'javascript:1'])
    expect(() => parseUrl(address)).toThrow(expect.objectContaining({ code: 'feed_address_invalid' }));
  for (const address of ['http://me:pw@a/b', 'https://me@a/b'])
    expect(() => parseUrl(address)).toThrow(expect.objectContaining({ code: 'feed_credentials_in_address' }));
  expect(parseUrl('https://a/b?c=d#e').href).toBe('https://a/b?c=d');
});

describe('a host that is not allowed', () => {
  const requireHost = (entries: readonly string[], address: string): string | undefined => {
    try {
      new AllowedHosts(entries).require(new URL(address));
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  test.each([
    [[], 'http://127.0.0.1/', false],
    [[], 'https://example.com/', false],
    [['example.com'], 'https://example.com/', true],
    [['Example.com'], 'https://EXAMPLE.com:8443/', true],
    [['example.com'], 'https://www.example.com/', false],
    [['*.example.com'], 'https://www.example.com/', true],
    [['*.example.com'], 'https://example.com/', false],
    [['*.example.com'], 'https://badexample.com/', false],
    [['example.com:8443'], 'https://example.com:8443/', true],
    [['example.com:8443'], 'https://example.com/', false],
    [['example.com:443'], 'https://example.com/', true],
    [['*'], 'https://example.com/', true],
    [['*'], 'http://127.0.0.1/', false],
    [['*'], 'http://[::1]/', false],
    [['*'], 'http://[::ffff:10.0.0.1]/', false],
    [['*'], 'http://169.254.169.254/latest/meta-data', false],
    [['*'], 'http://2130706433/', false],
    [['*', '10.1.2.3'], 'http://10.1.2.3/', true],
    [['[fd00::5]'], 'http://[fd00::5]:9000/', true],
  ])('%j: %s is allowed: %s', (entries, address, isAllowed) => {
    expect(requireHost(entries, address)).toBe(isAllowed ? undefined : 'feed_host_not_allowed');
  });

  test('is not reached by a name that leads to a private address, nor by a redirect', async () => {
    const target = await loopbackServer(sending('a\n1\n'));
    const port = target.host.split(':')[1];
    // `localhost` is a name like any other here: it leads to this machine.
    const every = new AllowedHosts(['*']);
    const feed = feedOf(`http://localhost:${port}/a.csv`);
    expect(await codeOf(fetching(feed, { hosts: every }))).toBe('feed_host_not_allowed');
    const server = await loopbackServer(
      (_request, response) => void response.writeHead(302, { location: `${target.origin}/a.csv` }).end(),
    );
    const one = new AllowedHosts([server.host]);
    expect(await codeOf(fetching(feedOf(`${server.origin}/a.csv`), { hosts: one }))).toBe(
      'feed_host_not_allowed',
    );
    expect(target.requests).toEqual([]);
    const named = new AllowedHosts(['localhost']);
    expect(await fetching(feed, { hosts: named })).toBeDefined();
  });

  test('what is no host is named', () => {
    for (const entry of ['http://a', 'a/b', 'a b', '*.', ''])
      expect(() => new AllowedHosts([entry])).toThrow(`“${entry}” is not a host`);
  });
});
