import type { Run } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { fromRun, withEvent } from './live-run.ts';

const run: Run = {
  id: 'r',
  project: 'p',
  mode: 'full',
  uploads: [],
  status: 'running',
  stage: 'train',
  progress: { fraction: 0.3, message: '' },
  createdAt: '2026-01-01T00:00:00Z',
  startedAt: null,
  finishedAt: null,
  timings: {},
  merged: null,
  learningCurve: {
    metric: 'logloss',
    firstRound: 1,
    train: [0.6, 0.5],
    validation: [0.62, 0.55],
    bestRound: null,
  },
  datasetVersion: null,
  current: null,
  candidate: null,
  decision: null,
  error: null,
};
const progress = (round: number, train: number) =>
  ({
    type: 'progress',
    data: {
      stage: 'train',
      fraction: 0.4,
      message: 'Round',
      elapsedMs: 1,
      remainingMs: null,
      round: { round, of: 10, metric: 'logloss', train, validation: train + 0.05 },
    },
  }) as const;

test('each round is added to the curve', () => {
  const live = withEvent(fromRun(run), progress(3, 0.4), 0);
  expect(live.curve?.train).toEqual([0.6, 0.5, 0.4]);
  expect(live.curve?.validation).toHaveLength(3);
  expect(live.run.progress.fraction).toBe(0.4);
});

test('a round that is told twice is there once', () => {
  const once = withEvent(fromRun(run), progress(3, 0.4), 0);
  expect(withEvent(once, progress(3, 0.4), 0).curve?.train).toHaveLength(3);
});

test('without a curve so far the first round begins one', () => {
  const live = withEvent(fromRun({ ...run, learningCurve: null }), progress(1, 0.6), 0);
  expect(live.curve).toMatchObject({ firstRound: 1, train: [0.6] });
});

test('a status never shortens the curve that is drawn', () => {
  const live = withEvent(fromRun(run), progress(3, 0.4), 0);
  const after = withEvent(live, { type: 'status', data: run }, 0);
  expect(after.curve?.train).toHaveLength(3);
});
