import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeedState, Upload } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readConfig } from '../src/config.ts';
import type { ApiClient } from './support/api-client.ts';
import { until } from './support/killed-site.ts';
import { csvOf, dropColumns, simulateRows, withoutOtherTargets } from './support/rows.ts';
import { startedServer } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const uploadsOf = async (api: ApiClient, project: string): Promise<Upload[]> =>
  (await api.call(z.object({ items: z.array(Upload) }), 200, `/api/v1/projects/${project}/uploads`)).items;
const csv = csvOf(dropColumns(simulateRows({ count: 300 }), withoutOtherTargets.binary));

test('files of a watched folder wait like those that a person sends, each once', async () => {
  const root = temporaryFolder();
  const { api } = await startedServer({ KAFER_INTAKE_DIR: root, KAFER_INTAKE_SECONDS: '1' });
  await api.createProject({ name: 'p', task: 'binary', target: 'failed', key: 'id' });
  const sources = [{ name: 'checks', key: ['knr', 'name'] }];
  await api.createProject({ name: 'reports', task: 'binary', target: 'failed', key: 'knr', sources });
  const folder = join(root, 'p');
  await until(() => existsSync(folder));

  const dropped = join(folder, 'march.csv');
  writeFileSync(`${dropped}.part`, csv);
  writeFileSync(join(folder, '.hidden.csv'), csv);
  const elsewhere = join(temporaryFolder(), 'secret.csv');
  writeFileSync(elsewhere, csv);
  symlinkSync(elsewhere, join(folder, 'link.csv'));
  mkdirSync(join(root, 'reports', 'checks'), { recursive: true });
  writeFileSync(join(root, 'reports', 'checks', 'c.csv'), 'knr,name,value\n1,a,2\n');
  writeFileSync(join(folder, 'wrong.csv'), 'a,b\n1,2\n');
  renameSync(`${dropped}.part`, dropped);
  const taken = join(folder, '.taken');
  const namesIn = (place: string): string[] => (existsSync(place) ? readdirSync(place).sort() : []);
  await until(
    () => namesIn(taken).length === 2 && namesIn(join(root, 'reports', 'checks', '.taken')).length === 1,
  );

  const uploads = await uploadsOf(api, 'p');
  expect(uploads.map(({ filename, status, rows }) => [filename, status, rows.total]).sort()).toEqual([
    ['march.csv', 'valid', 300],
    ['wrong.csv', 'invalid', 0],
  ]);
  expect(namesIn(taken)).toEqual(uploads.map(({ id, filename }) => `${id}-${filename}`).sort());
  expect(namesIn(folder)).toEqual(['.hidden.csv', '.taken', 'link.csv']);
  expect(await uploadsOf(api, 'reports')).toMatchObject([
    { filename: 'c.csv', source: 'checks', status: 'valid' },
  ]);
  expect((await api.project('p')).activeRun).toBeNull();

  // What a stop between taking and moving leaves: the same file, which is an upload already.
  writeFileSync(dropped, csv);
  await until(() => !existsSync(dropped));
  expect(await uploadsOf(api, 'p')).toHaveLength(2);
});

test('a file for which there is too little space stays where it is, and it is said why', async () => {
  const root = temporaryFolder();
  const tooMuch = String(1 << 24);
  const { api } = await startedServer({
    KAFER_INTAKE_DIR: root,
    KAFER_INTAKE_SECONDS: '1',
    KAFER_MIN_FREE_MB: tooMuch,
  });
  await api.createProject({ name: 'p', task: 'binary', target: 'failed', key: 'id' });
  const folder = join(root, 'p');
  await until(() => existsSync(folder));
  writeFileSync(join(folder, 'march.csv'), csv);
  const failures = async () => {
    const { items } = await api.call(
      z.object({ items: z.array(FeedState) }),
      200,
      '/api/v1/projects/p/feeds',
    );
    return items.flatMap(({ attempts }) => attempts.flatMap((attempt) => attempt.failures));
  };
  await until(async () => (await failures()).length > 0);
  expect((await failures())[0]).toMatchObject({ file: join(folder, 'march.csv'), code: 'disk_full' });
  expect(readdirSync(folder)).toEqual(['march.csv']);
  expect(await uploadsOf(api, 'p')).toEqual([]);
});

test('the folder lies outside the data folder', () => {
  const at = (KAFER_INTAKE_DIR: string) => () => readConfig(['--data-dir', '/data'], { KAFER_INTAKE_DIR });
  expect(at('/data')).toThrow(/KAFER_INTAKE_DIR must lie outside/);
  expect(at('/data/lake')).toThrow(/KAFER_INTAKE_DIR must lie outside/);
  expect(at('/data-in')().intakeDir).toBe('/data-in');
  expect(readConfig([], {}).intakeDir).toBeNull();
});
