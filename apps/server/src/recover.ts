import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  allProjects,
  findRun,
  namesIn,
  publishMissingContracts,
  publishMissingDecisions,
  publishMissingPeople,
  publishMissingProposals,
  publishMissingRuns,
  publishMissingSettings,
  unfinishedRuns,
} from '@kaefer/pipeline';
import { acceptWaiting } from './accept-automatically.ts';
import type { Context } from './context.ts';
import { storeChoiceEvidence, storeEvidence } from './evidence/evidence-of-run.ts';
import { layOutProject } from './projects.ts';
import { settleUndoneUploads } from './undo-upload.ts';
import { removeDiscarded } from './uploads.ts';
import { settleMergedUploads } from './runs/settle-merged-uploads.ts';

/**
 * Puts everything in order after a stop or a crash, before anything is served: finishes what was decided but not
 * published, removes what was never acknowledged, and keeps the scratch of runs that will go on.
 */
export async function recover(context: Context): Promise<void> {
  await publishMissingPeople(context.db, context.lake);
  await publishMissingProposals(context.db, context.folder);
  await publishMissingDecisions(context.db, context.folder);
  await publishMissingRuns(context.db, context.folder);
  await publishMissingSettings(context.db, context.folder);
  await publishMissingContracts(context.db, context.folder);
  await storeMissingEvidence(context);
  for (const { definition } of await allProjects(context.db)) {
    layOutProject(context, definition);
    await removeUnacknowledgedUploads(context, definition.id);
    removeHalfMade(context, definition.id);
    await removeUndecided(context, definition.id);
    await settleMergedUploads(context, definition.id);
    await settleUndoneUploads(context, definition.id);
  }
  await acceptWaiting(context);
  const unfinished = new Set((await unfinishedRuns(context.db)).map(({ id }) => id));
  const { scratch } = context;
  for (const name of namesIn(scratch))
    if (name !== 'runs') rmSync(join(scratch, name), { recursive: true, force: true });
  const runs = join(scratch, 'runs');
  for (const name of namesIn(runs))
    if (!unfinished.has(name)) rmSync(join(runs, name), { recursive: true, force: true });
}

/** After a crash between a decision and its evidence: writes what is missing; in English, where none of it is there. */
async function storeMissingEvidence(context: Context): Promise<void> {
  const decided = await context.db
    .selectFrom('decisions')
    .select(['id', 'project', 'run', 'candidate'])
    .where('evidence', '!=', '')
    .execute();
  for (const { id, project, run: runId, candidate } of decided) {
    const run = runId === null ? undefined : await findRun(context.db, runId);
    if (runId !== null && run === undefined) continue;
    const storing =
      run === undefined
        ? storeChoiceEvidence(context, project, id, 'en')
        : storeEvidence(context, run, { candidate }, 'en');
    await storing.catch((error: unknown) =>
      context.log.error({ err: error, decision: id }, 'the evidence of a decision could not be written'),
    );
  }
}

/** Comparisons for choices that were not made after all. */
async function removeUndecided({ db, folder }: Context, project: string): Promise<void> {
  const place = folder(project);
  const rows = await db.selectFrom('decisions').select('id').where('project', '=', project).execute();
  const made = new Set(rows.map(({ id }) => `${id}.json`));
  for (const name of namesIn(place.decisionComparisons))
    if (!made.has(name)) rmSync(join(place.decisionComparisons, name), { force: true });
}

/**
 * A file that was being received or checked when the process died was never acknowledged: whoever sent it, sends it
 * again. A discarded one may have been recorded and not yet removed.
 */
async function removeUnacknowledgedUploads({ db, folder, now }: Context, project: string): Promise<void> {
  const place = folder(project);
  const rows = await db
    .selectFrom('uploads')
    .select(['id', 'status'])
    .where('project', '=', project)
    .execute();
  const statuses = new Map(rows.map(({ id, status }) => [id, status]));
  for (const name of namesIn(place.uploads)) {
    const status = statuses.get(name);
    if (status === undefined) rmSync(join(place.uploads, name), { recursive: true, force: true });
    if (status === 'discarded') removeDiscarded(place.upload(name), now());
  }
}

/** What was being written under a name of its own, to be renamed when it was whole. */
function removeHalfMade({ folder }: Context, project: string): void {
  const { path, uploads, models, decisions, runs, pool, holdouts } = folder(project);
  const inside = [uploads, models].flatMap((place) => namesIn(place).map((name) => join(place, name)));
  for (const place of [path, decisions, runs, models, pool, holdouts, ...inside])
    for (const name of namesIn(place))
      if (name.endsWith('.part')) rmSync(join(place, name), { recursive: true, force: true });
}
