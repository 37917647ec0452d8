import { KaeferError, type RunCreation } from '@kaefer/contracts';
import { insertRun, openRunOf, publishRun, type ProjectRecord, type RunRecord } from '@kaefer/pipeline';
import type { Context } from './context.ts';
import type { RunQueue } from './runs/run-queue.ts';
import { freshRun } from './runs/run-stages.ts';
import { findUpload } from './uploads.ts';

/**
 * Starts a run of a project.
 *
 * @throws KaeferError `run_in_progress`, `upload_not_found`, `upload_not_usable`, `no_current_model`, `no_data`
 */
export async function startRun(
  context: Context,
  queue: RunQueue,
  { definition, champion }: ProjectRecord,
  request: RunCreation,
  by: string,
): Promise<RunRecord> {
  const open = await openRunOf(context.db, definition.id);
  if (open !== undefined) throw new KaeferError('run_in_progress', { run: open.id });
  const uploads = [...new Set(request.uploads)];
  for (const id of uploads) {
    const upload = await findUpload(context, id);
    if (upload.project !== definition.id) throw new KaeferError('upload_not_found', { upload: id });
    if (upload.status !== 'valid')
      throw new KaeferError('upload_not_usable', { upload: id, status: upload.status });
  }
  if (request.mode === 'incremental' && champion === null) throw new KaeferError('no_current_model');
  if (uploads.length === 0 && (await context.tables.current(definition.id)) === undefined)
    throw new KaeferError('no_data');
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
