import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { Scorer } from '@kaefer/xgboost/scorer';
import { assess } from '../src/evaluate/assess.ts';
import { EvaluationThreads, sharedColumns } from '../src/evaluate/evaluation-threads.ts';
import { simulateRows, TestProject } from './project.ts';
import { fileFolder } from './workspace.ts';

const project = new TestProject(fileFolder(), {
  task: 'binary',
  target: 'failed',
  key: 'id',
  positive: 'yes',
});
await project.add('u1', simulateRows(1500, 0, 1));
const card = await project.train(1);
const model = readFileSync(project.folder.model(1).model);
const many = 1_000_000;
const rows = 10_001;

function randomColumns(): Float32Array[] {
  const columns = sharedColumns(card.features.length, rows);
  columns.forEach((column, place) => {
    for (let row = 0; row < rows; row++)
      column[row] = row % 97 === place ? Number.NaN : ((row * 31) % 113) - 50;
  });
  return columns;
}

function threadsFor(expectedRows: number, models = [model, model]): EvaluationThreads {
  const threads = new EvaluationThreads(models, expectedRows);
  onTestFinished(() => threads.close());
  return threads;
}

test.each([many, 1])('scores and explanations are those of one scorer, for %i rows', async (expected) => {
  const threads = threadsFor(expected);
  const scorer = Scorer.fromModel(model);
  const columns = randomColumns();
  expect(await threads.score(1, columns, rows)).toEqual(scorer.predictColumns(columns, rows));
  const asked = [0, 5000, 10_000].map((row) => Float32Array.from(columns, (column) => column[row] as number));
  expect(await threads.explain(0, asked)).toEqual(asked.map((row) => scorer.contributions(row)));
});

test.each([many, 1])('figures are those of this thread, for %i rows', async (expected) => {
  const threads = threadsFor(expected);
  const labels = Float64Array.from({ length: 500 }, (_, row) => row % 2);
  const side = (step: number) => ({
    scores: Float32Array.from(labels, (label, row) => (label + ((row * step) % 10)) / 12),
    threshold: 0.5,
  });
  const sample = { task: 'binary', labels, classes: 2, costs: null } as const;
  const parameters = [sample, side(3), side(7), 200] as const;
  expect(await threads.assess(...parameters)).toEqual(assess(...parameters));
});

test('what a thread cannot do is told to who asked, and it goes on', async () => {
  const threads = threadsFor(many, [Buffer.from('{ "no": "model" }')]);
  await expect(threads.explain(0, [new Float32Array(3)])).rejects.toThrow(/model is damaged/);
  await expect(threads.explain(0, [new Float32Array(3)])).rejects.toThrow(/model is damaged/);
});
