import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KaeferError, type Locale, type Reading, type SettingsRequest } from '@kaefer/contracts';
import {
  openRunOf,
  publishFolder,
  readJson,
  UploadFolder,
  writeJsonDurably,
  type ProjectRecord,
  type Received,
} from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { changeProjectSettings } from './project-settings.ts';
import { checkReceived, findUpload } from './uploads.ts';
import type { UploadRow } from './views/upload-view.ts';

/**
 * Reads a file that waits once more, as a person says that it is written, and remembers that for the project, or for the
 * report that it is. The same bytes become a new upload, which takes the old one's place when it is checked: a stop in
 * between leaves the old one as it was. Other files that wait are read again in the same way, so that one reading holds for
 * all that the next run merges.
 *
 * @throws KaeferError `upload_not_found`, `upload_in_use`, `run_in_progress`, `source_not_found`
 */
export async function rereadUpload(
  context: Context,
  id: string,
  reading: Reading,
  by: string,
  locale: Locale,
): Promise<UploadRow> {
  const old = await findUpload(context, id);
  const open = await openRunOf(context.db, old.project);
  if ((old.status !== 'valid' && old.status !== 'invalid') || open?.uploads.includes(id) === true)
    throw new KaeferError('upload_in_use', { upload: id });
  const project = await context.project(old.project);
  const change = settingsWith(project, old.source, reading);
  const changed = await changeProjectSettings(context, project, change, by, locale);
  const reread = await checkReceived(context, changed, linkReceived(context, old), old.source, {
    replaces: id,
  });
  for (const other of await othersThatWait(context, reread))
    await checkReceived(context, changed, linkReceived(context, other), other.source, {
      replaces: other.id,
    });
  return reread;
}

/** The project's files of the same report that no run has taken yet, the oldest first. */
async function othersThatWait({ db }: Context, { id, project, source }: UploadRow): Promise<UploadRow[]> {
  const waiting = await db
    .selectFrom('uploads')
    .selectAll()
    .where('project', '=', project)
    .where('status', 'in', ['valid', 'invalid'])
    .where('id', '!=', id)
    .orderBy('received_at')
    .execute();
  const open = await openRunOf(db, project);
  return waiting.filter((other) => other.source === source && open?.uploads.includes(other.id) !== true);
}

function settingsWith(
  { definition }: ProjectRecord,
  source: string | null,
  reading: Reading,
): SettingsRequest {
  const { sources } = definition;
  if (sources.length === 0) return { reading };
  if (source === null)
    throw new KaeferError('source_not_found', {
      source: '',
      sources: sources.map(({ name }) => name).join(', '),
    });
  return { sources: sources.map((each) => (each.name === source ? { ...each, reading } : each)) };
}

/** The bytes of an upload under a new id; they are never copied. */
export function linkReceived(context: Context, old: UploadRow): Received {
  const folder = context.folder(old.project);
  const before = folder.upload(old.id);
  const known = readJson<Received>(before.received);
  if (known === undefined) throw new KaeferError('upload_not_found', { upload: old.id });
  const received = { ...known, id: context.newId('upload') };
  const arriving = new UploadFolder(join(folder.uploads, `.${received.id}.part`));
  mkdirSync(arriving.path, { recursive: true });
  try {
    linkSync(before.file, arriving.file);
    writeJsonDurably(arriving.received, received);
    publishFolder(arriving.path, folder.upload(received.id).path);
  } catch (error) {
    rmSync(arriving.path, { recursive: true, force: true });
    throw error;
  }
  return received;
}
