import { DatasetDifference, RestoreAnswer, UndoAnswer, UndoPlan, Upload, Model } from '@kaefer/contracts';
import Database from 'libsql';
import { join } from 'node:path';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ApiClient } from './support/api-client.ts';
import { KilledSite, until } from './support/killed-site.ts';
import { expectDataset, MirroredTable } from './support/mirrored-table.ts';
import { dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { startedServer } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const creation = {
  name: 'p',
  task: 'binary',
  target: 'failed',
  positive: 'yes',
  key: 'id',
  training: { rounds: 10, maxDepth: 3, earlyStoppingRounds: 0 },
} as const;
const rowsOf = (options: Parameters<typeof simulateRows>[0]): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets.binary);

const first = rowsOf({ count: 500, first: 1, seed: 1 });
const second = [
  ...rowsOf({ count: 60, first: 400, seed: 2 }),
  ...rowsOf({ count: 200, first: 1000, seed: 3 }),
];

function auditOf(dataDir: string): { action: string; actor: string; detail: string }[] {
  const database = new Database(join(dataDir, 'kaefer.db'), { readonly: true });
  try {
    return database
      .prepare(`SELECT action, actor, detail FROM audit WHERE action = 'undo' ORDER BY at`)
      .all() as {
      action: string;
      actor: string;
      detail: string;
    }[];
  } finally {
    database.close();
  }
}

const tableOf = (...files: Row[][]): MirroredTable => {
  const table = new MirroredTable('id');
  for (const rows of files) table.merge(rows);
  return table;
};

/** A project whose second model learned from a second file. */
async function withTwoFiles(api: ApiClient): Promise<string> {
  await api.createProject(creation);
  await api.learn('p', first);
  const upload = await api.upload('p', second, 'wrong month.csv');
  const run = await api.runToDecision('p', [upload.id]);
  await api.decide(run.id, 'candidate');
  return upload.id;
}

const statusOf = async (api: ApiClient, id: string): Promise<Upload['status']> =>
  (await api.call(Upload, 200, `/api/v1/uploads/${id}`)).status;

describe('undoing an upload', () => {
  test('says before what it does, does it, tells models that learned from it, and going back undoes it', async () => {
    const { api, dataDir } = await startedServer();
    const id = await withTwoFiles(api);
    const path = `/api/v1/uploads/${id}/undo`;
    const plan = await api.call(UndoPlan, 200, path);
    const changed = second.filter(({ id: key }) => first.some((row) => row['id'] === key)).length;
    expect(plan).toMatchObject({ upload: id, kept: 0, models: [2] });
    expect(plan.removed).toBe(second.length - changed);
    expectDataset(await api.datasetCsv('p'), tableOf(first, second));

    const undone = await api.call(UndoAnswer, 200, path, { method: 'POST' });
    expect(undone).toEqual({ ...plan, version: 3 });
    expectDataset(await api.datasetCsv('p'), tableOf(first));
    expectDataset(await api.datasetCsv('p', 2), tableOf(first, second));
    expect(await statusOf(api, id)).toBe('undone');
    const { history } = await api.dataset('p');
    expect(history.slice(0, 2)).toMatchObject([
      {
        operation: 'undo',
        by: 'token',
        rows: first.length,
        removed: plan.removed,
        updated: plan.restored,
        upload: { id, filename: 'wrong month.csv', isPresent: false },
      },
      { operation: 'merge', upload: { id, isPresent: false } },
    ]);
    const model = (version: number) => api.call(Model, 200, `/api/v1/projects/p/models/${version}`);
    expect((await model(2)).undoneUploads).toEqual([{ id, filename: 'wrong month.csv' }]);
    expect((await model(1)).undoneUploads).toEqual([]);
    expect(auditOf(dataDir)).toEqual([
      { action: 'undo', actor: 'token', detail: JSON.stringify({ version: 3, upload: id }) },
    ]);
    for (const method of ['GET', 'POST'] as const)
      await api.refused('nothing_to_undo', 409, path, { method });

    // Going back to a version that has it brings it back; then it can be undone again.
    await api.call(RestoreAnswer, 200, '/api/v1/projects/p/dataset/restore', { json: { version: 2 } });
    expect([await statusOf(api, id), (await model(2)).undoneUploads]).toEqual(['merged', []]);
    await api.call(UndoAnswer, 200, path, { method: 'POST' });
    expectDataset(await api.datasetCsv('p'), tableOf(first));
    expect(auditOf(dataDir)).toHaveLength(2);

    // The next full retrain learns from what is left, and is not marked.
    const run = await api.runToDecision('p', []);
    expect(run.candidate).toBe(3);
    expect((await model(3)).undoneUploads).toEqual([]);
  });

  test('is refused for what is not in the data, and while a run works; nothing changes', async () => {
    const { api, dataDir } = await startedServer();
    const id = await withTwoFiles(api);
    await api.refused('upload_not_found', 404, '/api/v1/uploads/upload-0/undo', { method: 'POST' });
    const waiting = await api.upload('p', rowsOf({ count: 20, first: 3000 }));
    await api.refused('nothing_to_undo', 409, `/api/v1/uploads/${waiting.id}/undo`, { method: 'POST' });
    const run = await api.startRun('p', [waiting.id]);
    await api.refused('run_in_progress', 409, `/api/v1/uploads/${id}/undo`, { method: 'POST' });
    await api.untilRun(run.id);
    // What was there before the second file is gone from the folder.
    const table = join(dataDir, 'lake/projects/p/table');
    const commit = readFileSync(join(table, '_delta_log', `${'1'.padStart(20, '0')}.json`), 'utf8');
    for (const name of readdirSync(table))
      if (commit.includes(name) && name.endsWith('.parquet')) rmSync(join(table, name));
    const version = (await api.dataset('p')).version;
    await api.refused('version_vacuumed', 409, `/api/v1/uploads/${id}/undo`, { method: 'POST' });
    expect((await api.dataset('p')).version).toBe(version);
    expect(await statusOf(api, id)).toBe('merged');
  });
});

test('the rows that a version changed are listed with what they were', async () => {
  const { api } = await startedServer();
  await api.createProject({ ...creation, name: 'small' });
  const rows = rowsOf({ count: 300, first: 1, seed: 1 });
  await api.learn('small', rows);
  const [one, two] = [rows[0]!, rows[1]!];
  const upload = await api.upload('small', [
    { ...one, failed: one['failed'] === 'yes' ? 'no' : 'yes' },
    two,
    ...rowsOf({ count: 1, first: 500, seed: 9 }),
  ]);
  await api.runToDecision('small', [upload.id]);
  const path = '/api/v1/projects/small/dataset/2/changes';
  const difference = await api.call(DatasetDifference, 200, path);
  const flipped = { before: one['failed'], after: one['failed'] === 'yes' ? 'no' : 'yes' };
  expect(difference).toMatchObject({ version: 2, added: 1, changed: 1, removed: 0 });
  expect(difference.rows).toMatchObject([
    { kind: 'changed', key: one['id'], cells: [{ column: 'failed', ...flipped }] },
    { kind: 'added' },
  ]);
  const all = await api.call(DatasetDifference, 200, '/api/v1/projects/small/dataset/1/changes');
  expect(all).toMatchObject({ added: 300, changed: 0, removed: 0 });
  expect(all.rows).toHaveLength(50);
  await api.refused('dataset_version_not_found', 404, '/api/v1/projects/small/dataset/9/changes');

  const { key: _key, ...keyless } = creation;
  await api.createProject({ ...keyless, name: 'keyless' });
  await api.learn('keyless', dropColumns(rows, ['id']));
  const repeated = await api.upload('keyless', dropColumns(rows.slice(0, 3), ['id']));
  await api.runToDecision('keyless', [repeated.id]);
  expect(await api.call(DatasetDifference, 200, '/api/v1/projects/keyless/dataset/2/changes')).toMatchObject({
    added: 3,
    changed: 0,
    removed: 0,
    rows: [{ key: null }, {}, {}],
  });
});

test.each([
  ['as soon as it was asked for', false],
  ['as soon as the table has it', true],
])('killed %s, an undoing is there wholly or not at all, and is recorded once', async (_, committed) => {
  const site = new KilledSite(temporaryFolder(), 'p');
  const api = await site.start();
  const id = await withTwoFiles(api);
  const asked = api.send(`/api/v1/uploads/${id}/undo`, { method: 'POST' }).catch(() => undefined);
  if (committed) await until(() => existsSync(site.commitFile(3)));
  await site.kill();
  await asked;
  const again = await site.start();
  const isDone = (await again.dataset('p')).version === 3;
  if (committed) expect(isDone).toBe(true);
  expect(await statusOf(again, id)).toBe(isDone ? 'undone' : 'merged');
  expect(auditOf(site.dataDir)).toHaveLength(isDone ? 1 : 0);
  expectDataset(await again.datasetCsv('p'), isDone ? tableOf(first) : tableOf(first, second));
  if (!isDone) await again.call(UndoAnswer, 200, `/api/v1/uploads/${id}/undo`, { method: 'POST' });
  expectDataset(await again.datasetCsv('p'), tableOf(first));
  expect(auditOf(site.dataDir)).toHaveLength(1);
});
