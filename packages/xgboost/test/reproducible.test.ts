import { describe, expect, test } from 'vitest';
import { DMatrix, train, type Parameters } from '../src/index.ts';
import { batchesOf } from './batches.ts';
import { randomNumbers, randomTable, type Table } from './random-table.ts';

// What README.md says of reproducibility.

const table = randomTable({ rows: 6000, columns: 8, missing: 0.1, seed: 71 });

async function modelOf(settings: Parameters, one: Table = table, matrix?: DMatrix): Promise<Buffer> {
  const made = matrix ?? DMatrix.from(one, { labels: one.labels });
  const { booster } = await train({ objective: 'binary:logistic', max_depth: 5, ...settings }, made, {
    rounds: 8,
  });
  const bytes = Buffer.from(booster.save());
  for (const each of [made, booster]) each.dispose();
  return bytes;
}

async function predictionsOf(settings: Parameters, one: Table): Promise<Float32Array> {
  const matrix = DMatrix.from(one, { labels: one.labels });
  const { booster } = await train({ objective: 'binary:logistic', max_depth: 5, ...settings }, matrix, {
    rounds: 8,
  });
  const { values } = booster.predictInPlace(table);
  for (const each of [matrix, booster]) each.dispose();
  return values;
}

const kinds: Record<string, Parameters> = {
  hist: { tree_method: 'hist' },
  approx: { tree_method: 'approx' },
  exact: { tree_method: 'exact' },
  'with drawn rows and columns': { tree_method: 'hist', subsample: 0.7, colsample_bytree: 0.6, seed: 5 },
};

describe.each(Object.keys(kinds))('%s', (name) => {
  const settings = kinds[name] as Parameters;

  test('the same data, parameters, seed and threads make the same bytes', async () => {
    for (const nthread of [1, 2])
      expect((await modelOf({ ...settings, nthread })).equals(await modelOf({ ...settings, nthread }))).toBe(
        true,
      );
  });

  test('another number of threads makes the same predictions to 1e-4', async () => {
    const one = await predictionsOf({ ...settings, nthread: 1 }, table);
    for (const nthread of [2, 4]) {
      const other = await predictionsOf({ ...settings, nthread }, table);
      expect(greatestDifference(one, other)).toBeLessThan(1e-4);
    }
  });
});

test('another seed draws other rows, and so makes another model', async () => {
  const settings = kinds['with drawn rows and columns'] as Parameters;
  expect((await modelOf(settings)).equals(await modelOf({ ...settings, seed: 6 }))).toBe(false);
});

test('the size of batches does not matter, nor whether rows are dense or sparse', async () => {
  const settings = { tree_method: 'hist', nthread: 2 } as const;
  const models = await Promise.all(
    (
      [
        [6000, 'dense'],
        [512, 'dense'],
        [512, 'sparse'],
      ] as const
    ).map(([rows, form]) =>
      modelOf(settings, table, DMatrix.quantile(batchesOf(table, rows, form), { columns: 8 })),
    ),
  );
  for (const model of models) expect(model.equals(models[0] as Buffer)).toBe(true);
});

test('another order of the rows moves sums of floats alone: predictions agree to 1e-4, bytes need not', async () => {
  const random = randomNumbers(9);
  const order = Array.from({ length: table.rows }, (_, row) => row);
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  const { columns, data, labels } = table;
  const shuffled: Table = {
    ...table,
    data: Float32Array.from(
      { length: data.length },
      (_, at) => data[(order[Math.floor(at / columns)] as number) * columns + (at % columns)] as number,
    ),
    labels: Float32Array.from(order, (row) => labels[row] as number),
  };
  const settings = { tree_method: 'hist', nthread: 2 } as const;
  const [one, other] = [await predictionsOf(settings, table), await predictionsOf(settings, shuffled)];
  expect(greatestDifference(one, other)).toBeLessThan(1e-4);
  // Where rows are drawn, the order decides which: the models are different ones.
  const drawn = kinds['with drawn rows and columns'] as Parameters;
  const apart = greatestDifference(await predictionsOf(drawn, table), await predictionsOf(drawn, shuffled));
  expect(apart).toBeGreaterThan(1e-3);
});

const greatestDifference = (one: Float32Array, other: Float32Array): number =>
  one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] as number))), 0);
