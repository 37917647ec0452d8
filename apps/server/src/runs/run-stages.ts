import { KaeferError, type Stage } from '@kaefer/contracts';
import { setClasses, updateRun } from '@kaefer/pipeline';
import { recipeRequestOf } from '../recipes.ts';
import { evaluate } from './evaluate-candidates.ts';
import { mergedClasses } from './merged-classes.ts';
import { mergeReports } from './merge-reports.ts';
import { requireSameKinds } from './require-same-kinds.ts';
import { jobBase, jobOptions, type StageScope } from './stage-scope.ts';
import { prepare, train } from './train-candidates.ts';

/** Does a stage's work, or finds it done. Each may be done again from its start after a crash. */
export const stages: Readonly<Record<Stage, (scope: StageScope) => Promise<void>>> = {
  merge,
  prepare,
  train,
  evaluate,
};

async function merge(scope: StageScope): Promise<void> {
  const { context, project, run } = scope;
  const { definition } = project;
  await requireSameKinds(context, definition.id, run.uploads);
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
