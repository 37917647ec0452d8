import { KaeferError } from '@kaefer/contracts/messages';
import type { Proposal } from '@kaefer/contracts';
import type { Selectable } from 'kysely';
import type { ProjectFolder } from '../lake/layout.ts';
import type { StoredComparison } from '../evaluate/stored-comparison.ts';
import { publishDecision } from '../publish/publish-decision.ts';
import { publishProposal } from '../publish/publish-proposal.ts';
import { publishRun } from '../publish/publish-run.ts';
import type { Db } from '../state/open-database.ts';
import { findRun, moveRun } from '../state/runs.ts';
import type { AuditTable, ProposalsTable } from '../state/schema.ts';
import { candidateOf, describeChampion, describeDecision, recordDecision } from './decide.ts';

type ProposalRow = Selectable<ProposalsTable>;

/** A choice that a second person must agree to. */
export interface Proposed {
  readonly note: string | null;
  readonly by: string;
  /** Id of the person; null for the token and the machine's own link. */
  readonly person: string | null;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/**
 * Proposes a run's candidate for production: the run waits for a second person from then on.
 *
 * @param wanted which of several candidates; default the recommended one
 * @throws KaeferError `run_not_found`, `decision_not_possible`, `candidate_not_found`, `proposal_pending`
 */
export async function proposeRun(
  db: Db,
  folder: ProjectFolder,
  runId: string,
  proposed: Proposed,
  wanted?: number,
): Promise<Proposal> {
  const run = await findRun(db, runId);
  if (run === undefined) throw new KaeferError('run_not_found', { run: runId });
  const { project, status } = run;
  if (status !== 'awaiting_decision') throw new KaeferError('decision_not_possible', { run: runId, status });
  const version = candidateOf(run, wanted);
  const row = await db.transaction().execute(async (transaction) => {
    await requireNoneOpen(transaction, project);
    if (!(await moveRun(transaction, runId, status, 'awaiting_approval')))
      throw new KaeferError('decision_not_possible', { run: runId, status });
    return insertProposal(transaction, { id: runId, project, run: runId, version }, proposed);
  });
  publishProposal(folder, row);
  publishRun(folder, { ...run, status: 'awaiting_approval' });
  return toProposal(row);
}

/**
 * Proposes any model of the project for production.
 *
 * @throws KaeferError `model_not_found`, `proposal_pending`
 */
export async function proposeChampion(
  db: Db,
  folder: ProjectFolder,
  project: string,
  { id, version }: { readonly id: string; readonly version: number },
  proposed: Proposed,
): Promise<Proposal> {
  const row = await db.transaction().execute(async (transaction) => {
    await requireNoneOpen(transaction, project);
    return insertProposal(transaction, { id, project, run: null, version }, proposed);
  });
  publishProposal(folder, row);
  return toProposal(row);
}

/** A second person's answer. */
export interface ProposalReply {
  readonly answer: 'approve' | 'reject';
  readonly reason: string | null;
  readonly by: string;
  readonly person: string | null;
  readonly at: string;
}

/**
 * Approves or rejects a proposal. Approving needs somebody who signed in by a name and is not who proposed; it makes the
 * decision, in one transaction with the proposal. Rejecting gives a run back to be decided; whoever proposed may do it, too.
 * The same answer again is answered with the first.
 *
 * @param compare compares a model, chosen from the list, with the one in production; null where that is not possible. Default: never
 * @throws KaeferError `proposal_not_found`, `proposal_answered`, `second_person_needed`
 */
export async function answerProposal(
  db: Db,
  folder: ProjectFolder,
  project: string,
  id: string,
  reply: ProposalReply,
  compare: (version: number) => Promise<StoredComparison | null> = () => Promise.resolve(null),
): Promise<Proposal> {
  const before = await latestProposal(db, project, id);
  if (before === undefined) throw new KaeferError('proposal_not_found', { proposal: id });
  const state = reply.answer === 'approve' ? 'approved' : 'rejected';
  if (before.state !== 'open') {
    if (before.state !== state) throw new KaeferError('proposal_answered', { state: before.state });
    return toProposal(before);
  }
  if (state === 'approved' && (reply.person === null || reply.person === before.person))
    throw new KaeferError('second_person_needed', { by: before.proposed_by });
  const { by: answered_by, at: answered_at, reason } = reply;
  const row: ProposalRow = { ...before, state, answered_by, answered_at, reason };
  const run = before.run === null ? undefined : await findRun(db, before.run);
  const decision = state === 'approved' ? await decisionFor(db, folder, row, compare) : undefined;
  const won = await db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('proposals')
      .set({ state, answered_by, answered_at, reason })
      .where('id', '=', row.id)
      .where('round', '=', row.round)
      .where('state', '=', 'open')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    if (run !== undefined) await moveRun(transaction, run.id, 'awaiting_approval', statusAfter[state]);
    if (decision !== undefined) await recordDecision(transaction, decision);
    const [, answer] = auditOfProposal(row);
    if (answer !== undefined) await transaction.insertInto('audit').values(answer).execute();
    return true;
  });
  if (!won) return answerProposal(db, folder, project, id, reply, compare);
  publishProposal(folder, row);
  if (decision !== undefined) publishDecision(folder, decision);
  if (run !== undefined) publishRun(folder, { ...run, status: statusAfter[state] });
  return toProposal(row);
}

const statusAfter = { approved: 'decided', rejected: 'awaiting_decision' } as const;

async function decisionFor(
  db: Db,
  folder: ProjectFolder,
  row: ProposalRow,
  compare: (version: number) => Promise<StoredComparison | null>,
) {
  const { id, project, version, note, proposed_by: by, answered_by: approvedBy } = row;
  const at = row.answered_at ?? '';
  if (row.run === null) {
    const comparison = await compare(version);
    return describeChampion(db, folder, project, { id, version, note, by, at, approvedBy, comparison });
  }
  const run = await findRun(db, row.run);
  if (run === undefined) throw new KaeferError('run_not_found', { run: row.run });
  return describeDecision(db, folder, run, { choice: 'candidate', version, note, by, at, approvedBy });
}

/** The proposal of a project that waits for an answer, if one does. */
export async function openProposal(db: Db, project: string): Promise<Proposal | undefined> {
  const row = await db
    .selectFrom('proposals')
    .selectAll()
    .where('project', '=', project)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return row && toProposal(row);
}

/** What was proposed for a run last. */
export async function proposalOfRun(db: Db, project: string, run: string): Promise<Proposal | undefined> {
  const row = await latestProposal(db, project, run);
  return row && toProposal(row);
}

async function latestProposal(db: Db, project: string, id: string): Promise<ProposalRow | undefined> {
  return db
    .selectFrom('proposals')
    .selectAll()
    .where('project', '=', project)
    .where('id', '=', id)
    .orderBy('round', 'desc')
    .executeTakeFirst();
}

async function requireNoneOpen(db: Db, project: string): Promise<void> {
  const open = await openProposal(db, project);
  if (open !== undefined) throw new KaeferError('proposal_pending', { version: open.version, by: open.by });
}

async function insertProposal(
  transaction: Db,
  what: Pick<ProposalRow, 'id' | 'project' | 'run' | 'version'>,
  { note, by, person, at }: Proposed,
): Promise<ProposalRow> {
  const row: ProposalRow = {
    ...what,
    round: ((await latestProposal(transaction, what.project, what.id))?.round ?? 0) + 1,
    note,
    proposed_by: by,
    person,
    proposed_at: at,
    state: 'open',
    answered_by: null,
    answered_at: null,
    reason: null,
  };
  await transaction.insertInto('proposals').values(row).execute();
  for (const entry of auditOfProposal(row)) await transaction.insertInto('audit').values(entry).execute();
  return row;
}

/** What the audit says of a proposal: when it was made, and how it was answered, if it was. */
export function auditOfProposal(row: ProposalRow): Omit<Selectable<AuditTable>, 'id'>[] {
  const { id, round, project, version, note, state, reason } = row;
  const entry = (action: string, at: string, actor: string, detail: object) => ({
    at,
    actor,
    action,
    project,
    detail: JSON.stringify({ id, round, version, ...detail }),
  });
  return [
    entry('proposed', row.proposed_at, row.proposed_by, { note }),
    ...(row.answered_at === null
      ? []
      : [entry(state, row.answered_at, row.answered_by ?? 'unknown', { reason })]),
  ];
}

function toProposal(row: ProposalRow): Proposal {
  return {
    id: row.id,
    project: row.project,
    run: row.run,
    version: row.version,
    note: row.note,
    by: row.proposed_by,
    person: row.person,
    at: row.proposed_at,
    state: row.state,
    answeredBy: row.answered_by,
    answeredAt: row.answered_at,
    reason: row.reason,
  };
}
