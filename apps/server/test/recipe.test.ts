import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  Comparison,
  Dataset,
  Model,
  RecipeResult,
  SourceTable,
  UndoAnswer,
  Upload,
  type ProjectCreationInput,
  type Run,
  type Source,
} from '@kaefer/contracts';
import { rebuildDatabase, verifyLake } from '@kaefer/pipeline/maintain';
import type { ApiClient } from './support/api-client.ts';
import { databaseRows } from './support/database-rows.ts';
import { KilledSite, until } from './support/killed-site.ts';
import { csvOf, type Row } from './support/rows.ts';
import { quickTraining, startedServer } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const recipe = `
SELECT s.knr,
  count(DISTINCT s.station) AS stations,
  date_diff('second', min(s.time), max(s.time)) AS seconds,
  max(c.value) FILTER (c.name = 'torque') AS torque,
  s.knr IN (SELECT knr FROM failures) AS failed
FROM stations s LEFT JOIN checks c USING (knr)
GROUP BY s.knr`;

const creation: ProjectCreationInput & { readonly sources: Source[] } = {
  name: 'reports',
  task: 'binary',
  target: 'failed',
  positive: 'true',
  key: 'knr',
  training: quickTraining,
  sources: [
    { name: 'stations', key: ['knr', 'station'], reading: {} },
    { name: 'checks', key: ['knr', 'name'], reading: {} },
    { name: 'failures', key: ['knr', 'defect'], reading: {} },
  ],
  recipe,
};

interface Reports {
  readonly stations: Row[];
  readonly checks: Row[];
  readonly failures: Row[];
}

/** Vehicles whose failures follow from their torque, with some noise. */
function simulateReports(first: number, count: number): Reports {
  const reports: Reports = { stations: [], checks: [], failures: [] };
  for (let place = first; place < first + count; place++) {
    const knr = String(place).padStart(6, '0');
    const noise = ((place * 7919) % 1000) / 1000;
    const torque = 20 + ((place * 104_729) % 100) / 10;
    reports.stations.push({ knr, station: 'S1', time: '2026-03-01 06:00:00' });
    reports.stations.push({ knr, station: 'S2', time: `2026-03-01 06:${10 + (place % 50)}:00` });
    reports.checks.push({ knr, name: 'torque', value: torque }, { knr, name: 'lamp', value: place % 5 });
    if (torque + 3 * noise > 29) reports.failures.push({ knr, defect: place % 2 === 0 ? 'leak' : 'noise' });
  }
  return reports;
}

/** Sends reports, the failures first: their order does not matter. */
async function sendAll(
  api: ApiClient,
  { stations, checks, failures }: Reports,
  part: string,
): Promise<string[]> {
  const sent: string[] = [];
  for (const [name, rows] of Object.entries({ failures, stations, checks })) {
    const upload = await api.upload('reports', rows, `${name} ${part}.csv`);
    expect(upload).toMatchObject({ status: 'valid', source: name, rows: { total: rows.length } });
    sent.push(upload.id);
  }
  return sent;
}

const sourcesOf = async (api: ApiClient) =>
  (await api.call(z.object({ items: z.array(SourceTable) }), 200, '/api/v1/projects/reports/sources')).items;
const tryRecipe = (api: ApiClient, json: object) =>
  api.call(RecipeResult, 200, '/api/v1/projects/reports/recipe/trial', { json });

const january = simulateReports(1, 800);
const february = simulateReports(700, 400);
const failedIn = (...reports: Reports[]): Set<unknown> =>
  new Set(reports.flatMap(({ failures }) => failures.map(({ knr }) => knr)));

async function expectTrainingTable(api: ApiClient, vehicles: number, ...reports: Reports[]): Promise<void> {
  const csv = (await api.text('/api/v1/projects/reports/dataset.csv')).trim().split('\n').slice(1);
  const failed = failedIn(...reports);
  expect(csv).toHaveLength(vehicles);
  for (const line of csv) {
    const [knr, stations, , , outcome] = line.split(',');
    expect([stations, outcome]).toEqual(['2', String(failed.has(knr))]);
  }
}

describe('a project with several reports', () => {
  test('from its reports to a decision, a correction and a second retrain', async () => {
    const { api, dataDir } = await startedServer();
    const project = await api.createProject(creation);
    expect(project).toMatchObject({ sources: creation.sources, recipe: recipe.trim(), key: 'knr' });
    expect(await sourcesOf(api)).toMatchObject([{ name: 'stations', version: null, rows: 0 }, {}, {}]);
    const uploads = await sendAll(api, january, 'january');

    const trial = await tryRecipe(api, { uploads });
    expect(trial).toMatchObject({
      status: 'valid',
      rows: { total: 800, new: 800, updated: 0, unchanged: 0, removed: 0, withoutTarget: 0 },
      columns: [
        { name: 'knr', type: 'text', role: 'key' },
        { name: 'stations', type: 'integer', role: 'feature' },
        { name: 'seconds', type: 'integer', role: 'feature' },
        { name: 'torque', type: 'number', role: 'feature' },
        { name: 'failed', type: 'text', role: 'target' },
      ],
    });
    const run = await api.runToDecision('reports', uploads);
    expect(run.merged).toEqual({ new: 800, updated: 0, unchanged: 0 });
    await api.decide(run.id, 'candidate');
    await expectTrainingTable(api, 800, january);
    expect(await sourcesOf(api)).toMatchObject([
      {
        name: 'stations',
        version: 1,
        rows: 1600,
        columns: [{ name: 'knr', type: 'text' }, {}, { name: 'time', type: 'timestamp' }],
      },
      { name: 'checks', rows: 1600 },
      { name: 'failures', rows: january.failures.length },
    ]);

    // The next reports, one of which holds vehicles of before.
    const later = await sendAll(api, february, 'february');
    const second = await api.runToDecision('reports', later, 'incremental');
    expect(second.merged?.new).toBe(299);
    await expectTrainingTable(api, 1099, january, february);
    const comparison = await api.call(Comparison, 200, `/api/v1/runs/${second.id}/comparison`);
    expect(comparison.audit.overlap).toBe(0);
    await api.decide(second.id, 'candidate');
    const { history } = await api.call(Dataset, 200, '/api/v1/projects/reports/dataset');
    expect(history[0]).toMatchObject({
      operation: 'merge',
      new: 299,
      removed: 0,
      upload: null,
      reports: [
        { source: 'failures', filename: 'failures february.csv', isPresent: true },
        { source: 'stations' },
        { source: 'checks' },
      ],
    });

    // A wrong report is undone; the training table follows with the next retrain.
    const [wrong = ''] = later;
    const path = `/api/v1/uploads/${wrong}/undo`;
    const undone = await api.call(UndoAnswer, 200, path, { method: 'POST' });
    expect(undone).toMatchObject({ removed: expect.any(Number) as number, models: [2] });
    const model = await api.call(Model, 200, '/api/v1/projects/reports/models/2');
    expect(model.undoneUploads).toEqual([{ id: wrong, filename: 'failures february.csv' }]);
    await api.refused('made_by_recipe', 409, '/api/v1/projects/reports/dataset/restore', {
      json: { version: 1 },
    });
    const third = await api.runToDecision('reports', []);
    await expectTrainingTable(api, 1099, january);
    await api.decide(third.id, 'current');
    expect((await api.call(Model, 200, '/api/v1/projects/reports/models/3')).undoneUploads).toEqual([]);

    // What the lake says is what the database said.
    const { damages, versions } = await verifyLake(dataDir);
    expect(damages).toEqual([]);
    expect(versions).toBeGreaterThan(8);
  });

  test('the database made anew is the one that was', async () => {
    const dataDir = temporaryFolder();
    const site = new KilledSite(dataDir, 'reports');
    const api = await site.start();
    await api.createProject(creation);
    const uploads = await sendAll(api, january, 'january');
    const run = await api.runToDecision('reports', uploads);
    await api.decide(run.id, 'candidate');
    const [wrong = ''] = await sendAll(api, february, 'february');
    await api.upload('reports', 'a,b\n1,2\n');
    await api.runToDecision('reports', [wrong]);
    await api.call(UndoAnswer, 200, `/api/v1/uploads/${wrong}/undo`, { method: 'POST' });
    await site.stop();
    const before = databaseRows(dataDir);
    expect(await rebuildDatabase(dataDir)).toBe(1);
    expect(databaseRows(dataDir)).toEqual(before);
  });

  test('a recipe that cannot be used is not saved, and one that fails in a run changes nothing', async () => {
    const { api } = await startedServer();
    const refusal = await api.refused('recipe_invalid', 422, '/api/v1/projects', {
      json: { ...creation, recipe: `SELECT * FROM read_csv('/etc/passwd')` },
    });
    expect(refusal.detail).toContain('read_csv');
    await api.createProject(creation);
    const uploads = await sendAll(api, january, 'january');
    const settings = '/api/v1/projects/reports/settings';
    const change = (json: object) => ({ method: 'PATCH', json }) as const;
    const portuguese = await api.refused('recipe_invalid', 422, settings, {
      ...change({ recipe: 'SELECT knr FROM stations GROUP BY knr' }),
      headers: { 'accept-language': 'pt-BR' },
    });
    expect(portuguese.detail).toContain('A receita não produz a coluna “failed”');
    for (const sources of [
      [],
      creation.sources.slice(1).concat({ name: 'checks', key: ['knr'], reading: {} }),
    ])
      await api.refused('project_invalid', 400, settings, change({ sources }));
    await api.refused('source_not_found', 404, '/api/v1/projects/reports/uploads?source=none', {
      csv: 'a\n1\n',
    });

    // Good for January alone: its vehicles have one defect each.
    const fragile = `SELECT s.knr, max(s.time) AS t, CASE count(DISTINCT f.defect) WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE error('two defects') END AS failed
      FROM stations s LEFT JOIN failures f USING (knr) GROUP BY s.knr`;
    await api.changeSettings('reports', { recipe: fragile, note: 'tighter' });
    await api.decide((await api.runToDecision('reports', uploads)).id, 'candidate');
    const twice = await api.upload('reports', [
      { knr: '000001', defect: 'x' },
      { knr: '000001', defect: 'y' },
    ]);
    expect(await tryRecipe(api, { uploads: [twice.id] })).toMatchObject({
      status: 'invalid',
      problems: [{ code: 'recipe_failed', message: expect.stringContaining('two defects') as string }],
    });
    const before = await sourcesOf(api);
    const failed = await api.untilRun((await api.startRun('reports', [twice.id])).id);
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'recipe_unusable' } });
    expect(await sourcesOf(api)).toEqual(before);
    expect((await api.call(Upload, 200, `/api/v1/uploads/${twice.id}`)).status).toBe('valid');
  });
});

describe('killed while reports are merged', () => {
  test.each(['stations', 'checks', 'failures', 'training'])(
    'when the table of %s has its commit',
    async (table) => {
      const site = new KilledSite(temporaryFolder(), 'reports');
      let api = await site.start();
      await api.createProject(creation);
      const first = await api.runToDecision('reports', await sendAll(api, january, 'january'));
      await api.decide(first.id, 'candidate');
      const uploads = await sendAll(api, february, 'february');
      const place = table === 'training' ? ['table'] : ['sources', table, 'table'];
      const commit = site.inLake(...place, '_delta_log', `${'2'.padStart(20, '0')}.json`);
      const { id } = await api.startRun('reports', uploads);
      await until(() => existsSync(commit));
      await site.kill();
      api = await site.start();
      const run: Run = await api.untilRun(id);
      expect(run, JSON.stringify(run.error)).toMatchObject({
        status: 'awaiting_decision',
        datasetVersion: 2,
        merged: { new: 299, updated: expect.any(Number) as number },
      });
      await expectTrainingTable(api, 1099, january, february);
      expect(await sourcesOf(api)).toMatchObject([2, 2, 2].map((version) => ({ version })));
      expect((await verifyLake(site.dataDir)).damages).toEqual([]);
      await api.decide(id, 'candidate');
      await site.stop();
      const rows = databaseRows(site.dataDir);
      await rebuildDatabase(site.dataDir);
      expect(databaseRows(site.dataDir)).toEqual(rows);
      expect(existsSync(join(site.dataDir, 'scratch', 'runs', id))).toBe(false);
    },
  );
});

test('rows sent as a report look the same as they came', async () => {
  const { api } = await startedServer();
  await api.createProject(creation);
  const upload = await api.upload('reports', csvOf(january.stations).replaceAll(',', ';'));
  expect(upload).toMatchObject({ source: 'stations', dialect: { delimiter: ';' } });
  expect(upload.columns.map(({ role }) => role)).toEqual(['key', 'key', 'feature']);
});
