import type { Locale, Run, RunProgress } from '@kaefer/contracts';
import { decisionOf, proposalOfRun, waitsForPeople, type RunRecord } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { progressMessage } from '../runs/progress-message.ts';
import type { RunQueue } from '../runs/run-queue.ts';
import { stageOrder, wholeFraction } from '../runs/stage-weights.ts';
import { errorView } from './error-view.ts';

/** A run as the API shows it. */
export async function runView(
  context: Context,
  queue: RunQueue,
  run: RunRecord,
  locale: Locale,
): Promise<Run> {
  const live = queue.events.progressOf(run.id);
  const settled = waitsForPeople(run.status) || run.status === 'decided';
  const { status, stage } = run;
  const curve =
    live?.curve ??
    (run.candidate !== null && run.timings.train !== undefined
      ? context.cards.get(run.project, run.candidate).learningCurve
      : null);
  return {
    id: run.id,
    project: run.project,
    mode: run.mode,
    uploads: [...run.uploads],
    status,
    stage,
    progress: {
      fraction: settled ? 1 : (live?.fraction ?? (status === 'queued' ? 0 : wholeFraction(stage, 0))),
      message: progressMessage(status, stage, live?.round ?? null, locale),
    },
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    timings: run.timings,
    merged: run.merged,
    learningCurve: curve,
    datasetVersion: run.datasetVersion,
    current: run.current,
    candidate: run.candidate,
    candidates: [...run.candidates],
    decision: (await decisionOf(context.db, run.id)) ?? null,
    proposal: (await proposalOfRun(context.db, run.project, run.id)) ?? null,
    error: run.error === null ? null : errorView(run.error, locale),
  };
}

/** The latest progress of a run, as its events carry it; undefined when none is known. */
export function progressView(queue: RunQueue, run: RunRecord, locale: Locale): RunProgress | undefined {
  const live = queue.events.progressOf(run.id);
  if (live === undefined) return undefined;
  const { stage, fraction, remainingMs, round } = live;
  const started = run.startedAt === null ? Date.now() : Date.parse(run.startedAt);
  return {
    stage,
    fraction,
    message: progressMessage('running', stage, round, locale),
    elapsedMs: Date.now() - started,
    // What comes after a stage is taken to need time in proportion to its share of the bar.
    remainingMs:
      remainingMs === null
        ? null
        : Math.round(remainingMs + remainingAfter(stage, Date.now() - live.startedAtMs + remainingMs)),
    ...(round === null ? {} : { round }),
  };
}

function remainingAfter(stage: RunProgress['stage'], stageMs: number): number {
  const next = stageOrder[stageOrder.indexOf(stage) + 1];
  if (next === undefined) return 0;
  const own = wholeFraction(stage, 1) - wholeFraction(stage, 0);
  return (stageMs * (1 - wholeFraction(stage, 1))) / own;
}
