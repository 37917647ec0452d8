import { KaeferError, type UndoAnswer, type UndoPlan } from '@kaefer/contracts';
import {
  auditOfUndo,
  findTable,
  openRunOf,
  uploadStatuses,
  type HistoryEntry,
  type JobResults,
  type ProjectRecord,
  waitsForPeople,
} from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { withSqlScratch } from './sql-scratch.ts';
import { findUpload } from './uploads.ts';
import { modelsThatLearnedFrom } from './views/learned-uploads.ts';

/**
 * What {@link undoUpload} would do now.
 *
 * @throws KaeferError as {@link undoUpload}
 */
export async function planUndo(context: Context, id: string): Promise<UndoPlan> {
  const { removed, restored, kept, models } = await work(context, id, null);
  return { upload: id, removed, restored, kept, models };
}

/**
 * Takes a merged upload out of the data again, as a new version. Models stay as they are. A report goes out of its
 * source; the training table follows when the recipe is carried out next.
 *
 * @throws KaeferError `upload_not_found`, `run_in_progress`, `nothing_to_undo`, `version_vacuumed`, `lake_busy`
 */
export async function undoUpload(context: Context, id: string, by: string): Promise<UndoAnswer> {
  const { version, removed, restored, kept, models, project } = await work(context, id, by);
  await settleUndoneUploads(context, project.definition.id);
  return { upload: id, removed, restored, kept, models, version: version ?? 0 };
}

/** @param by null: only says what it would do */
async function work(
  context: Context,
  id: string,
  by: string | null,
): Promise<JobResults['undo'] & { readonly models: number[]; readonly project: ProjectRecord }> {
  const upload = await findUpload(context, id);
  const project = await context.project(upload.project);
  const { id: projectId, key, sources } = project.definition;
  const open = await openRunOf(context.db, projectId);
  if (open !== undefined && !waitsForPeople(open.status))
    throw new KaeferError('run_in_progress', { run: open.id });
  if (upload.status !== 'merged') throw new KaeferError('nothing_to_undo', { upload: id });
  const result = await withSqlScratch(context, 'undo', (limits) =>
    context.workers.run({
      kind: 'undo',
      lake: context.lake,
      project: projectId,
      limits,
      source: sources.find(({ name }) => name === upload.source) ?? null,
      upload: id,
      filename: upload.filename,
      key,
      by: by ?? '',
      isPlan: by === null,
    }),
  );
  return { ...result, models: await modelsThatLearnedFrom(context, projectId, id), project };
}

/**
 * Records what the table's log says of undone uploads: after undoing one, after going back to a version, and after a
 * crash in between.
 */
export async function settleUndoneUploads(context: Context, project: string): Promise<void> {
  const { db } = context;
  const histories = await historiesOf(context, project);
  const undoings = histories.flat().flatMap((entry) => auditOfUndo(project, entry) ?? []);
  if (undoings.length === 0) return;
  const statuses = histories.flatMap((history) => [...uploadStatuses(history)]);
  await db.transaction().execute(async (transaction) => {
    for (const [id, status] of statuses)
      await transaction
        .updateTable('uploads')
        .set({ status })
        .where('id', '=', id)
        .where('status', 'in', ['merged', 'undone'])
        .where('status', '!=', status)
        .execute();
    const known = await transaction
      .selectFrom('audit')
      .select('detail')
      .where('project', '=', project)
      .where('action', '=', 'undo')
      .execute();
    const details = new Set(known.map(({ detail }) => detail));
    for (const entry of undoings)
      if (!details.has(entry.detail)) await transaction.insertInto('audit').values(entry).execute();
  });
}

/** The history of each table that files of a project are merged into. */
async function historiesOf(context: Context, project: string): Promise<HistoryEntry[][]> {
  const { sources } = (await context.project(project)).definition;
  const folder = context.folder(project);
  const places = sources.length === 0 ? [folder.table] : sources.map(({ name }) => folder.source(name).table);
  const tables = await Promise.all(places.map(findTable));
  return Promise.all(tables.flatMap((table) => (table === undefined ? [] : [table.history()])));
}
