import { KaeferError } from '@kaefer/contracts';
import { openRunOf, type ProjectRecord, waitsForPeople } from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { settleUndoneUploads } from './undo-upload.ts';

/**
 * Makes the data again what it was at a version, as a new version; what came between stays in the history.
 *
 * @throws KaeferError `no_data`, `dataset_version_not_found`, `run_in_progress`, `made_by_recipe`
 */
export async function restoreDataset(
  context: Context,
  { definition }: ProjectRecord,
  version: number,
  by: string,
): Promise<{ version: number; restoredFrom: number; rows: number }> {
  if (definition.sources.length > 0) throw new KaeferError('made_by_recipe');
  const table = await context.tables.table(definition.id);
  if (table === undefined) throw new KaeferError('no_data');
  const open = await openRunOf(context.db, definition.id);
  if (open !== undefined && !waitsForPeople(open.status))
    throw new KaeferError('run_in_progress', { run: open.id });
  const newest = await table.snapshot();
  if (version > newest.version) throw new KaeferError('dataset_version_not_found', { version });
  const restored = await table.restore(version, { by }).catch((error: unknown) => {
    throw asRefusal(error, version);
  });
  const snapshot = await table.snapshot();
  // The same as the table's history says, from which it can be told again.
  await context.db
    .insertInto('audit')
    .values({
      at: snapshot.timestamp.toISOString(),
      actor: by,
      action: 'restore',
      project: definition.id,
      detail: JSON.stringify({ version: restored.version, restoredFrom: version }),
    })
    .execute();
  await settleUndoneUploads(context, definition.id);
  return { version: restored.version, restoredFrom: version, rows: snapshot.rowCount };
}

/** What a person can act on, of what the table refuses. */
function asRefusal(error: unknown, version: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'commit_conflict') return new KaeferError('lake_busy', {}, { cause: error });
  if (code === 'version_not_found' || code === 'data_file_missing')
    return new KaeferError('dataset_version_not_found', { version }, { cause: error });
  return error;
}
