import { join } from 'node:path';
import type { Cell, DisagreementSide, Prediction, Task } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { decodeInput } from '../src/evaluate/decode-input.ts';
import { partOf } from '../src/features/split.ts';
import { ServedModel } from '../src/serve/served-model.ts';
import { simulateRows, TestProject, type Row } from './project.ts';
import { fileFolder } from './workspace.ts';

const path = fileFolder();
const first = simulateRows(1500, 0, 1);
const second = simulateRows(1500, 1500, 2, -4);
const rows = [...first, ...second];

/** Two models of which the second knows the new world, too. */
async function comparedProject(task: Task, target: string) {
  const own = new TestProject(join(path, task), {
    task,
    target,
    key: 'id',
    ...(task === 'binary' ? { positive: 'yes' } : {}),
  });
  await own.add('u1', first);
  await own.train(1);
  const alone = await own.evaluate(1, null, ['u1']);
  await own.add('u2', second);
  await own.train(2);
  const comparison = await own.evaluate(2, 1, ['u2']);
  const models = [1, 2].map((version) => ServedModel.load(own.folder.model(version), version));
  return { own, alone, comparison, models };
}

/** The probability of the true class, for a regression the value. */
const scoreOf = (prediction: Prediction | undefined, truth: string): number =>
  prediction?.scores?.[truth] ?? prediction?.score ?? Number.NaN;

describe.each([
  ['binary', 'failed'],
  ['multiclass', 'shop'],
  ['regression', 'x'],
] as const)('rows that two models answer differently: %s', (task, target) => {
  test('are counted, listed by how far they moved, and explained like a prediction', async () => {
    const { own, alone, comparison, models } = await comparedProject(task, target);
    expect(alone.disagreements).toBeNull();
    const found = comparison.disagreements;
    if (!found) throw new Error('no disagreements');

    const holdout = rows.filter(
      (row) => row[target] !== null && partOf(own.split, String(row['id'])) === 'holdout',
    );
    const answers = models.map((model) => model.predict(holdout, true));
    const expected = holdout.flatMap((row, index) => {
      const truth = String(row[target]);
      const [before, after] = answers.map((predictions) => predictions[index]);
      const right = sideOf(task, truth, before, after);
      const change = Math.abs(scoreOf(after, truth) - scoreOf(before, truth));
      return right === undefined ? [] : [{ key: String(row['id']), right, change, before, after }];
    });
    const of = (right: DisagreementSide) => expected.filter((entry) => entry.right === right);
    expect(found.counts).toEqual({
      candidate: of('candidate').length,
      current: of('current').length,
      neither: of('neither').length,
    });
    expect(found.counts.candidate).toBeGreaterThan(0);
    const failed = new Set(rows.filter((row) => row['failed'] === 'yes').map(({ id }) => id));
    const positives = (right: DisagreementSide) => of(right).filter(({ key }) => failed.has(key)).length;
    expect(found.positives).toEqual(
      task === 'binary' ? { candidate: positives('candidate'), current: positives('current') } : null,
    );
    for (const right of ['candidate', 'current', 'neither'] as const) {
      const listed = found.rows.filter((entry) => entry.right === right);
      const most = of(right).sort((a, b) => b.change - a.change);
      const changes = new Map(most.map(({ key, change }) => [key, change]));
      expect(listed.map(({ key }) => changes.get(key))).toEqual(
        most.slice(0, 20).map(({ change }) => change),
      );
    }
    const byKey = new Map(expected.map((entry) => [entry.key, entry]));
    for (const listed of found.rows) {
      const row = rows.find(({ id }) => id === listed.key);
      expect(listed.outcome).toBe(String(row?.[target]));
      expectAnswer(task, listed.current, byKey.get(listed.key)?.before, row);
      expectAnswer(task, listed.candidate, byKey.get(listed.key)?.after, row);
    }
  });
});

function sideOf(
  task: Task,
  truth: string,
  before: Prediction | undefined,
  after: Prediction | undefined,
): DisagreementSide | undefined {
  if (task === 'regression') {
    const nearer =
      Math.abs(scoreOf(before, truth) - Number(truth)) - Math.abs(scoreOf(after, truth) - Number(truth));
    return nearer === 0 ? undefined : nearer > 0 ? 'candidate' : 'current';
  }
  if (before?.label === after?.label) return undefined;
  return after?.label === truth ? 'candidate' : before?.label === truth ? 'current' : 'neither';
}

function expectAnswer(
  task: Task,
  told: {
    score: number;
    label: string | null;
    reasons: Array<{ feature: string; value: Cell; contribution: number }>;
  },
  prediction: Prediction | undefined,
  row: Row | undefined,
): void {
  expect(told.score).toBe(prediction?.score);
  expect(told.label).toBe(task === 'regression' ? null : prediction?.label);
  const reasons = prediction?.explanation?.reasons ?? [];
  expect(told.reasons).toHaveLength(Math.min(5, reasons.length));
  told.reasons.forEach(({ feature, value, contribution }, place) => {
    expect(contribution).toBeCloseTo(reasons[place]?.contribution ?? Number.NaN, 10);
    const given = row?.[feature] ?? null;
    expect(value).toEqual(readCell(given));
    expect(reasons.map((reason) => reason.feature)).toContain(feature);
  });
}

/** A cell as it was read: numbers as float32, answers as booleans. */
function readCell(given: Cell): unknown {
  if (typeof given === 'number') return expect.closeTo(given, 4);
  return given === 'yes' || given === 'no' ? given === 'yes' : given;
}

test('an input says what a person would read', () => {
  expect(decodeInput({ name: 'a', type: 'number' }, Math.fround(0.1))).toBe(0.1);
  expect(decodeInput({ name: 'a', type: 'boolean' }, 0)).toBe(false);
  expect(decodeInput({ name: 'a', type: 'text', levels: ['x', 'y'] }, 1)).toBe('y');
  expect(decodeInput({ name: 'a', type: 'text', levels: ['x', 'y'] }, Number.NaN)).toBeNull();
  expect(decodeInput({ name: 'a', type: 'date' }, 20_000)).toBe('2024-10-04');
  expect(decodeInput({ name: 'a', type: 'timestamp' }, -0.5)).toBe('1969-12-31');
});
