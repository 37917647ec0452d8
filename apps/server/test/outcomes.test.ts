import { parse } from 'csv-parse/sync';
import { Outcomes, PredictionAnswer, type ModelOutcomes } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import type { ApiClient } from './support/api-client.ts';
import { KilledSite } from './support/killed-site.ts';
import { csvOf, dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { quickTraining, startedServer } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const creation = {
  name: 'p',
  task: 'binary',
  target: 'failed',
  positive: 'yes',
  key: 'id',
  training: quickTraining,
} as const;
const rowsOf = (options: Parameters<typeof simulateRows>[0]): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets.binary);
const known = rowsOf({ count: 500, seed: 1 });
const coming = rowsOf({ count: 120, first: 1001, seed: 2 });

const outcomesOf = async (api: ApiClient): Promise<ModelOutcomes[]> =>
  (await api.call(Outcomes, 200, '/api/v1/projects/p/outcomes')).items;
const predict = async (api: ApiClient, rows: readonly Row[]): Promise<string[]> => {
  const { predictions } = await api.call(PredictionAnswer, 200, '/api/v1/projects/p/predictions', {
    json: { rows },
  });
  return predictions.map(({ label }) => String(label));
};
const withoutOutcome = (rows: readonly Row[]): Row[] => dropColumns(rows, ['failed']);

interface Pair {
  readonly key: string;
  readonly model: string;
  readonly label: string;
  readonly outcome: string;
}

/** Figures worked out from the file that a person can download. */
function figuresOf(pairs: readonly Pair[]): Record<string, number> {
  const count = (isMeant: (pair: Pair) => boolean): number => pairs.filter(isMeant).length;
  const positives = count(({ outcome }) => outcome === 'yes');
  const found = count(({ outcome, label }) => outcome === 'yes' && label === 'yes');
  return {
    recall: found / positives,
    precision: found / count(({ label }) => label === 'yes'),
    accuracy: count(({ outcome, label }) => outcome === label) / pairs.length,
  };
}

describe('outcomes', () => {
  test('of new records are compared with their last prediction once they are in the data', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    await api.learn('p', known);
    expect(await outcomesOf(api)).toEqual([]);

    // Half by records, half by a file; some whose outcome the data holds already, and some without a key.
    const [byRecord, byFile] = [coming.slice(0, 60), coming.slice(60)];
    await predict(api, [{ ...withoutOutcome(byRecord)[0], torque: 0, station: 0 }]);
    const labels = await predict(api, withoutOutcome(byRecord));
    await predict(api, [...withoutOutcome(known.slice(0, 20)), ...dropColumns(coming.slice(0, 5), ['id'])]);
    const scored = await api.text('/api/v1/projects/p/predictions.csv', {
      csv: csvOf(withoutOutcome([...byFile, ...known.slice(20, 40)])),
    });
    const waiting = {
      model: 1,
      predicted: 120,
      known: 0,
      positives: null,
      first: null,
      last: null,
      metrics: {},
    };
    expect(await outcomesOf(api)).toEqual([waiting]);

    const run = await api.runToDecision('p', [(await api.upload('p', coming.slice(0, 100))).id]);
    await api.decide(run.id, 'current');
    await predict(api, withoutOutcome(coming.slice(0, 30)));
    const [outcomes] = await outcomesOf(api);
    expect(outcomes).toMatchObject({ model: 1, predicted: 120, known: 100 });

    const csv = await api.text('/api/v1/projects/p/outcomes.csv');
    const pairs = parse<Pair>(csv, { columns: true });
    expect(pairs.map(({ key }) => key)).toEqual(coming.map(({ id }) => id));
    const scoredRows = parse<{ id: string; label: string }>(scored, { columns: true });
    const said = new Map([
      ...byRecord.map(({ id }, index): [unknown, string] => [id, labels[index] ?? '']),
      ...scoredRows.map(({ id, label }): [unknown, string] => [id, label]),
    ]);
    for (const [index, { key, label, outcome }] of pairs.entries()) {
      expect(label, key).toBe(said.get(key));
      expect(outcome, key).toBe(index < 100 ? coming[index]?.['failed'] : '');
    }
    const figures = figuresOf(pairs.slice(0, 100));
    for (const [name, value] of Object.entries(figures))
      expect(outcomes?.metrics[name], name).toBeCloseTo(value, 12);
    expect(outcomes?.positives).toBe(coming.slice(0, 100).filter((row) => row['failed'] === 'yes').length);
  });

  test('follow the data: taking a file out takes its outcomes back', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    await api.learn('p', known);
    await predict(api, withoutOutcome(coming));
    const upload = await api.upload('p', coming);
    const run = await api.runToDecision('p', [upload.id]);
    await api.decide(run.id, 'current');
    expect(await outcomesOf(api)).toMatchObject([{ known: 120 }]);
    await api.send(`/api/v1/uploads/${upload.id}/undo`, { method: 'POST' });
    expect(await outcomesOf(api)).toMatchObject([{ predicted: 120, known: 0 }]);
  });

  test('need a key; a number is compared by its distance', async () => {
    const { api } = await startedServer();
    const rows = dropColumns(simulateRows({ count: 400 }), withoutOtherTargets.regression);
    await api.createProject({
      name: 'no key',
      task: 'regression',
      target: 'minutes',
      training: quickTraining,
    });
    await api.learn('no-key', dropColumns(rows, ['id']));
    expect(await api.call(Outcomes, 200, '/api/v1/projects/no-key/outcomes')).toEqual({ items: [] });
    await api.refused('no_key', 409, '/api/v1/projects/no-key/outcomes.csv');

    await api.createProject({
      name: 'p',
      task: 'regression',
      target: 'minutes',
      key: 'id',
      training: quickTraining,
    });
    await api.learn('p', rows.slice(0, 300));
    const labels = await predict(api, dropColumns(rows.slice(300), ['minutes']));
    const run = await api.runToDecision('p', [(await api.upload('p', rows.slice(300))).id]);
    await api.decide(run.id, 'current');
    const [outcomes] = await outcomesOf(api);
    const distances = rows
      .slice(300)
      .map((row, index) => Math.abs(Number(row['minutes']) - Number(labels[index])));
    expect(outcomes?.metrics['mae']).toBeCloseTo(distances.reduce((a, b) => a + b) / distances.length, 6);
  });

  test('a kill loses no prediction that was in the journal, and none counts twice', async () => {
    const site = new KilledSite(temporaryFolder(), 'p');
    let api = await site.start();
    await api.createProject(creation);
    await api.learn('p', known);
    await predict(api, withoutOutcome(coming.slice(0, 50)));
    expect(await outcomesOf(api)).toMatchObject([{ predicted: 50 }]);
    await predict(api, withoutOutcome(coming.slice(50)));
    await site.stop();
    api = await site.start();
    // Killed while it is asked: what was moved to the lake and what was not are both found again.
    const asked = outcomesOf(api).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    await site.kill();
    await asked;
    api = await site.start();
    expect(await outcomesOf(api)).toMatchObject([{ predicted: 120, known: 0 }]);
  });
});
