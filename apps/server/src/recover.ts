import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { allProjects, publishMissingDecisions, unfinishedRuns } from '@kaefer/pipeline';
import type { Context } from './context.ts';

/**
 * Puts everything in order after a stop or a crash, before anything is served: finishes what was decided but not
 * published, removes what was never acknowledged, and keeps the scratch of runs that will go on.
 */
export async function recover(context: Context): Promise<void> {
  await publishMissingDecisions(context.db, context.folder);
  for (const { definition } of await allProjects(context.db)) {
    await removeUnacknowledgedUploads(context, definition.id);
    const models = context.folder(definition.id).models;
    for (const name of existsSync(models) ? readdirSync(models) : [])
      if (name.endsWith('.part')) rmSync(join(models, name), { recursive: true, force: true });
  }
  const unfinished = new Set((await unfinishedRuns(context.db)).map(({ id }) => id));
  const { scratch } = context;
  for (const name of existsSync(scratch) ? readdirSync(scratch) : []) {
    if (name !== 'runs') rmSync(join(scratch, name), { recursive: true, force: true });
  }
  const runs = join(scratch, 'runs');
  for (const name of existsSync(runs) ? readdirSync(runs) : [])
    if (!unfinished.has(name)) rmSync(join(runs, name), { recursive: true, force: true });
}

/** A file that was being received or checked when the process died was never acknowledged: whoever sent it, sends it again. */
async function removeUnacknowledgedUploads({ db, folder }: Context, project: string): Promise<void> {
  const { uploads } = folder(project);
  if (!existsSync(uploads)) return;
  const rows = await db.selectFrom('uploads').select('id').where('project', '=', project).execute();
  const known = new Set(rows.map(({ id }) => id));
  for (const name of readdirSync(uploads))
    if (!known.has(name)) rmSync(join(uploads, name), { recursive: true, force: true });
}
