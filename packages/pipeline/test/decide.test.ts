import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { changeChampion, countLooks, decideRun, decisionOf } from '../src/decide/decide.ts';
import { answerProposal, proposeRun } from '../src/decide/propose.ts';
import type { StoredComparison } from '../src/evaluate/stored-comparison.ts';
import { ProjectFolder } from '../src/lake/layout.ts';
import { publishMissingDecisions } from '../src/publish/publish-decision.ts';
import type { Db } from '../src/state/open-database.ts';
import { findProject } from '../src/state/projects.ts';
import { findRun, moveRun } from '../src/state/runs.ts';
import { addRun, at, testDatabase } from './database.ts';
import { testFolder } from './workspace.ts';

let db: Db;
let folder: ProjectFolder;
const comparison = JSON.stringify({ verdict: { outcome: 'better' }, holdout: {} });
const choice = (chosen: 'candidate' | 'current') => ({ choice: chosen, note: 'why', by: 'ana', at });

beforeEach(async () => {
  const path = testFolder();
  db = await testDatabase(path);
  folder = new ProjectFolder(path, 'p');
});

async function waitingRun(id: string, current: number | null, candidate: number): Promise<void> {
  await addRun(db, id, 'p', current);
  await moveRun(db, id, 'queued', 'running', { candidate });
  await moveRun(db, id, 'running', 'awaiting_decision');
  mkdirSync(folder.model(candidate).evaluation, { recursive: true });
  writeFileSync(folder.model(candidate).comparison, comparison);
}

const champion = async () => (await findProject(db, 'p'))?.champion;
const auditOf = () => db.selectFrom('audit').selectAll().execute();
const fileOf = (id: string): unknown => JSON.parse(readFileSync(folder.decision(id), 'utf8'));

describe('a decision', () => {
  test('is the champion, the audit record and a file, with the evidence that was shown', async () => {
    await waitingRun('run-1', 1, 2);
    const decision = await decideRun(db, folder, 'run-1', choice('candidate'));
    expect(decision).toEqual({
      run: 'run-1',
      project: 'p',
      choice: 'candidate',
      candidate: 2,
      current: 1,
      champion: 2,
      note: 'why',
      by: 'ana',
      at,
      outcome: 'better',
      evidence: createHash('sha256').update(comparison).digest('hex'),
      automatic: false,
      approvedBy: null,
    });
    expect(await champion()).toBe(2);
    expect((await findRun(db, 'run-1'))?.status).toBe('decided');
    expect(await auditOf()).toMatchObject([{ actor: 'ana', action: 'decision', project: 'p', at }]);
    expect(fileOf('run-1')).toMatchObject({ run: 'run-1', champion: 2, decided_by: 'ana' });
    expect(await decisionOf(db, 'run-1')).toEqual(decision);
  });

  test('made again is the first one; another one is refused', async () => {
    await waitingRun('run-1', 1, 2);
    const first = await decideRun(db, folder, 'run-1', choice('current'));
    expect(await decideRun(db, folder, 'run-1', { ...choice('current'), by: 'rui' })).toEqual(first);
    await expect(decideRun(db, folder, 'run-1', choice('candidate'))).rejects.toMatchObject({
      code: 'decision_made',
      parameters: { run: 'run-1', choice: 'current' },
    });
    expect(await champion()).toBe(1);
    expect(await auditOf()).toHaveLength(1);
  });

  test('of two people at once is one: the same choice agrees, the other is refused', async () => {
    await waitingRun('run-1', 1, 2);
    const answers = await Promise.allSettled(
      (['candidate', 'current', 'candidate', 'current'] as const).map((chosen) =>
        decideRun(db, folder, 'run-1', choice(chosen)),
      ),
    );
    const given = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.champion] : []));
    expect(given).toHaveLength(2);
    expect(new Set(given)).toEqual(new Set([await champion()]));
    expect(await auditOf()).toHaveLength(1);
  });

  test('is all or nothing: when one part fails, none is there, and it can be made afterwards', async () => {
    await waitingRun('run-1', 1, 2);
    await sql`CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END`.execute(
      db,
    );
    await expect(decideRun(db, folder, 'run-1', choice('candidate'))).rejects.toThrow('disk full');
    expect(await champion()).toBeNull();
    expect((await findRun(db, 'run-1'))?.status).toBe('awaiting_decision');
    expect(await decisionOf(db, 'run-1')).toBeUndefined();
    expect(existsSync(folder.decision('run-1'))).toBe(false);
    await sql`DROP TRIGGER broken`.execute(db);
    expect((await decideRun(db, folder, 'run-1', choice('candidate'))).champion).toBe(2);
  });

  test('needs a run that waits for one, and a current model to keep', async () => {
    await expect(decideRun(db, folder, 'run-0', choice('candidate'))).rejects.toMatchObject({
      code: 'run_not_found',
    });
    await waitingRun('run-1', null, 1);
    await expect(decideRun(db, folder, 'run-1', choice('current'))).rejects.toMatchObject({
      code: 'no_current_choice',
    });
    await moveRun(db, 'run-1', 'awaiting_decision', 'cancelled');
    await expect(decideRun(db, folder, 'run-1', choice('candidate'))).rejects.toMatchObject({
      code: 'decision_not_possible',
      parameters: { status: 'cancelled' },
    });
    await addRun(db, 'run-2');
    await expect(decideRun(db, folder, 'run-2', choice('candidate'))).rejects.toMatchObject({
      code: 'decision_not_possible',
      parameters: { status: 'queued' },
    });
  });
});

describe('the champion', () => {
  test('can be any model of the project, recorded like a decision', async () => {
    await db
      .insertInto('models')
      .values({
        project: 'p',
        version: 3,
        run: 'r',
        created_at: at,
        metrics: '{}',
        holdout_rows: 1,
        verdict: null,
      })
      .execute();
    const change = { id: 'change-1', version: 3, note: null, by: 'ana', at };
    expect(await changeChampion(db, folder, 'p', change)).toEqual({ champion: 3 });
    expect(await champion()).toBe(3);
    expect(await auditOf()).toMatchObject([{ action: 'champion', actor: 'ana' }]);
    expect(fileOf('change-1')).toMatchObject({ choice: 'rollback', champion: 3, run: null, evidence: '' });
    expect(await countLooks(db, 'p')).toEqual([]);

    const comparison = {
      current: { model: { version: 3 } },
      verdict: { outcome: 'worse' },
      holdout: { number: 2 },
    } as unknown as StoredComparison;
    await changeChampion(db, folder, 'p', { ...change, id: 'change-4', comparison });
    const sha256 = createHash('sha256').update(readFileSync(folder.decisionComparison('change-4')));
    expect(fileOf('change-4')).toMatchObject({
      outcome: 'worse',
      holdout: 2,
      evidence: sha256.digest('hex'),
    });
    expect(await countLooks(db, 'p')).toEqual([0, 1]);
    const other = { ...comparison, current: { model: { version: 1 } } } as unknown as StoredComparison;
    await changeChampion(db, folder, 'p', { ...change, id: 'change-5', comparison: other });
    expect(fileOf('change-5'), 'of another model than the one in production').toMatchObject({ evidence: '' });
    await expect(
      changeChampion(db, folder, 'p', { ...change, id: 'change-2', version: 9 }),
    ).rejects.toMatchObject({
      code: 'model_not_found',
      parameters: { version: 9 },
    });
    await expect(changeChampion(db, folder, 'q', { ...change, id: 'change-3' })).rejects.toMatchObject({
      code: 'model_not_found',
    });
  });
});

describe('after a crash between a decision and its file', () => {
  test('the missing files are written, and those that are there are left alone', async () => {
    await waitingRun('run-1', 1, 2);
    await decideRun(db, folder, 'run-1', choice('candidate'));
    await waitingRun('run-2', 2, 3);
    await decideRun(db, folder, 'run-2', choice('current'));
    const before = readFileSync(folder.decision('run-1'), 'utf8');
    rmSync(folder.decision('run-1'));
    writeFileSync(folder.decision('run-2'), 'as it was');
    await publishMissingDecisions(db, () => folder);
    expect(readFileSync(folder.decision('run-1'), 'utf8')).toBe(before);
    expect(readFileSync(folder.decision('run-2'), 'utf8')).toBe('as it was');
  });
});

describe('of several candidates', () => {
  const note = 'why';
  const proposed = { note, by: 'ana', person: 'ana-1', at };
  const reply = { reason: null, by: 'rui', person: 'rui-1', at };

  beforeEach(async () => {
    await addRun(db, 'run-1', 'p', 1);
    const candidates = [
      { version: 2, mode: 'incremental', trainingMs: 5 },
      { version: 3, mode: 'full', trainingMs: 9 },
      { version: 4, mode: 'refresh', trainingMs: null },
    ] as const;
    await moveRun(db, 'run-1', 'queued', 'running', { candidate: 2, candidates });
    await moveRun(db, 'run-1', 'running', 'awaiting_decision');
    for (const { version } of candidates) {
      mkdirSync(folder.model(version).evaluation, { recursive: true });
      writeFileSync(
        folder.model(version).comparison,
        JSON.stringify({ verdict: { outcome: `of ${version}` }, holdout: {} }),
      );
    }
  });

  test('the one that was chosen is proposed, and goes into production once a second person agrees', async () => {
    const { version } = await proposeRun(db, folder, 'run-1', proposed, 3);
    expect(version).toBe(3);
    expect(await champion()).toBeNull();
    await answerProposal(db, folder, 'p', 'run-1', { ...reply, answer: 'approve' });
    expect(await champion()).toBe(3);
    const approved = { candidate: 3, champion: 3, outcome: 'of 3', by: 'ana', approvedBy: 'rui' };
    expect(await decisionOf(db, 'run-1')).toMatchObject(approved);
    expect(fileOf('run-1')).toMatchObject({ candidate: 3, champion: 3 });
  });

  test('another one may be proposed after the first was rejected; without a version it is the recommended one', async () => {
    await proposeRun(db, folder, 'run-1', proposed, 3);
    await answerProposal(db, folder, 'p', 'run-1', { ...reply, answer: 'reject' });
    expect((await proposeRun(db, folder, 'run-1', proposed)).version).toBe(2);
    await answerProposal(db, folder, 'p', 'run-1', { ...reply, answer: 'approve' });
    expect(await champion()).toBe(2);
  });

  test('none that the run did not train is proposed or chosen', async () => {
    for (const version of [1, 4]) {
      const refused = { code: 'candidate_not_found', parameters: { run: 'run-1', version } };
      await expect(proposeRun(db, folder, 'run-1', proposed, version)).rejects.toMatchObject(refused);
      await expect(decideRun(db, folder, 'run-1', { ...choice('candidate'), version })).rejects.toMatchObject(
        refused,
      );
    }
    expect((await findRun(db, 'run-1'))?.status).toBe('awaiting_decision');
    expect(await auditOf()).toEqual([]);
  });
});
