import type { RunCandidate, RunMode, RunStatus, Stage } from '@kaefer/contracts';
import type { StoredError } from '@kaefer/contracts/messages';
import type { Selectable } from 'kysely';
import type { Db } from './open-database.ts';
import type { RunsTable } from './schema.ts';
import { canMove, openStatuses } from './transitions.ts';

export interface MergedRows {
  readonly new: number;
  readonly updated: number;
  readonly unchanged: number;
}

export interface RunRecord {
  readonly id: string;
  readonly project: string;
  readonly mode: RunMode;
  readonly uploads: readonly string[];
  readonly status: RunStatus;
  readonly stage: Stage;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly current: number | null;
  /** The recommended one. */
  readonly candidate: number | null;
  /** In the order in which they were trained; a run of an older version has none listed. */
  readonly candidates: readonly RunCandidate[];
  readonly datasetVersion: number | null;
  readonly timings: Partial<Record<Stage, number>>;
  readonly merged: MergedRows | null;
  readonly error: StoredError | null;
}

export async function findRun(db: Db, id: string): Promise<RunRecord | undefined> {
  const row = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

export async function runsOfProject(db: Db, project: string, limit = 200): Promise<RunRecord[]> {
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .where('project', '=', project)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(fromRow);
}

/** The run that holds a project, if one does. */
export async function openRunOf(db: Db, project: string): Promise<RunRecord | undefined> {
  const row = await db
    .selectFrom('runs')
    .selectAll()
    .where('project', '=', project)
    .where('status', 'in', [...openStatuses])
    .executeTakeFirst();
  return row && fromRow(row);
}

export async function allRuns(db: Db): Promise<RunRecord[]> {
  return (await db.selectFrom('runs').selectAll().orderBy('created_at').execute()).map(fromRow);
}

/** Runs that were queued or under way, oldest first: what a restart goes on with. */
export async function unfinishedRuns(db: Db): Promise<RunRecord[]> {
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .where('status', 'in', ['queued', 'running'])
    .orderBy('created_at')
    .execute();
  return rows.map(fromRow);
}

export async function runsAwaitingDecision(db: Db): Promise<RunRecord[]> {
  const rows = await db.selectFrom('runs').selectAll().where('status', '=', 'awaiting_decision').execute();
  return rows.map(fromRow);
}

/** Inserts a new run, queued. */
export async function insertRun(
  db: Db,
  run: Pick<RunRecord, 'id' | 'project' | 'mode' | 'uploads' | 'createdBy' | 'createdAt' | 'current'>,
): Promise<void> {
  await restoreRun(db, {
    ...run,
    status: 'queued',
    stage: 'merge',
    startedAt: null,
    finishedAt: null,
    candidate: null,
    candidates: [],
    datasetVersion: null,
    timings: {},
    merged: null,
    error: null,
  });
}

/** Inserts a run in whatever state it is. */
export async function restoreRun(db: Db, run: RunRecord): Promise<void> {
  await db
    .insertInto('runs')
    .values({
      id: run.id,
      project: run.project,
      mode: run.mode,
      uploads: JSON.stringify(run.uploads),
      status: run.status,
      stage: run.stage,
      created_by: run.createdBy,
      created_at: run.createdAt,
      started_at: run.startedAt,
      finished_at: run.finishedAt,
      current: run.current,
      candidate: run.candidate,
      candidates: JSON.stringify((run as Partial<RunRecord>).candidates ?? []),
      dataset_version: run.datasetVersion,
      timings: JSON.stringify(run.timings),
      merged: run.merged && JSON.stringify(run.merged),
      error_code: run.error && run.error.code,
      error_parameters: run.error && JSON.stringify(run.error.parameters),
    })
    .execute();
}

export interface RunChanges {
  readonly stage?: Stage;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly candidate?: number;
  readonly candidates?: readonly RunCandidate[];
  readonly datasetVersion?: number;
  readonly timings?: Partial<Record<Stage, number>>;
  readonly merged?: MergedRows;
  readonly error?: StoredError;
}

/**
 * Moves a run from one state to another, if it is still in the first; tells whether it was.
 *
 * @throws Error when the transition table has no such move: a mistake in the program
 */
export async function moveRun(
  db: Db,
  id: string,
  from: RunStatus,
  to: RunStatus,
  changes: RunChanges = {},
): Promise<boolean> {
  if (!canMove(from, to)) throw new Error(`a run cannot go from ${from} to ${to}`);
  return update(db, id, from, { status: to, ...toColumns(changes) });
}

/** Records progress of a run that is still in a state; tells whether it was. */
export async function updateRun(
  db: Db,
  id: string,
  status: RunStatus,
  changes: RunChanges,
): Promise<boolean> {
  return update(db, id, status, toColumns(changes));
}

async function update(db: Db, id: string, from: RunStatus, columns: Partial<RunsTable>): Promise<boolean> {
  const result = await db
    .updateTable('runs')
    .set(columns)
    .where('id', '=', id)
    .where('status', '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function toColumns(changes: RunChanges): Partial<RunsTable> {
  return {
    ...(changes.stage === undefined ? {} : { stage: changes.stage }),
    ...(changes.startedAt === undefined ? {} : { started_at: changes.startedAt }),
    ...(changes.finishedAt === undefined ? {} : { finished_at: changes.finishedAt }),
    ...(changes.candidate === undefined ? {} : { candidate: changes.candidate }),
    ...(changes.candidates === undefined ? {} : { candidates: JSON.stringify(changes.candidates) }),
    ...(changes.datasetVersion === undefined ? {} : { dataset_version: changes.datasetVersion }),
    ...(changes.timings === undefined ? {} : { timings: JSON.stringify(changes.timings) }),
    ...(changes.merged === undefined ? {} : { merged: JSON.stringify(changes.merged) }),
    ...(changes.error === undefined
      ? {}
      : { error_code: changes.error.code, error_parameters: JSON.stringify(changes.error.parameters) }),
  };
}

function fromRow(row: Selectable<RunsTable>): RunRecord {
  return {
    id: row.id,
    project: row.project,
    mode: row.mode,
    uploads: JSON.parse(row.uploads) as string[],
    status: row.status,
    stage: row.stage,
    createdBy: row.created_by,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    current: row.current,
    candidate: row.candidate,
    candidates: row.candidates === null ? [] : (JSON.parse(row.candidates) as RunCandidate[]),
    datasetVersion: row.dataset_version,
    timings: JSON.parse(row.timings) as Partial<Record<Stage, number>>,
    merged: row.merged === null ? null : (JSON.parse(row.merged) as MergedRows),
    error:
      row.error_code === null
        ? null
        : {
            code: row.error_code,
            parameters: JSON.parse(row.error_parameters ?? '{}') as StoredError['parameters'],
          },
  };
}
