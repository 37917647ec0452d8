import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Selectable } from 'kysely';
import type { Decision } from '@kaefer/contracts';
import { KaeferError } from '@kaefer/contracts/messages';
import { readJson } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { publishDecision } from '../publish/publish-decision.ts';
import { publishRun } from '../publish/publish-run.ts';
import type { StoredComparison } from '../evaluate/stored-comparison.ts';
import type { Db } from '../state/open-database.ts';
import { findRun } from '../state/runs.ts';
import type { DecisionsTable } from '../state/schema.ts';

export interface Choice {
  readonly choice: 'candidate' | 'current';
  /** Which of several candidates. Default the recommended one. */
  readonly version?: number | undefined;
  readonly note: string | null;
  readonly by: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/**
 * Records a person's choice for a run: the decision, the champion and the audit record in one transaction, then the
 * decision's file in the lake. The same choice again answers with the first; another one is refused.
 *
 * @throws KaeferError `run_not_found`, `decision_not_possible`, `decision_made`, `no_current_choice`, `candidate_not_found`
 */
export async function decideRun(
  db: Db,
  folder: ProjectFolder,
  runId: string,
  { choice, version, note, by, at }: Choice,
): Promise<Decision> {
  const run = await findRun(db, runId);
  if (run === undefined) throw new KaeferError('run_not_found', { run: runId });
  const made = await db.selectFrom('decisions').selectAll().where('run', '=', runId).executeTakeFirst();
  if (made !== undefined) return repeat(made, runId, choice, version);
  if (run.status !== 'awaiting_decision' || run.candidate === null) {
    throw new KaeferError('decision_not_possible', { run: runId, status: run.status });
  }
  // Keeping keeps what is in production now, also when a person changed that while the run waited.
  const project = await db
    .selectFrom('projects')
    .select('champion')
    .where('id', '=', run.project)
    .executeTakeFirstOrThrow();
  const kept = project.champion ?? run.current;
  if (choice === 'current' && kept === null) throw new KaeferError('no_current_choice');
  const chosen = version ?? run.candidate;
  const offered = [run.candidate, ...run.candidates.filter(isTrained).map((one) => one.version)];
  if (!offered.includes(chosen))
    throw new KaeferError('candidate_not_found', { run: runId, version: chosen });
  const champion = choice === 'candidate' || kept === null ? chosen : kept;
  const comparison = folder.model(chosen).comparison;
  const decision: Selectable<DecisionsTable> = {
    id: runId,
    project: run.project,
    run: runId,
    choice,
    candidate: chosen,
    current: run.current,
    champion,
    note,
    decided_by: by,
    decided_at: at,
    outcome: readJson<StoredComparison>(comparison)?.verdict.outcome ?? 'unknown',
    evidence: createHash('sha256').update(readFileSync(comparison)).digest('hex'),
  };
  const won = await db.transaction().execute(async (transaction) => {
    const moved = await transaction
      .updateTable('runs')
      .set({ status: 'decided' })
      .where('id', '=', runId)
      .where('status', '=', 'awaiting_decision')
      .executeTakeFirst();
    if (moved.numUpdatedRows === 0n) return false;
    await transaction.insertInto('decisions').values(decision).execute();
    await transaction.updateTable('projects').set({ champion }).where('id', '=', run.project).execute();
    await transaction
      .insertInto('audit')
      .values({ at, actor: by, action: 'decision', project: run.project, detail: JSON.stringify(decision) })
      .execute();
    return true;
  });
  if (!won) return decideRun(db, folder, runId, { choice, version, note, by, at });
  publishDecision(folder, decision);
  publishRun(folder, { ...run, status: 'decided' });
  return toDecision(decision);
}

const isTrained = ({ trainingMs }: { readonly trainingMs: number | null }): boolean => trainingMs !== null;

function repeat(
  made: Selectable<DecisionsTable>,
  run: string,
  choice: Choice['choice'],
  version: number | undefined,
): Decision {
  if (made.choice !== choice || (version !== undefined && made.candidate !== version))
    throw new KaeferError('decision_made', { run, choice: made.choice });
  return toDecision(made);
}

/**
 * Puts any model of the project into production, recorded like a decision.
 *
 * @throws KaeferError `model_not_found`
 */
export async function changeChampion(
  db: Db,
  folder: ProjectFolder,
  project: string,
  change: {
    readonly id: string;
    readonly version: number;
    readonly note: string | null;
    readonly by: string;
    readonly at: string;
  },
): Promise<{ champion: number }> {
  const { version } = change;
  const model = await db
    .selectFrom('models')
    .select('run')
    .where('project', '=', project)
    .where('version', '=', version)
    .executeTakeFirst();
  if (model === undefined) throw new KaeferError('model_not_found', { version });
  const before = await db
    .selectFrom('projects')
    .select('champion')
    .where('id', '=', project)
    .executeTakeFirstOrThrow();
  const decision: Selectable<DecisionsTable> = {
    id: change.id,
    project,
    run: null,
    choice: 'rollback',
    candidate: version,
    current: before.champion,
    champion: version,
    note: change.note,
    decided_by: change.by,
    decided_at: change.at,
    outcome: 'chosen_by_hand',
    evidence: '',
  };
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('decisions').values(decision).execute();
    await transaction.updateTable('projects').set({ champion: version }).where('id', '=', project).execute();
    await transaction
      .insertInto('audit')
      .values({
        at: change.at,
        actor: change.by,
        action: 'champion',
        project,
        detail: JSON.stringify(decision),
      })
      .execute();
  });
  publishDecision(folder, decision);
  return { champion: version };
}

export async function decisionOf(db: Db, run: string): Promise<Decision | undefined> {
  const row = await db.selectFrom('decisions').selectAll().where('run', '=', run).executeTakeFirst();
  return row && toDecision(row);
}

function toDecision(row: Selectable<DecisionsTable>): Decision {
  return {
    run: row.run ?? row.id,
    project: row.project,
    choice: row.choice === 'current' ? 'current' : 'candidate',
    candidate: row.candidate,
    current: row.current,
    champion: row.champion,
    note: row.note,
    by: row.decided_by,
    at: row.decided_at,
    outcome: row.outcome,
    evidence: row.evidence,
  };
}
