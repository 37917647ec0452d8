import { readJson, runsAwaitingDecision, type RunRecord, type StoredComparison } from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { decideOnEvidence } from './evidence/evidence-of-run.ts';

/** Who a decision names that nobody made. */
export const automaticActor = 'automatic';

/**
 * Puts a run's candidate into production if its comparison says that the project wants that: it wanted it when the
 * models were compared, and still does. Doing it again changes nothing; what a person has decided stays.
 */
export async function acceptAutomatically(context: Context, run: RunRecord): Promise<void> {
  if (run.status !== 'awaiting_decision' || run.candidate === null) return;
  const place = context.folder(run.project).model(run.candidate);
  const comparison = readJson<StoredComparison>(place.comparison);
  const { definition } = await context.project(run.project);
  if (comparison?.automatic?.accepted !== true || definition.choosing.automatic === null) return;
  const choice = { choice: 'candidate', note: null, by: automaticActor, automatic: true } as const;
  await decideOnEvidence(context, run, { ...choice, at: context.now() }, 'en');
  context.champions.get(await context.project(run.project));
}

/** The same for every run that a stop or a crash left between its comparison and its acceptance. */
export async function acceptWaiting(context: Context): Promise<void> {
  for (const run of await runsAwaitingDecision(context.db)) await acceptAutomatically(context, run);
}
