import { KaeferError, unansweredLeaks } from '@kaefer/contracts';
import { setClasses, updateRun, type JobOptions, type RecipeRequest } from '@kaefer/pipeline';
import { jobBase, runScratch, type StageScope } from './stage-scope.ts';

/**
 * Merges a run's reports into their sources and makes the training table what the recipe makes of them. A recipe that
 * cannot be used changes neither.
 *
 * @throws KaeferError `recipe_unusable`, `leaks_unanswered`
 */
export async function mergeReports(
  scope: StageScope,
  recipe: RecipeRequest,
  options: JobOptions,
): Promise<void> {
  const { context, project, run } = scope;
  const { definition } = project;
  const uploads = await context.db
    .selectFrom('uploads')
    .select(['id', 'filename', 'status', 'dataset_version'])
    .where('project', '=', definition.id)
    .execute();
  const waiting = uploads
    .filter(
      ({ id, status, dataset_version }) =>
        status === 'merged' && dataset_version === null && !run.uploads.includes(id),
    )
    .map(({ id }) => id);
  const { derived, merged } = await scope.worker.run(
    {
      kind: 'merge-sources',
      ...jobBase(scope),
      run: run.id,
      recipe,
      filenames: Object.fromEntries(uploads.map(({ id, filename }) => [id, filename])),
      waiting,
      answeredLeaks: [...definition.exclude, ...definition.confirmed],
      split: definition.split,
      by: run.createdBy,
      scratch: runScratch(context, run.id),
    },
    options,
  );
  const leaks = unansweredLeaks(derived.problems, definition);
  if (merged === null) {
    if (leaks.length > 0) throw new KaeferError('leaks_unanswered', { columns: leaks.join(', ') });
    throw new KaeferError('recipe_unusable');
  }
  const { version: datasetVersion, new: added, updated, unchanged } = merged;
  await context.db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('uploads')
      .set({ status: 'merged', dataset_version: datasetVersion })
      .where('id', 'in', [...waiting, ...run.uploads, ''])
      .execute();
    await setClasses(transaction, definition.id, derived.classes);
    await updateRun(transaction, run.id, 'running', {
      datasetVersion,
      merged: { new: added, updated, unchanged },
    });
  });
}
