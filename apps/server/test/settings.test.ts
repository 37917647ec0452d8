import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Model, SettingsRevision, TrainingSettings } from '@kaefer/contracts';
import Database from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { ApiClient } from './support/api-client.ts';
import { dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { ServerProcess } from './support/server-process.ts';
import { binaryProject, quickTraining, startedServer, token } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const rowsOf = (options: Parameters<typeof simulateRows>[0]): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets.binary);

/** Rows with what the workshop wrote down after the result. */
const withRepairs = (rows: readonly Row[]): Row[] =>
  rows.map((row) => ({ ...row, repair: row['failed'] === 'yes' ? 'R1' : 'none' }));

const path = '/api/v1/projects/p/settings';
const historyOf = async (api: ApiClient): Promise<SettingsRevision[]> =>
  (await api.call(z.object({ items: z.array(SettingsRevision) }), 200, path)).items;
const featuresOf = async (api: ApiClient, version: number): Promise<string[]> =>
  (await api.call(Model, 200, `/api/v1/projects/p/models/${version}`)).features.map(({ name }) => name);

describe('a column that alone tells the outcome', () => {
  test('keeps runs from starting until a person leaves it out', async () => {
    const { api } = await startedServer();
    await api.createProject(binaryProject);
    const upload = await api.upload('p', withRepairs(rowsOf({ count: 600 })));
    expect(upload.problems).toMatchObject([{ code: 'repeats_target', column: 'repair' }]);
    const json = { uploads: [upload.id], mode: 'full' };
    const refused = await api.refused('leaks_unanswered', 409, '/api/v1/projects/p/runs', { json });
    expect(refused.detail).toContain('repair');
    expect((await api.project('p')).dataset.version).toBeNull();

    const changed = await api.changeSettings('p', { exclude: ['repair'], note: 'written after the test' });
    expect(changed.exclude).toEqual(['repair']);
    const run = await api.runToDecision('p', [upload.id]);
    await api.decide(run.id, 'candidate');
    expect(await featuresOf(api, 1)).not.toContain('repair');
    // The column stays in the data: what was left out may be taken in again.
    expect((await api.dataset('p')).columns.map(({ name }) => name)).toContain('repair');
  });

  test('is told of later files, too, and of what a cancelled run has merged', async () => {
    const { api } = await startedServer();
    await api.createProject(binaryProject);
    await api.learn('p', rowsOf({ count: 600 }));
    const upload = await api.upload('p', withRepairs(rowsOf({ count: 300, first: 700, seed: 2 })));
    const [finding] = upload.problems.filter(({ code }) => code === 'repeats_target');
    expect(finding).toMatchObject({ column: 'repair' });
    expect(finding!.message).toContain('in 300 of 300 rows');
    const json = { uploads: [upload.id] };
    await api.refused('leaks_unanswered', 409, '/api/v1/projects/p/runs', { json });
    await api.changeSettings('p', { confirmed: ['repair'] });
    const run = await api.startRun('p', [upload.id]);
    await api.untilRun(run.id, ({ merged }) => merged !== null);
    await api.cancel(run.id);
    await api.changeSettings('p', { confirmed: [] });
    await api.refused('leaks_unanswered', 409, '/api/v1/projects/p/runs', { json: { uploads: [] } });
    await api.changeSettings('p', { exclude: ['repair'] });
    const last = await api.runToDecision('p', []);
    await api.decide(last.id, 'candidate');
    expect(await featuresOf(api, last.candidate!)).not.toContain('repair');
  });

  test('is learned from when a person says that it is known before', async () => {
    const { api } = await startedServer();
    await api.createProject(binaryProject);
    const upload = await api.upload('p', withRepairs(rowsOf({ count: 600 })));
    await api.changeSettings('p', { confirmed: ['repair'] });
    const run = await api.runToDecision('p', [upload.id]);
    await api.decide(run.id, 'candidate');
    expect(await featuresOf(api, 1)).toContain('repair');
    expect(await historyOf(api)).toMatchObject([
      { revision: 1, changedBy: 'token', note: null, settings: { confirmed: ['repair'], exclude: [] } },
      { revision: 0, changedBy: null, settings: { confirmed: [], exclude: [] } },
    ]);
  });
});

describe('settings', () => {
  test('hold for the next model; those before keep theirs', async () => {
    const { api } = await startedServer();
    await api.createProject(binaryProject);
    await api.learn('p', rowsOf({ count: 600 }));
    const training = TrainingSettings.parse({ ...quickTraining, maxDepth: 2 });
    await api.changeSettings('p', { exclude: ['shop'], training, note: 'shops will close' });
    const more = await api.upload('p', rowsOf({ count: 200, first: 700, seed: 2 }));
    const refused = await api.refused('features_left_out', 409, '/api/v1/projects/p/runs', {
      json: { uploads: [more.id], mode: 'incremental' },
    });
    expect(refused.detail).toContain('shop');
    const run = await api.runToDecision('p', [more.id]);
    expect(await featuresOf(api, 1)).toContain('shop');
    expect(await featuresOf(api, 2)).not.toContain('shop');
    const model = await api.call(Model, 200, '/api/v1/projects/p/models/2');
    expect(model.settings.maxDepth).toBe(2);
    // While a decision is awaited they may change: its evidence has been written.
    await api.changeSettings('p', { exclude: [] });
    await api.decide(run.id, 'candidate');
    await api.changeSettings('p', { exclude: [] });
    expect((await historyOf(api)).map(({ revision, note }) => [revision, note])).toEqual([
      [2, null],
      [1, 'shops will close'],
      [0, null],
    ]);
  });

  test('that cannot be right, or come while a run works, change nothing', async () => {
    const { api } = await startedServer();
    await api.createProject({ ...binaryProject, training: { ...quickTraining, rounds: 5000 } });
    const method = 'PATCH';
    for (const json of [
      { exclude: ['failed'] },
      { exclude: ['id'] },
      { exclude: ['torque'], confirmed: ['torque'] },
      { exclude: ['_rejected'] },
    ])
      await api.refused('project_invalid', 400, path, { method, json });
    for (const json of [{ target: 'shop' }, { exclude: 'shop' }, { training: { rounds: 0 } }])
      await api.refused('invalid_request', 400, path, { method, json });
    const upload = await api.upload('p', rowsOf({ count: 2000 }));
    const { id } = await api.startRun('p', [upload.id]);
    await api.refused('run_in_progress', 409, path, { method, json: { exclude: ['shop'] } });
    await api.cancel(id);
    expect(await historyOf(api)).toHaveLength(1);
    await api.createProject({ ...binaryProject, name: 'minutes', task: 'regression', target: 'minutes' });
    await api.refused('project_invalid', 400, '/api/v1/projects/minutes/settings', {
      method,
      json: { costs: { falsePositive: 1, falseNegative: 1 } },
    });
  });

  test('that a crash kept from the lake are written at the next start', async () => {
    const dataDir = temporaryFolder();
    let server = await ServerProcess.start(dataDir, { KAFER_TOKEN: token });
    const api = new ApiClient(server.address, token);
    await api.createProject(binaryProject);
    await api.changeSettings('p', { exclude: ['shop'] });
    await server.kill();
    const file = join(dataDir, 'lake/projects/p/settings/1.json');
    rmSync(file);
    server = await ServerProcess.start(dataDir, { KAFER_TOKEN: token });
    expect(existsSync(file)).toBe(true);
    await server.stop();
  });
});

test('a folder from before later settings existed goes on, with their defaults', async () => {
  const dataDir = temporaryFolder();
  const settings = { KAFER_TOKEN: token };
  const first = await ServerProcess.start(dataDir, settings);
  const before = new ApiClient(first.address, token);
  await before.createProject(binaryProject);
  await before.changeSettings('p', { exclude: ['torque'] });
  const whole = await before.project('p');
  await first.stop();

  const database = new Database(join(dataDir, 'kaefer.db'));
  const older = (text: string): string => {
    const { training, ...rest } = JSON.parse(text) as Record<string, Record<string, unknown>>;
    for (const name of ['confirmed', 'sources', 'recipe', 'reading', 'choosing']) delete rest[name];
    const kept = Object.entries(training ?? {}).filter(([name]) => name !== 'replay');
    return JSON.stringify({ ...rest, training: Object.fromEntries(kept) });
  };
  for (const [table, column] of [
    ['projects', 'definition'],
    ['settings', 'settings'],
  ] as const) {
    const row = database.prepare(`SELECT ${column} AS text FROM ${table}`).get() as { text: string };
    database.prepare(`UPDATE ${table} SET ${column} = ?`).run(older(row.text));
  }
  database.close();
  const again = await ServerProcess.start(dataDir, settings);
  onTestFinished(() => again.stop());
  const api = new ApiClient(again.address, token);
  expect(await api.project('p')).toEqual(whole);
  const [now] = await historyOf(api);
  expect(now?.settings).toMatchObject({ exclude: ['torque'], confirmed: [], sources: [], recipe: null });
  await api.learn('p', rowsOf({ count: 300 }));
});
