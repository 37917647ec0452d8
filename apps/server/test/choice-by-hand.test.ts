import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChampionAnswer, ChampionPoint, Comparison } from '@kaefer/contracts';
import { verifyLake } from '@kaefer/pipeline/maintain';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { html } from '../src/evidence/html.ts';
import { ApiClient } from './support/api-client.ts';
import { dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { ServerProcess } from './support/server-process.ts';
import { quickTraining, token } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const rowsOf = (options: Parameters<typeof simulateRows>[0]): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets.binary);

interface Kept {
  readonly id: string;
  readonly run: string | null;
  readonly choice: string;
  readonly outcome: string;
  readonly evidence: string;
  readonly holdout: number | null;
}

/** The decisions from the list of models, by the files in the lake, the oldest first. */
function choicesIn(decisions: string): Kept[] {
  return readdirSync(decisions)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(decisions, name), 'utf8')) as Kept & { decided_at: string })
    .filter(({ run }) => run === null)
    .sort((a, b) => (a.decided_at < b.decided_at ? -1 : 1));
}

const sha256Of = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('a model that is chosen from the list', () => {
  test('is compared with the one in production, and the choice keeps what it rests on', async () => {
    const dataDir = temporaryFolder();
    let server = await ServerProcess.start(dataDir, { KAFER_TOKEN: token });
    let api = new ApiClient(server.address, token);
    const decisions = join(dataDir, 'lake/projects/p/decisions');
    const choose = (version: number): Promise<ChampionAnswer> =>
      api.call(ChampionAnswer, 200, '/api/v1/projects/p/champion', { method: 'PUT', json: { version } });
    const creation = { name: 'p', task: 'binary', target: 'failed', key: 'id' } as const;
    await api.createProject({ ...creation, training: quickTraining });
    await api.learn('p', rowsOf({ count: 600 }));
    await api.learn('p', rowsOf({ count: 600, first: 700, seed: 2, shift: 1 }));
    const wanted = await api.call(Comparison, 200, '/api/v1/projects/p/comparisons', {
      json: { current: 2, candidate: 1 },
    });
    expect(wanted.holdout.looks).toBe(1);

    expect(await choose(1)).toEqual({ champion: 1, proposal: null });
    const [made] = choicesIn(decisions);
    if (made === undefined) throw new Error('the choice was not kept');
    const comparison = join(decisions, `comparisons/${made.id}.json`);
    expect(made).toMatchObject({
      choice: 'rollback',
      outcome: wanted.verdict.outcome,
      evidence: sha256Of(comparison),
      holdout: 1,
    });
    const kept = JSON.parse(readFileSync(comparison, 'utf8')) as Comparison;
    expect([kept.current?.model.version, kept.candidate.model.version]).toEqual([2, 1]);
    expect(kept.difference).toEqual(wanted.difference);
    const page = readFileSync(join(decisions, `${made.id}.html`), 'utf8');
    expect(page).toContain(html`${wanted.verdict.sentence}`.markup);
    expect(page).toContain('Model 1 was put into production');
    expect(page).toContain('Chosen model (1)');
    expect(page).toContain(`decisions/comparisons/${made.id}.json of the lake, SHA-256 ${made.evidence}`);
    expect(page).not.toMatch(/new model/i);
    expect(existsSync(join(decisions, `${made.id}.pdf`))).toBe(true);

    // The choice looked at the holdout; the same model again is no choice between two.
    await choose(1);
    expect(choicesIn(decisions)[1]).toMatchObject({ outcome: 'chosen_by_hand', evidence: '', holdout: null });
    await choose(2);
    const last = await api.call(Comparison, 200, '/api/v1/projects/p/comparisons', {
      json: { current: 2, candidate: 1 },
    });
    expect(last.holdout.looks).toBe(3);

    const champions = z.object({ items: z.array(ChampionPoint) });
    const { items } = await api.call(champions, 200, '/api/v1/projects/p/champions');
    expect(items.map(({ version, choice }) => [version, choice])).toEqual([
      [1, 'candidate'],
      [2, 'candidate'],
      [1, 'by_hand'],
      [1, 'by_hand'],
      [2, 'by_hand'],
    ]);
    expect(items[2]).toMatchObject({
      rows: 1200,
      holdoutRows: wanted.holdout.rows,
      metric: { name: 'auc', value: wanted.candidate.metrics['auc'], ...wanted.candidate.intervals['auc'] },
    });
    expect(items[3]).toMatchObject({ holdoutRows: 0, metric: { value: null, low: null, high: null } });

    // All of it is there again from the lake alone; pages that are missing are written again, in their language.
    await server.stop();
    expect((await verifyLake(dataDir)).damages).toEqual([]);
    rmSync(join(dataDir, 'kaefer.db'));
    rmSync(join(decisions, `${made.id}.pdf`));
    writeFileSync(join(decisions, 'comparisons/decision-never-made.json'), '{\n}\n');
    server = await ServerProcess.start(dataDir, { KAFER_TOKEN: token });
    api = new ApiClient(server.address, token);
    expect((await api.call(champions, 200, '/api/v1/projects/p/champions')).items).toEqual(items);
    expect(existsSync(join(decisions, `${made.id}.pdf`))).toBe(true);
    expect(readdirSync(join(decisions, 'comparisons'))).toHaveLength(2);
    await server.stop();

    writeFileSync(comparison, readFileSync(comparison, 'utf8').replace('"rows": ', '"rows": 1'));
    expect((await verifyLake(dataDir)).damages).toMatchObject([
      { project: 'p', part: `decisions/comparisons/${made.id}.json`, kind: 'altered' },
    ]);
  });
});
