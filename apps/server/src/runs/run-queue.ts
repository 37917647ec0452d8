import {
  KaeferError,
  toStoredError,
  type LearningCurve,
  type RunStatus,
  type Stage,
} from '@kaefer/contracts';
import {
  moveRun,
  publishRun,
  unfinishedRuns,
  updateRun,
  type JobProgress,
  type RunChanges,
  type RunRecord,
  type WorkerProcess,
} from '@kaefer/pipeline';
import { acceptAutomatically } from '../accept-automatically.ts';
import type { Context } from '../context.ts';
import { RunEvents, type LiveProgress } from './run-events.ts';
import { stages } from './run-stages.ts';
import { settleMergedUploads } from './settle-merged-uploads.ts';
import { freshRun, removeRunScratch } from './stage-scope.ts';
import { stageOrder, wholeFraction } from './stage-weights.ts';

const cancelled = Symbol('cancelled');
const stopped = Symbol('stopped');

/** Does runs one after another, stage by stage, each stage in a process of its own; goes on with them after a restart. */
export class RunQueue {
  readonly events = new RunEvents();
  readonly #context: Context;
  readonly #waiting: string[] = [];
  #active:
    { readonly run: string; readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  #stopping = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Takes up the runs that a stop or a crash interrupted, the oldest first. */
  async recover(): Promise<void> {
    for (const run of await unfinishedRuns(this.#context.db)) this.add(run.id);
  }

  add(run: string): void {
    this.#waiting.push(run);
    this.#next();
  }

  /**
   * Cancels a run in any state before its decision.
   *
   * @throws KaeferError `run_not_found`, `run_not_cancellable`
   */
  async cancel(id: string): Promise<RunRecord> {
    const run = await freshRun(this.#context, id);
    const finishedAt = this.#context.now();
    const moved =
      (run.status === 'queued' || run.status === 'running' || run.status === 'awaiting_decision') &&
      (await endRun(this.#context, id, run.status, 'cancelled', { finishedAt }));
    if (!moved) {
      const now = await freshRun(this.#context, id);
      if (now.status === 'cancelled') return now;
      if (now.status !== run.status) return this.cancel(id);
      throw new KaeferError('run_not_cancellable', { run: id, status: now.status });
    }
    if (this.#active?.run === id) {
      this.#active.abort.abort(cancelled);
      await this.#active.done;
    }
    await this.#settle(run.project);
    this.#cleanUp(id);
    this.events.announce(id, 'status');
    return freshRun(this.#context, id);
  }

  /** Stops work at once; runs stay as they are and go on at the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#active?.abort.abort(stopped);
    await this.#active?.done;
  }

  #next(): void {
    if (this.#stopping || this.#active !== undefined) return;
    const run = this.#waiting.shift();
    if (run === undefined) return;
    const abort = new AbortController();
    const done = this.#perform(run, abort.signal)
      .catch((error: unknown) => this.#context.log.error({ err: error, run }, 'the run queue failed'))
      .finally(() => {
        this.#active = undefined;
        this.#next();
      });
    this.#active = { run, abort, done };
  }

  async #perform(id: string, signal: AbortSignal): Promise<void> {
    const { context, events } = { context: this.#context, events: this.events };
    const first = await freshRun(context, id);
    if (first.status === 'queued') {
      if (!(await moveRun(context.db, id, 'queued', 'running', { startedAt: context.now() }))) return;
      events.announce(id, 'status');
    } else if (first.status !== 'running') {
      return;
    }
    const worker = context.workers.take();
    try {
      for (const stage of stageOrder.slice(stageOrder.indexOf(first.stage))) {
        await this.#performStage(id, stage, worker, signal);
      }
      await endRun(context, id, 'running', 'awaiting_decision', { finishedAt: context.now() });
      await this.#accept(id);
    } catch (error) {
      if (signal.aborted) return;
      context.log.warn({ err: error, run: id }, 'a run failed');
      await this.#settle(first.project);
      await endRun(context, id, 'running', 'failed', {
        finishedAt: context.now(),
        error: toStoredError(error),
      });
      this.#cleanUp(id);
    } finally {
      await worker.close();
    }
    events.announce(id, 'status');
    events.forget(id);
  }

  async #performStage(id: string, stage: Stage, worker: WorkerProcess, signal: AbortSignal): Promise<void> {
    const { context, events } = { context: this.#context, events: this.events };
    signal.throwIfAborted();
    await updateRun(context.db, id, 'running', { stage });
    const startedAtMs = Date.now();
    const live: LiveProgress = {
      stage,
      fraction: wholeFraction(stage, 0),
      startedAtMs,
      remainingMs: null,
      curve: null,
      round: null,
    };
    events.setProgress(id, live);
    events.announce(id, 'stage');
    const run = await freshRun(context, id);
    const project = await context.project(run.project);
    let curve: LearningCurve | null = null;
    const onProgress = (progress: JobProgress): void => {
      curve = progress.round === undefined ? curve : extendCurve(curve, progress.round);
      const spent = Date.now() - startedAtMs;
      const remainingMs = progress.fraction > 0.02 ? Math.round(spent / progress.fraction - spent) : null;
      events.setProgress(id, {
        ...live,
        fraction: wholeFraction(stage, progress.fraction),
        remainingMs,
        curve,
        round: progress.round ?? null,
      });
    };
    await stages[stage]({ context, project, run, worker, signal, onProgress });
    const timings = { ...(await freshRun(context, id)).timings, [stage]: Date.now() - startedAtMs };
    await updateRun(context.db, id, 'running', { timings });
  }

  /** A choice that cannot be made by itself now is made at the next start, or by a person. */
  async #accept(id: string): Promise<void> {
    try {
      await acceptAutomatically(this.#context, await freshRun(this.#context, id));
    } catch (error) {
      this.#context.log.error({ err: error, run: id }, 'a model could not be accepted by itself');
    }
  }

  /** What cannot be settled now is settled at the next start. */
  async #settle(project: string): Promise<void> {
    try {
      await settleMergedUploads(this.#context, project);
    } catch (error) {
      this.#context.log.error({ err: error, project }, 'merged uploads could not be recorded');
    }
  }

  #cleanUp(id: string): void {
    removeRunScratch(this.#context, id);
    this.events.forget(id);
  }
}

/** Moves a run to where it stays until a person acts, in the database and then in the lake. */
async function endRun(
  context: Context,
  id: string,
  from: RunStatus,
  to: RunStatus,
  changes: RunChanges,
): Promise<boolean> {
  const moved = await moveRun(context.db, id, from, to, changes);
  if (!moved) return false;
  const run = await freshRun(context, id);
  publishRun(context.folder(run.project), run);
  return true;
}

function extendCurve(
  curve: LearningCurve | null,
  { round, metric, train, validation }: NonNullable<JobProgress['round']>,
): LearningCurve {
  // One of several candidates begins anew.
  const before = (round === 1 ? null : curve) ?? {
    metric,
    firstRound: round,
    train: [],
    validation: [],
    bestRound: null,
  };
  before.train.push(train);
  if (validation !== null) before.validation.push(validation);
  return before;
}
