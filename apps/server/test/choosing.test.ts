import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { ChampionPoint, Choosing, Model } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ApiClient } from './support/api-client.ts';
import { dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { ServerProcess } from './support/server-process.ts';
import { binaryProject, startedServer, token } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const rowsOf = (options: Parameters<typeof simulateRows>[0]): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets.binary);
/** Everything that the outcome depends on: without it a model knows nothing. */
const strong = ['torque', 'shop', 'reworked'];
const automatic = Choosing.parse({ automatic: { fewestRows: 100, fewestPositives: 10 } });

/** A first model that knows nothing, and the run of one that may learn all. */
async function runOfBetterModel(api: ApiClient, choosing: Choosing): Promise<string> {
  await api.createProject({ ...binaryProject, exclude: strong });
  await api.learn('p', rowsOf({ count: 1500 }));
  await api.changeSettings('p', { exclude: [], choosing });
  return (await api.startRun('p', [])).id;
}

describe('a project that accepts better models by itself', () => {
  test('puts one into production and says that nobody chose it', async () => {
    const { api, dataDir } = await startedServer();
    const id = await runOfBetterModel(api, automatic);
    const run = await api.untilRun(id, ({ status }) => status === 'decided');
    expect(run.decision).toMatchObject({ by: 'automatic', automatic: true, champion: 2, outcome: 'better' });
    expect((await api.project('p')).champion).toBe(2);
    const model = await api.call(Model, 200, '/api/v1/projects/p/models/2');
    expect(model.chosen).toMatchObject({ by: 'automatic', automatic: true });
    const { automatic: acceptance } = await api.comparison(id);
    expect(acceptance?.accepted).toBe(true);
    expect(acceptance?.checks.map(({ name, passed }) => [name, passed])).toEqual([
      ['better', true],
      ['rows', true],
      ['positives', true],
      ['looks', true],
      ['audit', true],
    ]);
    const page = await (await api.send(`/api/v1/runs/${id}/evidence.html`)).text();
    expect(page).toContain('accepted by itself');
    for (const kind of ['html', 'pdf', 'json'])
      expect(existsSync(join(dataDir, `lake/projects/p/decisions/${id}.${kind}`))).toBe(true);
  });

  test('leaves to a person what is not as good as asked for, a first model, and what comes after it was told not to', async () => {
    const { api } = await startedServer();
    await api.createProject({ ...binaryProject, exclude: strong, choosing: automatic });
    const first = await api.upload('p', rowsOf({ count: 1500 }));
    const alone = await api.runToDecision('p', [first.id]);
    expect((await api.comparison(alone.id)).automatic?.accepted).toBe(false);
    await api.decide(alone.id, 'candidate');
    const many = Choosing.parse({ automatic: { fewestRows: 100_000, fewestPositives: 10 } });
    await api.changeSettings('p', { exclude: [], choosing: many });
    const few = await api.runToDecision('p', []);
    const { automatic: acceptance, verdict } = await api.comparison(few.id);
    expect(verdict.outcome).toBe('better');
    expect(acceptance?.checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(['rows']);
    await api.decide(few.id, 'current');
    await api.changeSettings('p', { choosing: Choosing.parse({}) });
    const asked = await api.runToDecision('p', []);
    const comparison = await api.comparison(asked.id);
    expect(comparison.automatic).toBeNull();
    expect(comparison.holdout.looks, 'the choice between two models, not the first').toBe(1);
  });

  test('does so after a crash between the comparison and the choice, unless it was told not to', async () => {
    const dataDir = temporaryFolder();
    const settings = { KAFER_TOKEN: token };
    let server = await ServerProcess.start(dataDir, settings);
    const id = await runOfBetterModel(new ApiClient(server.address, token), automatic);
    await new ApiClient(server.address, token).untilRun(id, ({ status }) => status === 'decided');
    /** As a kill would have left it. */
    const takeBack = async (): Promise<void> => {
      await server.kill();
      const database = new Database(join(dataDir, 'kaefer.db'));
      database.prepare('DELETE FROM decisions WHERE run = ?').run(id);
      database.prepare(`UPDATE runs SET status = 'awaiting_decision' WHERE id = ?`).run(id);
      database.prepare('UPDATE projects SET champion = 1').run();
      database.close();
      for (const kind of ['html', 'pdf', 'json'])
        rmSync(join(dataDir, `lake/projects/p/decisions/${id}.${kind}`), { force: true }); // the kill may have come first
    };
    await takeBack();
    server = await ServerProcess.start(dataDir, settings);
    let api = new ApiClient(server.address, token);
    expect((await api.project('p')).champion).toBe(2);
    expect((await api.run(id)).decision).toMatchObject({ automatic: true });
    await api.changeSettings('p', { choosing: Choosing.parse({}) });
    await takeBack();
    server = await ServerProcess.start(dataDir, settings);
    api = new ApiClient(server.address, token);
    expect((await api.project('p')).champion).toBe(1);
    expect((await api.run(id)).status).toBe('awaiting_decision');
    await api.decide(id, 'candidate');
    await server.stop();
    rmSync(join(dataDir, 'kaefer.db'));
    server = await ServerProcess.start(dataDir, settings);
    api = new ApiClient(server.address, token);
    expect((await api.run(id)).decision).toMatchObject({ automatic: false, by: 'token', champion: 2 });
    expect((await api.project('p')).choosing).toEqual(Choosing.parse({}));
    await server.stop();
  });
});

describe('what counts as better', () => {
  test('is larger than the margin, and within the limits', async () => {
    const { api } = await startedServer();
    const id = await runOfBetterModel(api, Choosing.parse({ margin: 0.6 }));
    await api.untilRun(id);
    const small = await api.comparison(id);
    expect(small.difference!['auc']!.low).toBeGreaterThan(0);
    expect(small.verdict).toMatchObject({ outcome: 'no_clear_difference', margin: 0.6 });
    expect(small.verdict.sentence).toContain('may be smaller than what matters to this project');
    await api.decide(id, 'current');
    await api.changeSettings('p', { choosing: Choosing.parse({ mostBytes: 1, mostMicroseconds: 0.0001 }) });
    const { id: next } = await api.runToDecision('p', []);
    const costly = await api.comparison(next);
    expect(costly.verdict.outcome).toBe('no_clear_difference');
    expect(costly.verdict.sentence).toContain('it is larger than this project allows');
    expect(costly.verdict.sentence).toContain('it takes longer for a record');
    const { bytes } = await api.call(Model, 200, '/api/v1/projects/p/models/3');
    expect(costly.cost!.candidate.bytes).toBe(bytes);
    expect(costly.cost!.candidate.microseconds).toBeGreaterThan(0);
  });

  test('goes by the metric that the project asks for, from the next run on', async () => {
    const { api } = await startedServer();
    const id = await runOfBetterModel(api, Choosing.parse({ metric: 'logLoss' }));
    await api.untilRun(id);
    const comparison = await api.comparison(id);
    expect(comparison.difference!['logLoss']!.high).toBeLessThan(0);
    expect(comparison.verdict).toMatchObject({ outcome: 'better', metric: 'logLoss' });
    expect(comparison.verdict.sentence).toContain('By log loss, the difference is larger than chance');
    expect((await api.project('p')).choosing.metric).toBe('logLoss');
    await api.decide(id, 'candidate');
    const page = await (await api.send(`/api/v1/runs/${id}/evidence.html`)).text();
    expect(page).toContain(comparison.verdict.sentence);
    const champions = z.object({ items: z.array(ChampionPoint) });
    const { items } = await api.call(champions, 200, '/api/v1/projects/p/champions');
    expect(items.at(-1)?.metric).toMatchObject({
      name: 'logLoss',
      value: comparison.candidate.metrics['logLoss'],
    });
  });

  test('cannot be asked for so that nothing would come of it', async () => {
    const { api } = await startedServer();
    await api.createProject(binaryProject);
    const change = { method: 'PATCH' } as const;
    const path = '/api/v1/projects/p/settings';
    for (const choosing of [{ margin: -1 }, { automatic: {}, unknown: 1 }, { mostMicroseconds: 0 }])
      await api.refused('invalid_request', 400, path, { ...change, json: { choosing } });
    const both = { ...automatic, secondApprover: true };
    await api.refused('project_invalid', 400, path, { ...change, json: { choosing: both } });
    const ofNumbers = { choosing: { metric: 'rmse' } };
    await api.refused('project_invalid', 400, path, { ...change, json: ofNumbers });
    await api.refused('invalid_request', 400, path, { ...change, json: { choosing: { metric: 'luck' } } });
    await api.refused('project_invalid', 400, '/api/v1/projects', {
      json: { ...binaryProject, name: 'q', task: 'multiclass', choosing: { metric: 'brier' } },
    });
  });
});
