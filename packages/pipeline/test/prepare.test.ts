import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { scanSql } from '@kaefer/deltalake';
import { describe, expect, test } from 'vitest';
import { Encoder } from '../src/features/encoder.ts';
import { partOf } from '../src/features/split.ts';
import { findCurrentTable } from '../src/lake/project-table.ts';
import type { Prepared } from '../src/prepare/index.ts';
import { quoteText } from '../src/sql/quote.ts';
import { simulateRows, TestProject, type Row } from './project.ts';
import { fileFolder, readFloats, rowsOf, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const names = { task: 'binary', target: 'failed', key: 'id', positive: 'yes' } as const;
const newProject = (more = {}) => new TestProject(testFolder(), { ...names, ...more });

const shared = new TestProject(fileFolder(), names);
const firstRows = simulateRows(600, 0, 1);
const laterRows = simulateRows(200, 500, 2); // keys k500 to k699: half of them are known
await shared.add('u1', firstRows);

async function trainingKeys(prepared: Prepared): Promise<{ key: string; validation: boolean }[]> {
  const rows = await rowsOf(connection, `SELECT * FROM read_parquet(${quoteText(prepared.trainingKeys)})`);
  return rows as { key: string; validation: boolean }[];
}

/** The rows of both matrices as they should be, from the table's rows in its order. */
async function expectedMatrices(
  project: TestProject,
  prepared: Prepared,
  isTraining: (row: Record<string, unknown>) => boolean,
): Promise<Record<'training' | 'validation', { keys: string[]; features: number[]; labels: number[] }>> {
  const current = await findCurrentTable(project.folder.table);
  if (current === undefined) throw new Error('no table');
  const rows = await rowsOf(connection, scanSql(current.table, current.snapshot));
  const encoder = new Encoder(prepared.features);
  const parts = {
    training: { keys: [] as string[], features: [] as number[], labels: [] as number[] },
    validation: { keys: [] as string[], features: [] as number[], labels: [] as number[] },
  };
  for (const row of rows) {
    const part = partOf(project.split, String(row['id']));
    if (part === 'holdout' || (part === 'training' && !isTraining(row))) continue;
    const out = new Float32Array(prepared.features.length);
    encoder.encode(row as Row, new Set(Object.keys(row)), 1, out);
    parts[part].keys.push(String(row['id']));
    parts[part].features.push(...out);
    parts[part].labels.push(prepared.classes.indexOf(String(row['failed'])));
  }
  return parts;
}

async function expectMatrices(
  project: TestProject,
  prepared: Prepared,
  isTraining: (row: Record<string, unknown>) => boolean,
): Promise<void> {
  const expected = await expectedMatrices(project, prepared, isTraining);
  const keys = await trainingKeys(prepared);
  for (const part of ['training', 'validation'] as const) {
    expect(prepared[part].rows).toBe(expected[part].keys.length);
    expect([...readFloats(prepared[part].features)]).toEqual(expected[part].features);
    expect([...readFloats(prepared[part].labels)]).toEqual(expected[part].labels);
    const listed = keys
      .filter(({ validation }) => validation === (part === 'validation'))
      .map(({ key }) => key);
    expect(listed).toEqual(expected[part].keys);
  }
  expect(keys.every(({ key }) => partOf(project.split, key) !== 'holdout')).toBe(true);
}

describe('preparing a full run', () => {
  test('gives the same bytes each time', async () => {
    const [one, two] = [shared.newScratch(), shared.newScratch()];
    await shared.prepare('full', null, one);
    await shared.prepare('full', null, two);
    const files = readdirSync(one).filter((name) => name !== 'prepared.json');
    expect(files.sort()).toEqual([
      'training-keys.parquet',
      'training-labels.f32',
      'training.f32',
      'validation-labels.f32',
      'validation.f32',
    ]);
    for (const name of files)
      expect(readFileSync(join(one, name)).equals(readFileSync(join(two, name)))).toBe(true);
  });

  test('writes exactly the rows outside the holdout, encoded as a record is, and lists their keys', async () => {
    const prepared = await shared.prepare('full', null);
    expect(prepared.features.map(({ name, type }) => [name, type])).toEqual([
      ['x', 'number'],
      ['shop', 'text'],
      ['active', 'boolean'],
      ['built', 'date'],
    ]);
    expect(prepared.classes).toEqual(['no', 'yes']);
    await expectMatrices(shared, prepared, () => true);
  });

  test('describes the features', async () => {
    const { features } = await shared.prepare('full', null);
    const [x, shop] = features;
    expect(x?.minimum).toBeGreaterThanOrEqual(0);
    expect(x?.maximum).toBeLessThanOrEqual(10);
    expect(x?.missingShare).toBeGreaterThan(0);
    expect([...(shop?.levels ?? [])].sort()).toEqual(['Ost "é"', 'north', 'south', 'west, inner'].sort());
    expect(shop?.levels).toContain(shop?.mostFrequent);
  });

  test('leaves out what nothing can be learned from: key, target, date, excluded, empty, constant, identifiers', async () => {
    const project = newProject({ date: 'built', exclude: ['shop'] });
    const rows = simulateRows(200, 0).map((row, i) => ({ ...row, none: null, same: 7, serial: `S${i}` }));
    await project.add('u1', rows);
    expect((await project.prepare('full', null)).features.map(({ name }) => name)).toEqual(['x', 'active']);
  });

  test('a dictionary grows at its end from upload to upload, and the holdout alone adds nothing to it', async () => {
    const project = newProject();
    const onlyInHoldout = simulateRows(200, 0).map((row) =>
      partOf(project.split, String(row['id'])) === 'holdout' ? { ...row, shop: 'secret' } : row,
    );
    await project.add('u1', onlyInHoldout);
    const first = (await project.prepare('full', null)).features.find(({ name }) => name === 'shop');
    expect(first?.levels).not.toContain('secret');
    await project.add(
      'u2',
      simulateRows(100, 1000).map((row) => ({ ...row, shop: 'another' })),
    );
    const second = (await project.prepare('full', null)).features.find(({ name }) => name === 'shop');
    expect(second?.levels).toEqual([...(first?.levels ?? []), 'another']);
  });
});

describe('preparing an incremental run', () => {
  test('training rows are those of the new uploads alone, validation rows are all', async () => {
    const project = newProject();
    await project.add('u1', firstRows);
    const parent = await project.train(1);
    await project.add('u2', laterRows);
    const prepared = await project.prepare('incremental', parent);
    expect(prepared.features.map(({ name }) => name)).toEqual(parent.features.map(({ name }) => name));
    await expectMatrices(project, prepared, (row) => row['_upload'] === 'u2');
    expect(prepared.training.rows).toBeLessThan(200);
  });

  test.each([0.5, 1, 3, 20])(
    '%f old rows for each new one are learned again, others with each version',
    async (replay) => {
      const project = newProject();
      await project.add('u1', simulateRows(3000, 0, 1));
      const parent = await project.train(1);
      await project.add('u2', simulateRows(400, 5000, 2));
      project.settings = { ...project.settings, replay };
      const prepared = await project.prepare('incremental', parent);
      const training = (await trainingKeys(prepared)).filter(({ validation }) => !validation);
      const isNew = ({ key }: { key: string }): boolean => Number(key.slice(1)) >= 5000;
      const added = training.filter(isNew).length;
      expect(prepared.replayed).toBe(training.length - added);
      const before = parent.rows.training;
      const wanted = Math.min(before, replay * added);
      // So many are drawn one by one, each with the same probability: five standard deviations around that.
      const share = wanted / before;
      const spread = 5 * Math.sqrt(before * share * (1 - share));
      expect(Math.abs(prepared.replayed - wanted)).toBeLessThanOrEqual(spread);
      for (const { key } of training) expect(partOf(project.split, key)).toBe('training');
      const drawn = new Set(training.filter((row) => !isNew(row)).map(({ key }) => key));
      await expectMatrices(
        project,
        prepared,
        ({ id }) => drawn.has(String(id)) || isNew({ key: String(id) }),
      );
      if (share === 1) return;
      await project.add('u3', simulateRows(1, 9000, 3));
      const later = (await trainingKeys(await project.prepare('incremental', parent))).filter(
        (row) => !row.validation && !isNew(row),
      );
      expect(later.some(({ key }) => !drawn.has(key))).toBe(true);
    },
  );

  test('without anything new, or with a new class, there is nothing to continue', async () => {
    const project = newProject({ task: 'multiclass' });
    await project.add('u1', firstRows);
    const parent = await project.train(1);
    await expect(project.prepare('incremental', parent)).rejects.toMatchObject({ code: 'nothing_new' });
    await project.add(
      'u2',
      laterRows.map((row) => ({ ...row, failed: 'perhaps' })),
    );
    await expect(project.prepare('incremental', parent)).rejects.toMatchObject({
      code: 'classes_changed',
      parameters: { classes: 'perhaps' },
    });
  });

  test('new rows that are all in the holdout are nothing new', async () => {
    const project = newProject();
    await project.add('u1', firstRows);
    const parent = await project.train(1);
    await project.add(
      'u2',
      simulateRows(60, 5000).filter(({ id }) => partOf(project.split, String(id)) === 'holdout'),
    );
    await expect(project.prepare('incremental', parent)).rejects.toMatchObject({ code: 'nothing_new' });
  });
});

describe('too little', () => {
  test('rows for training', async () => {
    const project = newProject();
    await project.add('u1', simulateRows(15, 0));
    await expect(project.prepare('full', null)).rejects.toMatchObject({
      code: 'too_few_rows',
      parameters: { minimum: 20 },
    });
  });

  test('rows for validation', async () => {
    const project = newProject();
    await project.add(
      'u1',
      simulateRows(100, 0).filter(({ id }) => partOf(project.split, String(id)) === 'training'),
    );
    await expect(project.prepare('full', null)).rejects.toMatchObject({
      code: 'too_few_rows',
      parameters: { rows: 0, minimum: 5 },
    });
  });

  test('columns', async () => {
    const project = newProject();
    await project.add(
      'u1',
      simulateRows(100, 0).map(({ id, failed }) => ({ id: id ?? null, failed: failed ?? null })),
    );
    await expect(project.prepare('full', null)).rejects.toMatchObject({ code: 'no_features' });
  });

  test('one outcome alone', async () => {
    const project = newProject();
    await project.add(
      'u1',
      simulateRows(100, 0).map((row) => ({ ...row, failed: 'no' })),
    );
    await expect(project.prepare('full', null)).rejects.toMatchObject({
      code: 'one_outcome',
      parameters: { target: 'failed' },
    });
  });

  test('data at all', async () => {
    const project = newProject();
    mkdirSync(project.folder.path, { recursive: true });
    await expect(project.prepare('full', null)).rejects.toMatchObject({ code: 'no_data' });
  });
});
