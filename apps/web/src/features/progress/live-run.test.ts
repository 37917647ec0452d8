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
  candidates: [],
  candidate: null,
  decision: null,
  proposal: null,
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

const rounds = (live: ReturnType<typeof fromRun>) => live.curve?.points.map(({ round }) => round);

test('each round is added to the curve, also when some were not told', () => {
  const live = withEvent(withEvent(fromRun(run), progress(3, 0.4), 0), progress(40, 0.3), 7);
  expect(rounds(live)).toEqual([1, 2, 3, 40]);
  expect(live.run.progress.fraction).toBe(0.4);
  expect(live.heardAtMs).toBe(7);
});

test('a round that is told twice is there once', () => {
  const once = withEvent(fromRun(run), progress(3, 0.4), 0);
  expect(rounds(withEvent(once, progress(3, 0.4), 0))).toEqual([1, 2, 3]);
});

test('without a curve so far the first round begins one', () => {
  const live = withEvent(fromRun({ ...run, learningCurve: null }), progress(1, 0.6), 0);
  expect(rounds(live)).toEqual([1]);
});

test('a status never shortens the curve, and fills in the rounds that were not told', () => {
  const live = withEvent(fromRun(run), progress(4, 0.4), 0);
  expect(rounds(withEvent(live, { type: 'status', data: run }, 0))).toEqual([1, 2, 4]);
  const learningCurve = {
    metric: 'logloss',
    firstRound: 1,
    train: [6, 5, 4, 3],
    validation: [6, 5, 4, 3],
    bestRound: 4,
  };
  const filled = withEvent(live, { type: 'status', data: { ...run, learningCurve } }, 0);
  expect(rounds(filled)).toEqual([1, 2, 3, 4]);
  expect(filled.curve?.bestRound).toBe(4);
});
