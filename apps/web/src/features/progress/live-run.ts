import type { LearningCurve, Run, RunEvent, RunProgress } from '@kaefer/contracts';

/** A run as its events tell it. */
export interface LiveRun {
  readonly run: Run;
  readonly progress: RunProgress | null;
  readonly curve: LearningCurve | null;
  /** When the latest progress arrived, by this machine's clock. */
  readonly heardAtMs: number;
}

export const fromRun = (run: Run, heardAtMs = 0): LiveRun => ({
  run,
  progress: null,
  curve: run.learningCurve,
  heardAtMs,
});

/** Takes one event in: a run replaces what was known, a progress adds its round to the curve. */
export function withEvent(live: LiveRun, event: RunEvent, nowMs: number): LiveRun {
  if (event.type !== 'progress') {
    const known = live.curve?.train.length ?? 0;
    const sent = event.data.learningCurve;
    const curve = sent && sent.train.length >= known ? sent : live.curve;
    return { ...live, run: event.data, curve };
  }
  return {
    run: {
      ...live.run,
      stage: event.data.stage,
      progress: { fraction: event.data.fraction, message: event.data.message },
    },
    progress: event.data,
    heardAtMs: nowMs,
    curve: event.data.round ? withRound(live.curve, event.data.round) : live.curve,
  };
}

type Round = NonNullable<RunProgress['round']>;

/** Adds a round; one that is already there is replaced, so that nothing is drawn twice after a reconnection. */
function withRound(curve: LearningCurve | null, { round, metric, train, validation }: Round): LearningCurve {
  if (!curve || curve.metric !== metric || round < curve.firstRound)
    return {
      metric,
      firstRound: round,
      train: [train],
      validation: validation === null ? [] : [validation],
      bestRound: null,
    };
  const position = round - curve.firstRound;
  const put = (values: readonly number[], value: number | null) =>
    value === null || position > values.length ? [...values] : values.toSpliced(position, 1, value);
  return { ...curve, train: put(curve.train, train), validation: put(curve.validation, validation) };
}
