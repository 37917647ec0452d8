import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Booster, DMatrix, train } from '../src/index.ts';
import { parseEvaluation } from '../src/evaluation-text.ts';
import { randomTable } from './random-table.ts';

const badArgument = expect.objectContaining({ code: 'XGBOOST_BAD_ARGUMENT' }) as Error;
const table = randomTable({ rows: 300, columns: 4, missing: 0.1, seed: 31 });
const parameters = { objective: 'binary:logistic', tree_method: 'hist', max_depth: 3, nthread: 1 } as const;
let matrix: DMatrix;
let booster: Booster;

beforeAll(async () => {
  matrix = DMatrix.fromDense(table.data, table, { labels: table.labels, featureNames: ['a', 'b', 'c', 'd'] });
  ({ booster } = await train(parameters, matrix, { rounds: 6 }));
});

afterAll(() => {
  booster.dispose();
  matrix.dispose();
});

describe('predictions', () => {
  test('have the shape of their kind', () => {
    expect(booster.predict(matrix).shape).toEqual([300]);
    expect(booster.predict(matrix, { strictShape: true }).shape).toEqual([300, 1]);
    expect(booster.predict(matrix, { kind: 'leaf' }).shape).toEqual([300, 6]);
    for (const kind of ['contributions', 'approximateContributions'] as const) {
      expect(booster.predict(matrix, { kind }).shape).toEqual([300, 5]);
    }
    expect(booster.predict(matrix, { kind: 'interactions' }).shape).toEqual([300, 5, 5]);
  });

  test('of a range of rounds are those of the slice', () => {
    const slice = booster.slice(0, 2);
    expect(slice.rounds).toBe(2);
    expect(slice.predict(matrix).values).toEqual(booster.predict(matrix, { iterationRange: [0, 2] }).values);
    slice.dispose();
    for (const range of [
      [0, 7],
      [3, 3],
      [-1, 2],
      [0.5, 2],
    ] as const) {
      expect(() => booster.predict(matrix, { iterationRange: range })).toThrow(badArgument);
      expect(() => booster.slice(range[0], range[1])).toThrow(badArgument);
    }
  });

  test('are copies', () => {
    const { values } = booster.predict(matrix);
    const before = values.slice();
    booster.predict(matrix, { kind: 'margin' });
    expect(values).toEqual(before);
  });

  test('are refused on other features', () => {
    const narrow = DMatrix.fromDense(new Float32Array(6), { rows: 2, columns: 3 });
    expect(() => booster.predict(narrow)).toThrow(badArgument);
    const renamed = DMatrix.fromDense(
      new Float32Array(4),
      { rows: 1, columns: 4 },
      { featureNames: ['a', 'c', 'b', 'd'] },
    );
    expect(() => booster.predict(renamed)).toThrow(/Column 1 of the matrix is c, but the model's is b/);
    narrow.dispose();
    renamed.dispose();
  });
});

describe('a saved model', () => {
  test.each(['ubj', 'json'] as const)('in %s predicts the same and saves to the same bytes', (format) => {
    const bytes = booster.save(format);
    const loaded = Booster.load(bytes);
    expect(loaded.predict(matrix).values).toEqual(booster.predict(matrix).values);
    expect(loaded.save(format)).toEqual(bytes);
    expect([loaded.rounds, loaded.features, loaded.featureNames]).toEqual([6, 4, ['a', 'b', 'c', 'd']]);
    loaded.dispose();
  });

  test('can be read from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'xgboost-'));
    writeFileSync(join(folder, 'model.ubj'), booster.save());
    const loaded = Booster.load(join(folder, 'model.ubj'));
    expect(loaded.rounds).toBe(6);
    loaded.dispose();
    rmSync(folder, { recursive: true });
  });

  test('is refused when it is none', () => {
    const badModel = expect.objectContaining({ code: 'XGBOOST_BAD_MODEL' }) as Error;
    expect(() => Booster.load(new Uint8Array(0))).toThrow(badModel);
    expect(() => Booster.load(new TextEncoder().encode('binf and more'))).toThrow(badModel);
    expect(() => Booster.load(booster.save().slice(0, 200))).toThrow(
      expect.objectContaining({ code: 'XGBOOST_CALL_FAILED' }),
    );
  });

  test('keeps attributes and names', () => {
    const copy = Booster.load(booster.save());
    copy.setAttribute('note', 'größer');
    copy.setAttribute('gone', 'x');
    copy.setAttribute('gone', undefined);
    copy.featureNames = ['p', 'q', 'r', 's'];
    expect(() => {
      copy.featureNames = ['p'];
    }).toThrow(badArgument);
    const again = Booster.load(copy.save());
    expect(again.attributes).toEqual({ note: 'größer' });
    expect(again.getAttribute('gone')).toBeUndefined();
    expect(again.featureNames).toEqual(['p', 'q', 'r', 's']);
    copy.dispose();
    again.dispose();
  });
});

describe('what a model tells', () => {
  test('feature scores: as many splits as the dump has', () => {
    const weights = booster.featureScores('weight');
    const splits =
      booster
        .dump({ statistics: true })
        .join('\n')
        .match(/\[\w+</g) ?? [];
    expect([...weights.values()].reduce((sum, count) => sum + count, 0)).toBe(splits.length);
    const total = booster.featureScores('total_gain').get('a') as number;
    expect(total / (booster.featureScores('gain').get('a') as number)).toBeCloseTo(
      weights.get('a') as number,
      3,
    );
  });

  test('dumps: one text a tree, JSON that parses', () => {
    const dump = booster.dump({ format: 'json' });
    expect(dump).toHaveLength(6);
    expect(JSON.parse(dump[0] as string)).toHaveProperty('split');
  });

  test('its configuration', () => {
    expect(booster.config()).toHaveProperty('learner.objective.name', 'binary:logistic');
  });

  test('metrics, also with awkward names', () => {
    const metrics = booster.evaluate(0, [
      { matrix, name: 'a-b' },
      { matrix, name: 'a' },
    ]);
    expect(metrics['a-b']).toEqual(metrics['a']);
    expect(Object.keys(metrics['a'] ?? {})).toEqual(['logloss']);
    expect(parseEvaluation('[0]\tx-ndcg@5-:nan\tx-y-cox-nloglik:1e-3', ['x', 'x-y'])).toEqual({
      x: { 'ndcg@5-': NaN },
      'x-y': { 'cox-nloglik': 0.001 },
    });
  });
});

test("custom gradients of the squared error make the objective's own model", () => {
  const data = DMatrix.fromDense(table.data, table, { labels: table.labels });
  const settings = { ...parameters, objective: 'reg:squarederror', base_score: 0.5 } as const;
  const own = Booster.create(settings, [data]);
  const theirs = Booster.create(settings, [data]);
  for (let round = 0; round < 3; round++) {
    const margins =
      round === 0 ? new Float32Array(table.rows).fill(0.5) : own.predict(data, { kind: 'margin' }).values;
    own.boost(
      data,
      margins.map((margin, i) => margin - (table.labels[i] as number)),
      new Float32Array(table.rows).fill(1),
      round,
    );
    theirs.update(data, round);
  }
  expect(own.predict(data).values).toEqual(theirs.predict(data).values);
  expect(() => own.boost(data, new Float32Array(3), new Float32Array(3))).toThrow(badArgument);
  expect(() => own.boost(data, new Float32Array(300), new Float32Array(600))).toThrow(badArgument);
  for (const one of [own, theirs, data]) one.dispose();
});

test('a disposed model refuses everything but being disposed of again', () => {
  const gone = Booster.load(booster.save());
  gone.dispose();
  gone.dispose();
  expect(() => gone.rounds).toThrow(expect.objectContaining({ code: 'XGBOOST_DISPOSED' }));
  expect(() => gone.predict(matrix)).toThrow(expect.objectContaining({ code: 'XGBOOST_DISPOSED' }));
});
