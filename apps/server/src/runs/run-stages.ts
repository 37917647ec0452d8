import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KaeferError, type Stage } from '@kaefer/contracts';
import {
  countLooks,
  findRun,
  setClasses,
  updateRun,
  type JobProgress,
  type ProjectRecord,
  type RunRecord,
  type WorkerProcess,
} from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { programVersion } from '../program-version.ts';
import { recipeRequestOf } from '../recipes.ts';
import { mergedClasses } from './merged-classes.ts';
import { mergeReports } from './merge-reports.ts';

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

/** Does a stage's work, or finds it done. Each may be done again from its start after a crash. */
export const stages: Readonly<Record<Stage, (scope: StageScope) => Promise<void>>> = {
  merge,
  prepare,
  train,
  evaluate,
};

export function jobBase({ context, project, run }: StageScope) {
  return { lake: context.lake, project: project.definition.id, limits: context.limits(run.id) };
}

function jobOptions({ context, run, signal, onProgress }: StageScope) {
  return {
    signal,
    onProgress,
    onFailure: (stack: string) => context.log.error({ run: run.id, stack }, 'a stage failed'),
  };
}

async function merge(scope: StageScope): Promise<void> {
  const { context, project, run } = scope;
  const { definition } = project;
  if (definition.sources.length > 0) {
    const request = await recipeRequestOf(context, project, run.uploads);
    return mergeReports(scope, request, jobOptions(scope));
  }
  const classes = mergedClasses(context, project, run.uploads);
  const files = await context.db
    .selectFrom('uploads')
    .select(['id', 'filename'])
    .where('id', 'in', [...run.uploads, ''])
    .execute();
  const uploads = run.uploads.map((id) => ({
    id,
    filename: files.find((file) => file.id === id)?.filename ?? id,
  }));
  const result =
    uploads.length === 0
      ? { version: (await context.tables.current(definition.id))?.snapshot.version ?? null, merged: [] }
      : await scope.worker.run(
          {
            kind: 'merge',
            ...jobBase(scope),
            uploads,
            key: definition.key,
            split: definition.split,
            by: run.createdBy,
          },
          jobOptions(scope),
        );
  if (result.version === null) throw new KaeferError('no_data');
  const sum = (field: 'new' | 'updated' | 'unchanged'): number =>
    result.merged.reduce((total, part) => total + part[field], 0);
  const datasetVersion = result.version;
  await context.db.transaction().execute(async (transaction) => {
    for (const part of result.merged) {
      await transaction
        .updateTable('uploads')
        .set({ status: 'merged', dataset_version: part.version })
        .where('id', '=', part.upload)
        .execute();
    }
    await setClasses(transaction, definition.id, classes);
    await updateRun(transaction, run.id, 'running', {
      datasetVersion,
      merged: { new: sum('new'), updated: sum('updated'), unchanged: sum('unchanged') },
    });
  });
}

async function prepare(scope: StageScope): Promise<void> {
  const { context, project, run } = scope;
  const { definition } = project;
  const parent =
    run.mode !== 'full' && run.current !== null ? context.cards.get(definition.id, run.current) : null;
  if (run.mode !== 'full' && parent === null) throw new KaeferError('no_current_model');
  if (definition.task !== 'regression' && project.classes.length < 2) {
    const rows = (await context.tables.current(definition.id))?.snapshot.rowCount ?? 0;
    throw new KaeferError('one_outcome', { rows, target: definition.target });
  }
  const { task, target, key, date, exclude, split } = definition;
  const request = {
    task,
    target,
    classes: project.classes,
    key,
    date,
    exclude,
    split,
    mode: run.mode,
    datasetVersion: requireVersion(run),
    parent,
    replay: definition.training.replay,
  };
  await scope.worker.run(
    { kind: 'prepare', ...jobBase(scope), request, scratch: runScratch(context, run.id) },
    jobOptions(scope),
  );
}

async function train(scope: StageScope): Promise<void> {
  const { context, project, run } = scope;
  const { definition } = project;
  const version = run.candidate ?? (await reserveVersion(scope));
  const scratch = runScratch(context, run.id);
  const done = existsSync(context.folder(definition.id).model(version).card);
  if (!done && !existsSync(join(scratch, 'prepared.json'))) await prepare(scope);
  const request = {
    project: definition.id,
    run: run.id,
    version,
    task: definition.task,
    mode: run.mode,
    parent: run.mode === 'full' ? null : run.current,
    target: definition.target,
    positive: project.classes[1] ?? definition.positive,
    key: definition.key,
    costs: definition.costs,
    settings: definition.training,
    split: definition.split,
    createdAt: context.now(),
    program: programVersion,
  };
  const { card } = await scope.worker.run(
    { kind: 'train', ...jobBase(scope), request, scratch },
    jobOptions(scope),
  );
  await context.db
    .insertInto('models')
    .values({
      project: definition.id,
      version,
      run: run.id,
      created_at: card.createdAt,
      metrics: '{}',
      holdout_rows: 0,
      verdict: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The next number that no model and no run of the project has. */
async function reserveVersion({ context, project, run }: StageScope): Promise<number> {
  return context.db.transaction().execute(async (transaction) => {
    const ofModels = await transaction
      .selectFrom('models')
      .select(({ fn }) => fn.max('version').as('most'))
      .where('project', '=', project.definition.id)
      .executeTakeFirst();
    const ofRuns = await transaction
      .selectFrom('runs')
      .select(({ fn }) => fn.max('candidate').as('most'))
      .where('project', '=', project.definition.id)
      .executeTakeFirst();
    const version = Math.max(ofModels?.most ?? 0, ofRuns?.most ?? 0) + 1;
    await updateRun(transaction, run.id, 'running', { candidate: version });
    return version;
  });
}

async function evaluate(scope: StageScope): Promise<void> {
  const { context, project, run } = scope;
  const candidate = run.candidate;
  if (candidate === null) throw new Error(`run ${run.id} reached evaluation without a candidate`);
  const request = {
    run: run.id,
    project: project.definition.id,
    candidate,
    current: run.current,
    datasetVersion: requireVersion(run),
    // Rows that a recipe made name the run that changed them.
    newUploads: [...run.uploads, run.id],
    choosing: project.definition.choosing,
    looks: await countLooks(context.db, project.definition.id),
  };
  const { comparison } = await scope.worker.run(
    { kind: 'evaluate', ...jobBase(scope), request },
    jobOptions(scope),
  );
  await context.db.transaction().execute(async (transaction) => {
    const sides = [
      { version: candidate, result: comparison.candidate },
      { version: run.current, result: comparison.current },
    ];
    for (const { version, result } of sides) {
      if (version === null || result === null) continue;
      await transaction
        .updateTable('models')
        .set({
          metrics: JSON.stringify(result.metrics),
          holdout_rows: comparison.holdout.rows,
          ...(version === candidate ? { verdict: comparison.verdict.outcome } : {}),
        })
        .where('project', '=', project.definition.id)
        .where('version', '=', version)
        .execute();
    }
  });
  removeRunScratch(context, run.id);
}

function requireVersion(run: RunRecord): number {
  if (run.datasetVersion === null) throw new Error(`run ${run.id} has no dataset version`);
  return run.datasetVersion;
}

/** The record as it is now. */
export async function freshRun(context: Context, id: string): Promise<RunRecord> {
  const run = await findRun(context.db, id);
  if (run === undefined) throw new KaeferError('run_not_found', { run: id });
  return run;
}
