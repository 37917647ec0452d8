import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Booster, DMatrix, train, type TreeNode, type TreeSplit } from '../src/index.ts';
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

function splitsOf(node: TreeNode): TreeSplit[] {
  return 'feature' in node ? [node, ...splitsOf(node.yes), ...splitsOf(node.no)] : [];
}

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
    expect(() => Booster.load(booster.save().slice(0, 200))).toThrow(badModel);
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
  // What each type adds up over the splits of a feature, and whether it is a mean.
  const importances = [
    ['weight', () => 1, false],
    ['gain', (split: TreeSplit) => split.gain, true],
    ['cover', (split: TreeSplit) => split.cover, true],
    ['total_gain', (split: TreeSplit) => split.gain, false],
    ['total_cover', (split: TreeSplit) => split.cover, false],
  ] as const;

  test.each(importances)('feature scores of type %s: those of its splits', (type, of, isMean) => {
    const splits = booster.trees().flatMap(splitsOf);
    const names = [...new Set(splits.map(({ feature }) => feature))].sort();
    expect(names.length).toBeGreaterThan(1);
    const scores = booster.featureScores(type);
    expect([...scores.keys()].sort()).toEqual(names);
    for (const name of names) {
      const own = splits.filter(({ feature }) => feature === name).map(of);
      const total = own.reduce((sum, value) => sum + value, 0);
      const expected = isMean ? total / own.length : total;
      expect(Math.abs((scores.get(name) as number) / expected - 1), name).toBeLessThan(1e-5);
    }
  });

  test('dumps: one text a tree, JSON that parses', () => {
    const dump = booster.dump({ format: 'json' });
    expect(dump).toHaveLength(6);
    expect(JSON.parse(dump[0] as string)).toHaveProperty('split');
  });

  test('its configuration, which another model can take over', () => {
    expect(booster.config()).toHaveProperty('learner.objective.name', 'binary:logistic');
    const settings = { ...parameters, max_depth: 2, eta: 0.11, lambda: 3 };
    const [given, taking] = [settings, { objective: parameters.objective }].map((one) =>
      Booster.create(one, [matrix]),
    ) as [Booster, Booster];
    taking.loadConfig(given.config());
    expect(taking.config()).toEqual(given.config());
    for (const one of [given, taking]) for (let round = 0; round < 2; round++) one.update(matrix, round);
    expect(taking.save()).toEqual(given.save());
    for (const none of [{}, { learner: 'none' }, { learner: {} }, { learner: null, version: [3, 2, 0] }])
      expect(() => taking.loadConfig(none)).toThrow(badArgument);
    expect(taking.config()).toEqual(given.config());
    for (const one of [given, taking]) one.dispose();
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

describe('a linear model', () => {
  const linear = { booster: 'gblinear', updater: 'coord_descent', eta: 0.5, nthread: 1 } as const;
  const complete = randomTable({ rows: 200, columns: 3, classes: 0, seed: 32 });

  test('predicts the sum of its coefficients, its only feature scores, saves and loads', async () => {
    const data = DMatrix.from(complete, { labels: complete.labels, featureNames: ['a', 'b', 'c'] });
    const { booster: model } = await train({ ...linear, objective: 'reg:squarederror' }, data, { rounds: 5 });
    const coefficients = [...model.featureScores('weight').values()];
    expect(coefficients).toHaveLength(3);
    const { values } = model.predict(data);
    const { values: contributions } = model.predict(data, { kind: 'contributions' });
    for (let row = 0; row < complete.rows; row++) {
      const terms = coefficients.map((value, column) => value * (complete.data[row * 3 + column] as number));
      terms.forEach((term, column) => expect(contributions[row * 4 + column]).toBeCloseTo(term, 4));
      const sum = terms.reduce((total, term) => total + term, contributions[row * 4 + 3] as number);
      expect(values[row]).toBeCloseTo(sum, 4);
    }
    const loaded = Booster.load(model.save('json'));
    expect(loaded.predict(data).values).toEqual(values);
    const refused = expect.objectContaining({ code: 'XGBOOST_CALL_FAILED' }) as Error;
    expect(() => model.featureScores('gain')).toThrow(refused);
    expect(() => model.predict(data, { kind: 'leaf' })).toThrow(refused);
    for (const one of [model, loaded, data]) one.dispose();
  });

  test('of several classes has one score a feature: the sizes of its coefficients, added', async () => {
    const classes = randomTable({ rows: 200, columns: 3, classes: 3, seed: 33 });
    const data = DMatrix.from(classes, { labels: classes.labels });
    const settings = { ...linear, objective: 'multi:softprob', num_class: 3 } as const;
    const { booster: model } = await train(settings, data, { rounds: 3 });
    const scores = model.featureScores('weight');
    expect([...scores.keys()]).toEqual(['f0', 'f1', 'f2']);
    const document = JSON.parse(new TextDecoder().decode(model.save('json'))) as {
      learner: { gradient_booster: { model: { weights: number[] } } };
    };
    // Row-major, one row a feature and one for the bias.
    const { weights } = document.learner.gradient_booster.model;
    expect(weights).toHaveLength(12);
    [...scores.values()].forEach((score, feature) => {
      const sizes = weights.slice(feature * 3, feature * 3 + 3).map(Math.abs);
      expect(score).toBeCloseTo(
        sizes.reduce((sum, size) => sum + size, 0),
        5,
      );
    });
    for (const one of [model, data]) one.dispose();
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
