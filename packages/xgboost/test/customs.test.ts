import { afterAll, describe, expect, test } from 'vitest';
import { crossValidate, DMatrix, train, type Derivatives, type Parameters } from '../src/index.ts';
import { randomTable } from './random-table.ts';

const table = randomTable({ rows: 400, columns: 5, missing: 0.1, seed: 9 });
const matrix = DMatrix.fromDense(table.data, table, { labels: table.labels });
afterAll(() => matrix.dispose());

const parameters = { max_depth: 3, nthread: 2, eval_metric: 'logloss' } as const satisfies Parameters;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The derivatives of the logistic loss, as the library's own objective has them. */
function logistic(margins: Float32Array, { labels }: DMatrix): Derivatives {
  const probability = margins.map(sigmoid);
  return {
    gradient: probability.map((p, row) => p - (labels[row] as number)),
    hessian: probability.map((p) => Math.max(p * (1 - p), 1e-16)),
  };
}

/** The share of rows on the wrong side. */
const wrong = {
  name: 'wrong',
  evaluate: (predictions: Float32Array, { labels }: DMatrix): number =>
    predictions.reduce((sum, p, row) => sum + (p > 0.5 === (labels[row] === 1) ? 0 : 1), 0) / labels.length,
};

describe('an objective of your own', () => {
  test('with the derivatives of the logistic loss makes the library’s own model', async () => {
    const own = await train({ ...parameters, base_score: 0 }, matrix, { rounds: 10, objective: logistic });
    const library = await train({ ...parameters, objective: 'binary:logistic', base_score: 0.5 }, matrix, {
      rounds: 10,
    });
    const margins = own.booster.predict(matrix).values;
    const expected = library.booster.predict(matrix, { kind: 'margin' }).values;
    margins.forEach((margin, row) => expect(margin).toBeCloseTo(expected[row] as number, 4));
    own.booster.dispose();
    library.booster.dispose();
  });

  test('that throws ends training with its error; with dart it is refused', async () => {
    const broken = (): Derivatives => {
      throw new RangeError('no derivative');
    };
    await expect(train(parameters, matrix, { rounds: 3, objective: broken })).rejects.toThrow(RangeError);
    const dart = { ...parameters, booster: 'dart' } as const;
    await expect(train(dart, matrix, { rounds: 3, objective: logistic })).rejects.toMatchObject({
      code: 'XGBOOST_BAD_ARGUMENT',
    });
  });
});

describe('a metric of your own', () => {
  test('stands beside the library’s, and may stop training', async () => {
    const { booster, history, bestIteration, stoppedBy } = await train(
      { ...parameters, objective: 'binary:logistic', eval_metric: ['logloss', 'error'] },
      matrix,
      {
        rounds: 60,
        evaluate: [{ matrix, name: 'train' }],
        metric: wrong,
        earlyStopping: { rounds: 5, metric: 'wrong', minimumDelta: 0.01 },
      },
    );
    expect(history['train']?.['wrong']).toHaveLength(history['train']?.['error']?.length ?? 0);
    history['train']?.['wrong']?.forEach((value, round) =>
      expect(value).toBeCloseTo(history['train']?.['error']?.[round] ?? NaN, 5),
    );
    expect(stoppedBy).toBe('earlyStopping');
    expect(bestIteration).toBeLessThan(booster.rounds - 1);
    booster.dispose();
  });

  test('may be one of which more is better', async () => {
    const right = { name: 'right', evaluate: (p: Float32Array, m: DMatrix) => 1 - wrong.evaluate(p, m) };
    const options = { rounds: 30, evaluate: [{ matrix, name: 'train' }], metric: right };
    const { booster, bestScore } = await train({ ...parameters, objective: 'binary:logistic' }, matrix, {
      ...options,
      earlyStopping: { rounds: 8, metric: 'right', maximise: true },
    });
    expect(bestScore).toBeGreaterThan(0.8);
    booster.dispose();
  });
});

describe('cross-validation', () => {
  const logloss = { ...parameters, objective: 'binary:logistic' } as const;

  test('is what training on each part gives', async () => {
    const folds = [0, 1, 2].map((fold) =>
      Array.from({ length: table.rows }, (_, row) => row).filter((row) => row % 3 === fold),
    );
    const { history } = await crossValidate(logloss, matrix, { rounds: 6, folds, metric: wrong });
    const test = [];
    for (const fold of folds) {
      const rest = matrix.slice(
        Array.from({ length: table.rows }, (_, row) => row).filter((row) => !fold.includes(row)),
      );
      const held = matrix.slice(fold);
      const result = await train(logloss, rest, { rounds: 6, evaluate: [{ matrix: held, name: 'held' }] });
      test.push(result.history['held']?.['logloss']?.at(-1) ?? NaN);
      for (const one of [rest, held, result.booster]) one.dispose();
    }
    const mean = test.reduce((a, b) => a + b) / 3;
    expect(history['logloss']?.test.mean.at(-1)).toBeCloseTo(mean, 12);
    const variance = test.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3;
    expect(history['logloss']?.test.deviation.at(-1)).toBeCloseTo(Math.sqrt(variance), 12);
    expect(history['wrong']?.test.mean).toHaveLength(6);
  });

  test('draws folds by a seed, with equal shares of the labels', async () => {
    const run = (seed: number) =>
      crossValidate(logloss, matrix, { rounds: 3, folds: 5, stratified: true, seed });
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  test('stops early by the mean, or when it is told to', async () => {
    const early = await crossValidate({ ...logloss, eta: 1, max_depth: 8 }, matrix, {
      rounds: 100,
      earlyStopping: { rounds: 3 },
    });
    expect(early.stoppedBy).toBe('earlyStopping');
    const means = early.history['logloss']?.test.mean ?? [];
    expect(early.bestIteration).toBe(means.indexOf(Math.min(...means)));
    const told = await crossValidate(logloss, matrix, {
      rounds: 9,
      onRound: ({ iteration }) => (iteration === 2 ? false : undefined),
    });
    expect([told.stoppedBy, told.bestIteration]).toEqual(['callback', 2]);
  });

  test('refuses folds that cannot be', async () => {
    for (const folds of [1, 401, [[1]], [[], [1]], [[0], [400]], [[0, 0], [1]]])
      await expect(crossValidate(logloss, matrix, { rounds: 2, folds })).rejects.toMatchObject({
        code: 'XGBOOST_BAD_ARGUMENT',
      });
  });
});
