import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Candidates,
  Comparison,
  Decision,
  Model,
  PredictionAnswer,
  Project,
  Reproduction,
  Run,
  RunProgress,
} from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { parseStrictly, type ApiClient } from './support/api-client.ts';
import { expectDataset, MirroredTable } from './support/mirrored-table.ts';
import { readCsv } from './support/read-csv.ts';
import { recomputeMulticlass, recomputeRegression } from './support/recompute.ts';
import { dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { quickTraining, startedServer } from './support/started-server.ts';

type Task = keyof typeof withoutOtherTargets;
const rowsOf = (options: Parameters<typeof simulateRows>[0], task: Task = 'binary'): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets[task]);
const creation = { name: 'p', task: 'binary', target: 'failed', key: 'id', training: quickTraining } as const;
/** Trains for as long as a test needs to do something meanwhile. */
const longTraining = { ...quickTraining, rounds: 5000 };

describe('tasks', () => {
  test('several classes: every figure recomputed', async () => {
    const { api } = await startedServer();
    await api.createProject({ ...creation, task: 'multiclass', target: 'grade' });
    await api.learn('p', rowsOf({ count: 800 }, 'multiclass'));
    const next = await api.upload('p', rowsOf({ count: 500, first: 2001, seed: 2 }, 'multiclass'));
    const run = await api.runToDecision('p', [next.id]);
    const comparison = await api.comparison(run.id);
    const holdout = readCsv(await api.text(`/api/v1/runs/${run.id}/holdout.csv`));
    expect([...comparison.classes].sort()).toEqual(['high', 'low', 'middle']);
    expect(comparison.holdout).toMatchObject({ rows: holdout.length, positives: null });
    recomputeMulticlass(comparison.candidate, holdout, 'candidate', comparison.classes);
    recomputeMulticlass(comparison.current!, holdout, 'current', comparison.classes);
    await api.decide(run.id, 'candidate');
    const rows = new Map(readCsv(await api.datasetCsv('p')).map((row) => [row['id'], row]));
    const asked = holdout.slice(0, 100).map(({ key }) => rows.get(key) ?? {});
    const { predictions } = await api.call(PredictionAnswer, 200, '/api/v1/projects/p/predictions', {
      json: { rows: asked },
    });
    predictions.forEach(({ label, score, scores }, index) => {
      for (const name of comparison.classes)
        expect(
          Math.abs((scores?.[name] ?? NaN) - Number(holdout[index]?.[`candidate:${name}`])),
        ).toBeLessThan(1e-6);
      expect(score).toBe(Math.max(...Object.values(scores ?? {})));
      expect(scores?.[String(label)]).toBe(score);
    });
  });

  test('a number: every figure recomputed', async () => {
    const { api } = await startedServer();
    await api.createProject({ ...creation, task: 'regression', target: 'minutes' });
    await api.learn('p', rowsOf({ count: 800 }, 'regression'));
    const next = await api.upload('p', rowsOf({ count: 500, first: 2001, seed: 2, shift: 1 }, 'regression'));
    const run = await api.runToDecision('p', [next.id]);
    const comparison = await api.comparison(run.id);
    const holdout = readCsv(await api.text(`/api/v1/runs/${run.id}/holdout.csv`));
    recomputeRegression(comparison.candidate, holdout, 'candidate');
    recomputeRegression(comparison.current!, holdout, 'current');
    expect(comparison.verdict.metric).toBe('rmse');
    await api.decide(run.id, 'candidate');
    const rows = new Map(readCsv(await api.datasetCsv('p')).map((row) => [row['id'], row]));
    const asked = holdout.slice(0, 100).map(({ key }) => rows.get(key) ?? {});
    const { predictions } = await api.call(PredictionAnswer, 200, '/api/v1/projects/p/predictions', {
      json: { rows: asked },
    });
    predictions.forEach(({ score }, index) => {
      const told = Number(holdout[index]?.['candidate']);
      expect(Math.abs(score - told) / Math.max(1, Math.abs(told))).toBeLessThan(1e-6);
    });
  });

  test('without a key every row is appended, and a row that comes again stays on its side of the holdout', async () => {
    const { api } = await startedServer();
    await api.createProject({ name: 'p', task: 'binary', target: 'failed', training: quickTraining });
    const rows = dropColumns(rowsOf({ count: 600 }), ['id']);
    await api.learn('p', rows);
    const again = await api.upload('p', rows.slice(0, 100));
    expect(again.rows).toMatchObject({ new: 100, updated: 0, unchanged: 0 });
    const run = await api.runToDecision('p', [again.id]);
    expect(run.merged).toEqual({ new: 100, updated: 0, unchanged: 0 });
    const table = readCsv(await api.datasetCsv('p'));
    expect(table).toHaveLength(700);
    const textOf = (row: Readonly<Record<string, unknown>>): string =>
      JSON.stringify(
        Object.entries(row).map(([name, value]) => [
          name,
          value === ''
            ? null
            : typeof value === 'string' && /^-?[\d.]+$/.test(value)
              ? Number(value)
              : value === 'true'
                ? true
                : value === 'false'
                  ? false
                  : value,
        ]),
      );
    expect(table.map(textOf).sort()).toEqual([...rows, ...rows.slice(0, 100)].map(textOf).sort());
    expect((await api.comparison(run.id)).audit.overlap).toBe(0);
    await api.refused('no_key', 409, '/api/v1/projects/p/records?key=1');
  });
});

describe('kinds of runs', () => {
  test('incremental continues the current model on the new rows and as many old ones', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    await api.refused('no_current_model', 409, '/api/v1/projects/p/runs', {
      json: { uploads: [], mode: 'incremental' },
    });
    await api.learn('p', rowsOf({ count: 800 }));
    const next = await api.upload('p', rowsOf({ count: 400, first: 2001, seed: 2, shift: 2 }));
    const run = await api.runToDecision('p', [next.id], 'incremental');
    const comparison = await api.comparison(run.id);
    expect(comparison.candidate.model).toMatchObject({ mode: 'incremental', version: 2 });
    const { rows } = await api.call(Model, 200, `/api/v1/projects/p/models/${run.candidate}`);
    expect(comparison.candidate.model.trainingRows).toBe(rows.training);
    const added = rows.training - rows.replayed;
    expect(added).toBeLessThan(400);
    expect(Math.abs(rows.replayed - added)).toBeLessThan(added * 0.3);
    expect(comparison.audit.overlap).toBe(0);
    await api.decide(run.id, 'candidate');
    const model = (await api.send('/api/v1/projects/p/models/2').then((answer) => answer.json())) as object;
    expect(model).toMatchObject({ mode: 'incremental', parent: 1, rounds: 20 });

    // Nothing new since: it fails and says so, in the reader's language; the project is free again.
    const idle = await api.untilRun((await api.startRun('p', [], 'incremental')).id);
    expect(idle).toMatchObject({ status: 'failed', error: { code: 'nothing_new' } });
    const told = await api.send(`/api/v1/runs/${idle.id}`, { headers: { 'accept-language': 'pt-BR' } });
    expect(((await told.json()) as Run).error?.title).toBe('Não há linhas novas');
    expect((await api.project('p')).activeRun).toBeNull();
  });

  test('a refresh keeps the trees of the current model, and needs no new rows', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    await api.refused('no_current_model', 409, '/api/v1/projects/p/runs', {
      json: { uploads: [], mode: 'refresh' },
    });
    await api.learn('p', rowsOf({ count: 800 }));
    const next = await api.upload('p', rowsOf({ count: 400, first: 2001, seed: 2, shift: 2 }));
    const run = await api.runToDecision('p', [next.id], 'refresh');
    expect((await api.comparison(run.id)).candidate.model).toMatchObject({ mode: 'refresh', version: 2 });
    await api.decide(run.id, 'candidate');
    const of = (version: number) => api.call(Model, 200, `/api/v1/projects/p/models/${version}`);
    const [first, refreshed] = [await of(1), await of(2)];
    expect(refreshed).toMatchObject({ mode: 'refresh', parent: 1, rounds: first.rounds });
    expect((await api.runToDecision('p', [], 'refresh')).candidate).toBe(3);
    const answer = await api.call(Reproduction, 200, '/api/v1/projects/p/models/2/reproduce', {
      method: 'POST',
    });
    expect(answer.identical).toBe(true);
  });

  test('auto trains in every way that fits, compares each on the same rows, and a person chooses any', async () => {
    const { api, dataDir } = await startedServer();
    await api.createProject({ ...creation, costs: { falsePositive: 1, falseNegative: 4 } });
    // Without a model to start from there is one way.
    const first = await api.upload('p', rowsOf({ count: 900 }));
    const alone = await api.runToDecision('p', [first.id], 'auto');
    expect(alone).toMatchObject({ mode: 'auto', candidate: 1, candidates: [{ version: 1, mode: 'full' }] });
    expect((await api.comparison(alone.id)).candidates).toBe(1);
    await api.decide(alone.id, 'candidate');

    const next = await api.upload('p', rowsOf({ count: 500, first: 2001, seed: 2, shift: 2 }));
    const run = await api.runToDecision('p', [next.id], 'auto');
    expect(run.candidates).toMatchObject([
      { version: 2, mode: 'incremental' },
      { version: 3, mode: 'refresh' },
      { version: 4, mode: 'full' },
    ]);
    const path = `/api/v1/runs/${run.id}`;
    const { items, current } = await api.call(Candidates, 200, `${path}/candidates`);
    expect(current?.version).toBe(1);
    const comparisons = await Promise.all(
      items.map(({ version }) => api.call(Comparison, 200, `${path}/comparison?candidate=${version}`)),
    );
    for (const [index, item] of items.entries()) {
      const comparison = comparisons[index];
      expect(comparison).toMatchObject({ candidates: 3, holdout: comparisons[0]?.holdout });
      expect(comparison?.audit.overlap).toBe(0);
      expect(comparison?.candidate.model).toMatchObject({ version: item.version, mode: item.mode });
      const { fp, fn } = comparison?.candidate.confusion ?? { fp: 0, fn: 0 };
      expect(item).toMatchObject({
        metric: 'auc',
        value: comparison?.candidate.metrics['auc'],
        difference: comparison?.difference?.['auc'],
        cost: fp + 4 * fn,
        outcome: comparison?.verdict.outcome,
      });
      expect(item.trainingMs).toBeGreaterThan(0);
    }
    const best = Math.max(...items.map(({ value }) => value ?? 0));
    expect(items.find(({ isRecommended }) => isRecommended)).toMatchObject({
      version: run.candidate,
      value: best,
    });
    expect((await api.comparison(run.id)).candidate.model.version).toBe(run.candidate);

    const other = items.find(({ isRecommended }) => !isRecommended)?.version ?? 0;
    await api.refused('candidate_not_found', 400, `${path}/comparison?candidate=1`);
    const choose = (version: number) => ({ json: { choice: 'candidate', version } });
    await api.refused('candidate_not_found', 400, `${path}/decision`, choose(1));
    const lake = join(dataDir, 'lake/projects/p');
    const shown = items.map(({ version }) => ({
      version,
      sha256: createHash('sha256')
        .update(readFileSync(join(lake, `models/${version}/evaluation/comparison.json`)))
        .digest('hex'),
    }));
    for (const kind of ['html', 'pdf'])
      await api.refused('candidate_not_found', 400, `${path}/evidence.${kind}?candidate=1`);
    const pdfs = new Set<string>();
    for (const { version, sha256 } of shown) {
      const page = await (await api.send(`${path}/evidence.html?candidate=${version}`)).text();
      expect(page).toContain(sha256);
      const pdf = await api.send(`${path}/evidence.pdf?candidate=${version}`);
      expect(pdf.status).toBe(200);
      pdfs.add(Buffer.from(await pdf.arrayBuffer()).toString('base64'));
    }
    expect(pdfs.size).toBe(items.length);
    const decision = await api.call(Decision, 200, `${path}/decision`, choose(other));
    expect(decision).toMatchObject({ choice: 'candidate', candidate: other, champion: other });
    const kept = readFileSync(join(lake, 'decisions', `${run.id}.html`), 'utf8');
    expect(kept).toContain(shown.find(({ version }) => version === other)?.sha256);
    expect(await api.call(Decision, 200, `${path}/decision`, choose(other))).toEqual(decision);
    await api.refused('decision_made', 409, `${path}/decision`, choose(run.candidate ?? 0));
    expect((await api.project('p')).champion).toBe(other);
    for (const { version } of items) {
      const reproduce = `/api/v1/projects/p/models/${version}/reproduce`;
      expect((await api.call(Reproduction, 200, reproduce, { method: 'POST' })).identical).toBe(true);
    }

    // Nothing new: what cannot be tried is passed over. What does not fit the time is not tried.
    const { training } = await api.project('p');
    await api.call(Project, 200, '/api/v1/projects/p/settings', {
      method: 'PATCH',
      json: { training: { ...training, autoMinutes: 0.00001 } },
    });
    const short = await api.runToDecision('p', [], 'auto');
    expect(short.candidates.map(({ mode }) => mode)).toEqual(['refresh']);
    expect((await api.comparison(short.id)).candidates).toBe(1);
  });

  test('without uploads the data there is trains again; several uploads are merged in their order', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    await api.refused('no_data', 422, '/api/v1/projects/p/runs', { json: {} });
    await api.refused('no_data', 422, '/api/v1/projects/p/dataset.csv');
    await api.refused('no_data', 422, '/api/v1/projects/p/dataset/restore', { json: { version: 0 } });
    await api.refused('no_data', 422, '/api/v1/projects/p/records?key=1');
    const files = [
      rowsOf({ count: 300, first: 1, seed: 1 }),
      rowsOf({ count: 300, first: 201, seed: 2 }),
      rowsOf({ count: 300, first: 401, seed: 3 }),
    ];
    const table = new MirroredTable('id');
    const uploads: string[] = [];
    for (const rows of files) {
      uploads.push((await api.upload('p', rows)).id);
      table.merge(rows);
    }
    const run = await api.runToDecision('p', uploads);
    expect(run).toMatchObject({ uploads, merged: { new: 700, updated: 200 }, datasetVersion: 3 });
    expectDataset(await api.datasetCsv('p'), table);
    await api.decide(run.id, 'candidate');
    const again = await api.runToDecision('p', []);
    expect(again).toMatchObject({ uploads: [], datasetVersion: 3, current: 1, candidate: 2 });
    expect(again.merged).toEqual({ new: 0, updated: 0, unchanged: 0 });
    const { current, candidate, difference } = await api.comparison(again.id);
    expect(candidate.metrics).toEqual(current?.metrics);
    for (const { estimate } of Object.values(difference ?? {})) expect(estimate).toBe(0);
    expect((await api.decide(again.id, 'current')).champion).toBe(1);
    await api.refused('dataset_version_not_found', 404, '/api/v1/projects/p/dataset.csv?version=99');
    await api.refused('dataset_version_not_found', 404, '/api/v1/projects/p/dataset/restore', {
      json: { version: 99 },
    });
    await api.refused('record_not_found', 404, '/api/v1/projects/p/records?key=nobody');
  });

  test('files that do not agree on the outcomes, or have one only, fail with a reason', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    const one = rowsOf({ count: 200 }).map((row) => ({ ...row, failed: 'no' }));
    const single = await api.upload('p', one);
    expect(single.problems.map(({ code }) => code)).toContain('target_constant');
    const failed = await api.untilRun((await api.startRun('p', [single.id])).id);
    expect(failed).toMatchObject({ status: 'failed', stage: 'prepare', error: { code: 'one_outcome' } });
    await api.refused('comparison_not_ready', 409, `/api/v1/runs/${failed.id}/comparison`);
    await api.refused('decision_not_possible', 409, `/api/v1/runs/${failed.id}/decision`, {
      json: { choice: 'candidate' },
    });
    await api.refused('run_not_cancellable', 409, `/api/v1/runs/${failed.id}/cancel`, { method: 'POST' });

    const few = await startedServer();
    await few.api.createProject(creation);
    const upload = await few.api.upload('p', rowsOf({ count: 12 }));
    const short = await few.api.untilRun((await few.api.startRun('p', [upload.id])).id);
    expect(short).toMatchObject({ status: 'failed', error: { code: 'too_few_rows' } });

    await few.api.createProject({ ...creation, name: 'q' });
    const [a, b] = [
      await few.api.upload('q', rowsOf({ count: 300 })),
      await few.api.upload(
        'q',
        rowsOf({ count: 100, first: 501 }).map((row) => ({
          ...row,
          failed: row['failed'] === 'yes' ? 'sim' : 'nao',
        })),
      ),
    ];
    const conflict = await few.api.untilRun((await few.api.startRun('q', [a.id, b.id])).id);
    expect(conflict).toMatchObject({
      status: 'failed',
      stage: 'merge',
      error: { code: 'outcomes_conflict' },
    });
    expect((await few.api.dataset('q')).rows).toBe(0);
    await few.api.runToDecision('q', [a.id]);
  });
});

describe('cancelling', () => {
  test('while it waits its turn, while it trains, while it waits for a decision', async () => {
    const { api } = await startedServer();
    await api.createProject({ ...creation, training: longTraining });
    await api.createProject({ ...creation, name: 'q' });
    const upload = await api.upload('p', rowsOf({ count: 500 }));
    const other = await api.upload('q', rowsOf({ count: 500 }));
    const training = await api.startRun('p', [upload.id]);
    const queued = await api.startRun('q', [other.id]);
    await api.untilRun(training.id, ({ learningCurve }) => (learningCurve?.train.length ?? 0) > 0);
    const refused = await api.refused('run_in_progress', 409, '/api/v1/projects/p/runs', { json: {} });
    expect(refused.detail).toContain(training.id);
    await api.refused('run_in_progress', 409, '/api/v1/projects/p/dataset/restore', { json: { version: 0 } });
    await api.refused('upload_in_use', 409, `/api/v1/uploads/${other.id}`, { method: 'DELETE' });
    await api.refused('comparison_not_ready', 409, `/api/v1/runs/${training.id}/comparison`);
    await api.refused('comparison_not_ready', 409, `/api/v1/runs/${training.id}/holdout.csv`);
    await api.refused('decision_not_possible', 409, `/api/v1/runs/${training.id}/decision`, {
      json: { choice: 'candidate' },
    });
    expect(await api.run(queued.id)).toMatchObject({ status: 'queued', startedAt: null });
    expect((await api.project('p')).activeRun).toBe(training.id);

    expect(await api.cancel(queued.id)).toMatchObject({ status: 'cancelled' });
    const cancelled = await api.cancel(training.id);
    expect(cancelled).toMatchObject({ status: 'cancelled', datasetVersion: 1 });
    expect(await api.cancel(training.id)).toMatchObject({ status: 'cancelled' });
    // The merge was committed before: its rows stay, and the upload says so.
    expect((await api.dataset('p')).rows).toBe(500);
    expect((await api.dataset('q')).rows).toBe(0);

    const waiting = await api.runToDecision('q', [other.id]);
    await api.refused('run_in_progress', 409, '/api/v1/projects/q/runs', { json: {} });
    expect(await api.cancel(waiting.id)).toMatchObject({ status: 'cancelled' });
    expect((await api.comparison(waiting.id)).verdict.outcome).toBe('first_model');
    await api.refused('decision_not_possible', 409, `/api/v1/runs/${waiting.id}/decision`, {
      json: { choice: 'candidate' },
    });
    expect(await api.project('q')).toMatchObject({ champion: null, waitingRun: null });
    const decided = await api.runToDecision('q', []);
    expect(decided.candidate).toBe(2);
    await api.decide(decided.id, 'candidate');
    await api.refused('decision_made', 409, `/api/v1/runs/${decided.id}/decision`, {
      json: { choice: 'current' },
    });
    await api.refused('run_not_cancellable', 409, `/api/v1/runs/${decided.id}/cancel`, { method: 'POST' });
  });

  test('two requests at once start one run', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    const upload = await api.upload('p', rowsOf({ count: 300 }));
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        api.send('/api/v1/projects/p/runs', { json: { uploads: [upload.id] } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409, 409, 409]);
    const { activeRun, waitingRun } = await api.project('p');
    await api.untilRun(activeRun ?? waitingRun ?? '');
    // Two decisions at once, of different choices: one holds.
    const run = await api.run(activeRun ?? waitingRun ?? '');
    await api.decide(run.id, 'candidate');
    const next = await api.runToDecision('p', []);
    const decisions = await Promise.all(
      (['candidate', 'current', 'candidate', 'current'] as const).map((choice) =>
        api.send(`/api/v1/runs/${next.id}/decision`, { json: { choice } }),
      ),
    );
    expect(decisions.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409]);
    const { decision } = await api.run(next.id);
    expect((await api.project('p')).champion).toBe(decision?.champion);
  });

  test('cancelled in the merge: what was committed counts as merged, the rest can be used again', async () => {
    const { api } = await startedServer();
    await api.createProject({ ...creation, positive: 'yes' });
    const uploads: string[] = [];
    for (let file = 0; file < 6; file++)
      uploads.push((await api.upload('p', rowsOf({ count: 200, first: 1 + file * 1000, seed: file }))).id);
    const run = await api.startRun('p', uploads);
    for (;;) if ((await api.dataset('p')).version >= 2) break;
    await api.cancel(run.id);
    const { history } = await api.dataset('p');
    const merged = history.flatMap(({ upload }) => (upload === null ? [] : [upload.id]));
    for (const id of uploads) {
      const { status } = (await (await api.send(`/api/v1/uploads/${id}`)).json()) as { status: string };
      expect(status).toBe(merged.includes(id) ? 'merged' : 'valid');
    }
    expect((await api.project('p')).classes).toEqual(['no', 'yes']);
    const rest = uploads.filter((id) => !merged.includes(id));
    await api.runToDecision('p', rest);
    expect((await api.dataset('p')).rows).toBe(1200);
  });
});

interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Reads a run's events until one is told for which `isLast` holds. */
async function readEvents(
  api: ApiClient,
  run: string,
  isLast: (event: ServerEvent) => boolean,
): Promise<ServerEvent[]> {
  const stop = new AbortController();
  const response = await fetch(`${api.address}/api/v1/runs/${run}/events`, {
    headers: { authorization: `Bearer ${api.token}`, 'accept-language': 'pt-BR' },
    signal: stop.signal,
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const events: ServerEvent[] = [];
  let rest = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) continue;
      const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      const told = { event, data: JSON.parse(data) as unknown };
      events.push(told);
      if (isLast(told)) {
        stop.abort();
        return events;
      }
    }
  }
  throw new Error(`the stream ended early: ${JSON.stringify(events)}`);
}

describe('events', () => {
  const isDone = ({ event, data }: ServerEvent): boolean =>
    event === 'status' && !['queued', 'running'].includes((data as Run).status);

  test('every stage in order, progress with rounds, then the end', async () => {
    const { api } = await startedServer();
    await api.createProject({ ...creation, training: { ...quickTraining, rounds: 1500 } });
    const upload = await api.upload('p', rowsOf({ count: 600 }));
    const { id } = await api.startRun('p', [upload.id]);
    const events = await readEvents(api, id, isDone);
    expect(events[0]?.event).toBe('status');
    for (const { event, data } of events) parseStrictly(event === 'progress' ? RunProgress : Run, data);
    const stages = events.filter(({ event }) => event === 'stage').map(({ data }) => (data as Run).stage);
    // The first stage may have begun before the client listened.
    expect(['merge', 'prepare', 'train', 'evaluate'].slice(-stages.length)).toEqual(stages);
    expect(stages.length).toBeGreaterThanOrEqual(3);
    const progress = events
      .filter(({ event }) => event === 'progress')
      .map(({ data }) => data as RunProgress);
    const fractions = progress.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    const rounds = progress.flatMap(({ round }) => (round === undefined ? [] : [round]));
    expect(rounds.length).toBeGreaterThan(0);
    expect(rounds.every(({ of }) => of === 1500)).toBe(true);
    expect(progress.find(({ round }) => round !== undefined)?.message).toMatch(
      /^Treinando o modelo novo: rodada/,
    );
    expect((events.at(-1)?.data as Run).status).toBe('awaiting_decision');
  });

  test('a run that has ended tells its state; a decision is told; an unknown run is refused', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    const upload = await api.upload('p', rowsOf({ count: 300 }));
    const { id } = await api.runToDecision('p', [upload.id]);
    expect(await readEvents(api, id, isDone)).toHaveLength(1);
    let decision: Promise<unknown> | undefined;
    const events = await readEvents(api, id, ({ data }) => {
      decision ??= api.decide(id, 'candidate');
      return (data as Run).status === 'decided';
    });
    await decision;
    // A state may be told twice: to whoever begins to listen, and when it is reached.
    expect(new Set(events.map(({ event, data }) => `${event} ${(data as Run).status}`))).toEqual(
      new Set(['status awaiting_decision', 'status decided']),
    );
    await api.refused('run_not_found', 404, '/api/v1/runs/run-unknown/events');
  });
});
