import { join } from 'node:path';
import { KaeferError, type Comparison, type ComparisonRequest, type Locale } from '@kaefer/contracts';
import { countLooks, type ProjectRecord, type StoredComparison } from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { comparisonView } from './evidence/comparison-view.ts';
import { withSqlScratch } from './sql-scratch.ts';

/**
 * Scores today's holdout with two versions, whenever they were trained, and compares them. Nothing is kept.
 *
 * @throws KaeferError `model_not_found`, `no_data`, `same_model`, `holdout_overlap`, `too_few_rows`, `one_outcome`
 */
export async function compareVersions(
  context: Context,
  project: ProjectRecord,
  versions: ComparisonRequest,
  locale: Locale,
): Promise<Comparison> {
  return comparisonView(await scoreVersions(context, project, versions), locale, 'versions');
}

/**
 * The comparison with the model in production that a choice from the list of models rests on; null where none is possible:
 * nothing in production, the same model, test rows in the training of either, too few rows, or whatever else keeps it from being
 * made. Who takes a model back must not be kept from it.
 */
export async function compareForChoice(
  context: Context,
  project: ProjectRecord,
  candidate: number,
): Promise<StoredComparison | null> {
  const { champion: current, definition } = project;
  if (current === null || current === candidate) return null;
  try {
    return await scoreVersions(context, project, { current, candidate });
  } catch (error) {
    context.log.warn(
      { err: error, project: definition.id, current, candidate },
      'chosen without a comparison',
    );
    return null;
  }
}

async function scoreVersions(
  context: Context,
  { definition, classes }: ProjectRecord,
  { current, candidate }: ComparisonRequest,
): Promise<StoredComparison> {
  const { id } = definition;
  if (current === candidate) throw new KaeferError('same_model', { version: current });
  const table = await context.tables.current(id);
  if (table === undefined) throw new KaeferError('no_data');
  for (const version of [current, candidate]) await requireModel(context, id, version);
  const cards = { current: context.cards.get(id, current), candidate: context.cards.get(id, candidate) };
  const since = Math.min(cards.current.datasetVersion, cards.candidate.datasetVersion);
  const later = await context.db
    .selectFrom('uploads')
    .select('id')
    .where('project', '=', id)
    .where('dataset_version', '>', since)
    .execute();
  const laterRuns = await context.db
    .selectFrom('runs')
    .select('id')
    .where('project', '=', id)
    .where('dataset_version', '>', since)
    .execute();
  const request = {
    run: cards.candidate.run,
    project: id,
    candidate,
    current,
    datasetVersion: table.snapshot.version,
    // Rows that a recipe made name the run that changed them.
    newUploads: [...later, ...laterRuns].map((origin) => origin.id),
    classes,
    choosing: { ...definition.choosing, automatic: null },
    costs: definition.costs,
    holdouts: definition.holdouts,
    looks: await countLooks(context.db, id),
  };
  const name = context.newId('comparison');
  const { comparison } = await withSqlScratch(context, name, (limits) =>
    context.workers.run({
      kind: 'compare',
      lake: context.lake,
      project: id,
      limits,
      request,
      scratch: join(context.scratch, 'runs', name),
    }),
  );
  return comparison;
}

/** A version that has a number but no finished model is none. */
async function requireModel({ db }: Context, project: string, version: number): Promise<void> {
  const row = await db
    .selectFrom('models')
    .select('version')
    .where('project', '=', project)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row === undefined) throw new KaeferError('model_not_found', { version });
}
