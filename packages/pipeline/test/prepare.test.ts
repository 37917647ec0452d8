import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scanSql } from '@kaefer/deltalake';
import { describe, expect, test } from 'vitest';
import { Encoder } from '../src/features/encoder.ts';
import { partOf } from '../src/features/split.ts';
import { findCurrentTable } from '../src/lake/project-table.ts';
import type { ModelCard } from '../src/lake/model-card.ts';
import type { Prepared } from '../src/prepare/index.ts';
import { quoteText } from '../src/sql/quote.ts';
import { reproduceModel } from '../src/train/reproduce-model.ts';
import { simulateRows, TestProject, type Row } from './project.ts';
import {
  fileFolder,
  readFloats,
  rowsOf,
  testConnection,
  testFolder,
  withFreshConnection,
} from './workspace.ts';

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

  describe('of a large table', () => {
    const isNew = ({ key }: { key: string }): boolean => Number(key.slice(1)) >= 9000;
    const partsOf = async (project: TestProject, parent: ModelCard) => {
      const prepared = await project.prepare('incremental', parent);
      const keys = await trainingKeys(prepared);
      const of = (validation: boolean, added: boolean): string[] =>
        keys
          .filter((row) => row.validation === validation && isNew(row) === added)
          .map(({ key }) => key)
          .sort();
      return {
        prepared,
        replayed: of(false, false),
        added: of(false, true),
        validation: of(true, false),
        addedValidation: of(true, true),
      };
    };

    test('only new rows and a sixteenth of those before are read, the same ones each time', async () => {
      const project = newProject();
      await project.add('u1', simulateRows(8000, 0, 1));
      const parent = await project.train(1);
      const updated = simulateRows(20, 0, 7).map((row) => ({ ...row, shop: 'east' }));
      await project.add('u2', [...simulateRows(200, 9000, 2), ...updated]);
      project.pooledFrom = 1000;
      project.settings = { ...project.settings, replay: 1 };
      const parts = await partsOf(project, parent);
      const { prepared } = parts;
      expect(prepared.isPooled).toBe(true);
      for (const [keys, part] of [
        [[...parts.replayed, ...parts.added], 'training'],
        [[...parts.validation, ...parts.addedValidation], 'validation'],
      ] as const)
        for (const key of keys) expect(partOf(project.split, key)).toBe(part);
      const isPart =
        (part: string) =>
        ({ id }: Row) =>
          partOf(project.split, String(id)) === part;
      const expected = simulateRows(200, 9000, 2);
      expect(parts.added).toEqual(
        expected
          .filter(isPart('training'))
          .map(({ id }) => String(id))
          .sort(),
      );
      expect(parts.addedValidation).toEqual(
        expected
          .filter(isPart('validation'))
          .map(({ id }) => String(id))
          .sort(),
      );
      // 8000 × 0.8 × 0.2 / 16 = 80 validation rows, five standard deviations around that; the 20 that changed are new.
      expect(Math.abs(parts.validation.length - 80)).toBeLessThan(45);
      const learnedAgain = updated.filter(isPart('training')).length;
      expect(Math.abs(parts.replayed.length - learnedAgain - parts.added.length)).toBeLessThan(80);
      // A text that came with the new rows has its code.
      expect(prepared.features.find(({ name }) => name === 'shop')?.levels).toContain('east');
      const table = await expectedMatrices(project, prepared, () => true);
      const listed = await trainingKeys(prepared);
      const width = prepared.features.length;
      for (const part of ['training', 'validation'] as const) {
        const keys = listed.filter(({ validation }) => validation === (part === 'validation'));
        const places = keys.map(({ key }) => table[part].keys.indexOf(key));
        expect([...readFloats(prepared[part].features)]).toEqual(
          places.flatMap((place) => table[part].features.slice(place * width, (place + 1) * width)),
        );
        expect([...readFloats(prepared[part].labels)]).toEqual(
          places.map((place) => table[part].labels[place]),
        );
      }

      // Begun and killed, or lost: made again, the same.
      const files = readdirSync(project.folder.pool);
      expect(files.length).toBeGreaterThan(0);
      rmSync(join(project.folder.pool, files[0] ?? ''));
      writeFileSync(join(project.folder.pool, `${files[0] ?? ''}.part`), 'half');
      writeFileSync(join(project.folder.pool, 'of-a-file-that-is-gone.parquet'), 'old');
      const again = await partsOf(project, parent);
      expect({ ...again, prepared: null }).toEqual({ ...parts, prepared: null });
      expect(readdirSync(project.folder.pool).sort()).toEqual(files.sort());
    });

    test('where more old rows are wanted than lie ready, the whole table is read', async () => {
      const project = newProject();
      await project.add('u1', simulateRows(4000, 0, 1));
      const parent = await project.train(1);
      await project.add('u2', simulateRows(400, 9000, 2));
      project.pooledFrom = 1000;
      project.settings = { ...project.settings, replay: 5 };
      const { prepared, replayed, added, validation } = await partsOf(project, parent);
      expect(prepared.isPooled).toBe(false);
      expect(replayed.length).toBeGreaterThan(added.length * 4);
      expect(validation.length).toBe(parent.rows.validation);
    });

    test('a model that learned so is reproduced, also when the data went on and nothing lies ready any more', async () => {
      const project = newProject();
      await project.add('u1', simulateRows(6000, 0, 1));
      await project.train(1);
      await project.add('u2', [...simulateRows(200, 9000, 2), ...simulateRows(30, 100, 8)]);
      project.pooledFrom = 1000;
      project.settings = { ...project.settings, replay: 1 };
      const card = await project.train(2, 'incremental', 1);
      expect(card.rows.isPooled).toBe(true);
      expect(card.rows.replayed).toBeGreaterThan(0);
      await project.add('u3', simulateRows(300, 100, 9));
      rmSync(project.folder.pool, { recursive: true });
      const again = await withFreshConnection((own) =>
        reproduceModel(own, project.folder, 2, null, project.newScratch()),
      );
      expect(again.identical).toBe(true);
    });
  });

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
