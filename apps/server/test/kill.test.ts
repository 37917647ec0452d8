import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Comparison, Decision, PredictionAnswer, type Run, type RunMode } from '@kaefer/contracts';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KilledSite, sentOf, until } from './support/killed-site.ts';
import {
  csvOf,
  dropColumns,
  randomStream,
  simulateRows,
  withoutOtherTargets,
  type Row,
} from './support/rows.ts';
import { token } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const project = 'p';
const creation = { name: project, task: 'binary', target: 'failed', positive: 'yes', key: 'id' } as const;
const extraColumns = 20;

function rowsOf(options: Parameters<typeof simulateRows>[0]): Row[] {
  return dropColumns(simulateRows({ extraColumns, ...options }), withoutOtherTargets.binary);
}

/** Enough for every stage to last a while: half new rows, half changed ones. */
const secondRows = [
  ...rowsOf({ count: 6000, first: 1, seed: 3 }),
  ...rowsOf({ count: 6000, first: 10_001, seed: 4 }),
];

/** A folder with one merged upload and a model in production, copied for each test. */
let prepared: KilledSite;

beforeAll(async () => {
  prepared = new KilledSite(mkdtempSync(join(tmpdir(), 'kaefer-kill-test-')), project);
  const { ServerProcess } = await import('./support/server-process.ts');
  const { ApiClient } = await import('./support/api-client.ts');
  const server = await ServerProcess.start(prepared.dataDir, { KAFER_TOKEN: token });
  const api = new ApiClient(server.address, token);
  await api.createProject({
    ...creation,
    training: { rounds: 150, maxDepth: 4, earlyStoppingRounds: 0, maxBin: 64 },
  });
  const rows = rowsOf({ count: 8000, first: 1, seed: 1 });
  const upload = await api.upload(project, rows);
  prepared.acknowledged.set(upload.id, sentOf(rows));
  const run = await api.runToDecision(project, [upload.id]);
  prepared.decisions.push(await api.decide(run.id, 'candidate'));
  await server.stop();
});

afterAll(() => rmSync(prepared.dataDir, { recursive: true, force: true }));

/** A copy of the prepared folder with a running server. */
async function startedSite(): Promise<KilledSite> {
  const folder = temporaryFolder();
  cpSync(prepared.dataDir, folder, { recursive: true });
  const site = new KilledSite(folder, project, prepared);
  await site.start();
  return site;
}

/** Changes the state database of a server that does not run. */
function changeState(site: KilledSite, ...statements: readonly string[]): void {
  const database = new Database(join(site.dataDir, 'kaefer.db'));
  for (const statement of statements) database.exec(statement);
  database.close();
}

/** After a restart: the run comes to its decision, which is made; then everything is in order. */
async function expectToGoOn(site: KilledSite, run: string): Promise<Run> {
  const api = await site.start();
  await site.expectNothingLost(undefined, 'newest');
  const ended = await api.untilRun(run);
  expect(ended, JSON.stringify(ended.error)).toMatchObject({
    status: 'awaiting_decision',
    datasetVersion: 2,
    current: 1,
    candidate: 2,
    merged: { new: 6000, updated: 6000, unchanged: 0 },
  });
  expect((await api.comparison(run)).audit.overlap).toBe(0);
  site.expectNoRemains();
  await site.decide(run, 'candidate');
  await site.expectNothingLost();
  const [row] = secondRows;
  const answer = await api.call(PredictionAnswer, 200, `/api/v1/projects/${project}/predictions`, {
    json: { rows: [row] },
  });
  expect(answer.model).toBe(2);
  site.expectNoRemains();
  await site.stop();
  return ended;
}

describe('killed while a file is sent', () => {
  test('half the bytes have arrived: nothing is left of it', async () => {
    const site = await startedSite();
    const content = csvOf(secondRows);
    const half = content.slice(0, content.length / 2);
    const sending = request(`${site.api.address}/api/v1/projects/${project}/uploads`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'text/csv',
        'content-length': content.length,
      },
    });
    const broken = new Promise((resolve) => sending.once('error', resolve));
    sending.write(half);
    const uploads = site.inLake('uploads');
    const arriving = (): string | undefined => readdirSync(uploads).find((name) => name.endsWith('.part'));
    await until(() => {
      const name = arriving();
      const file = name === undefined ? '' : join(uploads, name, 'received.csv');
      return existsSync(file) && statSync(file).size >= half.length * 0.9;
    });
    await site.kill();
    await broken;
    expect(arriving(), 'the instant was hit').toBeDefined();
    await site.start();
    await site.expectNothingLost();
    site.expectNoRemains();
  });

  test('the file is being checked: nothing is left of it', async () => {
    const site = await startedSite();
    const before = readdirSync(site.inLake('uploads'));
    const answer = site.send(secondRows).then(
      () => 'answered',
      () => 'broken',
    );
    const added = (): string | undefined =>
      readdirSync(site.inLake('uploads')).find(
        (name) => name.startsWith('upload-') && !before.includes(name),
      );
    await until(() => added() !== undefined);
    const id = added() ?? '';
    await site.kill();
    expect(await answer, 'the instant was hit').toBe('broken');
    expect(existsSync(site.inLake('uploads', id, 'report.json'))).toBe(false);
    await site.start();
    await site.expectNothingLost();
    expect(existsSync(site.inLake('uploads', id))).toBe(false);
    site.expectNoRemains();
  });

  test('the check is done, the database does not know: it is there whole or not at all', async () => {
    const site = await startedSite();
    const id = await site.send(secondRows);
    await site.kill();
    changeState(site, `DELETE FROM uploads WHERE id = '${id}'`);
    site.acknowledged.delete(id);
    await site.start();
    await site.expectNothingLost();
    site.expectNoRemains();
  });
});

describe('killed in a run', () => {
  interface Instant {
    readonly name: string;
    /** Settles at the instant. */
    readonly reached: (site: KilledSite, run: string) => Promise<unknown>;
    /** What must be so for the instant to be hit. */
    readonly isThen: (site: KilledSite, run: string) => boolean;
    /** Where the server is quicker than the kill: takes back what it wrote after the instant. */
    readonly takenBack?: (run: string) => readonly string[];
  }
  const scratch = (site: KilledSite, run: string): string => join(site.dataDir, 'scratch/runs', run);
  const newRows = (site: KilledSite): number =>
    readdirSync(site.inLake('table')).filter((name) => name.endsWith('.parquet')).length;
  const instants: readonly Instant[] = [
    {
      name: 'the merge writes its files, before the commit',
      reached: async (site) => {
        const before = newRows(site);
        await until(() => newRows(site) > before);
      },
      isThen: (site) => !existsSync(site.commitFile(2)),
    },
    {
      name: 'right after the commit, before the database knows',
      reached: (site) => until(() => existsSync(site.commitFile(2))),
      isThen: (site) => existsSync(site.commitFile(2)),
      takenBack: (run) => [
        `UPDATE runs SET status = 'running', stage = 'merge', dataset_version = NULL, merged = NULL, timings = '{}' WHERE id = '${run}'`,
        `UPDATE uploads SET status = 'valid', dataset_version = NULL WHERE dataset_version = 2`,
      ],
    },
    {
      name: 'in preparation',
      reached: (site, run) => until(() => existsSync(scratch(site, run))),
      isThen: (site, run) => !existsSync(join(scratch(site, run), 'prepared.json')),
    },
    {
      name: 'in training',
      reached: async (site, run) =>
        site.api.untilRun(run, ({ learningCurve }) => (learningCurve?.train.length ?? 0) >= 3),
      isThen: (site, run) =>
        existsSync(join(scratch(site, run), 'prepared.json')) && !existsSync(site.inLake('models/2')),
    },
    {
      name: 'after the model is published, before the database knows',
      reached: (site) => until(() => existsSync(site.inLake('models/2/card.json'))),
      isThen: (site) => existsSync(site.inLake('models/2/card.json')),
      takenBack: (run) => [
        `UPDATE runs SET status = 'running', stage = 'train' WHERE id = '${run}'`,
        `DELETE FROM models WHERE version = 2`,
      ],
    },
    {
      name: 'in evaluation',
      reached: (site, run) => site.api.untilRun(run, ({ stage }) => stage === 'evaluate'),
      isThen: (site) => !existsSync(site.inLake('models/2/evaluation')),
    },
    {
      name: 'after the evaluation is published, before the database knows',
      reached: (site) => until(() => existsSync(site.inLake('models/2/evaluation/comparison.json'))),
      isThen: (site) => existsSync(site.inLake('models/2/evaluation/comparison.json')),
      takenBack: (run) => [`UPDATE runs SET status = 'running', stage = 'evaluate' WHERE id = '${run}'`],
    },
  ];

  /** A run that was killed at an instant; on a busy machine it may go by unseen, and another run is tried. */
  const killedAt = async ({ reached, isThen }: Instant, mode?: RunMode) => {
    for (let attempt = 1; attempt <= 5; attempt++) {
      const site = await startedSite();
      const upload = await site.send(secondRows);
      const { id } = await site.api.startRun(project, [upload], mode);
      await reached(site, id);
      await site.kill();
      if (isThen(site, id)) return { site, id };
    }
    throw new Error('the instant was never hit');
  };

  test.each(instants)('$name', async (instant) => {
    const { takenBack } = instant;
    const { site, id } = await killedAt(instant);
    if (takenBack !== undefined) changeState(site, ...takenBack(id));
    await expectToGoOn(site, id);
  });

  const inAuto: readonly Omit<Instant, 'takenBack'>[] = [
    {
      name: 'prepared for one way to train, not for the next',
      reached: (site, run) => until(() => existsSync(join(scratch(site, run), 'incremental/prepared.json'))),
      isThen: (site, run) => !existsSync(join(scratch(site, run), 'full/prepared.json')),
    },
    {
      name: 'the first candidate is trained, the next is not',
      reached: (site) => until(() => existsSync(site.inLake('models/2/card.json'))),
      isThen: (site) => !existsSync(site.inLake('models/4/card.json')),
    },
    {
      name: 'in the last training',
      reached: async (site, run) =>
        site.api.untilRun(
          run,
          ({ candidates, learningCurve }) =>
            candidates.length === 3 && (learningCurve?.train.length ?? 0) >= 3,
        ),
      isThen: (site) => existsSync(site.inLake('models/3/card.json')) && !existsSync(site.inLake('models/4')),
    },
    {
      name: 'one candidate is compared, the others are not',
      reached: (site) => until(() => existsSync(site.inLake('models/2/evaluation/comparison.json'))),
      isThen: (site) => !existsSync(site.inLake('models/4/evaluation')),
    },
  ];

  test.each(inAuto)('of several candidates, $name', async (instant) => {
    const { site, id } = await killedAt(instant, 'auto');
    const api = await site.start();
    await site.expectNothingLost(undefined, 'newest');
    const ended = await api.untilRun(id);
    expect(ended, JSON.stringify(ended.error)).toMatchObject({
      status: 'awaiting_decision',
      candidates: [
        { version: 2, mode: 'incremental' },
        { version: 3, mode: 'refresh' },
        { version: 4, mode: 'full' },
      ],
    });
    for (const { version, trainingMs } of ended.candidates) {
      expect(trainingMs).toBeGreaterThan(0);
      const comparison = `/api/v1/runs/${id}/comparison?candidate=${version}`;
      expect((await api.call(Comparison, 200, comparison)).audit.overlap).toBe(0);
    }
    site.expectNoRemains();
    const decision = { json: { choice: 'candidate', version: 3 } };
    site.decisions.push(await api.call(Decision, 200, `/api/v1/runs/${id}/decision`, decision));
    await site.expectNothingLost();
    site.expectNoRemains();
    await site.stop();
  });

  test('half-made folders of models and evaluations are removed', async () => {
    const site = await startedSite();
    const upload = await site.send(secondRows);
    const { id } = await site.api.runToDecision(project, [upload]);
    await site.kill();
    for (const place of ['models/.3.part', 'models/2/.evaluation.part', `uploads/.${upload}.part`])
      cpSync(site.inLake('models/1/evaluation'), site.inLake(place), { recursive: true });
    for (const place of [
      'dictionary.json.a1.part',
      'pool/0123.parquet.part',
      `uploads/${upload}/report.json.a1.part`,
      'decisions/x.json.a1.part',
    ])
      cpSync(site.inLake('dictionary.json'), site.inLake(place));
    await expectToGoOn(site, id);
  });

  test('a run that waited its turn goes on, too', async () => {
    const site = await startedSite();
    const { api } = site;
    await api.createProject({ ...creation, name: 'other', training: { rounds: 10 } });
    const other = await api.upload('other', rowsOf({ count: 500, first: 1, seed: 9 }));
    const upload = await site.send(secondRows);
    const { id } = await api.startRun(project, [upload]);
    const queued = await api.startRun('other', [other.id]);
    await api.untilRun(id, ({ status }) => status === 'running');
    expect((await api.run(queued.id)).status).toBe('queued');
    await site.kill();
    await site.start();
    expect((await site.api.untilRun(queued.id)).status).toBe('awaiting_decision');
    expect((await site.api.run(id)).status).toBe('awaiting_decision');
    await site.expectNothingLost();
    site.expectNoRemains();
  });
});

describe('stopped with Ctrl+C', () => {
  test('in training: it ends at once, and the run goes on at the next start', async () => {
    const site = await startedSite();
    const upload = await site.send(secondRows);
    const { id } = await site.api.startRun(project, [upload]);
    await site.api.untilRun(id, ({ learningCurve }) => (learningCurve?.train.length ?? 0) >= 3);
    await site.stop();
    await expectToGoOn(site, id);
  });

  test('while a file is checked: the file was not acknowledged, and nothing is left of it', async () => {
    const site = await startedSite();
    const before = readdirSync(site.inLake('uploads')).length;
    const answer = site.api.upload(project, secondRows).then(
      () => 'answered',
      () => 'broken',
    );
    await until(
      () =>
        readdirSync(site.inLake('uploads')).some((name) => name.startsWith('upload-')) &&
        readdirSync(site.inLake('uploads')).length > before,
    );
    await site.stop();
    expect(await answer).toBe('broken');
    await site.start();
    await site.expectNothingLost();
    site.expectNoRemains();
  });
});

describe('killed in a decision', () => {
  test.each(['candidate', 'current'] as const)('%s: decided, its file not yet written', async (choice) => {
    const site = await startedSite();
    const { id } = await site.api.runToDecision(project, []);
    await site.decide(id, choice);
    await site.kill();
    rmSync(site.inLake('decisions', `${id}.json`));
    await site.start();
    await site.expectNothingLost();
    await site.decide(id, choice); // again: the same answer
    expect(site.decisions.at(-1)).toEqual(site.decisions.at(-2));
    site.expectNoRemains();
  });

  test('a model put into production by hand stays there', async () => {
    const site = await startedSite();
    const { id } = await site.api.runToDecision(project, []);
    await site.decide(id, 'candidate');
    const path = `/api/v1/projects/${project}/champion`;
    const answer = await site.api.send(path, { method: 'PUT', json: { version: 1 } });
    expect(await answer.json()).toEqual({ champion: 1, proposal: null });
    const written = readdirSync(site.inLake('decisions')).filter((name) => name.startsWith('decision-'));
    await site.kill();
    rmSync(site.inLake('decisions', written[0] ?? ''));
    await site.start();
    expect((await site.api.project(project)).champion).toBe(1);
    expect(readdirSync(site.inLake('decisions'))).toEqual(expect.arrayContaining(written));
  });
});

describe('killed at any moment', () => {
  const kills = 12;
  const rowsInBatch = 2500;

  test(`${kills} kills at seeded random moments of uploads, runs and decisions`, async () => {
    const random = randomStream(20_26);
    const site = await startedSite();
    const batchRows = (batch: number): Row[] =>
      // Each batch brings new rows and changes some of the one before.
      rowsOf({ count: rowsInBatch, first: 20_000 + batch * 2000, seed: 100 + batch });

    /** Goes on with a batch from wherever it stands, as a client would that asks the server. */
    const finishBatch = async (rows: readonly Row[]): Promise<void> => {
      const { api } = site;
      const { sha256 } = sentOf(rows);
      const known = [...site.acknowledged].find(([, sent]) => sent.sha256 === sha256)?.[0];
      const upload = known ?? (await site.send(rows));
      const open = async (): Promise<string | null> => {
        const { activeRun, waitingRun } = await api.project(project);
        return activeRun ?? waitingRun;
      };
      const merged = (await api.send(`/api/v1/uploads/${upload}`).then((answer) => answer.json())) as {
        status: string;
      };
      const run =
        (await open()) ?? (merged.status === 'valid' ? (await api.startRun(project, [upload])).id : null);
      if (run === null) return; // merged, and its run was decided
      const ended = await api.untilRun(run);
      expect(ended, JSON.stringify(ended.error)).toMatchObject({ status: 'awaiting_decision', error: null });
      await site.decide(run, 'candidate');
    };

    let killed = 0;
    for (let batch = 0; killed < kills; batch++) {
      const rows = batchRows(batch);
      for (let finished = false; !finished;) {
        const work = finishBatch(rows).then(
          () => true,
          (error: unknown) => error,
        );
        if (killed === kills) {
          const outcome = await work;
          expect(outcome).toBe(true);
          break;
        }
        let timer: NodeJS.Timeout | undefined;
        const moment = new Promise<'moment'>((resolve) => {
          timer = setTimeout(() => resolve('moment'), 20 + random() * 1300);
        });
        const first = await Promise.race([work, moment]);
        clearTimeout(timer);
        if (first === true) {
          finished = true;
          continue;
        }
        expect(first, 'only a kill interrupts the work').toBe('moment');
        await site.kill();
        killed++;
        finished = (await work) === true;
        await site.start();
        await adoptDecision(site);
        await site.expectNothingLost(sentOf(rows), 'newest');
      }
    }
    await site.expectNothingLost();
    site.expectNoRemains();
    expect(killed).toBe(kills);
  });

  /** A decision whose answer was lost is known by asking. */
  async function adoptDecision(site: KilledSite): Promise<void> {
    const { champion, production } = await site.api.project(project);
    if (champion === site.decisions.at(-1)?.champion) return;
    expect(production).toMatchObject({ version: champion });
    const { run } = (await site.api
      .send(`/api/v1/projects/${project}/models/${champion}`)
      .then((answer) => answer.json())) as { run: string };
    const { decision } = await site.api.run(run);
    expect(decision).toMatchObject({ champion });
    if (decision !== null) site.decisions.push(decision);
  }
});
