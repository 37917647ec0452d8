import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Booster, DMatrix, isMaximised, train, type Parameters } from '../src/index.ts';
import { EarlyStopping } from '../src/early-stopping.ts';
import { randomTable } from './random-table.ts';

const table = randomTable({ rows: 500, columns: 5, missing: 0.1, seed: 41 });
const other = randomTable({ rows: 200, columns: 5, missing: 0.1, seed: 42 });
const parameters = {
  objective: 'binary:logistic',
  tree_method: 'hist',
  max_depth: 4,
  nthread: 1,
} as const satisfies Parameters;
const badArgument = expect.objectContaining({ code: 'XGBOOST_BAD_ARGUMENT' }) as Error;
let matrix: DMatrix;
let holdout: DMatrix;

beforeAll(() => {
  matrix = DMatrix.fromDense(table.data, table, { labels: table.labels });
  holdout = DMatrix.fromDense(other.data, other, { labels: other.labels });
});

afterAll(() => {
  matrix.dispose();
  holdout.dispose();
});

async function modelBytes(
  rounds: number,
  more: Parameters = {},
  initialModel?: Uint8Array,
): Promise<Uint8Array> {
  const { booster } = await train({ ...parameters, ...more }, matrix, {
    rounds,
    ...(initialModel && { initialModel }),
  });
  const bytes = booster.save();
  booster.dispose();
  return bytes;
}

/** Models are compared by hash: a difference of thousands of bytes tells nobody anything. */
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('the bytes of a model', () => {
  test.each([
    {},
    { subsample: 0.7, colsample_bytree: 0.6, seed_per_iteration: true, seed: 7 },
    { num_parallel_tree: 2 },
  ])('are the same trained in one go and continued from a saved model: %o', async (more: Parameters) => {
    const first = await modelBytes(30, more);
    expect(hash(await modelBytes(30, more, first))).toBe(hash(await modelBytes(60, more)));
  });

  test('are the same with any number of threads, and again', async () => {
    const one = hash(await modelBytes(10, { nthread: 1 }));
    expect(hash(await modelBytes(10, { nthread: 2 }))).toBe(one);
    expect(hash(await modelBytes(10, { nthread: 4 }))).toBe(one);
    expect(hash(await modelBytes(10, { nthread: 1 }))).toBe(one);
  });

  test('are not touched by evaluating', async () => {
    const evaluate = [{ matrix: holdout, name: 'test' }];
    const { booster } = await train(parameters, matrix, { rounds: 10, evaluate });
    expect(hash(booster.save())).toBe(hash(await modelBytes(10)));
    booster.dispose();
  });
});

test('renewing the samplers each round keeps the metrics asked for', async () => {
  const { booster, history } = await train(
    { ...parameters, seed_per_iteration: true, subsample: 0.5, eval_metric: ['auc', 'logloss'] },
    matrix,
    { rounds: 4, evaluate: [{ matrix: holdout, name: 'test' }] },
  );
  expect(Object.entries(history['test'] ?? {}).map(([metric, values]) => [metric, values.length])).toEqual([
    ['auc', 4],
    ['logloss', 4],
  ]);
  booster.dispose();
});

describe('training on', () => {
  test('counts rounds on and leaves the first model as it was', async () => {
    const first = Booster.load(await modelBytes(4));
    const before = first.save();
    const seen: number[] = [];
    const { booster, bestIteration } = await train(parameters, matrix, {
      rounds: 3,
      initialModel: first,
      onRound: ({ iteration, rounds }) => {
        seen.push(iteration);
        expect(rounds).toBe(7);
      },
    });
    expect(seen).toEqual([4, 5, 6]);
    expect([booster.rounds, bestIteration]).toEqual([7, 6]);
    expect(first.save()).toEqual(before);
    booster.dispose();
    first.dispose();
  });

  test('refuses a model of other features', async () => {
    const narrow = DMatrix.fromDense(
      new Float32Array(8),
      { rows: 4, columns: 2 },
      { labels: new Float32Array(4) },
    );
    await expect(train(parameters, narrow, { rounds: 1, initialModel: await modelBytes(1) })).rejects.toThrow(
      badArgument,
    );
    narrow.dispose();
  });

  test.each([false, true])(
    'can refresh the leaves of a model without adding trees; seeds: %s',
    async (seeds) => {
      const { booster } = await train(
        {
          ...parameters,
          process_type: 'update',
          updater: 'refresh',
          refresh_leaf: true,
          seed_per_iteration: seeds,
        },
        holdout,
        { rounds: 3, initialModel: await modelBytes(3) },
      );
      const before = Booster.load(await modelBytes(3));
      expect(booster.rounds).toBe(3);
      expect(booster.predict(matrix, { kind: 'leaf' }).values).toEqual(
        before.predict(matrix, { kind: 'leaf' }).values,
      );
      expect(booster.predict(matrix).values).not.toEqual(before.predict(matrix).values);
      booster.dispose();
      before.dispose();
    },
  );
});

describe('early stopping', () => {
  const evaluate = () => [
    { matrix, name: 'train' },
    { matrix: holdout, name: 'test' },
  ];

  test.each([
    ['logloss', Math.min],
    ['auc', Math.max],
  ] as const)('ends some rounds after the best %s of the last matrix', async (metric, best) => {
    const result = await train({ ...parameters, eta: 0.9, eval_metric: ['error', metric] }, matrix, {
      rounds: 200,
      evaluate: evaluate(),
      earlyStopping: { rounds: 5 },
    });
    const scores = result.history['test']?.[metric] as number[];
    expect(result.stoppedBy).toBe('earlyStopping');
    expect(result.bestScore).toBe(best(...scores));
    expect(result.bestIteration).toBe(scores.indexOf(result.bestScore as number));
    expect(result.booster.rounds).toBe(result.bestIteration + 6);
    result.booster.dispose();
  });

  test('can watch another matrix and metric', async () => {
    const result = await train({ ...parameters, eval_metric: ['logloss', 'auc'] }, matrix, {
      rounds: 12,
      evaluate: evaluate(),
      earlyStopping: { rounds: 3, metric: 'logloss', on: 'train' },
    });
    expect(result.stoppedBy).toBe('rounds');
    expect(result.bestIteration).toBe(11);
    expect(result.bestScore).toBe(result.history['train']?.['logloss']?.at(-1));
    result.booster.dispose();
  });

  test('counts only improvements above the least change', () => {
    const stopping = new EarlyStopping({ rounds: 2, minimumDelta: 0.1 });
    const done = [0.5, 0.45, 0.42].map((error, iteration) => stopping.isDone(iteration, { test: { error } }));
    expect(done).toEqual([false, false, true]);
    expect(stopping.bestIteration).toBe(0);
  });

  test('refuses to watch what is not evaluated', async () => {
    const watch = (earlyStopping: object) =>
      train(parameters, matrix, {
        rounds: 2,
        evaluate: evaluate(),
        earlyStopping: { rounds: 1, ...earlyStopping },
      });
    await expect(watch({ metric: 'auc' })).rejects.toThrow(
      /watches auc of test.*train logloss, test logloss/,
    );
    await expect(watch({ on: 'elsewhere' })).rejects.toThrow(badArgument);
    await expect(watch({ rounds: 0 })).rejects.toThrow(badArgument);
    await expect(watch({ minimumDelta: -1 })).rejects.toThrow(badArgument);
    await expect(train(parameters, matrix, { rounds: 2, earlyStopping: { rounds: 1 } })).rejects.toThrow(
      badArgument,
    );
  });

  test('knows which metrics are better when larger', () => {
    expect(['auc', 'aucpr', 'map@3', 'ndcg@5-', 'ndcg-', 'pre@2'].every(isMaximised)).toBe(true);
    expect(
      ['logloss', 'rmse', 'error@0.3', 'merror', 'mape', 'poisson-nloglik', 'cox-nloglik'].some(isMaximised),
    ).toBe(false);
  });
});

describe('a round', () => {
  test('can end training', async () => {
    const result = await train(parameters, matrix, {
      rounds: 50,
      onRound: ({ iteration }) => (iteration === 2 ? false : undefined),
    });
    expect([result.stoppedBy, result.booster.rounds, result.bestIteration]).toEqual(['callback', 3, 2]);
    result.booster.dispose();
  });

  test('passes on what its listener throws', async () => {
    const failure = new Error('disk full');
    const onRound = () => {
      throw failure;
    };
    await expect(train(parameters, matrix, { rounds: 3, onRound })).rejects.toBe(failure);
  });

  test('gives way to the event loop', async () => {
    let turns = 0;
    let isTraining = true;
    const turn = () => {
      turns++;
      if (isTraining) setImmediate(turn);
    };
    setImmediate(turn);
    const { booster } = await train(parameters, matrix, { rounds: 20 });
    isTraining = false;
    expect(turns).toBeGreaterThanOrEqual(19);
    booster.dispose();
  });

  test('can be none', async () => {
    const { booster, bestIteration } = await train(parameters, matrix, { rounds: 0 });
    expect([booster.rounds, bestIteration]).toEqual([0, -1]);
    booster.dispose();
    await expect(train(parameters, matrix, { rounds: -1 })).rejects.toThrow(badArgument);
    const twice = [holdout, holdout].map((one) => ({ matrix: one, name: 'same' }));
    await expect(train(parameters, matrix, { rounds: 1, evaluate: twice })).rejects.toThrow(badArgument);
  });
});
