import { readdirSync } from 'node:fs';
import { request, type ClientRequest } from 'node:http';
import { join } from 'node:path';
import { Arrival, ProblemDetails, Upload } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ApiClient } from './support/api-client.ts';
import { until } from './support/killed-site.ts';
import { childrenOf } from './support/server-process.ts';
import { startedServer, token, type StartedServer } from './support/started-server.ts';

const base = '/api/v1/projects/p';
const arrivalsOf = async (api: ApiClient): Promise<Arrival[]> =>
  (await api.call(z.object({ items: z.array(Arrival) }), 200, `${base}/arrivals`)).items;
const uploadsIn = ({ dataDir }: StartedServer): string[] =>
  readdirSync(join(dataDir, 'lake/projects/p/uploads'));

async function serverWithProject(): Promise<StartedServer> {
  const started = await startedServer();
  await started.api.createProject({ name: 'p', task: 'binary', target: 'failed', key: 'id' });
  return started;
}

/** Rows enough for a check that lasts. */
function largeCsv(rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, row) =>
      `k${row},${row % 977},${(row * 7919) % 1000},word ${row % 313},${row % 3 === 0 ? 'yes' : 'no'}`,
  );
  return `id,a,b,c,failed\n${lines.join('\n')}\n`;
}

function beginUpload({ api }: StartedServer, reference: string, length: number): ClientRequest {
  return request(`${api.address}${base}/uploads?filename=large.csv&reference=${reference}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv', 'content-length': length },
  });
}

const answerOf = (sending: ClientRequest): Promise<{ status: number | undefined; body: unknown }> =>
  new Promise((resolve, reject) => {
    sending.once('error', reject);
    sending.once('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.once('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
    });
  });

test('a file on its way is listed with its bytes, then with the rows that the check has read', async () => {
  const started = await serverWithProject();
  const { api } = started;
  const csv = largeCsv(900_000);
  const sending = beginUpload(started, 'mine-1', csv.length);
  const answered = answerOf(sending);
  const half = Math.floor(csv.length / 2);
  sending.write(csv.slice(0, half));
  let seen: Arrival[] = [];
  await until(async () => (seen = await arrivalsOf(api))[0]?.bytes === half);
  expect(seen).toMatchObject([
    {
      filename: 'large.csv',
      reference: 'mine-1',
      feed: null,
      stage: 'receiving',
      expectedBytes: csv.length,
      checked: null,
    },
  ]);
  sending.end(csv.slice(half));
  const checks: NonNullable<Arrival['checked']>[] = [];
  await until(async () => {
    const [arrival] = await arrivalsOf(api);
    if (arrival?.checked) checks.push(arrival.checked);
    return arrival === undefined && checks.length > 0;
  });
  const { status, body } = await answered;
  const upload = Upload.parse(body);
  expect([status, upload.id, upload.rows.total]).toEqual([201, seen[0]?.id, 900_000]);
  const fractions = checks.map(({ fraction }) => fraction);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(fractions[0]).toBeGreaterThan(0);
  expect(fractions.at(-1)).toBeLessThan(1);
  const most = Math.max(...checks.map(({ rows }) => rows));
  expect(most).toBeGreaterThan(50_000);
  expect(most).toBeLessThan(1_000_000);
});

test('one that is stopped while it is checked leaves nothing, and its process is gone', async () => {
  const started = await serverWithProject();
  const { api, server } = started;
  const csv = largeCsv(600_000);
  const sending = beginUpload(started, 'mine-2', csv.length);
  const answered = answerOf(sending);
  sending.end(csv);
  let arrival: Arrival | undefined;
  await until(async () => ([arrival] = await arrivalsOf(api))[0]?.stage === 'checking');
  expect((await api.send(`/api/v1/arrivals/${arrival!.id}`, { method: 'DELETE' })).status).toBe(204);
  const { status, body } = await answered;
  expect([status, ProblemDetails.parse(body).code]).toEqual([409, 'upload_cancelled']);
  expect(await arrivalsOf(api)).toEqual([]);
  expect(uploadsIn(started)).toEqual([]);
  await until(() => childrenOf(server.pid).length === 0);
  expect((await api.call(z.object({ items: z.array(Upload) }), 200, `${base}/uploads`)).items).toEqual([]);
  expect((await api.upload('p', 'id,a,failed\n1,2,yes\n2,3,no\n')).status).toBe('valid');
});

test('one that is stopped while it arrives leaves nothing', async () => {
  const started = await serverWithProject();
  const { api, stranger } = started;
  const csv = largeCsv(10_000);
  const sending = beginUpload(started, 'mine-3', csv.length * 2);
  const answered = answerOf(sending);
  sending.write(csv);
  let arrival: Arrival | undefined;
  await until(async () => ([arrival] = await arrivalsOf(api))[0] !== undefined);
  const path = `/api/v1/arrivals/${arrival!.id}`;
  await stranger.refused('unauthorized', 401, path, { method: 'DELETE' });
  expect((await api.send(path, { method: 'DELETE' })).status).toBe(204);
  const { status, body } = await answered;
  expect([status, ProblemDetails.parse(body).code]).toEqual([409, 'upload_cancelled']);
  sending.destroy();
  expect(uploadsIn(started)).toEqual([]);
  await api.refused('arrival_not_found', 404, path, { method: 'DELETE' });
});
