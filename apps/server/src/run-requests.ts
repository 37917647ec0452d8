import { KaeferError, unansweredLeaks, type RunCreation } from '@kaefer/contracts';
import {
  insertRun,
  openRunOf,
  publishRun,
  readJson,
  type CheckReport,
  type ProjectDefinition,
  type ProjectRecord,
  type RunRecord,
} from '@kaefer/pipeline';
import type { Context } from './context.ts';
import type { RunQueue } from './runs/run-queue.ts';
import { requireSpace } from './disk-space.ts';
import { requireSameKinds } from './runs/require-same-kinds.ts';
import { freshRun } from './runs/stage-scope.ts';
import { findUpload } from './uploads.ts';

/**
 * Starts a run of a project.
 *
 * @throws KaeferError `disk_full`, `run_in_progress`, `upload_not_found`, `upload_not_usable`, `upload_outdated`, `leaks_unanswered`, `no_current_model`,
 * `features_left_out`, `no_data`, `recipe_unusable`
 */
export async function startRun(
  context: Context,
  queue: RunQueue,
  { definition, champion }: ProjectRecord,
  request: RunCreation,
  by: string,
): Promise<RunRecord> {
  requireSpace(context, 0);
  const open = await openRunOf(context.db, definition.id);
  if (open !== undefined) throw new KaeferError('run_in_progress', { run: open.id });
  const uploads = [...new Set(request.uploads)];
  for (const id of uploads) {
    const upload = await findUpload(context, id);
    if (upload.project !== definition.id) throw new KaeferError('upload_not_found', { upload: id });
    if (upload.status !== 'valid')
      throw new KaeferError('upload_not_usable', { upload: id, status: upload.status });
  }
  await requireSameKinds(context, definition.id, uploads);
  await requireLeaksAnswered(context, definition, champion, uploads);
  if (request.mode === 'incremental' || request.mode === 'refresh')
    requireContinuable(context, definition, champion);
  if (definition.sources.length > 0 && definition.recipe === null) throw new KaeferError('recipe_unusable');
  if (uploads.length === 0 && !(await hasData(context, definition))) throw new KaeferError('no_data');
  const id = context.newId('run');
  try {
    await insertRun(context.db, {
      id,
      project: definition.id,
      mode: request.mode,
      uploads,
      createdBy: by,
      createdAt: context.now(),
      current: champion,
    });
  } catch (error) {
    // Two requests at once: the database lets one run of a project be open.
    const other = await openRunOf(context.db, definition.id);
    if (other === undefined) throw error;
    throw new KaeferError('run_in_progress', { run: other.id });
  }
  const run = await freshRun(context, id);
  publishRun(context.folder(definition.id), run);
  queue.add(id);
  return run;
}

/** Whether something was merged ever, into the training table or into a source of it. */
async function hasData(context: Context, { id }: ProjectDefinition): Promise<boolean> {
  return (await context.tables.current(id)) !== undefined || context.folder(id).sourceNames().length > 0;
}

/**
 * What tells the outcome alone would make every model look good, and useless: a person has the say before training. Also
 * of files that a cancelled run merged, from which the model in production has not learned.
 */
async function requireLeaksAnswered(
  { db, folder, cards }: Context,
  definition: ProjectDefinition,
  champion: number | null,
  uploads: readonly string[],
): Promise<void> {
  const place = folder(definition.id);
  const learned = champion === null ? -1 : cards.get(definition.id, champion).datasetVersion;
  const merged = await db
    .selectFrom('uploads')
    .select('id')
    .where('project', '=', definition.id)
    .where('status', '=', 'merged')
    .where('dataset_version', '>', learned)
    .execute();
  const problems = [...uploads, ...merged.map(({ id }) => id)].flatMap(
    (id) => readJson<CheckReport>(place.upload(id).report)?.problems ?? [],
  );
  const open = unansweredLeaks(problems, definition);
  if (open.length > 0) throw new KaeferError('leaks_unanswered', { columns: open.join(', ') });
}

function requireContinuable(
  { cards }: Context,
  { id, exclude }: ProjectDefinition,
  champion: number | null,
): void {
  if (champion === null) throw new KaeferError('no_current_model');
  const leftOut = cards
    .get(id, champion)
    .features.map(({ name }) => name)
    .filter((name) => exclude.includes(name));
  if (leftOut.length > 0) throw new KaeferError('features_left_out', { columns: leftOut.join(', ') });
}
