import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ChampionAnswer,
  Choosing,
  Invitation,
  Person,
  PendingDecision,
  Proposal,
  Session,
} from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ApiClient } from './support/api-client.ts';
import { Browser, browserOf, invite } from './support/browser.ts';
import { databaseRows } from './support/database-rows.ts';
import { dropColumns, simulateRows, withoutOtherTargets } from './support/rows.ts';
import { ServerProcess } from './support/server-process.ts';
import { binaryProject, startedServer, token } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const rows = dropColumns(simulateRows({ count: 600 }), withoutOtherTargets.binary);

describe('people', () => {
  test('sign in by a link that works once, by a name that nobody else ever has, until their access ends', async () => {
    const { api, server } = await startedServer();
    const invitation = await invite(api, ' Ana  Souza ');
    expect(invitation.person).toMatchObject({ name: 'Ana Souza', role: 'operator', createdBy: 'token' });
    const ana = await browserOf(server.address, invitation);
    const { id } = invitation.person;
    expect(await ana.call(Session, 200, '/api/v1/session')).toEqual({
      user: 'Ana Souza',
      via: 'link',
      role: 'operator',
      person: id,
    });
    const again = await new ApiClient(server.address, null).send(invitation.path);
    expect(again.headers.get('location')).toBe('/?sign-in=expired');
    for (const name of ['ana souza', 'ANA SOUZA', 'token', 'Automatic'])
      await api.refused('person_exists', 409, '/api/v1/people', { json: { name } });
    const other = await api.call(Invitation, 201, `/api/v1/people/${id}/invitations`, { method: 'POST' });
    const elsewhere = await browserOf(server.address, other);
    const unused = await api.call(Invitation, 201, `/api/v1/people/${id}/invitations`, { method: 'POST' });

    await api.call(Person, 200, `/api/v1/people/${id}`, { method: 'DELETE' });
    for (const browser of [ana, elsewhere]) await browser.refused('unauthorized', 401, '/api/v1/session');
    const late = await new ApiClient(server.address, null).send(unused.path);
    expect(late.headers.get('location')).toBe('/?sign-in=expired');
    await api.refused('person_not_found', 404, `/api/v1/people/${id}`, { method: 'DELETE' });
    await api.refused('person_not_found', 404, `/api/v1/people/${id}/invitations`, { method: 'POST' });
    await api.refused('person_exists', 409, '/api/v1/people', { json: { name: 'Ana Souza' } });
  });

  test('who are operators work with what is there; engineers define it', async () => {
    const { api, server } = await startedServer();
    const operator = await browserOf(server.address, await invite(api, 'Ana'));
    const engineer = await browserOf(server.address, await invite(api, 'Bruno', 'engineer'));
    await operator.refused('not_allowed', 403, '/api/v1/projects', { json: binaryProject });
    await engineer.createProject(binaryProject);
    const run = await operator.learn('p', rows);
    expect((await api.run(run.id)).decision).toMatchObject({ by: 'Ana' });
    const settings = '/api/v1/projects/p/settings';
    await operator.changeSettings('p', { exclude: ['shop'] });
    for (const json of [{ costs: null }, { choosing: {} }, { exclude: [], training: {} }])
      await operator.refused('not_allowed', 403, settings, { method: 'PATCH', json });
    await operator.refused('not_allowed', 403, '/api/v1/projects/p/champion', {
      method: 'PUT',
      json: { version: 1 },
    });
    await operator.refused('not_allowed', 403, '/api/v1/projects/p/dataset/restore', {
      json: { version: 1 },
    });
    await operator.refused('not_allowed', 403, `/api/v1/uploads/${run.uploads[0]}/undo`, { method: 'POST' });
    for (const method of ['PUT', 'DELETE'] as const)
      await operator.refused('not_allowed', 403, '/api/v1/projects/p/feeds/daily', { method });
    for (const path of ['people', 'people/x/invitations'])
      await operator.refused('not_allowed', 403, `/api/v1/${path}`, { method: 'POST', json: { name: 'x' } });
    await operator.refused('not_allowed', 403, '/api/v1/people');
    await engineer.changeSettings('p', { choosing: Choosing.parse({ margin: 0.01 }) });
    expect(
      (await engineer.call(z.object({ items: z.array(Person) }), 200, '/api/v1/people')).items,
    ).toHaveLength(2);
  });
});

const answerTo = (api: ApiClient, id: string, answer: 'approve' | 'reject', reason?: string) =>
  api.call(Proposal, 200, `/api/v1/projects/p/proposals/${id}/answer`, { json: { answer, reason } });
const propose = (api: ApiClient, run: string) =>
  api.call(PendingDecision, 202, `/api/v1/runs/${run}/decision`, {
    json: { choice: 'candidate', note: 'finds more' },
  });

/** A project that asks for two people, with a run that waits. */
async function waitingProject(address: string) {
  const api = new ApiClient(address, token);
  const ana = await browserOf(address, await invite(api, 'Ana'));
  const bia = await browserOf(address, await invite(api, 'Bia'));
  await api.createProject({ ...binaryProject, choosing: Choosing.parse({ secondApprover: true }) });
  const upload = await api.upload('p', rows);
  const run = await api.runToDecision('p', [upload.id]);
  return { api, ana, bia, run: run.id };
}

describe('a project that asks for a second person', () => {
  test('changes the model in production only when another one has approved', async () => {
    const { server } = await startedServer();
    const { api, ana, bia, run } = await waitingProject(server.address);
    const pending = await propose(ana, run);
    expect(pending).toMatchObject({ champion: null, proposal: { by: 'Ana', version: 1, state: 'open' } });
    expect(await api.run(run)).toMatchObject({ status: 'awaiting_approval', decision: null });
    expect(await api.project('p')).toMatchObject({ champion: null, waitingRun: run, proposal: { id: run } });
    const path = `/api/v1/projects/p/proposals/${run}/answer`;
    for (const client of [ana, api])
      await client.refused('second_person_needed', 403, path, { json: { answer: 'approve' } });
    await bia.refused('decision_not_possible', 409, `/api/v1/runs/${run}/decision`, {
      json: { choice: 'current' },
    });
    await api.refused('run_not_cancellable', 409, `/api/v1/runs/${run}/cancel`, { method: 'POST' });
    await api.refused('run_in_progress', 409, '/api/v1/projects/p/runs', { json: { uploads: [] } });

    expect(await answerTo(bia, run, 'reject', 'too few rows')).toMatchObject({
      state: 'rejected',
      answeredBy: 'Bia',
    });
    expect(await api.run(run)).toMatchObject({
      status: 'awaiting_decision',
      proposal: { reason: 'too few rows' },
    });
    await propose(ana, run);
    expect(await answerTo(bia, run, 'approve', 'seen')).toMatchObject({ state: 'approved', reason: 'seen' });
    expect(await answerTo(bia, run, 'approve')).toMatchObject({ reason: 'seen' });
    await ana.refused('proposal_answered', 409, path, { json: { answer: 'reject' } });
    const { status, decision } = await api.run(run);
    expect(status).toBe('decided');
    expect(decision).toMatchObject({ by: 'Ana', approvedBy: 'Bia', note: 'finds more', champion: 1 });
    expect((await api.project('p')).champion).toBe(1);
    const page = await (await api.send(`/api/v1/runs/${run}/evidence.html`)).text();
    expect(page).toContain('Approved by Bia.');
    // The same choice again is answered with what was decided.
    expect(await ana.decide(run, 'candidate')).toMatchObject({ approvedBy: 'Bia' });
  });

  test('asks for one, too, when a model is chosen from the list, and not when the current one stays', async () => {
    const { server, dataDir } = await startedServer();
    const { api, ana, bia, run } = await waitingProject(server.address);
    await propose(ana, run);
    await answerTo(bia, run, 'approve');
    const second = await api.runToDecision('p', []);
    expect(await ana.decide(second.id, 'current')).toMatchObject({ champion: 1, approvedBy: null });
    const json = { version: 2 };
    const { champion, proposal } = await api.call(ChampionAnswer, 202, '/api/v1/projects/p/champion', {
      method: 'PUT',
      json,
    });
    expect([champion, proposal]).toMatchObject([1, { version: 2, run: null, by: 'token' }]);
    await api.refused('proposal_pending', 409, '/api/v1/projects/p/champion', { method: 'PUT', json });
    const third = await api.runToDecision('p', []);
    await ana.refused('proposal_pending', 409, `/api/v1/runs/${third.id}/decision`, {
      json: { choice: 'candidate' },
    });
    expect(await answerTo(ana, proposal!.id, 'approve')).toMatchObject({ answeredBy: 'Ana' });
    expect((await api.project('p')).champion).toBe(2);
    const decisions = join(dataDir, 'lake/projects/p/decisions');
    for (const name of ['.json', '.html', '.pdf'].map((ending) => `${proposal!.id}${ending}`))
      expect(existsSync(join(decisions, name))).toBe(true);
    expect(existsSync(join(decisions, `comparisons/${proposal!.id}.json`))).toBe(true);
    await api.refused('proposal_not_found', 404, '/api/v1/projects/p/proposals/nothing/answer', {
      json: { answer: 'approve' },
    });
  });

  test('loses neither people nor proposals, answered or not, in a crash or with the database', async () => {
    const dataDir = temporaryFolder();
    const settings = { KAFER_TOKEN: token };
    let server = await ServerProcess.start(dataDir, settings);
    const { ana, bia, run } = await waitingProject(server.address);
    await propose(ana, run);
    await answerTo(bia, run, 'reject', 'not yet');
    await propose(ana, run);
    const lake = join(dataDir, 'lake');
    const people = ['Ana', 'Bia'];
    const place = (round: number): string => join(lake, `projects/p/proposals/${run}-${round}.json`);
    /** Without the seal: the order of what is in the file does not matter. */
    const stateOf = (round: number): unknown => {
      const { _sha256, ...proposal } = JSON.parse(readFileSync(place(round), 'utf8')) as Record<
        string,
        unknown
      >;
      return proposal;
    };
    const written = [1, 2].map(stateOf);
    const newer = readFileSync(place(2));
    // Killed before a file could be written, or while the older state was there.
    await server.kill();
    rmSync(place(2));
    writeFileSync(place(1), newer);
    rmSync(join(lake, 'people'), { recursive: true });
    server = await ServerProcess.start(dataDir, settings);
    expect([1, 2].map(stateOf)).toEqual(written);
    await server.stop();
    const before = databaseRows(dataDir);
    rmSync(join(dataDir, 'kaefer.db'));
    server = await ServerProcess.start(dataDir, settings);
    const api = new ApiClient(server.address, token);
    expect(await api.run(run)).toMatchObject({ status: 'awaiting_approval', proposal: { state: 'open' } });
    const { items } = await api.call(z.object({ items: z.array(Person) }), 200, '/api/v1/people');
    expect(items.map(({ name }) => name).sort()).toEqual(people);
    await server.stop();
    expect(withoutIds(databaseRows(dataDir))).toEqual(withoutIds(before));
    server = await ServerProcess.start(dataDir, settings);
    // Sign-ins are not in the lake: who was in comes in by another link.
    await new Browser(server.address, bia.cookie).refused('unauthorized', 401, '/api/v1/session');
    const link = `/api/v1/people/${items.find(({ name }) => name === 'Bia')!.id}/invitations`;
    const engineer = new ApiClient(server.address, token);
    const invited = await engineer.call(Invitation, 201, link, { method: 'POST' });
    const again = await browserOf(server.address, invited);
    await answerTo(again, run, 'approve');
    expect((await again.project('p')).champion).toBe(1);
    await server.stop();
  });
});

/** The audit's numbers are given anew, in the order of time. */
function withoutIds(tables: Record<string, unknown[]>): Record<string, unknown[]> {
  const audit = (tables['audit'] as { id: number; at: string; action: string }[]).map(
    ({ id: _id, ...entry }) => entry,
  );
  return { ...tables, audit: audit.sort((a, b) => `${a.at}${a.action}`.localeCompare(`${b.at}${b.action}`)) };
}
