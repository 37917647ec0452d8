import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { KaeferError, type Reading } from '@kaefer/contracts';
import { displayName, readJson, receiveFile, type DraftReport, type Received } from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { fileLimits } from './disk-space.ts';
import { withSqlScratch } from './sql-scratch.ts';

/** Where files wait that belong to no project yet; emptied at start. */
export function draftsFolder({ scratch }: Context): string {
  return join(scratch, 'drafts');
}

/** Receives a file before there is a project for it, and looks at it. */
export async function receiveDraft(
  context: Context,
  content: Readable,
  filename: string | undefined,
): Promise<{ received: Received; report: DraftReport }> {
  const drafts = draftsFolder(context);
  mkdirSync(drafts, { recursive: true });
  context.workers.prepare();
  const draft = { id: context.newId('draft'), filename: displayName(filename), receivedAt: context.now() };
  const received = await receiveFile(content, drafts, draft, context.config.uploadLimitBytes);
  try {
    return { received, report: await inspect(context, received, {}) };
  } catch (error) {
    rmSync(join(drafts, received.id), { recursive: true, force: true });
    throw error;
  }
}

/** Looks at a draft once more, as a person says that it is written. @throws KaeferError `draft_not_found` */
export async function rereadDraft(
  context: Context,
  draft: string,
  reading: Reading,
): Promise<{ received: Received; report: DraftReport }> {
  const received = findDraft(context, draft);
  return { received, report: await inspect(context, received, reading) };
}

/** @throws KaeferError `draft_not_found` */
export function findDraft(context: Context, draft: string): Received {
  const place = join(draftsFolder(context), draft);
  const received = existsSync(place) ? readJson<Received>(join(place, 'received.json')) : undefined;
  if (received === undefined) throw new KaeferError('draft_not_found');
  return received;
}

function inspect(context: Context, { id }: Received, reading: Reading): Promise<DraftReport> {
  const folder = join(draftsFolder(context), id);
  return withSqlScratch(context, 'inspection', (limits) =>
    context.workers.run(
      { kind: 'inspect', folder, limits, fileLimits: fileLimits(context), reading },
      { onFailure: (stack) => context.log.error({ draft: id, stack }, 'an inspection failed') },
    ),
  );
}
