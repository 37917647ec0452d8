import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import type { Selectable } from 'kysely';
import type { Decision } from '@kaefer/contracts';
import { KaeferError } from '@kaefer/contracts/messages';
import { readJson, writeJsonDurably } from '../lake/durable.ts';
import { sha256OfFile } from '../lake/seal.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { publishDecision } from '../publish/publish-decision.ts';
import { publishRun } from '../publish/publish-run.ts';
import type { StoredComparison } from '../evaluate/stored-comparison.ts';
import type { Db } from '../state/open-database.ts';
import { findRun, moveRun, type RunRecord } from '../state/runs.ts';
import type { DecisionsTable } from '../state/schema.ts';

export interface Choice {
  readonly choice: 'candidate' | 'current';
  /** Which of several candidates. Default the recommended one. */
  readonly version?: number | undefined;
  readonly note: string | null;
  readonly by: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Nobody chose: the project accepts better models by itself. Default false. */
  readonly automatic?: boolean;
  /** The second person, in a project that asks for one. Default none. */
  readonly approvedBy?: string | null;
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
  made: Choice,
): Promise<Decision> {
  const run = await findRun(db, runId);
  if (run === undefined) throw new KaeferError('run_not_found', { run: runId });
  const before = await db.selectFrom('decisions').selectAll().where('run', '=', runId).executeTakeFirst();
  if (before !== undefined) return repeat(before, runId, made);
  const { status } = run;
  if (status !== 'awaiting_decision') throw new KaeferError('decision_not_possible', { run: runId, status });
  const decision = await describeDecision(db, folder, run, made);
  const won = await db.transaction().execute(async (transaction) => {
    if (!(await moveRun(transaction, runId, status, 'decided'))) return false;
    await recordDecision(transaction, decision);
    return true;
  });
  if (!won) return decideRun(db, folder, runId, made);
  publishDecision(folder, decision);
  publishRun(folder, { ...run, status: 'decided' });
  return toDecision(decision);
}

/**
 * What a choice for an evaluated run will be kept as.
 *
 * @throws KaeferError `decision_not_possible`, `no_current_choice`, `candidate_not_found`
 */
export async function describeDecision(
  db: Db,
  folder: ProjectFolder,
  run: RunRecord,
  { choice, version, note, by, at, automatic = false, approvedBy = null }: Choice,
): Promise<Selectable<DecisionsTable>> {
  const { id, project, current } = run;
  const candidate = candidateOf(run, version);
  // Keeping keeps what is in production now, also when a person changed that while the run waited.
  const kept = (await championOf(db, project)) ?? current;
  if (choice === 'current' && kept === null) throw new KaeferError('no_current_choice');
  const { comparison } = folder.model(candidate);
  const shown = readJson<StoredComparison>(comparison);
  return {
    id,
    project,
    run: id,
    choice,
    candidate,
    current,
    champion: choice === 'candidate' || kept === null ? candidate : kept,
    note,
    decided_by: by,
    decided_at: at,
    outcome: shown?.verdict.outcome ?? 'unknown',
    evidence: createHash('sha256').update(readFileSync(comparison)).digest('hex'),
    automatic: automatic ? 1 : 0,
    holdout: shown?.holdout.number ?? 1,
    approved_by: approvedBy,
  };
}

/**
 * The candidate of a run that is meant.
 *
 * @param version default the recommended one
 * @throws KaeferError `decision_not_possible`, `candidate_not_found`
 */
export function candidateOf(run: RunRecord, version: number | undefined): number {
  const { id, candidate, candidates, status } = run;
  if (candidate === null) throw new KaeferError('decision_not_possible', { run: id, status });
  const meant = version ?? candidate;
  const isOffered = candidates.some((one) => one.version === meant && one.trainingMs !== null);
  if (meant !== candidate && !isOffered)
    throw new KaeferError('candidate_not_found', { run: id, version: meant });
  return meant;
}

export async function championOf(db: Db, project: string): Promise<number | null> {
  const { champion } = await db
    .selectFrom('projects')
    .select('champion')
    .where('id', '=', project)
    .executeTakeFirstOrThrow();
  return champion;
}

/** A decision, the champion and the audit record, in the caller's transaction. */
export async function recordDecision(transaction: Db, decision: Selectable<DecisionsTable>): Promise<void> {
  const { project, champion, run, decided_at: at, decided_by: actor } = decision;
  await transaction.insertInto('decisions').values(decision).execute();
  await transaction.updateTable('projects').set({ champion }).where('id', '=', project).execute();
  const action = run === null ? 'champion' : 'decision';
  const detail = JSON.stringify(decision);
  await transaction.insertInto('audit').values({ at, actor, action, project, detail }).execute();
}

function repeat(made: Selectable<DecisionsTable>, run: string, { choice, version }: Choice): Decision {
  if (made.choice !== choice || (version !== undefined && made.candidate !== version))
    throw new KaeferError('decision_made', { run, choice: made.choice });
  return toDecision(made);
}

export interface ChampionChange {
  readonly id: string;
  readonly version: number;
  readonly note: string | null;
  readonly by: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The second person, in a project that asks for one. Default none. */
  readonly approvedBy?: string | null;
  /** With the model in production, as it was made for this choice; null where none was possible. Default none. */
  readonly comparison?: StoredComparison | null;
}

/**
 * Puts any model of the project into production, recorded like a decision, with the comparison that it rests on.
 *
 * @throws KaeferError `model_not_found`
 */
export async function changeChampion(
  db: Db,
  folder: ProjectFolder,
  project: string,
  change: ChampionChange,
): Promise<{ champion: number }> {
  const { version } = change;
  const model = await db
    .selectFrom('models')
    .select('run')
    .where('project', '=', project)
    .where('version', '=', version)
    .executeTakeFirst();
  if (model === undefined) throw new KaeferError('model_not_found', { version });
  const decision = await describeChampion(db, folder, project, change);
  await db.transaction().execute((transaction) => recordDecision(transaction, decision));
  publishDecision(folder, decision);
  return { champion: version };
}

/**
 * What putting a model into production from the list of models will be kept as. Its comparison is written first, so that no
 * decision names one that is not there; one with another model than that in production by now is left out.
 */
export async function describeChampion(
  db: Db,
  folder: ProjectFolder,
  project: string,
  { id, version, note, by, at, approvedBy = null, comparison = null }: ChampionChange,
): Promise<Selectable<DecisionsTable>> {
  const current = await championOf(db, project);
  const shown = comparison?.current?.model.version === current ? comparison : null;
  const place = folder.decisionComparison(id);
  if (shown !== null) {
    mkdirSync(folder.decisionComparisons, { recursive: true });
    writeJsonDurably(place, shown);
  }
  return {
    id,
    project,
    run: null,
    choice: 'rollback',
    candidate: version,
    current,
    champion: version,
    note,
    decided_by: by,
    decided_at: at,
    outcome: shown?.verdict.outcome ?? 'chosen_by_hand',
    evidence: shown === null ? '' : sha256OfFile(place),
    automatic: 0,
    holdout: shown === null ? null : (shown.holdout.number ?? 1),
    approved_by: approvedBy,
  };
}

export async function decisionOf(db: Db, run: string): Promise<Decision | undefined> {
  const row = await db.selectFrom('decisions').selectAll().where('run', '=', run).executeTakeFirst();
  return row && toDecision(row);
}

export function toDecision(row: Selectable<DecisionsTable>): Decision {
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
    automatic: row.automatic === 1,
    approvedBy: row.approved_by,
  };
}

/**
 * How many choices between two models were made on each of a project's holdouts, the first one first. A choice that rests on
 * no comparison did not look.
 */
export async function countLooks(db: Db, project: string): Promise<number[]> {
  const counted = await db
    .selectFrom('decisions')
    .select(['holdout', ({ fn }) => fn.countAll<number>().as('n')])
    .where('project', '=', project)
    .where('evidence', '!=', '')
    .where('current', 'is not', null)
    .groupBy('holdout')
    .execute();
  const looks: number[] = [];
  for (const { holdout, n } of counted) {
    const place = (holdout ?? 1) - 1;
    looks[place] = (looks[place] ?? 0) + Number(n);
  }
  return Array.from(looks, (count) => count ?? 0);
}
