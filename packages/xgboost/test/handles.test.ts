import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Booster, DMatrix, train, type BatchSource } from '../src/index.ts';
import { batchesOf } from './batches.ts';
import { randomTable } from './random-table.ts';

const code = (name: string): Error => expect.objectContaining({ code: name }) as Error;
const table = randomTable({ rows: 120, columns: 3, missing: 0.1, seed: 61 });
const parameters = { objective: 'binary:logistic', tree_method: 'hist', nthread: 1 } as const;
let matrix: DMatrix;
let booster: Booster;
beforeAll(async () => {
  matrix = DMatrix.from(table, { labels: table.labels });
  ({ booster } = await train(parameters, matrix, { rounds: 2 }));
});
afterAll(() => {
  for (const one of [matrix, booster]) one.dispose();
});

describe('something else where a matrix belongs, as callers without types may give it', () => {
  const wrong = (): unknown[] => [
    booster,
    undefined,
    null,
    {},
    { address: 1n },
    { address: 1n, columns: 3 },
    42n,
  ];

  test('is refused by whatever takes one', async () => {
    for (const one of wrong()) {
      const as = one as DMatrix;
      expect(() => booster.predict(as)).toThrow(code('XGBOOST_BAD_ARGUMENT'));
      expect(() => booster.update(as, 2)).toThrow(code('XGBOOST_BAD_ARGUMENT'));
      expect(() => booster.evaluate(1, [{ matrix: as, name: 'x' }])).toThrow(code('XGBOOST_BAD_ARGUMENT'));
      expect(() => booster.boost(as, new Float32Array(3), new Float32Array(3))).toThrow(
        code('XGBOOST_BAD_ARGUMENT'),
      );
      if (one === undefined) continue;
      expect(() => Booster.load(booster.save(), [as])).toThrow(code('XGBOOST_BAD_ARGUMENT'));
      await expect(train(parameters, as, { rounds: 1 })).rejects.toThrow(code('XGBOOST_BAD_ARGUMENT'));
    }
  });

  test('is refused as the reference of a quantile matrix', () => {
    for (const one of wrong()) {
      if (one === undefined) continue;
      const reference = one as DMatrix;
      const folder = mkdtempSync(join(tmpdir(), 'reference-'));
      const options = { columns: 3, reference, cachePrefix: join(folder, 'page') };
      for (const build of [
        () => DMatrix.quantile(batchesOf(table, 50, 'dense'), options),
        () => DMatrix.quantileFrom(table, { reference }),
        () => DMatrix.quantileExternal(batchesOf(table, 50, 'dense'), options),
      ])
        expect(build).toThrow(code('XGBOOST_BAD_ARGUMENT'));
      rmSync(folder, { recursive: true });
    }
  });

  test('leaves the model as it was', () => {
    expect(booster.rounds).toBe(2);
    expect(booster.predict(matrix).shape).toEqual([120]);
  });
});

describe('what was disposed of', () => {
  test('is refused wherever it is used, alone and together with what was not', async () => {
    const gone = DMatrix.from(table, { labels: table.labels });
    const model = Booster.load(booster.save());
    for (const one of [gone, model, gone, model]) one.dispose();
    const uses: (() => unknown)[] = [
      () => gone.labels,
      () => gone.groups,
      () => gone.valuesPresent,
      () => {
        gone.setLabels(table.labels);
      },
      () => gone.slice([0]),
      () => {
        gone.saveBinary('/nowhere/else');
      },
      () => booster.predict(gone),
      () => {
        booster.update(gone, 2);
      },
      () => booster.evaluate(1, [{ matrix: gone, name: 'x' }]),
      () => Booster.load(booster.save(), [gone]),
      () => DMatrix.quantile(batchesOf(table, 50, 'dense'), { columns: 3, reference: gone }),
      () => model.predict(matrix),
      () => model.predictInPlace(table),
      () => model.save(),
      () => model.slice(0, 1),
      () => model.featureScores('gain'),
      () => model.config(),
      () => model.rounds,
    ];
    for (const use of uses) expect(use).toThrow(code('XGBOOST_DISPOSED'));
    await expect(train(parameters, gone, { rounds: 1 })).rejects.toThrow(code('XGBOOST_DISPOSED'));
    await expect(train(parameters, matrix, { rounds: 1, initialModel: model })).rejects.toThrow(
      code('XGBOOST_DISPOSED'),
    );
  });

  test('during a callback of the library, too', async () => {
    const gone = DMatrix.from(table, { labels: table.labels });
    const objective = (margins: Float32Array): { gradient: Float32Array; hessian: Float32Array } => {
      gone.dispose();
      return { gradient: margins, hessian: margins };
    };
    const { objective: _, ...others } = parameters;
    await expect(train(others, gone, { rounds: 1, objective })).rejects.toThrow(code('XGBOOST_DISPOSED'));
    let turn = 0;
    const reference = DMatrix.quantileFrom(table);
    const source: BatchSource = {
      reset: () => {
        turn = 0;
      },
      // The reference is used by then; its end waits for nothing but the caller.
      next: () => (turn++ === 0 ? { data: table.data, rows: 120 } : null),
    };
    const matrixOfBins = DMatrix.quantile(source, { columns: 3, reference });
    reference.dispose();
    expect((await train(parameters, withLabels(matrixOfBins), { rounds: 2 })).booster.rounds).toBe(2);
    matrixOfBins.dispose();
  });
});

function withLabels(one: DMatrix): DMatrix {
  one.setLabels(table.labels);
  return one;
}
