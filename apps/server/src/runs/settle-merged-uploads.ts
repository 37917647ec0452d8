import { setClasses } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { mergedClasses } from './merged-classes.ts';

/**
 * Records as merged what the table holds. A run that was cancelled, failed or killed while it merged may have
 * committed uploads before its state could be told; their rows stay in the data, so the database must say so.
 */
export async function settleMergedUploads(context: Context, projectId: string): Promise<void> {
  const { db } = context;
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
