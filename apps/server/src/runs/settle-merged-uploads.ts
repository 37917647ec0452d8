import { recipeOf, setClasses, sourceUploadStates } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { mergedClasses } from './merged-classes.ts';

/**
 * Records as merged what the table holds. A run that was cancelled, failed or killed while it merged may have
 * committed uploads before its state could be told; their rows stay in the data, so the database must say so.
 */
export async function settleMergedUploads(context: Context, projectId: string): Promise<void> {
  const { db } = context;
  const { sources } = (await context.project(projectId)).definition;
  if (sources.length > 0) return settleReports(context, projectId, sources);
  const valid = await db
    .selectFrom('uploads')
    .select('id')
    .where('project', '=', projectId)
    .where('status', '=', 'valid')
    .orderBy('received_at')
    .execute();
  const table = valid.length === 0 ? undefined : await context.tables.table(projectId);
  if (table === undefined) return;
  const { transactions } = await table.snapshot();
  const merged = valid.map(({ id }) => id).filter((id) => transactions.has(id));
  if (merged.length === 0) return;
  const versions = await Promise.all(merged.map((id) => table.versionOfTransaction(id, 1)));
  const classes = mergedClasses(context, await context.project(projectId), merged);
  await db.transaction().execute(async (transaction) => {
    for (const [index, id] of merged.entries()) {
      await transaction
        .updateTable('uploads')
        .set({ status: 'merged', dataset_version: versions[index] ?? null })
        .where('id', '=', id)
        .where('status', '=', 'valid')
        .execute();
    }
    await setClasses(transaction, projectId, classes);
  });
}

/** The same for the reports of a project: each source's table says what was merged, the training table what it holds. */
async function settleReports(
  context: Context,
  projectId: string,
  sources: readonly { readonly name: string }[],
): Promise<void> {
  const folder = context.folder(projectId);
  const states = await sourceUploadStates(folder, sources);
  const commits = ((await (await context.tables.table(projectId))?.history()) ?? []).map(recipeOf);
  const classes = commits.findLast((commit) => commit !== undefined)?.classes;
  await context.db.transaction().execute(async (transaction) => {
    for (const [id, { status, datasetVersion }] of states)
      await transaction
        .updateTable('uploads')
        .set({ status, dataset_version: datasetVersion })
        .where('id', '=', id)
        .where('status', 'in', ['valid', 'merged', 'undone'])
        .execute();
    if (classes !== undefined) await setClasses(transaction, projectId, classes);
  });
}
