import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { KaeferError } from '@kaefer/contracts';
import {
  findRun,
  type JobProgress,
  type ProjectRecord,
  type RunRecord,
  type WorkerProcess,
} from '@kaefer/pipeline';
import type { Context } from '../context.ts';

/** What a stage works with. */
export interface StageScope {
  readonly context: Context;
  readonly project: ProjectRecord;
  readonly run: RunRecord;
  /** Does all stages of the run. */
  readonly worker: WorkerProcess;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Where a run keeps what it can make again. */
export function runScratch({ scratch }: Context, run: string): string {
  return join(scratch, 'runs', run);
}

/** Removes everything that a run can make again. */
export function removeRunScratch(context: Context, run: string): void {
  for (const folder of [runScratch(context, run), context.limits(run).scratchFolder])
    rmSync(folder, { recursive: true, force: true });
}

/** What every job of a run needs. */
export function jobBase({ context, project, run }: StageScope) {
  return { lake: context.lake, project: project.definition.id, limits: context.limits(run.id) };
}

export function jobOptions({ context, run, signal, onProgress }: StageScope) {
  return {
    signal,
    onProgress,
    onFailure: (stack: string) => context.log.error({ run: run.id, stack }, 'a stage failed'),
  };
}

/** The record as it is now. */
export async function freshRun(context: Pick<Context, 'db'>, id: string): Promise<RunRecord> {
  const run = await findRun(context.db, id);
  if (run === undefined) throw new KaeferError('run_not_found', { run: id });
  return run;
}
