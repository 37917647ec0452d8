import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import {
  Booster,
  crossValidate,
  DMatrix,
  loadLibrary,
  train,
  type Parameters,
  type PredictionKind,
} from '../src/index.ts';

interface Golden {
  readonly parameters: Parameters;
  readonly rounds: number;
  readonly rows: number;
  readonly columns: number;
  readonly data: string;
  readonly labels: string;
  readonly otherData: string;
  readonly otherLabels: string;
  readonly model: string;
  readonly predictions: Readonly<
    Record<PredictionKind, { readonly range: readonly [number, number]; readonly values: string }>
  >;
  readonly inPlace: string;
  readonly inPlaceSparse: string;
  readonly crossValidation: {
    readonly folds: readonly (readonly number[])[];
    readonly history: Readonly<Record<string, readonly number[]>>;
  };
  readonly objective: { readonly margins: string };
  readonly objectiveLabels: string;
  readonly updated: Readonly<Record<'refresh' | 'statistics' | 'prune', string>>;
  readonly ranking: {
    readonly groups: readonly number[];
    readonly history: Readonly<Record<string, readonly number[]>>;
    readonly margins: string;
  };
}

/** What Python's package of one version gave; training is compared with that of the loaded library's own line. */
const versionOf = { 1: '1.7.6', 3: '3.2.0' };
const { major } = loadLibrary().version;
const version = major in versionOf ? versionOf[major as keyof typeof versionOf] : '3.2.0';
const read = (name: string): Golden =>
  JSON.parse(readFileSync(new URL(`../golden/${name}-training.json`, import.meta.url), 'utf8')) as Golden;
const golden = read(version);

function floats(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const made: { dispose(): void }[] = [];
const kept = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};
afterAll(() => {
  for (const one of made) one.dispose();
});

const shape = { rows: golden.rows, columns: golden.columns };
const matrixOf = (data: string, labels: string): DMatrix =>
  kept(DMatrix.fromDense(floats(data), shape, { labels: floats(labels) }));
const matrix = matrixOf(golden.data, golden.labels);

function expectClose(seen: Float32Array, expected: string, digits = 5): void {
  const wanted = floats(expected);
  expect(seen).toHaveLength(wanted.length);
  seen.forEach((value, index) => expect(value).toBeCloseTo(wanted[index] as number, digits));
}

// A model of a newer version than the library is refused, which another test looks at.
const readable = Object.values(versionOf).filter((maker) => Number.parseInt(maker) <= major);

describe.each(readable)('a model that Python trained with %s', (maker) => {
  const made = read(maker);

  test.each(Object.keys(made.predictions) as PredictionKind[])(
    'predicts %s, up to a round, as there',
    (kind) => {
      const booster = kept(Booster.load(Buffer.from(made.model, 'base64')));
      const { range, values } = made.predictions[kind];
      expectClose(booster.predict(matrix, { kind, iterationRange: range }).values, values);
    },
  );

  test('predicts in place, dense and sparse, as there', () => {
    const booster = kept(Booster.load(Buffer.from(made.model, 'base64')));
    const data = floats(made.data);
    expectClose(booster.predictInPlace({ data, ...shape }).values, made.inPlace);
    const cells = Array.from(data, (value, at) => ({
      value,
      row: Math.floor(at / shape.columns),
      column: at % shape.columns,
    })).filter(({ value }) => !Number.isNaN(value));
    const rowStarts = new Uint32Array(shape.rows + 1);
    for (const { row } of cells) rowStarts.fill((rowStarts[row + 1] as number) + 1, row + 1);
    const sparse = {
      rowStarts,
      columnIndices: Uint32Array.from(cells, ({ column }) => column),
      values: Float32Array.from(cells, ({ value }) => value),
      columns: shape.columns,
    };
    expectClose(booster.predictInPlace(sparse).values, made.inPlaceSparse);
  });
});

describe(`training gives what Python's xgboost ${version} gives`, () => {
  test('in cross-validation', async () => {
    const { folds, history } = golden.crossValidation;
    const result = await crossValidate(golden.parameters, matrix, { rounds: golden.rounds, folds });
    for (const part of ['train', 'test'] as const) {
      const { mean, deviation } = result.history['logloss']?.[part] ?? { mean: [], deviation: [] };
      mean.forEach((value, round) =>
        expect(value).toBeCloseTo(history[`${part}-logloss-mean`]?.[round] ?? NaN, 6),
      );
      deviation.forEach((value, round) =>
        expect(value).toBeCloseTo(history[`${part}-logloss-std`]?.[round] ?? NaN, 6),
      );
      expect(mean).toHaveLength(golden.rounds);
    }
  });

  test('with an objective of one’s own', async () => {
    const labels = floats(golden.objectiveLabels);
    const own = kept(DMatrix.fromDense(floats(golden.data), shape, { labels }));
    const { booster } = await train({ max_depth: 2, tree_method: 'hist', nthread: 1, base_score: 0.5 }, own, {
      rounds: golden.rounds,
      objective: (given) => {
        const margins = given.map((margin) => Math.max(margin, Math.fround(-1 + 1e-6)));
        const apart = margins.map((margin, row) => Math.log1p(margin) - Math.log1p(labels[row] as number));
        return {
          gradient: apart.map((value, row) => value / ((margins[row] as number) + 1)),
          hessian: apart.map((value, row) =>
            Math.max((1 - value) / ((margins[row] as number) + 1) ** 2, 1e-6),
          ),
        };
      },
    });
    expectClose(kept(booster).predict(own, { kind: 'margin' }).values, golden.objective.margins, 4);
  });

  test.each([
    ['refresh', { updater: 'refresh', refresh_leaf: true }],
    ['statistics', { updater: 'refresh', refresh_leaf: false }],
    ['prune', { updater: 'prune', gamma: 2 }],
  ] as const)('when a model is updated: %s', async (name, settings) => {
    const other = matrixOf(golden.otherData, golden.otherLabels);
    const { booster } = await train({ ...golden.parameters, process_type: 'update', ...settings }, other, {
      rounds: golden.rounds,
      initialModel: Buffer.from(golden.model, 'base64'),
    });
    expectClose(kept(booster).predict(other, { kind: 'margin' }).values, golden.updated[name]);
  });

  test('for a ranking', async () => {
    const { groups, history, margins } = golden.ranking;
    const ranked = matrixOf(golden.data, golden.labels);
    ranked.setGroups(Uint32Array.from(groups));
    const { booster, history: seen } = await train(
      { objective: 'rank:ndcg', max_depth: 2, tree_method: 'hist', nthread: 1, eval_metric: 'ndcg@5' },
      ranked,
      { rounds: golden.rounds, evaluate: [{ matrix: ranked, name: 'train' }] },
    );
    seen['train']?.['ndcg@5']?.forEach((value, round) =>
      expect(value).toBeCloseTo(history['ndcg@5']?.[round] ?? NaN, 5),
    );
    expectClose(kept(booster).predict(ranked, { kind: 'margin' }).values, margins);
  });
});
