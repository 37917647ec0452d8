import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KaeferError, type Mode, type RunCandidate } from '@kaefer/contracts';
import { updateRun, type RunRecord } from '@kaefer/pipeline';
import { programVersion } from '../program-version.ts';
import { freshRun, jobBase, jobOptions, runScratch, type StageScope } from './stage-scope.ts';

/** What keeps a way to train from being tried, where others are left. */
const passedOver = ['nothing_new', 'classes_changed'];

/** The ways in which a run trains, in their order: the quick ones first, so that something is there when the time is over. */
function modesOf({ context, project: { definition }, run }: StageScope): readonly Mode[] {
  if (run.mode !== 'auto') return [run.mode];
  if (run.current === null) return ['full'];
  const { features } = context.cards.get(definition.id, run.current);
  const canContinue = !features.some(({ name }) => definition.exclude.includes(name));
  return canContinue ? ['incremental', 'refresh', 'full'] : ['full'];
}

/** Several candidates have a folder each. */
function scratchOf({ context, run }: StageScope, mode: Mode): string {
  const place = runScratch(context, run.id);
  return run.mode === 'auto' ? join(place, mode) : place;
}

/** The part of a stage that one of several candidates is. */
function partOf(scope: StageScope, index: number, parts: number): StageScope {
  return {
    ...scope,
    onProgress: ({ fraction, ...rest }) =>
      scope.onProgress({ ...rest, fraction: (index + fraction) / parts }),
  };
}

export async function prepare(scope: StageScope): Promise<void> {
  const modes = modesOf(scope);
  for (const [index, mode] of modes.entries()) {
    try {
      await prepareMode(partOf(scope, index, modes.length), mode);
    } catch (error) {
      const hasOthers = modes.length > 1 && mode !== 'full';
      if (!(hasOthers && error instanceof KaeferError && passedOver.includes(error.code))) throw error;
    }
  }
}

async function prepareMode(scope: StageScope, mode: Mode): Promise<void> {
  const { context, project, run } = scope;
  const { definition } = project;
  const parent =
    mode !== 'full' && run.current !== null ? context.cards.get(definition.id, run.current) : null;
  if (mode !== 'full' && parent === null) throw new KaeferError('no_current_model');
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
    mode,
    datasetVersion: requireVersion(run),
    parent,
    replay: definition.training.replay,
  };
  await scope.worker.run(
    { kind: 'prepare', ...jobBase(scope), request, scratch: scratchOf(scope, mode) },
    jobOptions(scope),
  );
}

/** Trains a candidate in each way that fits the time given; one always is trained. */
export async function train(scope: StageScope): Promise<void> {
  const modes = modesOf(scope);
  for (const [index, mode] of modes.entries()) {
    const { candidates } = await freshRun(scope.context, scope.run.id);
    const known = candidates.find((candidate) => candidate.mode === mode);
    if (modes.length > 1 && known !== undefined && known.trainingMs !== null) continue;
    const isPrepared = existsSync(join(scratchOf(scope, mode), 'prepared.json'));
    if (known === undefined && modes.length > 1) {
      if (mode !== 'full' && !isPrepared) continue;
      if (candidates.length > 0 && !fits(scope, mode, candidates)) continue;
    }
    // A run that an older version began has a version, and does not list it.
    const begun = modes.length === 1 ? scope.run.candidate : null;
    const version = known?.version ?? begun ?? (await reserveVersion(scope, mode));
    const isDone = existsSync(scope.context.folder(scope.run.project).model(version).card);
    if (!isDone && !isPrepared) await prepareMode(scope, mode);
    await trainMode(partOf(scope, index, modes.length), mode, version);
  }
}

/** Whether one more candidate fits the time given, as far as can be told from what the same took before. */
function fits(
  { context, project: { definition }, run }: StageScope,
  mode: Mode,
  candidates: readonly RunCandidate[],
): boolean {
  const spent = candidates.reduce((sum, { trainingMs }) => sum + (trainingMs ?? 0), 0);
  return spent + expectedMs() <= definition.training.autoMinutes * 60_000;

  /** The time of the last full training that the current model goes back to; nothing where it is not known. */
  function expectedMs(): number {
    if (mode !== 'full') return 0;
    let card = run.current === null ? null : context.cards.get(definition.id, run.current);
    while (card !== null && card.mode !== 'full')
      card = card.parent === null ? null : context.cards.get(definition.id, card.parent);
    return card?.trainingMs ?? 0;
  }
}

async function trainMode(scope: StageScope, mode: Mode, version: number): Promise<void> {
  const { context, project, run } = scope;
  const { definition } = project;
  const request = {
    project: definition.id,
    run: run.id,
    version,
    task: definition.task,
    mode,
    parent: mode === 'full' ? null : run.current,
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
    { kind: 'train', ...jobBase(scope), request, scratch: scratchOf(scope, mode) },
    jobOptions(scope),
  );
  await context.db.transaction().execute(async (transaction) => {
    await transaction
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
    const { candidates } = await freshRun({ db: transaction }, run.id);
    const trained = { version, mode, trainingMs: Math.round(card.trainingMs ?? 0) };
    await updateRun(transaction, run.id, 'running', {
      candidates: [...candidates.filter((one) => one.version !== version), trained],
    });
  });
}

/** The next number that no model and no run of the project has, for a candidate of this run. */
async function reserveVersion({ context, project, run }: StageScope, mode: Mode): Promise<number> {
  return context.db.transaction().execute(async (transaction) => {
    const ofModels = await transaction
      .selectFrom('models')
      .select(({ fn }) => fn.max('version').as('most'))
      .where('project', '=', project.definition.id)
      .executeTakeFirst();
    const ofRuns = await transaction
      .selectFrom('runs')
      .select(['candidate', 'candidates'])
      .where('project', '=', project.definition.id)
      .execute();
    const taken = ofRuns.flatMap(({ candidate, candidates }) => [
      candidate ?? 0,
      ...(JSON.parse(candidates ?? '[]') as RunCandidate[]).map((one) => one.version),
    ]);
    const version = Math.max(ofModels?.most ?? 0, ...taken, 0) + 1;
    const before = await freshRun({ db: transaction }, run.id);
    await updateRun(transaction, run.id, 'running', {
      // Until they are compared, the first stands for all.
      ...(before.candidate === null ? { candidate: version } : {}),
      candidates: [...before.candidates, { version, mode, trainingMs: null }],
    });
    return version;
  });
}

export function requireVersion(run: RunRecord): number {
  if (run.datasetVersion === null) throw new Error(`run ${run.id} has no dataset version`);
  return run.datasetVersion;
}
