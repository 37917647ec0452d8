import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Booster, DMatrix, loadLibrary, train } from '../src/index.ts';
import { batchesOf } from './batches.ts';
import { randomTable } from './random-table.ts';

const code = (name: string): Error => expect.objectContaining({ code: name }) as Error;
const table = randomTable({ rows: 200, columns: 3, missing: 0.1, seed: 41 });
const parameters = { objective: 'binary:logistic', tree_method: 'hist', max_depth: 3, nthread: 1 } as const;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xgboost-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a matrix written to a file comes back whole, and trains the same model', async () => {
  const weights = table.labels.map((label) => 1 + label);
  const featureNames = ['a', 'b', 'größe'];
  const matrix = DMatrix.from(table, { labels: table.labels, weights, featureNames });
  const path = join(folder, 'matrix.buffer');
  matrix.saveBinary(path);
  const loaded = DMatrix.load(path);
  expect([loaded.rows, loaded.columns, loaded.featureNames]).toEqual([200, 3, featureNames]);
  expect([loaded.labels, loaded.weights]).toEqual([table.labels, weights]);
  const models = await Promise.all([matrix, loaded].map((one) => train(parameters, one, { rounds: 3 })));
  expect(models[1]?.booster.save()).toEqual(models[0]?.booster.save());
  for (const one of [matrix, loaded, ...models.map(({ booster }) => booster)]) one.dispose();
});

test('texts in the forms that the library reads', () => {
  writeFileSync(join(folder, 'rows.libsvm'), '1 0:0.5 2:3\n0 1:-1\n');
  const sparse = DMatrix.load(join(folder, 'rows.libsvm'), { format: 'libsvm' });
  expect([sparse.rows, sparse.columns, sparse.valuesPresent]).toEqual([2, 3, 3]);
  expect(Array.from(sparse.labels)).toEqual([1, 0]);
  writeFileSync(join(folder, 'rows.csv'), '1,0.5,2\n0,1.5,3\n1,2.5,4\n');
  const dense = DMatrix.load(join(folder, 'rows.csv'), { format: 'csv', labelColumn: 0 });
  expect([dense.rows, dense.columns]).toEqual([3, 2]);
  expect(Array.from(dense.labels)).toEqual([1, 0, 1]);
  for (const one of [sparse, dense]) one.dispose();
});

test('what is no matrix, or cannot be one, is refused', () => {
  expect(() => DMatrix.load(join(folder, 'absent'))).toThrow(code('XGBOOST_BAD_ARGUMENT'));
  expect(() => DMatrix.load(`${join(folder, 'rows.csv')}?format=csv`)).toThrow(code('XGBOOST_BAD_ARGUMENT'));
  const quantile = DMatrix.quantile(batchesOf(table, 100, 'dense'), { columns: 3 });
  expect(() => quantile.saveBinary(join(folder, 'quantile.buffer'))).toThrow(code('XGBOOST_BAD_ARGUMENT'));
  quantile.dispose();
});

test('a model is written to a file whole, in the form that its name says', async () => {
  const matrix = DMatrix.from(table, { labels: table.labels });
  const { booster } = await train(parameters, matrix, { rounds: 3 });
  for (const [name, first] of [
    ['model.json', '{"'],
    ['model.ubj', '{L'],
  ] as const) {
    booster.saveFile(join(folder, name));
    const loaded = Booster.load(join(folder, name));
    expect(loaded.predict(matrix)).toEqual(booster.predict(matrix));
    const saved = loaded.save(name.endsWith('json') ? 'json' : 'ubj');
    expect(Buffer.from(saved.subarray(0, 2)).toString()).toBe(first);
    loaded.dispose();
  }
  expect(() => booster.saveFile(join(folder, 'not/there.ubj'))).toThrow(/ENOENT/);
  const every = booster.slice(1, 3, 2);
  expect(every.rounds).toBe(1);
  expect(() => booster.slice(0, 3, 2)).toThrow(code('XGBOOST_BAD_ARGUMENT'));
  for (const one of [matrix, booster, every]) one.dispose();
});

test('the bins of a quantile matrix can be looked at', () => {
  const matrix = DMatrix.quantile(batchesOf(table, 100, 'dense'), { columns: 3, maxBin: 8 });
  if (loadLibrary().version.major < 2) {
    expect(() => matrix.quantileCuts()).toThrow(code('XGBOOST_NOT_IN_THIS_VERSION'));
  } else {
    const cuts = matrix.quantileCuts();
    expect(cuts).toHaveLength(3);
    for (const column of cuts) {
      expect(column.length).toBeLessThanOrEqual(9);
      expect(Array.from(column)).toEqual(Array.from(column).sort((a, b) => a - b));
      expect(column.at(-1)).toBeGreaterThan(1.9);
    }
  }
  matrix.dispose();
});

test('intervals of survival and weights of columns', async () => {
  const labelLowerBounds = table.labels.map((label) => 1 + label);
  const labelUpperBounds = table.labels.map((label) => (label > 0 ? Infinity : 4));
  const matrix = DMatrix.from(table, {
    labelLowerBounds,
    labelUpperBounds,
    featureWeights: Float32Array.of(1, 0, 1),
  });
  const { history } = await train(
    { objective: 'survival:aft', tree_method: 'hist', eval_metric: 'aft-nloglik', nthread: 1 },
    matrix,
    { rounds: 8, evaluate: [{ matrix, name: 'all' }] },
  );
  const losses = history['all']?.['aft-nloglik'] ?? [];
  expect(losses.at(-1)).toBeLessThan(losses[0] as number);
  const drawn = await train({ objective: 'survival:aft', colsample_bynode: 0.6, nthread: 1 }, matrix, {
    rounds: 8,
  });
  // A column of weight 0 is never drawn.
  expect([...drawn.booster.featureScores('weight').keys()]).not.toContain('f1');
  expect(() => matrix.setFeatureWeights(Float32Array.of(1))).toThrow(code('XGBOOST_BAD_ARGUMENT'));
  expect(() => matrix.setLabelBounds(labelLowerBounds, Float32Array.of(1))).toThrow(
    code('XGBOOST_BAD_ARGUMENT'),
  );
  expect(() => DMatrix.from(table, { labelLowerBounds })).toThrow(/both ends/);
  for (const one of [matrix, drawn.booster]) one.dispose();
});
