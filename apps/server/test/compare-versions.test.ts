import { ChampionPoint, Comparison } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ApiClient } from './support/api-client.ts';
import { dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { quickTraining, startedServer } from './support/started-server.ts';

type Task = keyof typeof withoutOtherTargets;
const rowsOf = (options: Parameters<typeof simulateRows>[0], task: Task): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets[task]);
const path = '/api/v1/projects/p/comparisons';
const compare = (api: ApiClient, current: number, candidate: number): Promise<Comparison> =>
  api.call(Comparison, 200, path, { json: { current, candidate } });

describe('any two versions', () => {
  test('are scored again on the holdout of today, whenever they were trained', async () => {
    const { api } = await startedServer();
    const creation = { name: 'p', task: 'binary', target: 'failed', key: 'id' } as const;
    await api.createProject({ ...creation, training: quickTraining });
    await api.learn('p', rowsOf({ count: 600 }, 'binary'));
    const second = await api.learn('p', rowsOf({ count: 600, first: 700, seed: 2, shift: 1 }, 'binary'));
    await api.learn('p', rowsOf({ count: 600, first: 1400, seed: 3, shift: 2 }, 'binary'));

    const whole = await compare(api, 1, 3);
    const stored = await api.comparison(second.id);
    expect(whole).toMatchObject({
      datasetVersion: 3,
      current: { model: { version: 1 } },
      candidate: { model: { version: 3 } },
      audit: { overlap: 0 },
    });
    // Model 1 was first compared when the holdout was a third of what it is today.
    expect(whole.holdout.rows).toBeGreaterThan(stored.holdout.rows);
    expect(whole.newRows?.rows).toBeGreaterThan(100);
    expect(whole.verdict.sentence).toMatch(/[Mm]odel 3.*model 1/);
    expect(whole.verdict.sentence).not.toMatch(/new model|current/);

    // The other way round, every difference turns, and what was the run's own comparison is found again.
    const turned = await compare(api, 3, 1);
    expect(turned.difference?.['auc']?.estimate).toBeCloseTo(-(whole.difference?.['auc']?.estimate ?? 0), 12);
    expect(turned.current?.metrics).toEqual(whole.candidate.metrics);
    const { items } = JSON.parse(await (await api.send('/api/v1/projects/p/runs')).text()) as {
      items: { id: string; candidate: number }[];
    };
    const last = await api.comparison(items.find(({ candidate }) => candidate === 3)?.id ?? '');
    const again = await compare(api, 2, 3);
    expect(again.difference).toEqual(last.difference);
    expect(again.candidate.curves).toEqual(last.candidate.curves);

    const champions = await api.call(
      z.object({ items: z.array(ChampionPoint) }),
      200,
      '/api/v1/projects/p/champions',
    );
    expect(champions.items.map(({ version, rows, choice }) => [version, rows, choice])).toEqual([
      [1, 600, 'candidate'],
      [2, 1200, 'candidate'],
      [3, 1800, 'candidate'],
    ]);
    expect(champions.items[2]?.metrics['recall']).toEqual({
      value: last.candidate.metrics['recall'],
      ...last.candidate.intervals['recall'],
    });
    expect(champions.items[2]?.metrics).not.toHaveProperty('threshold');
    expect(champions.items[2]?.metric).toEqual({
      name: 'auc',
      value: last.candidate.metrics['auc'],
      ...last.candidate.intervals['auc'],
    });
  });

  test('may know other classes than there are by now', async () => {
    const { api } = await startedServer();
    const creation = { name: 'p', task: 'multiclass', target: 'grade', key: 'id' } as const;
    await api.createProject({ ...creation, training: quickTraining });
    const first = rowsOf({ count: 900 }, 'multiclass');
    await api.learn(
      'p',
      first.filter(({ grade }) => grade !== 'high'),
    );
    await api.learn('p', first);
    const comparison = await compare(api, 2, 1);
    expect(comparison.classes).toHaveLength(3);
    expect(comparison.candidate.confusionMatrix).toHaveLength(3);
    expect(comparison.candidate.metrics['accuracy']).toBeLessThan(
      comparison.current?.metrics['accuracy'] ?? 0,
    );
    expect(comparison.disagreements?.rows.length).toBeGreaterThan(0);
  });

  test('must be two, and there', async () => {
    const { api } = await startedServer();
    await api.createProject({
      name: 'p',
      task: 'regression',
      target: 'minutes',
      key: 'id',
      training: quickTraining,
    });
    await api.refused('no_data', 422, path, { json: { current: 1, candidate: 2 } });
    await api.learn('p', rowsOf({ count: 400 }, 'regression'));
    await api.refused('same_model', 400, path, { json: { current: 1, candidate: 1 } });
    await api.refused('model_not_found', 404, path, { json: { current: 1, candidate: 9 } });
    await api.refused('invalid_request', 400, path, { json: { current: 1 } });
  });
});
