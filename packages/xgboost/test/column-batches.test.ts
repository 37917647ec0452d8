import { expect, test } from 'vitest';
import { ColumnBatches, DMatrix, loadLibrary, train } from '../src/index.ts';
import { columnsOf } from './batches.ts';
import { randomTable } from './random-table.ts';

const table = randomTable({ rows: 1000, columns: 3, missing: 0.1, seed: 51 });
const columns = columnsOf(table);
const bad = expect.objectContaining({ code: 'XGBOOST_BAD_ARGUMENT' }) as Error;

/** The table in chunks of some rows. */
function filled(rowsPerChunk: number, rowsPerBatch: number): ColumnBatches {
  const batches = new ColumnBatches({ columns: 3, rowsPerBatch });
  for (let row = 0; row < table.rows; row += rowsPerChunk) {
    const part = (array: Float32Array): Float32Array => array.subarray(row, row + rowsPerChunk);
    batches.append(columns.map(part), { labels: part(table.labels) });
  }
  return batches;
}

test.each([
  [1000, 1000],
  [100, 300],
  [300, 100],
  [7, 13],
])('chunks of %i rows come back in batches of %i, as often as wanted', (rowsPerChunk, rowsPerBatch) => {
  const batches = filled(rowsPerChunk, rowsPerBatch);
  expect(batches.rows).toBe(1000);
  for (let pass = 0; pass < 2; pass++) {
    batches.reset();
    const seen: number[][] = [[], [], [], []];
    for (let batch = batches.next(); batch !== null; batch = batches.next()) {
      if (!('columns' in batch)) throw new Error('a batch of another form');
      [...batch.columns, batch.labels ?? []].forEach((array, at) => seen[at]?.push(...array));
    }
    expect(seen.map((values) => Float32Array.from(values))).toEqual([...columns, table.labels]);
  }
});

test('make the model of the same table', async () => {
  const { major, minor } = loadLibrary().version;
  // Columns need 2.1; before that the library itself says so, which another test looks at.
  if (major < 2 || (major === 2 && minor < 1)) {
    expect(() => DMatrix.quantile(filled(64, 256), { columns: 3 })).toThrow(
      expect.objectContaining({ code: 'XGBOOST_NOT_IN_THIS_VERSION' }) as Error,
    );
    return;
  }
  const parameters = { objective: 'binary:logistic', tree_method: 'hist', nthread: 2 } as const;
  const models: Uint8Array[] = [];
  for (const matrix of [
    DMatrix.quantile(filled(64, 256), { columns: 3 }),
    DMatrix.quantileFrom(table, { labels: table.labels }),
  ]) {
    const { booster } = await train(parameters, matrix, { rounds: 4 });
    models.push(booster.save());
    for (const one of [matrix, booster]) one.dispose();
  }
  expect(models[1]).toEqual(models[0]);
});

test('chunks that do not fit are refused, and change nothing', () => {
  const batches = new ColumnBatches({ columns: 2 });
  const chunk = [Float32Array.of(1, 2), Float32Array.of(3, 4)];
  const weights = Float32Array.of(5, 6);
  batches.append(chunk, { weights });
  expect(() => batches.append([...chunk, weights])).toThrow(bad);
  expect(() => batches.append([Float32Array.of(1), Float32Array.of(3, 4)], { weights })).toThrow(bad);
  expect(() => batches.append(chunk)).toThrow(bad);
  expect(() => batches.append(chunk, { labels: weights })).toThrow(bad);
  expect(batches.rows).toBe(2);
  expect(batches.next()).toEqual({ columns: chunk, weights });
  expect(batches.next()).toBeNull();
  expect(() => new ColumnBatches({ columns: 0 })).toThrow(bad);
  expect(() => new ColumnBatches({ columns: 1, rowsPerBatch: 0.5 })).toThrow(bad);
});
