import { join } from 'node:path';
import { RunStatus } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { migrations } from '../src/state/migrations.ts';
import { openDatabase } from '../src/state/open-database.ts';
import {
  allProjects,
  findProject,
  insertProject,
  setClasses,
  setProjectReady,
} from '../src/state/projects.ts';
import { findRun, moveRun, openRunOf, runsOfProject, unfinishedRuns, updateRun } from '../src/state/runs.ts';
import { canMove, openStatuses, transitions } from '../src/state/transitions.ts';
import { addRun, definitionOf, testDatabase } from './database.ts';
import { testFolder } from './workspace.ts';

const states = RunStatus.options;
const allowed: [RunStatus, RunStatus][] = [
  ['queued', 'running'],
  ['queued', 'cancelled'],
  ['queued', 'failed'],
  ['running', 'awaiting_decision'],
  ['running', 'failed'],
  ['running', 'cancelled'],
  ['awaiting_decision', 'awaiting_approval'],
  ['awaiting_approval', 'awaiting_decision'],
  ['awaiting_approval', 'decided'],
  ['awaiting_decision', 'decided'],
  ['awaiting_decision', 'cancelled'],
];

/** Moves that bring a new run into a state. */
const pathTo: Record<RunStatus, readonly RunStatus[]> = {
  queued: [],
  running: ['running'],
  awaiting_decision: ['running', 'awaiting_decision'],
  awaiting_approval: ['running', 'awaiting_decision', 'awaiting_approval'],
  decided: ['running', 'awaiting_decision', 'decided'],
  failed: ['failed'],
  cancelled: ['cancelled'],
};

describe('a run', () => {
  test('can make the moves of the table and no others', async () => {
    const db = await testDatabase();
    let number = 0;
    for (const from of states) {
      for (const to of states) {
        const id = `run-${++number}`;
        await addRun(db, id);
        let state: RunStatus = 'queued';
        for (const next of pathTo[from]) {
          expect(await moveRun(db, id, state, next)).toBe(true);
          state = next;
        }
        const isAllowed = allowed.some(([a, b]) => a === from && b === to);
        expect([from, to, canMove(from, to)]).toEqual([from, to, isAllowed]);
        if (isAllowed) expect(await moveRun(db, id, from, to)).toBe(true);
        else await expect(moveRun(db, id, from, to)).rejects.toThrow(`from ${from} to ${to}`);
        expect((await findRun(db, id))?.status).toBe(isAllowed ? to : from);
        await db.deleteFrom('runs').where('id', '=', id).execute();
      }
    }
    expect(Object.keys(transitions).sort()).toEqual([...states].sort());
    for (const status of states)
      expect(transitions[status].length === 0).toBe(!openStatuses.includes(status));
  });

  test('moves only from the state that the mover believes it to be in; of two movers one wins', async () => {
    const db = await testDatabase();
    await addRun(db, 'run-1');
    const won = await Promise.all([
      moveRun(db, 'run-1', 'queued', 'running', { startedAt: 'now' }),
      moveRun(db, 'run-1', 'queued', 'cancelled'),
    ]);
    expect(won.filter(Boolean)).toHaveLength(1);
    const { status } = (await findRun(db, 'run-1')) ?? {};
    expect(status).toBe(won[0] ? 'running' : 'cancelled');
    expect(await moveRun(db, 'run-1', 'awaiting_decision', 'decided')).toBe(false);
    expect(await updateRun(db, 'run-1', 'awaiting_decision', { candidate: 3 })).toBe(false);
    expect(await moveRun(db, 'run-none', 'queued', 'running')).toBe(false);
  });

  test('keeps everything that is recorded of it', async () => {
    const db = await testDatabase();
    await addRun(db, 'run-1', 'p', 4);
    await moveRun(db, 'run-1', 'queued', 'running', { startedAt: 's' });
    const changes = {
      stage: 'train',
      candidate: 5,
      datasetVersion: 9,
      timings: { merge: 12, prepare: 3 },
      merged: { new: 1, updated: 2, unchanged: 3 },
    } as const;
    expect(await updateRun(db, 'run-1', 'running', changes)).toBe(true);
    const error = { code: 'too_few_rows', parameters: { rows: 3, minimum: 20 } } as const;
    await moveRun(db, 'run-1', 'running', 'failed', { error, finishedAt: 'f' });
    expect(await findRun(db, 'run-1')).toMatchObject({
      ...changes,
      status: 'failed',
      project: 'p',
      mode: 'full',
      uploads: ['u1'],
      current: 4,
      startedAt: 's',
      finishedAt: 'f',
      error,
    });
  });
});

describe('a project', () => {
  test('has one open run at most: the database refuses a second', async () => {
    const db = await testDatabase();
    await addRun(db, 'run-1');
    const steps = [
      ['queued', 'running'],
      ['running', 'awaiting_decision'],
      ['awaiting_decision', 'decided'],
    ] as const;
    for (const [from, to] of steps) {
      await expect(addRun(db, 'run-2')).rejects.toThrow(/UNIQUE/);
      expect((await openRunOf(db, 'p'))?.id).toBe('run-1');
      await moveRun(db, 'run-1', from, to);
    }
    expect(await openRunOf(db, 'p')).toBeUndefined();
    await addRun(db, 'run-2');
    await addRun(db, 'run-3', 'q');
    expect((await unfinishedRuns(db)).map(({ id }) => id).sort()).toEqual(['run-2', 'run-3']);
    expect((await runsOfProject(db, 'p')).map(({ id }) => id)).toEqual(['run-2', 'run-1']);
  });

  test('is found by id and by name, is made once, and remembers its outcomes', async () => {
    const db = await testDatabase();
    expect(await insertProject(db, { ...definitionOf('r'), name: 'Project p' }, 'ready')).toBe(false);
    expect(await insertProject(db, definitionOf('p'), 'ready')).toBe(false);
    expect(await insertProject(db, definitionOf('r'), 'preparing')).toBe(true);
    expect((await findProject(db, 'r'))?.status).toBe('preparing');
    await setProjectReady(db, 'r');
    await setClasses(db, 'r', ['no', "it's"]);
    expect(await findProject(db, 'Project r')).toEqual({
      definition: definitionOf('r'),
      classes: ['no', "it's"],
      champion: null,
      status: 'ready',
    });
    expect((await allProjects(db)).map(({ definition }) => definition.id).sort()).toEqual(['p', 'q', 'r']);
    expect(await findProject(db, "x' OR '1'='1")).toBeUndefined();
  });
});

describe('the state database', () => {
  test('is migrated once, keeps its rows when it is opened again, also by two at once', async () => {
    const folder = testFolder();
    const first = await testDatabase(folder);
    await addRun(first, 'run-1');
    const path = join(folder, 'state', 'kaefer.db');
    const [second, third] = await Promise.all([openDatabase(path), openDatabase(path)]);
    expect((await findRun(second, 'run-1'))?.status).toBe('queued');
    const applied = await third
      .selectFrom('migrations' as 'audit')
      .selectAll()
      .execute();
    expect(applied).toHaveLength(migrations.length);
    await second.destroy();
    await third.destroy();
  });

  test('refuses rows of projects that do not exist', async () => {
    const db = await testDatabase();
    await expect(addRun(db, 'run-1', 'nowhere')).rejects.toThrow(/FOREIGN KEY/);
  });
});
