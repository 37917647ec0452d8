import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ChampionAnswer,
  LakeRecord,
  Model,
  ModelSummary,
  PredictionAnswer,
  Project,
  Reproduction,
  RestoreAnswer,
  Run,
  Upload,
} from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { expectDataset, MirroredTable } from './support/mirrored-table.ts';
import { readCsv } from './support/read-csv.ts';
import { recomputeBinary } from './support/recompute.ts';
import { csvOf, dropColumns, pickColumns, simulateRows, withoutOtherTargets } from './support/rows.ts';
import { quickTraining, startedServer } from './support/started-server.ts';

const binaryRows = (options: Parameters<typeof simulateRows>[0]) =>
  dropColumns(simulateRows(options), withoutOtherTargets.binary);

describe('the whole flow', () => {
  test('from the first file to a roll back, every figure recomputed', async () => {
    const { api, dataDir } = await startedServer();
    const base = '/api/v1/projects/road-test';
    const project = await api.createProject({
      name: 'Road test',
      task: 'binary',
      target: 'failed',
      positive: 'yes',
      key: 'id',
      date: 'built',
      training: quickTraining,
    });
    expect(project).toMatchObject({ id: 'road-test', champion: null, production: null, status: 'ready' });
    expect(await api.dataset(project.id)).toEqual({ version: 0, rows: 0, columns: [], history: [] });
    await api.refused('no_champion', 409, `${base}/predictions`, { json: { rows: [{ torque: 1 }] } });

    // The first file.
    const table = new MirroredTable('id');
    const first = binaryRows({ count: 1200, seed: 1 });
    const content = csvOf(first);
    const upload = await api.upload(project.id, content, 'janeiro.csv');
    expect(upload).toMatchObject({
      filename: 'janeiro.csv',
      bytes: Buffer.byteLength(content),
      sha256: createHash('sha256').update(content).digest('hex'),
      status: 'valid',
      rows: { total: 1200, new: 1200, updated: 0, unchanged: 0, rejected: 0 },
    });
    expect(Object.fromEntries(upload.columns.map(({ name, type }) => [name, type]))).toEqual({
      id: 'text',
      torque: 'number',
      station: 'integer',
      shop: 'text',
      reworked: 'boolean',
      built: 'date',
      failed: 'text',
    });
    expect(
      upload.columns.filter(({ role }) => role !== 'feature').map(({ name, role }) => [name, role]),
    ).toEqual([
      ['id', 'key'],
      ['built', 'date'],
      ['failed', 'target'],
    ]);
    expect(existsSync(join(dataDir, 'lake/projects/road-test/table')), 'nothing touches the lake yet').toBe(
      false,
    );

    const firstRun = await api.runToDecision(project.id, [upload.id]);
    table.merge(first);
    expect(firstRun).toMatchObject({
      merged: { new: 1200, updated: 0, unchanged: 0 },
      current: null,
      candidate: 1,
      progress: { fraction: 1 },
    });
    expect(Object.keys(firstRun.timings)).toEqual(['merge', 'prepare', 'train', 'evaluate']);
    expect((await api.call(Upload, 200, `/api/v1/uploads/${upload.id}`)).status).toBe('merged');
    const firstVersion = firstRun.datasetVersion ?? -1;
    expectDataset(await api.datasetCsv(project.id), table);

    const firstComparison = await api.comparison(firstRun.id);
    expect(firstComparison).toMatchObject({
      current: null,
      difference: null,
      verdict: { outcome: 'first_model' },
      classes: ['no', 'yes'],
    });
    const firstHoldout = readCsv(await api.text(`/api/v1/runs/${firstRun.id}/holdout.csv`));
    expect(firstHoldout.every(({ current }) => current === '')).toBe(true);
    recomputeBinary(firstComparison.candidate, firstHoldout, 'candidate', 'yes');
    await api.refused('no_current_choice', 409, `/api/v1/runs/${firstRun.id}/decision`, {
      json: { choice: 'current' },
    });
    expect(await api.decide(firstRun.id, 'candidate', 'the first')).toMatchObject({
      choice: 'candidate',
      champion: 1,
      note: 'the first',
      by: 'token',
      evidence: createHash('sha256')
        .update(readFileSync(join(dataDir, 'lake/projects/road-test/models/1/evaluation/comparison.json')))
        .digest('hex'),
    });

    // The second file: new rows, changed rows, unchanged rows.
    const changed = first.slice(0, 100).map((row) => ({ ...row, station: Number(row['station']) + 100 }));
    const second = [
      ...changed,
      ...first.slice(100, 150),
      ...binaryRows({ count: 400, first: 5001, seed: 2, shift: 2 }),
    ];
    const secondUpload = await api.upload(project.id, second, 'fevereiro.csv');
    expect(secondUpload.rows).toEqual({ total: 550, new: 400, updated: 100, unchanged: 50, rejected: 0 });
    const secondRun = await api.runToDecision(project.id, [secondUpload.id]);
    table.merge(second);
    expect(secondRun).toMatchObject({
      merged: { new: 400, updated: 100, unchanged: 50 },
      current: 1,
      candidate: 2,
    });
    expect(await api.project(project.id)).toMatchObject({
      champion: 1,
      activeRun: null,
      waitingRun: secondRun.id,
      dataset: { rows: 1600 },
    });
    const comparison = await api.comparison(secondRun.id);
    const holdout = readCsv(await api.text(`/api/v1/runs/${secondRun.id}/holdout.csv`));
    expect(comparison.holdout.rows).toBe(holdout.length);
    expect(comparison.audit).toMatchObject({ holdoutRows: holdout.length, overlap: 0 });
    recomputeBinary(comparison.candidate, holdout, 'candidate', 'yes');
    recomputeBinary(comparison.current!, holdout, 'current', 'yes');
    for (const [metric, { estimate, low, high }] of Object.entries(comparison.difference ?? {})) {
      const before = comparison.current?.metrics[metric] ?? NaN;
      expect(estimate, metric).toBeCloseTo((comparison.candidate.metrics[metric] ?? NaN) - before, 9);
      expect(low, metric).toBeLessThanOrEqual(estimate ?? NaN);
      expect(high, metric).toBeGreaterThanOrEqual(estimate ?? NaN);
    }
    expect(comparison.segments?.worstFirst.length).toBeGreaterThan(0);
    expect(comparison.drift?.length).toBeGreaterThan(0);
    const brought = comparison.uploads?.largest ?? [];
    expect(brought.map(({ upload }) => upload)).toContain(secondRun.uploads[0]);
    expect(brought.reduce((sum, { testRows }) => sum + testRows, 0)).toBe(holdout.length);
    expect(brought.reduce((sum, { learningRows, testRows }) => sum + learningRows + testRows, 0)).toBe(1600);
    const portuguese = await api.send(`/api/v1/runs/${secondRun.id}/comparison`, {
      headers: { 'accept-language': 'pt-BR' },
    });
    expect(((await portuguese.json()) as { verdict: { sentence: string } }).verdict.sentence).toMatch(
      /modelo novo/,
    );
    await api.decide(secondRun.id, 'candidate');

    // The champion answers what the comparison said of it: to records, and to files.
    const rowsByKey = new Map(table.rows().map((row) => [row['id'], row]));
    const asked = holdout.map(({ key }) => rowsByKey.get(key ?? '') ?? {});
    const answer = await api.call(PredictionAnswer, 200, `${base}/predictions`, { json: { rows: asked } });
    expect(answer.model).toBe(2);
    answer.predictions.forEach(({ score, label, threshold }, index) => {
      expect(Math.abs(score - Number(holdout[index]?.['candidate']))).toBeLessThan(1e-6);
      expect(label).toBe(score >= (threshold ?? NaN) ? 'yes' : 'no');
    });
    const file = csvOf(asked.map((row) => ({ ...row })));
    const scored = readCsv(await api.text(`${base}/predictions.csv`, { csv: file }));
    expect(scored.map(({ id }) => id)).toEqual(asked.map((row) => row['id']));
    scored.forEach(({ score, label, model }, index) => {
      expect(Number(score)).toBe(answer.predictions[index]?.score);
      expect(label).toBe(answer.predictions[index]?.label);
      expect(model).toBe('2');
    });
    const form = new FormData();
    form.append('file', new Blob([file], { type: 'text/csv' }), 'sent.csv');
    expect(readCsv(await api.text(`${base}/predictions.csv`, { form }))).toEqual(scored);
    const explained = await api.call(PredictionAnswer, 200, `${base}/predictions`, {
      json: { rows: asked.slice(0, 5), explain: true },
    });
    for (const { score, explanation } of explained.predictions) {
      const margin = explanation!.reasons.reduce(
        (sum, { contribution }) => sum + contribution,
        explanation!.base,
      );
      expect(1 / (1 + Math.exp(-margin))).toBeCloseTo(score, 4);
    }

    // Models.
    const { items } = await api.call(z.object({ items: z.array(ModelSummary) }), 200, `${base}/models`);
    expect(items.map(({ version, champion, chosen }) => [version, champion, chosen !== null])).toEqual([
      [2, true, true],
      [1, false, true],
    ]);
    const model = await api.call(Model, 200, `${base}/models/2`);
    const bytes = Buffer.from(await (await api.send(`${base}/models/2/model`)).arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(model.sha256);
    expect(bytes.length).toBe(model.bytes);
    expect(await api.call(Reproduction, 200, `${base}/models/2/reproduce`, { method: 'POST' })).toMatchObject(
      { identical: true, sha256: model.sha256 },
    );

    // Back to the first model, and it answers.
    expect(
      await api.call(ChampionAnswer, 200, `${base}/champion`, {
        method: 'PUT',
        json: { version: 1, note: 'back' },
      }),
    ).toEqual({ champion: 1, proposal: null });
    expect((await api.project(project.id)).production).toMatchObject({
      version: 1,
      note: 'back',
      chosenBy: 'token',
    });
    const back = await api.call(PredictionAnswer, 200, `${base}/predictions`, { json: { rows: asked } });
    expect(back.model).toBe(1);
    back.predictions.forEach(({ score }, index) =>
      expect(Math.abs(score - Number(holdout[index]?.['current']))).toBeLessThan(1e-6),
    );

    // The data as it was, and back to it.
    const original = new MirroredTable('id');
    original.merge(first);
    expectDataset(await api.datasetCsv(project.id, firstVersion), original);
    expectDataset(await api.datasetCsv(project.id, secondRun.datasetVersion ?? -1), table);
    const restored = await api.call(RestoreAnswer, 200, `${base}/dataset/restore`, {
      json: { version: firstVersion },
    });
    expect(restored).toEqual({
      version: (secondRun.datasetVersion ?? 0) + 1,
      restoredFrom: firstVersion,
      rows: 1200,
    });
    expectDataset(await api.datasetCsv(project.id), original);
    expectDataset(await api.datasetCsv(project.id, secondRun.datasetVersion ?? -1), table);
    const dataset = await api.dataset(project.id);
    expect(dataset).toMatchObject({ version: restored.version, rows: 1200 });
    expect(
      dataset.history.map(({ operation, rows, restoredFrom }) => [operation, rows, restoredFrom]),
    ).toEqual([
      ['restore', 1200, firstVersion],
      ['merge', 1600, null],
      ['merge', 1200, null],
      ['create', 0, null],
    ]);
    expect(dataset.history[0]?.by).toBe('token');
    expect(dataset.history[1]).toMatchObject({
      new: 400,
      updated: 100,
      unchanged: 50,
      upload: { id: secondUpload.id, filename: 'fevereiro.csv', rejected: 0 },
      by: 'token',
    });

    // One row of the lake, and lists.
    const record = await api.call(LakeRecord, 200, `${base}/records?key=${first[0]?.['id'] as string}`);
    expect(record).toMatchObject({ key: first[0]?.['id'], upload: upload.id });
    expect(record.values).toEqual(first[0]);
    expect(
      (await api.call(z.object({ items: z.array(Run) }), 200, `${base}/runs`)).items.map(({ id }) => id),
    ).toEqual([secondRun.id, firstRun.id]);
    expect(
      (await api.call(z.object({ items: z.array(Upload) }), 200, `${base}/uploads`)).items.map(
        ({ id }) => id,
      ),
    ).toEqual([secondUpload.id, upload.id]);
    expect(
      (await api.call(z.object({ items: z.array(Project) }), 200, '/api/v1/projects')).items.map(
        ({ id }) => id,
      ),
    ).toEqual(['road-test']);
  });

  test('records: texts for numbers, missing cells, unknown columns and values', async () => {
    const { api } = await startedServer();
    const project = await api.createProject({
      name: 'p',
      task: 'binary',
      target: 'failed',
      key: 'id',
      training: quickTraining,
    });
    const rows = binaryRows({ count: 500 });
    await api.learn(project.id, rows);
    const path = `/api/v1/projects/${project.id}/predictions`;
    const predict = async (records: object[]) =>
      (await api.call(PredictionAnswer, 200, path, { json: { rows: records } })).predictions;
    const full = { torque: 4.25, station: 12, shop: 'north', reworked: true, built: '2026-03-01' };
    const asText = { torque: ' 4.25', station: '12', shop: 'north', reworked: 'TRUE', built: '2026-03-01' };
    const [fromValues, fromTexts] = await predict([full, asText]);
    expect(fromTexts).toEqual(fromValues);
    const absent = Object.fromEntries(Object.entries(full).filter(([name]) => name !== 'torque'));
    const [byNull, byEmpty, byAbsence] = await predict([
      { ...full, torque: null },
      { ...full, torque: '' },
      absent,
    ]);
    expect(byEmpty).toEqual(byNull);
    expect(byAbsence).toEqual(byNull);
    const [unseen] = await predict([{ ...full, shop: 'nowhere' }]);
    expect(unseen?.unseen).toEqual(['shop']);
    expect(unseen?.score).toBe((await predict([{ ...full, shop: null }]))[0]?.score);

    const missing = await api.refused('column_never_seen', 400, path, { json: { rows: [absent] } });
    expect(missing.detail).toContain('torque');
    const wrong = await api.refused('value_not_understood', 400, path, {
      json: { rows: [full, { ...full, built: 'soon' }] },
    });
    expect(wrong.detail).toMatch(/soon/);
    expect(wrong.detail).toMatch(/built/);
    const inFile = await api.refused('column_never_seen', 400, `${path}.csv`, {
      csv: csvOf(pickColumns(rows.slice(0, 3), ['id', 'station', 'shop', 'reworked', 'built'])),
    });
    expect(inFile.detail).toContain('torque');
    await api.refused('csv_not_readable', 400, `${path}.csv`, { csv: '' });
    await api.refused('csv_not_readable', 400, `${path}.csv`, { csv: new Uint8Array([0x50, 0x4b, 0xff, 0]) });
    await api.refused('invalid_request', 400, path, { json: { rows: [] } });
    await api.refused('invalid_request', 400, path, { json: { rows: [{ torque: {} }] } });
  });
});
