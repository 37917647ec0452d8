import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Booster, DMatrix, loadLibrary } from '@kaefer/xgboost';
import { expectedCost, f1Score, confusionAt } from '@kaefer/metrics';
import { describe, expect, test } from 'vitest';
import { fitModel } from '../src/train/train-model.ts';
import { reproduceModel } from '../src/train/reproduce-model.ts';
import { safeNames } from '../src/train/training-matrices.ts';
import type { Prepared } from '../src/prepare/index.ts';
import { quickSettings, simulateRows, TestProject } from './project.ts';
import { fileFolder, readFloats, testFolder, withFreshConnection } from './workspace.ts';

const names = { task: 'binary', target: 'failed', key: 'id', positive: 'yes' } as const;
const project = new TestProject(fileFolder(), names);
await project.add('u1', simulateRows(1200, 0, 1));
const prepared = await project.prepare('full', null);
const request = { task: 'binary', mode: 'full', costs: null } as const;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const silent = () => undefined;

/** Scores of a part by the library itself. */
function scoresOf(model: Uint8Array, { validation, features }: Prepared): Float32Array {
  const booster = Booster.load(model);
  const matrix = DMatrix.fromDense(
    readFloats(validation.features),
    { rows: validation.rows, columns: features.length },
    { featureNames: safeNames(features.map(({ name }) => name)) },
  );
  try {
    return booster.predict(matrix).values;
  } finally {
    matrix.dispose();
    booster.dispose();
  }
}

describe('training', () => {
  test('gives the same bytes each time and with any number of threads, also when rows and columns are drawn', async () => {
    const settings = { ...quickSettings, subsample: 0.7, columnSample: 0.5 };
    const digests = new Set<string>();
    for (const threads of [1, 2, 3, 2])
      digests.add(
        sha256((await fitModel(prepared, { ...request, settings, threads }, undefined, silent)).bytes),
      );
    expect(digests.size).toBe(1);
    const other = await fitModel(
      prepared,
      { ...request, settings: { ...settings, seed: 2 } },
      undefined,
      silent,
    );
    expect(digests.has(sha256(other.bytes))).toBe(false);
  });

  test('reports every round, and keeps the best when it stops early', async () => {
    const settings = { ...quickSettings, rounds: 200, learningRate: 0.5, earlyStoppingRounds: 5 };
    const rounds: number[] = [];
    const losses: number[] = [];
    const model = await fitModel(prepared, { ...request, settings }, undefined, (report) => {
      rounds.push(report.round);
      losses.push(report.validation ?? Number.NaN);
      expect(report.of).toBe(200);
    });
    expect(rounds).toEqual(rounds.map((_, index) => index + 1));
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(model.rounds).toBe(best);
    expect(rounds.length).toBe(best + 5);
    expect(model.learningCurve).toMatchObject({
      metric: 'logloss',
      firstRound: 1,
      bestRound: best,
      validation: losses,
    });
    const exact = await fitModel(
      prepared,
      { ...request, settings: { ...settings, rounds: best, earlyStoppingRounds: 0 } },
      undefined,
      silent,
    );
    expect([...scoresOf(model.bytes, prepared)]).toEqual([...scoresOf(exact.bytes, prepared)]);
  });

  test('the threshold is the best on the validation rows, by costs or by F1', async () => {
    const labels = Uint8Array.from(readFloats(prepared.validation.labels));
    for (const costs of [
      null,
      { falsePositive: 1, falseNegative: 8 },
      { falsePositive: 6, falseNegative: 1 },
    ]) {
      const { bytes, threshold } = await fitModel(
        prepared,
        { ...request, settings: quickSettings, costs },
        undefined,
        silent,
      );
      const scores = scoresOf(bytes, prepared);
      const goodness = (at: number): number => {
        const confusion = confusionAt(labels, scores, at);
        return costs === null ? f1Score(confusion) : -expectedCost(confusion, costs);
      };
      const chosen = goodness(threshold ?? Number.NaN);
      for (const score of [...scores, 0, 2]) expect(goodness(score)).toBeLessThanOrEqual(chosen);
    }
  });

  test('names that XGBoost refuses are written in a way that it reads, and stay apart', () => {
    expect(safeNames(['a b', 'a_b', 'x[0]', 'x<1', 'a\tb', 'é'])).toEqual([
      'a_b',
      'a_b_2',
      'x_0_',
      'x_1',
      'a_b_3',
      'é',
    ]);
  });
});

describe('a trained model', () => {
  test('has a card that says everything, and is not trained again', async () => {
    const card = await project.train(1);
    const folder = project.folder.model(1);
    const bytes = readFileSync(folder.model);
    expect(card).toMatchObject({
      version: 1,
      project: 'p',
      run: 'run-1',
      task: 'binary',
      mode: 'full',
      parent: null,
      target: 'failed',
      positive: 'yes',
      classes: ['no', 'yes'],
      key: 'id',
      datasetVersion: 1,
      split: project.split,
      settings: quickSettings,
      parameters: { objective: 'binary:logistic', max_depth: 3, eta: 0.3, seed: 1, tree_method: 'hist' },
      rows: { training: prepared.training.rows, validation: prepared.validation.rows },
      rounds: 12,
      sha256: sha256(bytes),
      bytes: bytes.length,
      program: 'test',
    });
    const { major, minor, patch } = loadLibrary().version;
    expect(card.library).toBe(`xgboost ${major}.${minor}.${patch}`);
    expect(card.importance.map(({ feature }) => feature).sort()).toEqual(['active', 'built', 'shop', 'x']);
    expect(card.importance[0]?.feature).toBe('x');
    expect(card.importance.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(card.learningCurve.train).toHaveLength(12);
    expect(existsSync(folder.trainingKeys)).toBe(true);
    expect(project.card(1)).toEqual(card);
    writeFileSync(folder.card, JSON.stringify({ ...card, program: 'seen' }));
    expect((await project.train(1)).program).toBe('seen');
    writeFileSync(folder.card, JSON.stringify(card));
  });

  test('of an incremental run begins with the trees of its parent', async () => {
    const own = new TestProject(testFolder(), names);
    await own.add('u1', simulateRows(600, 0, 1));
    const parent = await own.train(1);
    await own.add('u2', simulateRows(400, 600, 2, 2));
    const card = await own.train(2, 'incremental', 1);
    expect(card).toMatchObject({
      mode: 'incremental',
      parent: 1,
      rounds: parent.rounds + 5,
      datasetVersion: 2,
    });
    expect(card.learningCurve).toMatchObject({ firstRound: parent.rounds + 1, bestRound: parent.rounds + 5 });
    const [first, both] = [1, 2].map((version) =>
      Booster.load(readFileSync(own.folder.model(version).model)),
    );
    expect(both?.slice(0, parent.rounds).dump()).toEqual(first?.dump());
  });
});

describe('a refresh', () => {
  test('keeps the splits of its parent and estimates the leaves on all rows of today, whatever the settings are by now', async () => {
    const own = new TestProject(testFolder(), names);
    await own.add('u1', simulateRows(900, 0, 1));
    const parent = await own.train(1);
    await own.add('u2', simulateRows(900, 900, 2, 3));
    own.settings = { ...quickSettings, learningRate: 0.9, maxDepth: 6, earlyStoppingRounds: 2, rounds: 3 };
    const card = await own.train(2, 'refresh', 1);
    expect(card).toMatchObject({
      mode: 'refresh',
      parent: 1,
      rounds: parent.rounds,
      settings: parent.settings,
      datasetVersion: 2,
      rows: { replayed: 0 },
      parameters: { ...parent.parameters, process_type: 'update', updater: 'refresh' },
      learningCurve: { firstRound: 1, bestRound: parent.rounds },
    });
    expect(card.learningCurve.train).toHaveLength(parent.rounds);
    expect(card.rows.training).toBeGreaterThan(parent.rows.training * 1.5);
    const [before, after] = [1, 2].map((version) =>
      Booster.load(readFileSync(own.folder.model(version).model)),
    );
    const withoutLeaves = (trees: readonly string[] | undefined) =>
      trees?.map((tree) => tree.replaceAll(/leaf=[-0-9.e]+/g, 'leaf'));
    expect(withoutLeaves(after?.dump())).toEqual(withoutLeaves(before?.dump()));
    expect(after?.dump()).not.toEqual(before?.dump());
    const comparison = await own.evaluate(2, 1, ['u2']);
    expect(comparison.candidate.metrics['logLoss']).toBeLessThan(comparison.current?.metrics['logLoss'] ?? 0);
    expect(comparison.candidate.model.mode).toBe('refresh');
  });

  test('is refused when there are outcomes that the model does not know', async () => {
    const own = new TestProject(testFolder(), { task: 'multiclass', target: 'shop', key: 'id' });
    await own.add(
      'u1',
      simulateRows(400, 0, 1).filter(({ shop }) => shop !== 'north'),
    );
    await own.train(1);
    await own.add('u2', simulateRows(400, 400, 2));
    await expect(own.train(2, 'refresh', 1)).rejects.toMatchObject({ code: 'classes_changed' });
  });
});

describe('an engineer’s settings', () => {
  const scoresBy = (own: TestProject, version: number, x: readonly number[]): number[] => {
    const { features } = own.card(version);
    const booster = Booster.load(readFileSync(own.folder.model(version).model));
    const rows = Float32Array.from(
      x.flatMap((value) => features.map(({ name }) => (name === 'x' ? value : 1))),
    );
    const matrix = DMatrix.fromDense(
      rows,
      { rows: x.length, columns: features.length },
      { featureNames: safeNames(features.map(({ name }) => name)) },
    );
    try {
      return [...booster.predict(matrix).values];
    } finally {
      matrix.dispose();
      booster.dispose();
    }
  };
  const isRising = (values: readonly number[]): boolean =>
    values.every((value, index) => value >= (values[index - 1] ?? -Infinity));
  const steps = Array.from({ length: 100 }, (_, index) => index / 10);

  test('hold the answer to rise or fall with a number; texts have no order to hold to', async () => {
    const own = new TestProject(testFolder(), names);
    await own.add('u1', simulateRows(700, 0, 1));
    own.settings = { ...quickSettings, rounds: 40 };
    await own.train(1);
    expect(isRising(scoresBy(own, 1, steps))).toBe(false);
    own.settings = { ...own.settings, monotone: { x: 1, shop: 1, gone: -1 } };
    const card = await own.train(2);
    expect(isRising(scoresBy(own, 2, steps))).toBe(true);
    const places = card.features.map(({ name }) => Number(name === 'x'));
    expect(card.parameters.monotone_constraints).toEqual(places);
    own.settings = { ...own.settings, monotone: { x: -1 } };
    await own.train(3);
    expect(isRising(scoresBy(own, 3, [...steps].reverse()))).toBe(true);
  });

  test('weight rare positives up, by as much as is asked for', async () => {
    const own = new TestProject(testFolder(), names);
    await own.add(
      'u1',
      simulateRows(2500, 0, 1).filter(
        ({ failed, id }) => failed === 'no' || Number(String(id).slice(1)) % 8 === 0,
      ),
    );
    const meanScore = async (version: number, balance: number): Promise<number> => {
      own.settings = { ...quickSettings, balance };
      await own.train(version);
      const scores = scoresBy(own, version, steps);
      return scores.reduce((sum, score) => sum + score, 0) / scores.length;
    };
    const [plain, half, full] = [await meanScore(1, 0), await meanScore(2, 0.5), await meanScore(3, 1)];
    expect(plain).toBeLessThan(half);
    expect(half).toBeLessThan(full);
    expect(own.card(1).parameters).not.toHaveProperty('scale_pos_weight');
    const [root = 0, whole = 0] = [2, 3].map((version) =>
      Number(own.card(version).parameters.scale_pos_weight),
    );
    expect(whole).toBeGreaterThan(2);
    expect(root ** 2).toBeCloseTo(whole, 3);
  });

  test('are looked for on the validation rows; the card tells what was tried, and gives the same model again', async () => {
    const own = new TestProject(testFolder(), names);
    await own.add('u1', simulateRows(9000, 0, 1));
    own.settings = { ...quickSettings, rounds: 60, earlyStoppingRounds: 10, tuningMinutes: 0.05 };
    const card = await own.train(1);
    const { tuning } = card;
    expect(tuning?.tried[0]).toMatchObject({ nth: 0 });
    expect(tuning?.tried[0]?.rows).toBeLessThan(card.rows.training);
    const chosen = tuning?.tried.findLast(({ nth }) => nth === tuning.chosen);
    expect(card.settings).toMatchObject(chosen?.settings ?? { never: true });
    const again = await withFreshConnection((connection) =>
      reproduceModel(connection, own.folder, 1, null, own.newScratch()),
    );
    expect(again.identical).toBe(true);
  });
});

describe('training again from the card alone', () => {
  const reproduce = (of: TestProject, version: number) =>
    withFreshConnection((connection) =>
      reproduceModel(connection, of.folder, version, of.costs, of.newScratch()),
    );

  test('gives identical bytes for full, incremental, refreshed and later models, although the data went on', async () => {
    const own = new TestProject(testFolder(), { ...names, date: 'built', exclude: ['active'] });
    own.settings = {
      ...quickSettings,
      rounds: 60,
      earlyStoppingRounds: 6,
      subsample: 0.8,
      columnSample: 0.6,
    };
    await own.add('u1', simulateRows(500, 0, 1));
    await own.train(1);
    await own.add('u2', simulateRows(300, 400, 2, 1));
    own.settings = { ...own.settings, replay: 1 };
    await own.train(2, 'incremental', 1);
    expect(own.card(2).rows.replayed).toBeGreaterThan(0);
    await own.add(
      'u3',
      simulateRows(300, 700, 3, 1).map((row) => ({ ...row, shop: `new ${String(row['shop'])}` })),
    );
    await own.train(3, 'incremental', 2);
    await own.train(4);
    await own.train(5, 'refresh', 3);
    await own.add('u4', simulateRows(100, 900, 5));
    await own.train(6, 'incremental', 5);
    for (const version of [1, 2, 3, 4, 5, 6]) {
      const { sha256: expectedSha256 } = own.card(version);
      expect(await reproduce(own, version)).toEqual({
        identical: true,
        expectedSha256,
        sha256: expectedSha256,
      });
    }
  });

  test('tells when the bytes differ, and names a model that is not there', async () => {
    const own = new TestProject(testFolder(), names);
    await own.add('u1', simulateRows(300, 0, 1));
    const card = await own.train(1);
    writeFileSync(
      own.folder.model(1).card,
      JSON.stringify({ ...card, parameters: { ...card.parameters, seed: 9, max_depth: 2 } }),
    );
    expect(await reproduce(own, 1)).toMatchObject({ identical: false, expectedSha256: card.sha256 });
    await expect(reproduce(own, 7)).rejects.toMatchObject({
      code: 'model_not_found',
      parameters: { version: 7 },
    });
  });

  test('works for several classes, for regression and without a key', async () => {
    const classes = new TestProject(testFolder(), { task: 'multiclass', target: 'shop' });
    const numbers = new TestProject(testFolder(), { task: 'regression', target: 'x' });
    for (const own of [classes, numbers]) {
      await own.add(
        'u1',
        simulateRows(500, 0, 4).map(({ id: _id, ...row }) => row),
      );
      const card = await own.train(1);
      expect(card.threshold).toBeNull();
      expect((await reproduce(own, 1)).identical).toBe(true);
    }
    expect(classes.card(1)).toMatchObject({
      classes: ['Ost "é"', 'north', 'south', 'west, inner'],
      parameters: { objective: 'multi:softprob', num_class: 4, eval_metric: 'mlogloss' },
    });
    expect(numbers.card(1)).toMatchObject({
      classes: [],
      parameters: { objective: 'reg:squarederror', eval_metric: 'rmse' },
    });
  });
});
