import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Feature } from '@kaefer/contracts';
import { plainScores } from '../src/features/plain-model.ts';
import { fitPlainModel } from '../src/train/fit-plain-model.ts';
import { mostColumns } from '../src/train/plain-inputs.ts';
import type { Prepared } from '../src/prepare/index.ts';
import { simulateRows, TestProject } from './project.ts';
import { testFolder, randomStream } from './workspace.ts';

interface Golden {
  readonly rows: readonly (number | null)[];
  readonly columns: number;
  readonly labels: Readonly<Record<Task, readonly number[]>>;
  readonly expected: Readonly<Record<Task, readonly number[]>>;
}
type Task = 'binary' | 'multiclass' | 'regression';
const golden = JSON.parse(readFileSync(new URL('../golden/plain.json', import.meta.url), 'utf8')) as Golden;

const number = (name: string): Feature => ({ name, type: 'number', missingShare: 0 });
const features: Feature[] = [
  number('size'),
  number('age'),
  { name: 'shop', type: 'text', levels: ['a', 'b', 'c', 'd', 'e', 'f'], missingShare: 0 },
  number('constant'),
];

/** Encoded rows as the prepare stage leaves them; validation rows are the same ones. */
function preparedOf(
  own: readonly Feature[],
  rows: Float32Array,
  labels: Float32Array,
  classes: number,
): Prepared {
  const folder = testFolder();
  const part = { features: join(folder, 'x.f32'), labels: join(folder, 'y.f32'), rows: labels.length };
  writeFileSync(part.features, rows);
  writeFileSync(part.labels, labels);
  return {
    datasetVersion: 1,
    features: own,
    classes: Array.from({ length: classes }, (_, index) => `class ${index}`),
    replayed: 0,
    isPooled: false,
    training: part,
    validation: part,
    trainingKeys: '',
  };
}

describe('the plain model', () => {
  test.each(['binary', 'multiclass', 'regression'] as const)(
    '%s: says of each row what scikit-learn says',
    (task) => {
      const rows = Float32Array.from(golden.rows, (value) => value ?? Number.NaN);
      const labels = Float32Array.from(golden.labels[task]);
      const classes = { binary: 2, multiclass: 4, regression: 0 }[task];
      const prepared = preparedOf(features, rows, labels, classes);
      const model = fitPlainModel(prepared, { task, costs: null, version: 3 });
      expect(model).toMatchObject({ learnedWith: 3, task, rows: 600 });
      expect(model.coefficients[0]).toHaveLength(1 + golden.columns);
      const scores = plainScores(model, rows, features.length);
      expect(scores).toHaveLength(golden.expected[task].length);
      // Class by class the last digits come slowly; they are not worth waiting for.
      const scale = { binary: 1, multiclass: 250, regression: 300 }[task];
      const worst = Math.max(
        ...golden.expected[task].map((value, index) => Math.abs(value - (scores[index] ?? Number.NaN))),
      );
      expect(worst / scale).toBeLessThan(2e-6);
      expect(fitPlainModel(prepared, { task, costs: null, version: 3 })).toEqual(model);
      if (task === 'binary') expect(model.threshold).toBeGreaterThan(0);
      else expect(model.threshold).toBeNull();
    },
  );

  test('of too many columns keeps those that tell most, and a text that it never saw counts as nothing', () => {
    const random = randomStream(5);
    const [count, width] = [1200, 300];
    const rows = Float32Array.from({ length: count * width }, () => random() - 0.5);
    const labels = Float32Array.from({ length: count }, (_, row) =>
      random() < 1 / (1 + Math.exp(-8 * (rows[row * width + 299] ?? 0))) ? 1 : 0,
    );
    const wide = Array.from({ length: width }, (_, index) => number(`x${index}`));
    const model = fitPlainModel(preparedOf(wide, rows, labels, 2), {
      task: 'binary',
      costs: null,
      version: 1,
    });
    expect(model.coefficients[0]).toHaveLength(1 + mostColumns);
    const largest = model.inputs.reduce((best, input) => {
      const weight = (one: typeof input): number =>
        one.kind === 'number' && one.column !== null ? Math.abs(model.coefficients[0]?.[one.column] ?? 0) : 0;
      return weight(input) > weight(best) ? input : best;
    });
    expect(largest.feature).toBe(299);

    const texts = fitPlainModel(
      preparedOf(
        features.slice(2, 3),
        Float32Array.from({ length: 200 }, (_, row) => row % 2),
        Float32Array.from({ length: 200 }, (_, row) => Number(row % 2 === 0 || row < 30)),
        2,
      ),
      { task: 'binary', costs: { falsePositive: 1, falseNegative: 5 }, version: 1 },
    );
    const [a = 0, b = 0, unseen = 0] = plainScores(texts, Float32Array.of(0, 1, 5), 1);
    expect(a).toBeGreaterThan(unseen);
    expect(unseen).toBeGreaterThan(b);
  });

  test('told apart perfectly, or of one outcome, it still has finite coefficients', () => {
    const rows = Float32Array.from({ length: 400 }, (_, row) => row);
    for (const labels of [rows.map((row) => Number(row > 200)), rows.map(() => 1)]) {
      const model = fitPlainModel(preparedOf([number('x')], rows, labels, 2), {
        task: 'binary',
        costs: null,
        version: 1,
      });
      for (const weight of model.coefficients.flat()) expect(Number.isFinite(weight)).toBe(true);
    }
  });
});

describe('in a comparison', () => {
  test('is there to be beaten, on the same rows; an incremental run keeps its parent’s', async () => {
    const project = new TestProject(testFolder(), {
      task: 'binary',
      target: 'failed',
      key: 'id',
      positive: 'yes',
    });
    project.settings = { ...project.settings, rounds: 40, learningRate: 0.1 };
    await project.add('u1', simulateRows(2500, 0, 1));
    await project.train(1);
    const first = await project.evaluate(1, null, ['u1']);
    expect(first.baseline).toMatchObject({ kind: 'logistic', learnedWith: 1, isBeaten: false });
    // The world is linear: the plain model is good, and a guess is not.
    expect(first.baseline?.metrics['auc']).toBeGreaterThan(0.85);
    expect(first.baseline?.prior).toMatchObject({ auc: 0.5 });
    expect(first.baseline?.difference.estimate).toBeCloseTo(
      (first.candidate.metrics['auc'] ?? 0) - (first.baseline?.metrics['auc'] ?? 0),
      9,
    );
    await project.add('u2', simulateRows(400, 2500, 2));
    await project.train(2, 'incremental', 1);
    const second = await project.evaluate(2, 1, ['u2']);
    expect(second.baseline?.learnedWith).toBe(1);
    expect(readFileSync(project.folder.model(2).plain, 'utf8')).toBe(
      readFileSync(project.folder.model(1).plain, 'utf8'),
    );
  });

  test('is beaten where the world is not linear, for every task', async () => {
    const bent = simulateRows(2500, 0, 1).map((row) => {
      const x = Number(row['x'] ?? 5);
      const level = Math.abs(x - 5) * 2;
      return {
        ...row,
        failed: level > 5 ? 'yes' : 'no',
        grade: level < 3 ? 'a' : level < 6 ? 'b' : 'c',
        level,
      };
    });
    const tasks = [
      { task: 'binary', target: 'failed', exclude: ['grade', 'level'] },
      { task: 'multiclass', target: 'grade', exclude: ['failed', 'level'] },
      { task: 'regression', target: 'level', exclude: ['failed', 'grade'] },
    ] as const;
    for (const { task, target, exclude } of tasks) {
      const project = new TestProject(testFolder(), { task, target, key: 'id', exclude });
      await project.add('u1', bent);
      await project.train(1);
      const { baseline } = await project.evaluate(1, null, ['u1']);
      expect(baseline?.isBeaten, task).toBe(true);
      expect(Object.values(baseline?.metrics ?? {}).every((value) => value !== null)).toBe(true);
    }
  });
});
