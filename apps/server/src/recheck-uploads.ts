import { KaeferError } from '@kaefer/contracts';
import { openRunOf, type ProjectRecord } from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { linkReceived } from './reread-upload.ts';
import { checkReceived } from './uploads.ts';

/**
 * Checks the files that wait once more, one after another, by what is agreed now: each becomes a new upload of the same
 * bytes, which takes the old one's place. Files that a run has taken stay as they are, and so does one whose check fails.
 *
 * @param source the report whose files are meant, with those of which nobody could tell what they are; null: all
 * @returns how many were checked
 */
export async function recheckWaiting(
  context: Context,
  project: ProjectRecord,
  source: string | null,
): Promise<number> {
  const { id } = project.definition;
  const waiting = await context.db
    .selectFrom('uploads')
    .selectAll()
    .where('project', '=', id)
    .where('status', 'in', ['valid', 'invalid'])
    .orderBy('received_at')
    .execute();
  let checked = 0;
  for (const upload of waiting) {
    if (source !== null && upload.source !== null && upload.source !== source) continue;
    if ((await openRunOf(context.db, id))?.uploads.includes(upload.id) === true) continue;
    try {
      const received = linkReceived(context, upload);
      await checkReceived(context, project, received, upload.source, { replaces: upload.id });
      checked++;
    } catch (error) {
      if (!(error instanceof KaeferError)) throw error;
      context.log.warn({ upload: upload.id, code: error.code }, 'a waiting file was not checked again');
    }
  }
  return checked;
}
