import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FeedState,
  SettingsRevision,
  Upload,
  type FeedAttempt,
  type FeedRequestInput,
} from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readConfig } from '../src/config.ts';
import type { ApiClient } from './support/api-client.ts';
import { until } from './support/killed-site.ts';
import { loopbackServer, type Answer } from './support/loopback-server.ts';
import { csvOf, dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { startedServer, type StartedServer } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const rowsOf = (options: Parameters<typeof simulateRows>[0]): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets.binary);
const feedsOf = '/api/v1/projects/p/feeds';

async function serverWithProject(settings: Parameters<typeof startedServer>[0] = {}): Promise<StartedServer> {
  const started = await startedServer({ KAFER_INTAKE_HOSTS: '127.0.0.1', ...settings });
  await started.api.createProject({ name: 'p', task: 'binary', target: 'failed', key: 'id' });
  return started;
}

const put = (api: ApiClient, name: string, json: FeedRequestInput): Promise<FeedState> =>
  api.call(FeedState, 200, `${feedsOf}/${name}`, { method: 'PUT', json });
const stateOf = async (api: ApiClient, name: string): Promise<FeedState> => {
  const { items } = await api.call(z.object({ items: z.array(FeedState) }), 200, feedsOf);
  const found = items.find((state) => state.name === name);
  if (found === undefined) throw new Error(`there is no feed ${name}`);
  return found;
};
/** Fetches now, and gives what came of it. */
async function fetchNow(api: ApiClient, name: string): Promise<FeedAttempt> {
  await api.call(FeedState, 202, `${feedsOf}/${name}/fetch`, { method: 'POST' });
  let state = await stateOf(api, name);
  await until(async () => !(state = await stateOf(api, name)).isFetching);
  const [last] = state.attempts;
  if (last === undefined) throw new Error('nothing was recorded');
  return last;
}
const uploadsOf = async (api: ApiClient): Promise<Upload[]> =>
  (await api.call(z.object({ items: z.array(Upload) }), 200, '/api/v1/projects/p/uploads')).items;

const csv = csvOf(rowsOf({ count: 60 }));
const sending =
  (content: string, headers: Record<string, string> = {}): Answer =>
  (request, response) => {
    if (headers['etag'] !== undefined && request.headers['if-none-match'] === headers['etag'])
      response.writeHead(304).end();
    else response.writeHead(200, headers).end(content);
  };
const statusOf =
  (status: number): Answer =>
  (_request, response) =>
    void response.writeHead(status).end();

describe('a web address', () => {
  test('is fetched through the door of every upload, and each content once', async () => {
    const { api } = await serverWithProject();
    const plant = await loopbackServer(sending(csv, { etag: '"1"' }));
    const state = await put(api, 'nightly', { kind: 'url', address: `${plant.origin}/june.csv` });
    expect(state).toMatchObject({
      name: 'nightly',
      kind: 'url',
      nextAt: null,
      attempts: [],
      isFetching: false,
    });
    const first = await fetchNow(api, 'nightly');
    expect(first).toMatchObject({ known: 0, failures: [], askedBy: 'token' });
    const [upload] = await uploadsOf(api);
    expect(first.taken).toEqual([upload?.id]);
    expect(upload).toMatchObject({
      filename: 'june.csv',
      feed: 'nightly',
      status: 'valid',
      sha256: createHash('sha256').update(csv).digest('hex'),
      rows: { total: 60, new: 60 },
    });
    expect((await api.project('p')).activeRun).toBeNull();

    // Not changed, by the server's word; another version of the same bytes; no version at all.
    expect(await fetchNow(api, 'nightly')).toMatchObject({ taken: [], known: 1, failures: [] });
    plant.answer = sending(csv, { etag: '"2"' });
    expect(await fetchNow(api, 'nightly')).toMatchObject({ taken: [], known: 1, repeated: 2 });
    plant.answer = sending(csv);
    expect(await fetchNow(api, 'nightly')).toMatchObject({ taken: [], known: 1, repeated: 3 });
    expect(await uploadsOf(api)).toHaveLength(1);
    // What changed is new; what goes back to what it was is new, too.
    plant.answer = sending(csvOf(rowsOf({ count: 61 })));
    expect((await fetchNow(api, 'nightly')).taken).toHaveLength(1);
    plant.answer = sending(csv);
    expect((await fetchNow(api, 'nightly')).taken).toHaveLength(1);
    expect((await uploadsOf(api)).map(({ rows }) => rows.total)).toEqual([60, 61, 60]);
    expect((await stateOf(api, 'nightly')).attempts.map(({ taken }) => taken.length)).toEqual([1, 1, 0, 1]);
  });

  test('that fails says why, and is well again when it is', async () => {
    const { api, dataDir } = await serverWithProject({ KAFER_UPLOAD_LIMIT_MB: '1' });
    const plant = await loopbackServer(statusOf(404));
    await put(api, 'nightly', { kind: 'url', address: `${plant.origin}/june.csv?year=2026` });
    const failing = async (answer: Answer): Promise<FeedAttempt['failures'][number] | undefined> => {
      plant.answer = answer;
      return (await fetchNow(api, 'nightly')).failures[0];
    };
    expect(await failing(statusOf(404))).toMatchObject({
      file: null,
      code: 'feed_nothing_there',
      detail: expect.stringContaining(`${plant.origin}/june.csv`) as unknown,
    });
    expect(await failing(statusOf(404))).toMatchObject({ code: 'feed_nothing_there' });
    expect((await stateOf(api, 'nightly')).attempts).toMatchObject([{ repeated: 2 }]);
    expect(await failing(sending('<html></html>'))).toMatchObject({ code: 'feed_web_page' });
    const huge = `id,x,failed\n${'k,1,yes\n'.repeat(200_000)}`;
    expect(await failing(sending(huge))).toMatchObject({ code: 'upload_too_large' });
    expect(readdirSync(join(dataDir, 'lake/projects/p/uploads'))).toEqual([]);
    expect(await failing(sending('a,b\n1,2\n'))).toBeUndefined();
    expect((await uploadsOf(api)).map(({ status }) => status)).toEqual(['invalid']);
    const told = await api.send(feedsOf, { headers: { 'accept-language': 'pt-BR' } });
    expect(JSON.stringify(await told.json())).toContain('O servidor não conhece');
  });

  test('that answers again after a moment is tried again within the same look', async () => {
    const { api } = await serverWithProject();
    const plant = await loopbackServer(sending(csv));
    let asked = 0;
    plant.answer = (request, response) => {
      asked += 1;
      if (asked === 1) request.socket.destroy();
      else response.end(csv);
    };
    await put(api, 'nightly', { kind: 'url', address: `${plant.origin}/june.csv` });
    expect(await fetchNow(api, 'nightly')).toMatchObject({ failures: [], known: 0 });
    expect(asked).toBe(2);
  });

  test('is fetched by itself when it is due', async () => {
    const { api } = await serverWithProject();
    const plant = await loopbackServer(sending(csv, { etag: '"1"' }));
    const schedule = { kind: 'every', minutes: 1 } as const;
    const { nextAt } = await put(api, 'often', {
      kind: 'url',
      address: `${plant.origin}/june.csv`,
      schedule,
    });
    expect(Date.parse(nextAt ?? '')).toBeLessThanOrEqual(Date.now());
    await until(async () => (await stateOf(api, 'often')).attempts.length === 1);
    const state = await stateOf(api, 'often');
    expect(state.attempts).toMatchObject([{ askedBy: null, taken: [expect.any(String)] }]);
    expect(Date.parse(state.nextAt ?? '') - Date.parse(state.attempts[0]!.at)).toBe(60_000);
  });
});

describe('a secret', () => {
  test('is sent, and nowhere to be found afterwards', async () => {
    const secret = 'a-secret-that-is-nowhere';
    const { api, dataDir } = await serverWithProject({ KAFER_SECRET_PLANT_API: secret, KAFER_LOG: 'error' });
    const plant = await loopbackServer(sending(csv));
    const address = `${plant.origin}/june.csv`;
    const feed = { kind: 'url', address, secret: 'plant_api' } as const;
    await put(api, 'bearer', feed);
    await put(api, 'signed', { ...feed, sendAs: { as: 'query', name: 'sig' } });
    await fetchNow(api, 'bearer');
    plant.answer = statusOf(403);
    expect((await fetchNow(api, 'signed')).failures).toMatchObject([{ code: 'feed_access_refused' }]);
    expect(plant.requests[0]?.headers.authorization).toBe(`Bearer ${secret}`);
    expect(plant.requests.at(-1)?.url).toContain(secret);
    const answers = await Promise.all(
      ['feeds', 'settings', 'uploads', ''].map(async (name) =>
        (await api.send(`/api/v1/projects/p/${name}`)).text(),
      ),
    );
    expect(answers.join('')).not.toContain(secret);
    for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
      const path = join(dataDir, name);
      if (statSync(path).isFile()) expect(readFileSync(path).includes(secret), name).toBe(false);
    }
  });

  test('and a host that the operator of the server has not provided are refused with what to do', async () => {
    const { api } = await serverWithProject({ KAFER_TOKEN: 'a-token-for-tests' });
    const refuse = (json: FeedRequestInput, code: Parameters<ApiClient['refused']>[0], status: number) =>
      api.refused(code, status, `${feedsOf}/a`, { method: 'PUT', json });
    const address = 'http://127.0.0.1:1/a.csv';
    const missing = await refuse({ kind: 'url', address, secret: 'nobodys' }, 'feed_secret_missing', 400);
    expect(missing.detail).toContain('KAFER_SECRET_NOBODYS');
    // Other variables of the server are not secrets of feeds.
    await refuse({ kind: 'url', address, secret: 'token' }, 'feed_secret_missing', 400);
    const host = await refuse({ kind: 'url', address: 'http://10.0.0.1/a' }, 'feed_host_not_allowed', 403);
    expect(host.detail).toContain('KAFER_INTAKE_HOSTS');
    await refuse({ kind: 'url', address: 'http://169.254.169.254/' }, 'feed_host_not_allowed', 403);
    await refuse({ kind: 'url', address: 'file:///etc/passwd' }, 'feed_address_invalid', 400);
    await refuse({ kind: 'url', address: 'https://u:p@127.0.0.1/' }, 'feed_credentials_in_address', 400);
    await refuse({ kind: 's3', address: 's3://bucket/a' }, 'feed_host_not_allowed', 403);
    await refuse({ kind: 's3', address: 'bucket/a' }, 'feed_address_invalid', 400);
    await refuse({ kind: 'folder', address: '/etc' }, 'feed_folder_not_allowed', 403);
    await refuse({ kind: 'folder', address: 'etc' }, 'feed_address_invalid', 400);
    await refuse({ kind: 'url', address, report: 'checks' }, 'source_not_found', 404);
    await api.refused('feed_name_taken', 409, `${feedsOf}/watched-folder`, {
      method: 'PUT',
      json: { kind: 'url', address },
    });
    await api.refused('invalid_request', 400, `${feedsOf}/a`, {
      method: 'PUT',
      json: { kind: 'url', address, headers: { authorization: 'Bearer x' } },
    });
    await api.refused('feed_not_found', 404, `${feedsOf}/a/fetch`, { method: 'POST' });
    await api.refused('feed_not_found', 404, `${feedsOf}/a`, { method: 'DELETE' });
    expect((await api.call(z.object({ items: z.array(FeedState) }), 200, feedsOf)).items).toEqual([]);
  });
});

test('feeds are settings: changed by revisions, kept over a start, and removed with what they brought left', async () => {
  const { api, stranger } = await serverWithProject();
  const plant = await loopbackServer(sending(csv));
  const address = `${plant.origin}/june.csv`;
  await put(api, 'a', { kind: 'url', address });
  await put(api, 'a', { kind: 'url', address, schedule: { kind: 'daily', at: '06:00' } });
  await fetchNow(api, 'a');
  expect((await api.send(`${feedsOf}/a`, { method: 'DELETE' })).status).toBe(204);
  const { items } = await api.call(
    z.object({ items: z.array(SettingsRevision) }),
    200,
    '/api/v1/projects/p/settings',
  );
  expect(items.map(({ settings }) => settings.feeds.map(({ schedule }) => schedule.kind))).toEqual([
    [],
    ['daily'],
    ['asked'],
    [],
  ]);
  expect(items[0]?.changedBy).toBe('token');
  expect(await uploadsOf(api)).toHaveLength(1);
  // Made again under its name it knows what it took.
  await put(api, 'a', { kind: 'url', address });
  expect(await fetchNow(api, 'a')).toMatchObject({ taken: [], known: 1 });
  for (const [path, method] of [
    [feedsOf, 'GET'],
    [`${feedsOf}/a`, 'PUT'],
    [`${feedsOf}/a`, 'DELETE'],
    [`${feedsOf}/a/fetch`, 'POST'],
  ] as const)
    await stranger.refused('unauthorized', 401, path, { method });
});

test('a folder of the server: every file once, the oldest first, one that fails keeps no other out', async () => {
  const root = temporaryFolder();
  const folder = join(root, 'exports');
  mkdirSync(folder);
  const { api } = await serverWithProject({ KAFER_INTAKE_FOLDERS: root, KAFER_UPLOAD_LIMIT_MB: '1' });
  const write = (name: string, content: string, second: number): void => {
    writeFileSync(join(folder, name), content);
    utimesSync(join(folder, name), 1_700_000_000 + second, 1_700_000_000 + second);
  };
  write('b.csv', csv, 1);
  write('huge.csv', 'x'.repeat(2 << 20), 2);
  write('a.csv', csvOf(rowsOf({ count: 40, seed: 3 })), 3);
  write('copy.csv', csv, 4);
  await put(api, 'share', { kind: 'folder', address: folder });
  const first = await fetchNow(api, 'share');
  expect(first.failures).toMatchObject([{ file: join(folder, 'huge.csv'), code: 'upload_too_large' }]);
  expect(first).toMatchObject({ known: 1 });
  expect((await uploadsOf(api)).map(({ filename }) => filename)).toEqual(['a.csv', 'b.csv']);
  expect(readdirSync(folder).sort()).toEqual(['a.csv', 'b.csv', 'copy.csv', 'huge.csv']);
  write('huge.csv', csvOf(rowsOf({ count: 41, seed: 4 })), 5);
  expect(await fetchNow(api, 'share')).toMatchObject({ known: 3, failures: [], taken: [expect.any(String)] });
});

test('a feed of a report brings files of that report', async () => {
  const { api } = await serverWithProject();
  const sources = [
    { name: 'checks', key: ['knr', 'name'] },
    { name: 'stations', key: ['knr', 'name'] },
  ];
  await api.createProject({ name: 'reports', task: 'binary', target: 'failed', key: 'knr', sources });
  const plant = await loopbackServer(sending('knr,name,value\n1,a,2\n'));
  const base = '/api/v1/projects/reports/feeds';
  const json = { kind: 'url', address: `${plant.origin}/c.csv`, report: 'stations' };
  await api.call(FeedState, 200, `${base}/c`, { method: 'PUT', json });
  await api.call(FeedState, 202, `${base}/c/fetch`, { method: 'POST' });
  const path = '/api/v1/projects/reports/uploads';
  const list = z.object({ items: z.array(Upload) });
  await until(async () => (await api.call(list, 200, path)).items.length === 1);
  expect((await api.call(list, 200, path)).items).toMatchObject([{ source: 'stations', feed: 'c' }]);
});

test('what the watched folder could not take is shown until it can be', async () => {
  const root = temporaryFolder();
  const settings = { KAFER_INTAKE_DIR: root, KAFER_INTAKE_SECONDS: '1', KAFER_UPLOAD_LIMIT_MB: '1' };
  const { api } = await serverWithProject(settings);
  const folder = join(root, 'p');
  await until(async () => (await stateOf(api, 'watched-folder')).kind === 'watched');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'huge.csv'), 'x'.repeat(2 << 20));
  writeFileSync(join(folder, 'good.csv'), csv);
  const failures = [{ file: join(folder, 'huge.csv'), code: 'upload_too_large' }];
  // Each is taken at the second look that finds it as it was: that may be the same look or not.
  await until(async () => {
    const { attempts } = await stateOf(api, 'watched-folder');
    return attempts.some(({ taken }) => taken.length > 0) && attempts[0]?.failures.length === 1;
  });
  const { address, attempts } = await stateOf(api, 'watched-folder');
  const [upload] = await uploadsOf(api);
  expect([address, attempts[0]?.failures]).toMatchObject([folder, failures]);
  expect(attempts.flatMap(({ taken }) => taken)).toEqual([upload?.id]);
  expect(upload).toMatchObject({ filename: 'good.csv', feed: 'watched-folder' });
  writeFileSync(join(folder, 'huge.csv'), csvOf(rowsOf({ count: 40, seed: 3 })));
  await until(async () => {
    const [last] = (await stateOf(api, 'watched-folder')).attempts;
    return last?.taken.length === 1 && last.failures.length === 0;
  });
  expect(await uploadsOf(api)).toHaveLength(2);
});

test('what may be fetched from is read at the start, and every mistake in it is named', () => {
  expect(() => readConfig([], { KAFER_INTAKE_HOSTS: 'ok.example, http://a/' })).toThrow(
    /KAFER_INTAKE_HOSTS: “http:\/\/a\/” is not a host/,
  );
  expect(() => readConfig([], { KAFER_INTAKE_FOLDERS: 'relative' })).toThrow(/KAFER_INTAKE_FOLDERS/);
  const inside = { KAFER_INTAKE_FOLDERS: '/data/lake:/mnt', KAFER_DATA_DIR: '/data' };
  expect(() => readConfig([], inside)).toThrow(/KAFER_INTAKE_FOLDERS must lie apart/);
  const around = { KAFER_INTAKE_FOLDERS: '/', KAFER_DATA_DIR: '/data' };
  expect(() => readConfig([], around)).toThrow(/KAFER_INTAKE_FOLDERS must lie apart/);
  expect(readConfig([], { KAFER_INTAKE_FOLDERS: '/mnt/a:/mnt/b/' }).intakeFolders).toEqual([
    '/mnt/a',
    '/mnt/b',
  ]);
});
