import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Holdout } from '@kaefer/contracts';
import { rebuildDatabase, verifyLake } from '@kaefer/pipeline/maintain';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ApiClient } from './support/api-client.ts';
import { browserOf, invite } from './support/browser.ts';
import { databaseRows } from './support/database-rows.ts';
import { dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { ServerProcess } from './support/server-process.ts';
import { binaryProject, quickTraining, startedServer, token } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const rowsOf = (first: number, count: number, seed = first + 1): Row[] =>
  dropColumns(simulateRows({ first, count, seed }), withoutOtherTargets.binary);

const Holdouts = z.object({ items: z.array(Holdout) });
const path = '/api/v1/projects/p/holdouts';
const listed = async (api: ApiClient): Promise<Holdout[]> => (await api.call(Holdouts, 200, path)).items;
const begin = async (api: ApiClient, json: object = {}): Promise<Holdout[]> =>
  (await api.call(Holdouts, 201, path, { json })).items;
const statesOf = (holdouts: readonly Holdout[]) => holdouts.map(({ number, state }) => [number, state]);

/** Sends rows and retrains on them; the run waits. */
async function compared(api: ApiClient, rows: readonly Row[]) {
  const upload = await api.upload('p', rows);
  const { id } = await api.runToDecision('p', [upload.id]);
  const csv = await api.text(`/api/v1/runs/${id}/holdout.csv`);
  const keys = csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.slice(1, 8)));
  return { id, keys, comparison: await api.comparison(id) };
}

describe('a fresh holdout', () => {
  test('is made of test rows that came after it was asked for, and used when they are enough', async () => {
    const { api, server } = await startedServer();
    await api.createProject(binaryProject);
    await api.refused('no_data', 422, path, { json: {} });
    await api.learn('p', rowsOf(0, 600));
    const first = await compared(api, rowsOf(600, 100));
    await api.decide(first.id, 'current');
    expect(await listed(api)).toMatchObject([
      { number: 1, state: 'used', rows: first.keys.length, needed: 0, looks: 1, startedBy: null },
    ]);

    const operator = await browserOf(server.address, await invite(api, 'Ana'));
    await operator.refused('not_allowed', 403, path, {
      json: {},
      headers: { origin: server.address },
    });
    await api.refused('invalid_request', 400, path, { json: { rows: 3 } });
    expect(await begin(api, { rows: 50, note: 'much was chosen' })).toMatchObject([
      {
        number: 2,
        state: 'collecting',
        rows: 0,
        rarer: 0,
        needed: 50,
        startedBy: 'token',
        note: 'much was chosen',
      },
      { number: 1, state: 'used', rows: first.keys.length },
    ]);
    await api.refused('holdout_collecting', 409, path, { json: {} });

    // Too few have come: models are compared on the earlier ones, of which some have other values now.
    const few = await compared(api, [...rowsOf(650, 50, 9), ...rowsOf(700, 60)]);
    expect(few.keys.sort()).toEqual(first.keys.sort());
    const { collecting, number } = few.comparison.holdout;
    expect([number, collecting?.needed]).toEqual([1, 50]);
    expect(collecting?.rows).toBeGreaterThan(0);
    await api.decide(few.id, 'candidate');

    const enough = await compared(api, rowsOf(760, 500));
    expect(enough.comparison.holdout).toMatchObject({ number: 2, looks: 0, collecting: null });
    expect(enough.comparison.audit.overlap).toBe(0);
    expect(enough.keys.length).toBeGreaterThanOrEqual(50);
    expect(enough.keys.filter((key) => key < 700)).toEqual([]);
    expect(enough.keys.filter((key) => key < 760)).toHaveLength(collecting?.rows ?? 0);
    await api.decide(enough.id, 'candidate');
    const both = await listed(api);
    expect(statesOf(both)).toEqual([
      [2, 'used'],
      [1, 'retired'],
    ]);
    expect(both.map(({ looks, rows }) => [looks, rows])).toEqual([
      [1, enough.keys.length],
      [2, first.keys.length],
    ]);
    // A third one leaves out the rows of both.
    await begin(api, { rows: 50 });
    const third = await compared(api, rowsOf(1260, 500));
    expect(third.comparison.holdout.number).toBe(3);
    expect(third.keys.filter((key) => key < 1260)).toEqual([]);
    await api.cancel(third.id);
  });

  test('holds nothing that was looked at before, also when it had been taken out in between', async () => {
    const { api } = await startedServer();
    await api.createProject(binaryProject);
    await api.learn('p', rowsOf(0, 600));
    const sent = await api.upload('p', rowsOf(600, 300));
    const run = await api.runToDecision('p', [sent.id]);
    await api.decide(run.id, 'current');
    await api.send(`/api/v1/uploads/${sent.id}/undo`, { method: 'POST' });
    await begin(api, { rows: 50 });
    const again = await compared(api, [...rowsOf(600, 300), ...rowsOf(900, 400)]);
    expect(again.comparison.holdout.number).toBe(2);
    expect(again.keys.filter((key) => key < 900)).toEqual([]);
    expect(again.keys.length).toBeGreaterThan(0);
  });

  test('is in the lake: the database can be made anew, models reproduce their scores, a crash leaves it whole', async () => {
    const dataDir = temporaryFolder();
    const settings = { KAFER_TOKEN: token };
    let server = await ServerProcess.start(dataDir, settings);
    let api = new ApiClient(server.address, token);
    await api.createProject({
      ...binaryProject,
      task: 'regression',
      target: 'minutes',
      training: quickTraining,
    });
    const minutes = (first: number, count: number): Row[] =>
      dropColumns(simulateRows({ first, count, seed: first + 1 }), withoutOtherTargets.regression);
    await api.learn('p', minutes(0, 400));
    await begin(api, { rows: 60 });
    const fresh = await compared(api, minutes(400, 500));
    expect(fresh.comparison.holdout.number).toBe(2);
    await api.decide(fresh.id, 'candidate');
    // A start that was killed before the settings named it.
    const stop = begin(api, { rows: 70 }).catch(() => undefined);
    await server.kill();
    await stop;
    // What a kill in the middle of writing a list leaves.
    const halfMade = join(dataDir, 'lake/projects/p/holdouts/.holdout-000000000000000000.part');
    mkdirSync(halfMade, { recursive: true });
    server = await ServerProcess.start(dataDir, settings);
    api = new ApiClient(server.address, token);
    expect(existsSync(halfMade)).toBe(false);
    const states = statesOf(await listed(api));
    expect(states.slice(-2)).toEqual([
      [2, 'used'],
      [1, 'retired'],
    ]);
    await server.stop();
    const before = databaseRows(dataDir);
    expect((await verifyLake(dataDir)).damages).toEqual([]);
    await rebuildDatabase(dataDir);
    expect(databaseRows(dataDir)).toEqual(before);
  });
});
