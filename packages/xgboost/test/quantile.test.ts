import { describe, expect, test } from 'vitest';
import { DMatrix, train, type BatchSource } from '../src/index.ts';
import { randomTable, type Table } from './random-table.ts';

/** A table in batches of some rows, counting how often it is read from its start. */
function batches(table: Table, rowsPerBatch: number): BatchSource & { passes: number } {
  let row = 0;
  return {
    passes: 0,
    reset() {
      row = 0;
      this.passes++;
    },
    next() {
      if (row >= table.rows) return null;
      const rows = Math.min(rowsPerBatch, table.rows - row);
      const [from, to] = [row, row + rows];
      row = to;
      return {
        data: table.data.slice(from * table.columns, to * table.columns),
        rows,
        labels: table.labels.slice(from, to),
      };
    },
  };
}

const parameters = { objective: 'binary:logistic', tree_method: 'hist', nthread: 2, max_depth: 4 } as const;

describe('a quantile matrix from batches', () => {
  const table = randomTable({ rows: 700, columns: 4, missing: 0.1, seed: 5 });

  test('has the rows, columns and labels of the source, read in four passes', () => {
    const source = batches(table, 150);
    const matrix = DMatrix.quantile(source, { columns: 4, featureNames: ['a', 'b', 'c', 'd'] });
    expect([matrix.rows, matrix.columns]).toEqual([700, 4]);
    expect(matrix.labels).toEqual(table.labels);
    expect(matrix.featureNames).toEqual(['a', 'b', 'c', 'd']);
    expect(source.passes).toBeLessThanOrEqual(5);
    matrix.dispose();
  });

  test('gives the same model bytes whatever the size of the batches', async () => {
    const models = [];
    for (const rowsPerBatch of [700, 150, 33]) {
      const matrix = DMatrix.quantile(batches(table, rowsPerBatch), { columns: 4 });
      models.push((await train(parameters, matrix, { rounds: 5 })).booster.save());
      matrix.dispose();
    }
    expect(models[1]).toEqual(models[0]);
    expect(models[2]).toEqual(models[0]);
  });

  test('can use the bins of another matrix', async () => {
    const reference = DMatrix.quantile(batches(table, 200), { columns: 4 });
    const matrix = DMatrix.quantile(batches(table, 200), { columns: 4, reference });
    const { history } = await train({ ...parameters, eval_metric: 'auc' }, reference, {
      rounds: 3,
      evaluate: [
        { matrix: reference, name: 'a' },
        { matrix, name: 'b' },
      ],
    });
    expect(history['a']).toEqual(history['b']);
    reference.dispose();
    matrix.dispose();
  });

  test('throws what the source throws, in whichever pass', () => {
    for (const failing of [1, 2, 3]) {
      const source = batches(table, 100);
      const next = source.next.bind(source);
      const failure = new Error(`pass ${failing}`);
      source.next = () => {
        if (source.passes >= failing) throw failure;
        return next();
      };
      expect(() => DMatrix.quantile(source, { columns: 4 })).toThrow(failure);
    }
  });

  test('throws what reset() throws', () => {
    const failure = new RangeError('no seek');
    const source = batches(table, 100);
    source.reset = () => {
      throw failure;
    };
    expect(() => DMatrix.quantile(source, { columns: 4 })).toThrow(failure);
  });

  test('refuses a source without rows, and batches whose lengths do not fit', () => {
    const empty: BatchSource = { reset: () => undefined, next: () => null };
    expect(() => DMatrix.quantile(empty, { columns: 4 })).toThrow(/at least one row/);
    const short: BatchSource = {
      reset: () => undefined,
      next: () => ({ data: new Float32Array(7), rows: 2 }),
    };
    expect(() => DMatrix.quantile(short, { columns: 4 })).toThrow(
      '2 rows of 4 columns are 8 values, but there are 7',
    );
    const labels: BatchSource = {
      reset: () => undefined,
      next: () => ({ data: new Float32Array(8), rows: 2, labels: new Float32Array(3) }),
    };
    expect(() => DMatrix.quantile(labels, { columns: 4 })).toThrow(/3 labels/);
  });
});
