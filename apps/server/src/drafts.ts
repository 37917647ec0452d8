import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { displayName, receiveFile, type DraftReport, type Received } from '@kaefer/pipeline';
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
  const folder = join(drafts, received.id);
  try {
    const report = await withSqlScratch(context, 'inspection', (limits) =>
      context.workers.run(
        { kind: 'inspect', folder, limits, fileLimits: fileLimits(context) },
        { onFailure: (stack) => context.log.error({ draft: received.id, stack }, 'an inspection failed') },
      ),
    );
    return { received, report };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
