import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FeedState, Upload } from '@kaefer/contracts';
import { rebuildDatabase } from '@kaefer/pipeline/maintain';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { ApiClient } from './support/api-client.ts';
import { until } from './support/killed-site.ts';
import { loopbackServer } from './support/loopback-server.ts';
import { csvOf, dropColumns, simulateRows, withoutOtherTargets } from './support/rows.ts';
import { ServerProcess } from './support/server-process.ts';
import { token } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const feedsOf = '/api/v1/projects/p/feeds';
const settings = { KAFER_TOKEN: token, KAFER_INTAKE_HOSTS: '127.0.0.1' };
const uploadsOf = async (api: ApiClient): Promise<Upload[]> =>
  (await api.call(z.object({ items: z.array(Upload) }), 200, '/api/v1/projects/p/uploads')).items;

test('a kill at any moment of a fetch leaves nothing half taken, and nothing is taken twice', async () => {
  const dataDir = temporaryFolder();
  const csv = Buffer.from(csvOf(dropColumns(simulateRows({ count: 3000 }), withoutOtherTargets.binary)));
  const half = csv.length / 2;
  let isHeld = true;
  const plant = await loopbackServer((_request, response) => {
    response.writeHead(200, { etag: '"1"', 'content-length': String(csv.length) });
    response.write(csv.subarray(0, half));
    if (!isHeld) response.end(csv.subarray(half));
  });
  let server = await ServerProcess.start(dataDir, settings);
  onTestFinished(() => server.kill());
  const restart = async (): Promise<ApiClient> => {
    await server.kill();
    server = await ServerProcess.start(dataDir, settings);
    return new ApiClient(server.address, token);
  };
  let api = new ApiClient(server.address, token);
  await api.createProject({ name: 'p', task: 'binary', target: 'failed', key: 'id' });
  const json = { kind: 'url', address: `${plant.origin}/a.csv`, schedule: { kind: 'every', minutes: 60 } };
  await api.call(FeedState, 200, `${feedsOf}/f`, { method: 'PUT', json });
  const uploads = join(dataDir, 'lake/projects/p/uploads');

  // In the middle of the file.
  await until(() => readdirSync(uploads).some((name) => name.endsWith('.part')));
  api = await restart();
  expect(await uploadsOf(api)).toEqual([]);

  // At moments from the last byte to the acknowledgement, and after it.
  isHeld = false;
  for (const delayMs of [0, 60, 150, 250, 400, 700]) {
    const before = plant.requests.length;
    await api.call(FeedState, 202, `${feedsOf}/f/fetch`, { method: 'POST' });
    await until(() => plant.requests.length > before);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    api = await restart();
    expect((await uploadsOf(api)).length).toBeLessThanOrEqual(1);
  }
  // It is due since it was never recorded, or it was: either way it is there once.
  await until(async () => (await uploadsOf(api)).length === 1);
  await api.call(FeedState, 202, `${feedsOf}/f/fetch`, { method: 'POST' });
  const list = z.object({ items: z.array(FeedState) });
  await until(async () => (await api.call(list, 200, feedsOf)).items[0]?.isFetching === false);
  const [upload, ...more] = await uploadsOf(api);
  expect(more).toEqual([]);
  expect(upload).toMatchObject({ feed: 'f', status: 'valid', rows: { total: 3000 } });
  expect(readdirSync(uploads)).toEqual([upload?.id]);

  // A database that is made anew from the lake knows as well what was taken.
  await server.stop();
  expect(await rebuildDatabase(dataDir)).toBe(1);
  server = await ServerProcess.start(dataDir, settings);
  api = new ApiClient(server.address, token);
  await api.call(FeedState, 202, `${feedsOf}/f/fetch`, { method: 'POST' });
  await until(async () => (await api.call(list, 200, feedsOf)).items[0]?.isFetching === false);
  expect((await uploadsOf(api)).map(({ id, feed }) => [id, feed])).toEqual([[upload?.id, 'f']]);
});
