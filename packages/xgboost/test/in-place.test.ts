import { afterAll, describe, expect, test } from 'vitest';
import { DMatrix, loadLibrary, train, XgboostError, type Booster, type SparseRows } from '../src/index.ts';
import { columnsOf, sparseOf } from './batches.ts';
import { randomTable, type Table } from './random-table.ts';

const made: { dispose(): void }[] = [];
const kept = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};
afterAll(() => {
  for (const one of made) one.dispose();
});

async function trained(classes: number): Promise<{ table: Table; matrix: DMatrix; booster: Booster }> {
  const table = randomTable({ rows: 300, columns: 6, missing: 0.4, seed: 5, classes });
  const matrix = kept(DMatrix.fromDense(table.data, table, { labels: table.labels }));
  const objective = classes > 2 ? 'multi:softprob' : 'binary:logistic';
  const { booster } = await train(
    { objective, ...(classes > 2 ? { num_class: classes } : {}), max_depth: 4, nthread: 2 },
    matrix,
    { rounds: 12 },
  );
  return { table, matrix, booster: kept(booster) };
}

describe.each([2, 4])('rows of a table with %i classes', (classes) => {
  test('are predicted in place as in a matrix, dense or sparse', async () => {
    const { table, matrix, booster } = await trained(classes);
    const sparse = sparseOf(table);
    for (const kind of ['value', 'margin'] as const)
      for (const iterationRange of [undefined, [2, 7]] as const) {
        const options = { kind, ...(iterationRange && { iterationRange }), strictShape: true };
        const expected = booster.predict(matrix, options);
        expect(booster.predictInPlace(table, options)).toEqual(expected);
        expect(booster.predictInPlace(sparse, options)).toEqual(expected);
      }
  });

  test('make the same matrix, and so the same model, sparse as dense', async () => {
    const { table, booster } = await trained(classes);
    const matrix = kept(DMatrix.fromSparse(sparseOf(table), { labels: table.labels }));
    expect([matrix.rows, matrix.columns]).toEqual([300, 6]);
    const objective = classes > 2 ? 'multi:softprob' : 'binary:logistic';
    const again = await train(
      { objective, ...(classes > 2 ? { num_class: classes } : {}), max_depth: 4, nthread: 2 },
      matrix,
      { rounds: 12 },
    );
    kept(again.booster);
    expect(again.booster.predict(matrix).values).toEqual(booster.predictInPlace(table).values);
  });
});

test('a value may stand for missing', async () => {
  const { table, booster } = await trained(2);
  const data = table.data.map((value) => (Number.isNaN(value) ? -999 : value));
  expect(booster.predictInPlace({ ...table, data }, { missing: -999 }).values).toEqual(
    booster.predictInPlace(table).values,
  );
});

test('arrays that do not fit each other are refused before the library sees them', async () => {
  const { table, booster } = await trained(2);
  const sparse = sparseOf(table);
  const last = sparse.rowStarts.at(-1) as number;
  const wrong: SparseRows[] = [
    { ...sparse, columns: 5 },
    { ...sparse, values: sparse.values.subarray(1) },
    { ...sparse, rowStarts: sparse.rowStarts.with(3, last + 1) },
    { ...sparse, rowStarts: sparse.rowStarts.with(0, 1) },
    { ...sparse, rowStarts: sparse.rowStarts.slice(0, -1) },
    { ...sparse, rowStarts: new Uint32Array(0) },
    { ...sparse, columnIndices: sparse.columnIndices.with(7, 6) },
  ];
  for (const rows of wrong) {
    expect(() => booster.predictInPlace(rows)).toThrow(XgboostError);
    expect(() => kept(DMatrix.fromSparse(rows))).toThrow(/./);
  }
  expect(() => booster.predictInPlace({ ...table, rows: 299 })).toThrow('299 rows of 6 columns');
  expect(() => booster.predictInPlace(table, { iterationRange: [0, 13] })).toThrow('no rounds 0 to 13');
});

describe.each([2, 4])('a base margin of %i classes', (classes) => {
  test('moves in-place predictions as it moves those of a matrix', async () => {
    const { table, booster } = await trained(classes);
    const width = classes > 2 ? classes : 1;
    const baseMargin = Float32Array.from({ length: 300 * width }, (_, at) => ((at * 7) % 5) / 3);
    const matrix = kept(DMatrix.from(table, { baseMargin }));
    const expected = booster.predict(matrix, { kind: 'margin' });
    for (const rows of [table, sparseOf(table)])
      expect(booster.predictInPlace(rows, { baseMargin, kind: 'margin' })).toEqual(expected);
    expect(expected.values).not.toEqual(booster.predictInPlace(table, { kind: 'margin' }).values);
    expect(() => booster.predictInPlace(table, { baseMargin: baseMargin.subarray(1) })).toThrow(
      /300 rows, but \d+ base margins/,
    );
  });
});

describe('columns', () => {
  const table = randomTable({ rows: 200, columns: 4, missing: 0.2, seed: 8 });
  const columns = columnsOf(table);

  test('make the same matrix as rows; a version that cannot says so', async () => {
    const make = (): DMatrix =>
      DMatrix.fromColumns(columns, { labels: table.labels, featureNames: ['a', 'b', 'c', 'd'] });
    if (loadLibrary().version.major < 2) {
      expect(make).toThrow(expect.objectContaining({ code: 'XGBOOST_NOT_IN_THIS_VERSION' }) as Error);
      return;
    }
    const matrix = kept(make());
    expect([matrix.rows, matrix.columns, matrix.featureNames]).toEqual([200, 4, ['a', 'b', 'c', 'd']]);
    const { booster } = await train({ objective: 'binary:logistic', max_depth: 3 }, matrix, { rounds: 5 });
    expect(kept(booster).predict(matrix).values).toEqual(booster.predictInPlace(table).values);
  });

  test('are predicted in place as rows are; a version that cannot says so', async () => {
    const matrix = kept(DMatrix.from(table, { labels: table.labels }));
    const { booster } = await train({ objective: 'binary:logistic', max_depth: 3 }, matrix, { rounds: 5 });
    const { major, minor } = loadLibrary().version;
    if (major < 2 || (major === 2 && minor < 1)) {
      expect(() => kept(booster).predictInPlace({ columns })).toThrow(
        expect.objectContaining({ code: 'XGBOOST_NOT_IN_THIS_VERSION' }) as Error,
      );
      return;
    }
    expect(kept(booster).predictInPlace({ columns })).toEqual(booster.predictInPlace(table));
    expect(() => booster.predictInPlace({ columns: columns.slice(1) })).toThrow('4 features and the rows 3');
  });

  test('of unequal lengths, or none, are refused', () => {
    for (const wrong of [[], [new Float32Array(0)], [new Float32Array(2), new Float32Array(3)]])
      expect(() => DMatrix.fromColumns(wrong)).toThrow(
        expect.objectContaining({ code: 'XGBOOST_BAD_ARGUMENT' }) as Error,
      );
  });
});
