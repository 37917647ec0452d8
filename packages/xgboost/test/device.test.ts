import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  Booster,
  crossValidate,
  DMatrix,
  loadLibrary,
  Scorer,
  train,
  Trainer,
  type Parameters,
} from '../src/index.ts';
import { batchesOf, columnsOf, sparseOf } from './batches.ts';
import { randomTable, type Table, type TableOptions } from './random-table.ts';

// A library that was built with CUDA trains on the first GPU and must agree with itself on the CPU; every other refuses by a
// code of its own. Neither case is left out: what a build cannot do is as much a promise as what it can.
const library = loadLibrary();
const hasCuda = library.buildInfo()['USE_CUDA'] === true;
const onGpu: Parameters = library.version.major >= 2 ? { device: 'cuda' } : { tree_method: 'gpu_hist' };
const refusal = expect.objectContaining({
  code: 'XGBOOST_NOT_IN_THIS_BUILD',
  message: expect.stringContaining('CUDA') as string,
}) as Error;

const shape: TableOptions = { rows: 4000, columns: 6, missing: 0.1, seed: 51 };
const table = randomTable(shape);
const other = randomTable({ ...shape, rows: 1000, seed: 52 });
const rounds = 12;
/** One model's predictions, here and there: sums in float32 run in another order. */
const digits = 4;
/** Two models of the same rows: a GPU makes other bins, so that trees differ and their worth hardly does. */
const mostMetricApart = 0.02;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xgboost-device-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Trains on the GPU where there is one, and otherwise shows that it is refused. */
async function onlyWithCuda(run: () => Promise<void>): Promise<void> {
  if (hasCuda) await run();
  else await expect(run()).rejects.toThrow(refusal);
}

const matrixOf = ({ data, rows, columns, labels }: Table): DMatrix =>
  DMatrix.fromDense(data, { rows, columns }, { labels });

const tasks: { name: string; classes?: number; parameters: Parameters }[] = [
  { name: 'binary', parameters: { objective: 'binary:logistic', eval_metric: 'auc' } },
  { name: 'multiclass', classes: 3, parameters: { objective: 'multi:softprob', num_class: 3 } },
  { name: 'regression', classes: 0, parameters: { objective: 'reg:squarederror' } },
];

describe.each(tasks)('a $name model on the device', ({ classes = 2, parameters }) => {
  const own = randomTable({ ...shape, classes });
  const rest = randomTable({ ...shape, classes, rows: 1000, seed: 53 });
  const settings: Parameters = { tree_method: 'hist', max_depth: 5, nthread: 2, ...parameters };

  test('is as good as one of the CPU, predicts alike on both, and is the scorer’s too', async () => {
    await onlyWithCuda(async () => {
      using matrix = matrixOf(own);
      using holdout = matrixOf(rest);
      const evaluate = [{ name: 'holdout', matrix: holdout }];
      const gpu = await train({ ...settings, ...onGpu }, matrix, { rounds, evaluate });
      const cpu = await train(settings, matrix, { rounds, evaluate });
      const apart = Object.entries(cpu.history['holdout'] ?? {}).flatMap(([metric, values]) =>
        values.map((value, round) => Math.abs((gpu.history['holdout']?.[metric]?.[round] ?? NaN) - value)),
      );
      expect(apart.length).toBe(rounds);
      expect(apart.every((difference) => difference < mostMetricApart)).toBe(true);
      const seen = gpu.booster.predict(holdout).values;

      const saved = gpu.booster.save();
      using elsewhere = Booster.load(saved);
      elsewhere.setParameters({ device: 'cpu' });
      const there = elsewhere.predict(holdout).values;
      seen.forEach((value, at) => expect(there[at]).toBeCloseTo(value, digits));
      const scorer = Scorer.fromModel(saved);
      const width = seen.length / rest.rows;
      for (const row of [0, 1, 500, 999]) {
        const record = rest.data.subarray(row * rest.columns, (row + 1) * rest.columns);
        const scored = scorer.predict(record);
        for (let at = 0; at < width; at++)
          expect(scored[at]).toBeCloseTo(seen[row * width + at] as number, digits);
      }
      for (const { booster } of [gpu, cpu]) booster.dispose();
    });
  });
});

const binary: Parameters = {
  objective: 'binary:logistic',
  tree_method: 'hist',
  max_depth: 5,
  nthread: 2,
  ...onGpu,
};

/** The log loss on rows that a model of the matrix has not seen, by which ways of making a matrix are compared. */
async function lossOf(matrix: DMatrix): Promise<number> {
  using holdout = matrixOf(other);
  const evaluate = [{ name: 'holdout', matrix: holdout }];
  const { booster, history } = await train({ ...binary, eval_metric: 'logloss' }, matrix, {
    rounds,
    evaluate,
  });
  booster.dispose();
  return history['holdout']?.['logloss']?.at(-1) ?? NaN;
}

describe('on the device', () => {
  test('rows in every form make one model, quantised, batch by batch and in files too', async () => {
    await onlyWithCuda(async () => {
      using dense = matrixOf(table);
      const expected = await lossOf(dense);
      const forms: Record<string, () => DMatrix> = {
        sparse: () => DMatrix.fromSparse(sparseOf(table), { labels: table.labels }),
        columns: () => DMatrix.fromColumns(columnsOf(table), { labels: table.labels }),
        quantile: () => DMatrix.quantileFrom(table, { labels: table.labels }),
        batches: () => DMatrix.quantile(batchesOf(table, 700, 'columns'), { columns: table.columns }),
        files: () =>
          DMatrix.external(batchesOf(table, 700, 'dense'), {
            columns: table.columns,
            cachePrefix: join(folder, 'rows'),
          }),
      };
      for (const [form, make] of Object.entries(forms)) {
        using matrix = make();
        expect([form, Math.abs((await lossOf(matrix)) - expected) < mostMetricApart]).toEqual([form, true]);
      }
    });
  });

  test('explains, tells leaves, predicts in place and from a saved model as the CPU does', async () => {
    await onlyWithCuda(async () => {
      using matrix = matrixOf(table);
      using holdout = matrixOf(other);
      const { booster } = await train(binary, matrix, { rounds });
      using elsewhere = Booster.load(booster.save());
      elsewhere.setParameters({ device: 'cpu' });
      const kinds = ['value', 'margin', 'contributions', 'interactions'] as const;
      for (const kind of kinds) {
        const [here, there] = [booster, elsewhere].map((one) => one.predict(holdout, { kind }));
        expect(here?.shape).toEqual(there?.shape);
        here?.values.forEach((value, at) => expect(value).toBeCloseTo(there?.values[at] as number, 3));
      }
      expect(() => booster.predict(holdout, { kind: 'approximateContributions' })).toThrow(
        expect.objectContaining({
          code: 'XGBOOST_CALL_FAILED',
          message: expect.stringContaining('GPU') as string,
        }),
      );
      const values = booster.predict(holdout).values;
      booster
        .predictInPlace(other)
        .values.forEach((value, at) => expect(value).toBeCloseTo(values[at] as number, digits));
      booster.dispose();
    });
  });

  test('trains on, with categories, custom derivatives, early stopping and folds', async () => {
    await onlyWithCuda(async () => {
      const categorical = randomTable({ ...shape, categoryColumns: 2, missing: 0 });
      const featureTypes = Array.from({ length: 6 }, (_, at) => (at < 2 ? ('c' as const) : ('q' as const)));
      using matrix = DMatrix.fromDense(categorical.data, categorical, {
        labels: categorical.labels,
        featureTypes,
      });
      const half = await train(binary, matrix, { rounds: 6 });
      const whole = await train(binary, matrix, { rounds: 6, initialModel: half.booster.save() });
      expect(whole.booster.rounds).toBe(12);
      const stopped = await train({ ...binary, eval_metric: 'logloss' }, matrix, {
        rounds: 50,
        evaluate: [{ name: 'train', matrix }],
        earlyStopping: { rounds: 5 },
      });
      expect(stopped.history['train']?.['logloss']?.at(-1)).toBeLessThan(0.6);
      const own = await train({ ...binary, base_score: 0.5 }, matrix, {
        rounds: 6,
        objective: (margins, { labels }) => {
          const gradient = margins.map((margin, at) => 1 / (1 + Math.exp(-margin)) - (labels[at] as number));
          return { gradient, hessian: margins.map(() => 0.25) };
        },
      });
      expect(own.booster.rounds).toBe(6);
      const folds = await crossValidate(binary, matrix, { rounds: 5, folds: 3 });
      expect(Object.keys(folds.history).length).toBeGreaterThan(0);
      for (const { booster } of [half, whole, stopped, own]) booster.dispose();
    });
  });

  test('a trainer’s process uses it', async () => {
    await onlyWithCuda(async () => {
      using matrix = matrixOf(table);
      const { data, rows, columns, labels } = table;
      const one = await train(binary, matrix, { rounds });
      const { model } = await Trainer.start(binary, { data, rows, columns, labels }, { rounds }).result;
      using booster = Booster.load(model);
      using holdout = matrixOf(other);
      const [here, there] = [one.booster, booster].map((of) => of.predict(holdout).values);
      there?.forEach((value, at) => expect(value).toBeCloseTo(here?.[at] as number, digits));
      one.booster.dispose();
    });
  });
});
