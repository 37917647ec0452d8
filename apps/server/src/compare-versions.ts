import { join } from 'node:path';
import { KaeferError, type Comparison, type ComparisonRequest, type Locale } from '@kaefer/contracts';
import { countLooks, verdictSentence, type ProjectRecord } from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { withSqlScratch } from './sql-scratch.ts';

/**
 * Scores today's holdout with two versions, whenever they were trained, and compares them. Nothing is kept.
 *
 * @throws KaeferError `model_not_found`, `no_data`, `same_model`, `holdout_overlap`, `too_few_rows`, `one_outcome`
 */
export async function compareVersions(
  context: Context,
  { definition, classes }: ProjectRecord,
  { current, candidate }: ComparisonRequest,
  locale: Locale,
): Promise<Comparison> {
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
  const { outcome, metric, margin = 0 } = comparison.verdict;
  return {
    ...comparison,
    verdict: { outcome, metric, margin, sentence: verdictSentence(comparison, locale, 'versions') },
  };
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
