import { describe, expect, test } from 'vitest';
import { DMatrix, train } from '../src/index.ts';
import { randomTable } from './random-table.ts';

const badArgument = expect.objectContaining({ name: 'XgboostError', code: 'XGBOOST_BAD_ARGUMENT' }) as Error;
const disposed = expect.objectContaining({ name: 'XgboostError', code: 'XGBOOST_DISPOSED' }) as Error;
const table = randomTable({ rows: 6, columns: 3, seed: 9 });
const make = () =>
  DMatrix.fromDense(table.data, table, { labels: table.labels, featureNames: ['a', 'b', 'ç'] });

describe('a dense matrix', () => {
  test('knows what it was made of', () => {
    const matrix = DMatrix.fromDense(table.data, table, {
      labels: table.labels,
      weights: Float32Array.of(1, 2, 3, 4, 5, 6),
      featureNames: ['a', 'b', 'ç'],
      featureTypes: ['q', 'int', 'c'],
    });
    expect([matrix.rows, matrix.columns, matrix.isQuantile]).toEqual([6, 3, false]);
    expect(matrix.labels).toEqual(table.labels);
    expect([...matrix.weights]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(matrix.featureNames).toEqual(['a', 'b', 'ç']);
    expect(matrix.featureTypes).toEqual(['q', 'int', 'c']);
    matrix.dispose();
  });

  test('is a copy: the table may change afterwards', () => {
    const labels = Float32Array.of(1, 0);
    const matrix = DMatrix.fromDense(Float32Array.of(1, 2), { rows: 2, columns: 1 }, { labels });
    labels.fill(9);
    expect([...matrix.labels]).toEqual([1, 0]);
    matrix.dispose();
  });

  test('has neither names nor labels unless given', () => {
    const matrix = DMatrix.fromDense(table.data, table);
    expect(matrix.featureNames).toBeUndefined();
    expect(matrix.featureTypes).toBeUndefined();
    expect(matrix.labels).toHaveLength(0);
    matrix.dispose();
  });

  test('refuses lengths that do not fit', () => {
    expect(() => DMatrix.fromDense(new Float32Array(5), { rows: 2, columns: 3 })).toThrow(badArgument);
    expect(() => DMatrix.fromDense(new Float32Array(0), { rows: 0, columns: 3 })).toThrow(badArgument);
    expect(() => DMatrix.fromDense(new Float32Array(1), { rows: 1.5, columns: 1 })).toThrow(badArgument);
    expect(() => DMatrix.fromDense(table.data, table, { featureNames: ['a'] })).toThrow(badArgument);
    const matrix = make();
    expect(() => matrix.setLabels(new Float32Array(5))).toThrow(badArgument);
    expect(() => matrix.setBaseMargin(new Float32Array(0))).toThrow(badArgument);
    expect(() => matrix.setWeights(new Float32Array(4))).toThrow(badArgument);
    expect(() => matrix.setGroups(Uint32Array.of(2, 3))).toThrow(badArgument);
    expect(() => matrix.setQueryIds([7, 7, 3])).toThrow(badArgument);
    expect(() => matrix.setQueryIds([7, 7, 3, 3, 7, 3])).toThrow(badArgument);
    matrix.setGroups(Uint32Array.of(2, 4));
    expect(() => matrix.setWeights(new Float32Array(6))).toThrow(/2 groups, but there are 6 weights/);
    matrix.setWeights(new Float32Array(2));
    matrix.dispose();
  });

  test('refuses infinite values in the words of the library', () => {
    expect(() => DMatrix.fromDense(Float32Array.of(Infinity), { rows: 1, columns: 1 })).toThrow(
      expect.objectContaining({
        code: 'XGBOOST_CALL_FAILED',
        message: expect.stringContaining('inf') as string,
      }),
    );
  });
});

describe('slicing', () => {
  test('gives the rows asked for, in that order, with names and labels', () => {
    const matrix = make();
    const slice = matrix.slice([5, 0, 0]);
    expect(slice.rows).toBe(3);
    expect([...slice.labels]).toEqual([table.labels[5], table.labels[0], table.labels[0]]);
    expect(slice.featureNames).toEqual(['a', 'b', 'ç']);
    slice.dispose();
    matrix.dispose();
  });

  test('refuses rows that there are not', () => {
    const matrix = make();
    for (const index of [-1, 6, 0.5, NaN, 2 ** 40])
      expect(() => matrix.slice([0, index])).toThrow(badArgument);
    expect(() => matrix.slice([])).toThrow(badArgument);
    matrix.dispose();
  });
});

test('a disposed matrix refuses everything but being disposed of again', () => {
  const matrix = make();
  matrix.dispose();
  matrix.dispose();
  expect(() => matrix.labels).toThrow(disposed);
  expect(() => matrix.setLabels(table.labels)).toThrow(disposed);
  expect(() => matrix.slice([0])).toThrow(disposed);
});

test('query ids rank as the groups that they make', async () => {
  const { data, labels, rows, columns } = randomTable({ rows: 60, columns: 3, seed: 4 });
  const relevance = labels.map((label) => Math.abs(Math.round(label)) % 4);
  const ids = Int32Array.from({ length: rows }, (_, row) => 100 - Math.floor(row / 7));
  const models = [];
  for (const group of [
    (matrix: DMatrix) => matrix.setQueryIds(ids),
    (matrix: DMatrix) => matrix.setGroups(Uint32Array.of(7, 7, 7, 7, 7, 7, 7, 7, 4)),
  ]) {
    const matrix = DMatrix.fromDense(data, { rows, columns }, { labels: relevance });
    group(matrix);
    const { booster } = await train({ objective: 'rank:pairwise', nthread: 1 }, matrix, { rounds: 3 });
    models.push(booster.save());
    booster.dispose();
    matrix.dispose();
  }
  expect(models[0]).toEqual(models[1]);
});
