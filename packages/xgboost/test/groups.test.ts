import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crossValidate, DMatrix, train, type Parameters } from '../src/index.ts';
import { randomTable } from './random-table.ts';

const badArgument = expect.objectContaining({ code: 'XGBOOST_BAD_ARGUMENT' }) as Error;
const table = randomTable({ rows: 120, columns: 3, classes: 3, seed: 91 });
/** Each of another size, so that a group is known by it. */
const sizes = [3, 5, 7, 9, 11, 13, 15, 17, 19, 21];
const weights = Float32Array.from(sizes, (_, group) => 1 + group / 10);
const parameters = {
  objective: 'rank:ndcg',
  eval_metric: 'ndcg',
  tree_method: 'hist',
  max_depth: 3,
  nthread: 1,
} as const satisfies Parameters;
let matrix: DMatrix;

beforeAll(() => {
  const { labels } = table;
  matrix = DMatrix.from(table, {
    labels,
    groups: Uint32Array.from(sizes),
    weights,
    featureNames: ['a', 'b', 'c'],
  });
});
afterAll(() => matrix.dispose());

/** The rows of some groups, in the matrix's order. */
const rowsOf = (groups: readonly number[]): number[] =>
  groups.flatMap((group) => {
    const start = sizes.slice(0, group).reduce((sum, size) => sum + size, 0);
    return Array.from({ length: sizes[group] as number }, (_, row) => start + row);
  });

describe('a slice of groups', () => {
  test('has their rows, sizes, weights and names, in the order given', () => {
    const slice = matrix.sliceGroups([4, 0]);
    expect(Array.from(slice.groups)).toEqual([11, 3]);
    expect(slice.weights).toEqual(Float32Array.of(weights[4] as number, weights[0] as number));
    expect(Array.from(slice.labels)).toEqual(rowsOf([4, 0]).map((row) => table.labels[row]));
    expect(slice.featureNames).toEqual(['a', 'b', 'c']);
    slice.dispose();
  });

  test('is refused for groups that are not there, and for none', () => {
    for (const wrong of [[10], [-1], [0.5], []]) expect(() => matrix.sliceGroups(wrong)).toThrow(badArgument);
    const plain = DMatrix.from(table);
    expect(() => plain.sliceGroups([0])).toThrow(badArgument);
    plain.dispose();
  });
});

describe('cross-validation of a ranking', () => {
  test('draws folds of whole groups, each tested once', async () => {
    const tested: number[] = [];
    const trained: number[][] = [];
    await crossValidate(parameters, matrix, {
      rounds: 1,
      folds: 4,
      metric: {
        name: 'seen',
        evaluate: (_, { groups }) => {
          if (groups.length > 5) trained.push([...groups]);
          else tested.push(...groups);
          return 0;
        },
      },
    });
    expect(tested.sort((a, b) => a - b)).toEqual(sizes);
    expect(trained).toHaveLength(4);
    for (const groups of trained) for (const size of groups) expect(sizes).toContain(size);
  });

  test('takes folds of rows that are whole groups, and trains on the others as train does', async () => {
    const folds = [
      [0, 3, 9],
      [1, 2, 4, 5],
      [6, 7, 8],
    ];
    const { history } = await crossValidate(parameters, matrix, { rounds: 3, folds: folds.map(rowsOf) });
    const ofFolds: number[] = [];
    for (const fold of folds) {
      const others = sizes.map((_, group) => group).filter((group) => !fold.includes(group));
      const [own, held] = [matrix.sliceGroups(others), matrix.sliceGroups(fold)];
      const result = await train(parameters, own, { rounds: 3, evaluate: [{ matrix: held, name: 'held' }] });
      ofFolds.push(result.history['held']?.['ndcg']?.at(-1) as number);
      for (const one of [own, held, result.booster]) one.dispose();
    }
    const mean = ofFolds.reduce((sum, value) => sum + value, 0) / 3;
    expect(history['ndcg']?.test.mean.at(-1)).toBeCloseTo(mean, 12);
  });

  test('refuses folds that part a group, more folds than groups, and stratified ones', async () => {
    const wrong = [
      { folds: [rowsOf([0, 1]).slice(1), rowsOf([2, 3, 4, 5, 6, 7, 8, 9])] },
      { folds: 11 },
      { folds: 2, stratified: true },
    ];
    for (const options of wrong)
      await expect(crossValidate(parameters, matrix, { rounds: 1, ...options })).rejects.toThrow(badArgument);
    await expect(crossValidate(parameters, matrix, { rounds: 1, ...wrong[0] })).rejects.toThrow(
      /Fold 0 holds 2 of the 3 rows of group 0/,
    );
  });
});
