import type { Run, RunEvent, RunProgress } from '@kaefer/contracts';
import { toPoints, type LearningPoint, type LearningPoints } from '../plots/learning-points.ts';

/** A run as its events tell it. */
export interface LiveRun {
  readonly run: Run;
  readonly progress: RunProgress | null;
  readonly curve: LearningPoints | null;
  /** When the latest progress arrived, by this machine's clock. */
  readonly heardAtMs: number;
}

export const fromRun = (run: Run, heardAtMs = 0): LiveRun => ({
  run,
  progress: null,
  curve: run.learningCurve && toPoints(run.learningCurve),
  heardAtMs,
});

/** Takes one event in: a run replaces what was known, a progress adds its round to the curve. */
export function withEvent(live: LiveRun, event: RunEvent, nowMs: number): LiveRun {
  if (event.type !== 'progress') {
    const sent = event.data.learningCurve && toPoints(event.data.learningCurve);
    // What was sent holds every round up to its last; it is taken unless more has been told meanwhile.
    const curve = sent && lastRound(sent) >= lastRound(live.curve) ? sent : live.curve;
    return { ...live, run: event.data, curve };
  }
  const { stage, fraction, message, round } = event.data;
  return {
    run: { ...live.run, stage, progress: { fraction, message } },
    progress: event.data,
    heardAtMs: nowMs,
    curve: round ? withRound(live.curve, round) : live.curve,
  };
}

const lastRound = (curve: LearningPoints | null): number => curve?.points.at(-1)?.round ?? -1;

/** Adds a round; one that is known already is not added again, as after a reconnection. */
function withRound(curve: LearningPoints | null, told: NonNullable<RunProgress['round']>): LearningPoints {
  const point: LearningPoint = { round: told.round, train: told.train, validation: told.validation };
  if (!curve || curve.metric !== told.metric)
    return { metric: told.metric, points: [point], bestRound: null };
  return told.round > lastRound(curve) ? { ...curve, points: [...curve.points, point] } : curve;
}
