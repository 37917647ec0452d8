import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { backupLake, lockDataFolder, rebuildDatabase, verifyLake } from '@kaefer/pipeline/maintain';
import { ChampionAnswer, Choosing, PendingDecision, Proposal, UndoAnswer, Upload } from '@kaefer/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient } from './support/api-client.ts';
import { browserOf, invite } from './support/browser.ts';
import { dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { ServerProcess } from './support/server-process.ts';
import { quickTraining, token } from './support/started-server.ts';
import { databaseRows } from './support/database-rows.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);
type Task = keyof typeof withoutOtherTargets;
const rowsOf = (options: Parameters<typeof simulateRows>[0], task: Task = 'binary'): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets[task]);
const settings = { KAFER_TOKEN: token };

/** Starts a server on a folder for as long as the work takes. */
async function serving<T>(dataDir: string, work: (api: ApiClient) => Promise<T>): Promise<T> {
  const server = await ServerProcess.start(dataDir, settings);
  try {
    return await work(new ApiClient(server.address, token));
  } finally {
    await server.stop();
  }
}

/**
 * Makes everything happen in a folder: each task, each choice, a rollback, a restore, refusals, an open run.
 *
 * @returns the open run
 */
async function makeEventful(dataDir: string): Promise<string> {
  return serving(dataDir, async (api) => {
    const project = {
      name: 'Welding é',
      task: 'binary',
      target: 'failed',
      key: 'id',
      training: quickTraining,
    } as const;
    const { id } = await api.createProject(project);
    await api.learn(id, rowsOf({ count: 600 }));
    await api.changeSettings(id, { confirmed: ['torque'], note: 'measured before the road test' });
    await api.changeSettings(id, { costs: { falsePositive: 1, falseNegative: 9 } });
    const second = await api.upload(id, rowsOf({ count: 200, first: 500, seed: 2 }), 'second.csv');
    const kept = await api.runToDecision(id, [second.id], 'incremental');
    await api.decide(kept.id, 'current', 'not yet');
    await api.call(ChampionAnswer, 200, `/api/v1/projects/${id}/champion`, {
      method: 'PUT',
      json: { version: 2, note: 'after all' },
    });
    await api.send(`/api/v1/projects/${id}/dataset/restore`, { json: { version: 1 } });
    const wrong = await api.upload(id, rowsOf({ count: 150, first: 100, seed: 8 }), 'wrong.csv');
    await api.cancel((await api.runToDecision(id, [wrong.id])).id);
    await api.call(UndoAnswer, 200, `/api/v1/uploads/${wrong.id}/undo`, { method: 'POST' });
    await api.upload(id, 'id,torque\n1,2\n', 'invalid.csv');
    const thrownAway = await api.upload(id, rowsOf({ count: 20, first: 5000 }));
    await api.call(Upload, 200, `/api/v1/uploads/${thrownAway.id}`, { method: 'DELETE' });
    const cancelled = await api.runToDecision(id, []);
    await api.cancel(cancelled.id);
    const third = await api.upload(id, rowsOf({ count: 100, first: 3000, seed: 3 }), 'third.csv');
    const open = await api.runToDecision(id, [third.id]);

    await api.createProject({ ...project, name: 'grades', task: 'multiclass', target: 'grade' });
    await api.learn('grades', rowsOf({ count: 600 }, 'multiclass'));
    await api.createProject({
      name: 'minutes',
      task: 'regression',
      target: 'minutes',
      training: quickTraining,
    });
    await api.learn('minutes', dropColumns(rowsOf({ count: 400 }, 'regression'), ['id']));
    await api.createProject({ ...project, name: 'tiny' });
    const few = await api.upload('tiny', rowsOf({ count: 8 }));
    const failed = await api.untilRun((await api.startRun('tiny', [few.id])).id);
    expect(failed.status).toBe('failed');
    await api.createProject({ ...project, name: 'empty' });

    const choosing = Choosing.parse({ secondApprover: true });
    await api.createProject({ ...project, name: 'two', choosing });
    const first = await api.upload('two', rowsOf({ count: 300 }));
    const { id: run } = await api.runToDecision('two', [first.id]);
    const pending = { json: { choice: 'candidate' } };
    await api.call(PendingDecision, 202, `/api/v1/runs/${run}/decision`, pending);
    const ana = await browserOf(api.address, await invite(api, 'Ana'));
    await ana.call(Proposal, 200, `/api/v1/projects/two/proposals/${run}/answer`, {
      json: { answer: 'approve', reason: 'seen' },
    });
    return open.id;
  });
}

describe('the lake alone is enough', () => {
  test('the database made anew is the one that was', async () => {
    const dataDir = temporaryFolder();
    const waiting = await makeEventful(dataDir);
    const before = databaseRows(dataDir);
    for (const [table, rows] of Object.entries(before)) expect(rows, table).not.toEqual([]);
    expect(await rebuildDatabase(dataDir)).toBe(6);
    expect(databaseRows(dataDir)).toEqual(before);

    // A server that finds no database makes it itself, and goes on as if nothing had happened.
    rmSync(join(dataDir, 'kaefer.db'));
    await serving(dataDir, async (api) => {
      expect(databaseRows(dataDir)).toEqual(before);
      await api.decide(waiting, 'candidate');
    });
    const after = databaseRows(dataDir);
    expect(after['decisions']).toHaveLength((before['decisions'] ?? []).length + 1);
    await rebuildDatabase(dataDir);
    expect(databaseRows(dataDir)).toEqual(after);
  });

  test('two cannot use one folder', async () => {
    const dataDir = temporaryFolder();
    await serving(dataDir, async () => {
      expect(lockDataFolder(dataDir)).toBeUndefined();
      await expect(ServerProcess.start(dataDir, settings)).rejects.toThrow('ended with 1');
    });
    const release = lockDataFolder(dataDir);
    expect(release).toBeDefined();
    release?.();
  });
});

describe('a backup', () => {
  test('taken at any moment of a run is whole: it verifies, and a server goes on with it', async () => {
    const dataDir = temporaryFolder();
    const copies = temporaryFolder();
    const taken: string[] = [];
    await serving(dataDir, async (api) => {
      const training = { ...quickTraining, rounds: 200 };
      await api.createProject({ name: 'p', task: 'binary', target: 'failed', key: 'id', training });
      await api.learn('p', rowsOf({ count: 500 }));
      const next = await api.upload('p', rowsOf({ count: 300, first: 400, seed: 2 }));
      const { id } = await api.startRun('p', [next.id]);
      for (let run = await api.run(id); run.status !== 'awaiting_decision'; run = await api.run(id)) {
        const place = join(copies, String(taken.length));
        await backupLake(dataDir, place);
        taken.push(place);
      }
      await api.decide(id, 'candidate');
      const last = join(copies, 'last');
      const first = await backupLake(dataDir, last);
      expect(first).toMatchObject({ projects: 1, unchanged: 0 });
      expect(await backupLake(dataDir, last)).toEqual({
        projects: 1,
        copied: 0,
        bytes: 0,
        unchanged: first.copied,
      });
      taken.push(last);
    });
    expect(taken.length).toBeGreaterThan(2);
    for (const place of taken) expect((await verifyLake(place)).damages).toEqual([]);
    const [some = ''] = taken;
    await serving(some, async (api) => {
      const { items } = JSON.parse(await (await api.send('/api/v1/projects/p/runs')).text()) as {
        items: { id: string; status: string }[];
      };
      const [newest] = items;
      if (newest?.status === 'queued' || newest?.status === 'running') await api.untilRun(newest.id);
      expect((await api.project('p')).champion).toBe(1);
      expect((await api.dataset('p')).rows).toBeGreaterThanOrEqual(500);
    });
    rmSync(copies, { recursive: true, force: true });
  });
});

/** Every file of the lake in a data folder; the tables' hints are not needed. */
function everyFile(dataDir: string): string[] {
  return readdirSync(join(dataDir, 'lake'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '_last_checkpoint')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

describe('verifying', () => {
  const whole = mkdtempSync(join(tmpdir(), 'kaefer-whole-'));
  beforeAll(() => makeEventful(whole));
  afterAll(() => rmSync(whole, { recursive: true, force: true }));

  test('a whole lake has no damages, and everything was looked at', async () => {
    expect(await verifyLake(whole)).toEqual({
      projects: 6,
      files: everyFile(whole).length,
      uploads: 9,
      versions: 15,
      models: 8,
      decisions: 6,
      damages: [],
    });
  });

  const inProject = (dataDir: string, ...parts: string[]): string =>
    join(dataDir, 'lake/projects/welding-e', ...parts);
  const firstOf = (folder: string, ending: string): string =>
    join(folder, readdirSync(folder).find((name) => name.endsWith(ending)) ?? '');
  const someReceived = (dataDir: string): string => {
    const uploads = inProject(dataDir, 'uploads');
    const paths = readdirSync(uploads).map((name) => join(uploads, name, 'received.csv'));
    return paths.find((path) => existsSync(path)) ?? '';
  };

  const damages: [string, (dataDir: string) => void, unknown][] = [
    [
      'a received file with one byte more',
      (dataDir) => appendFileSync(someReceived(dataDir), ' '),
      { part: like(/^uploads\/.*received\.csv$/), kind: 'altered' },
    ],
    [
      'a model with another bit',
      (dataDir) => {
        const path = inProject(dataDir, 'models/1/model.ubj');
        const bytes = readFileSync(path);
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
        writeFileSync(path, bytes);
      },
      { part: 'models/1/model.ubj', kind: 'altered' },
    ],
    [
      'a model that is gone',
      (dataDir) => rmSync(inProject(dataDir, 'models/2/model.ubj')),
      { part: 'models/2/model.ubj', kind: 'missing' },
    ],
    [
      'a data file that was cut',
      (dataDir) => truncateSync(firstOf(inProject(dataDir, 'table'), '.parquet'), 900),
      { part: like(/^table version \d+, file /), kind: 'wrong_size' },
    ],
    [
      'a commit that was cut',
      (dataDir) => truncateSync(inProject(dataDir, 'table/_delta_log/00000000000000000001.json'), 50),
      { part: 'table/_delta_log/00000000000000000001.json', kind: 'altered' },
    ],
    [
      'a commit that was cut between two of its lines',
      (dataDir) => {
        const path = inProject(dataDir, 'table/_delta_log/00000000000000000001.json');
        truncateSync(path, readFileSync(path).indexOf('\n') + 1);
      },
      { part: 'table/_delta_log/00000000000000000001.json', kind: 'altered' },
    ],
    [
      'a comparison that was written over',
      (dataDir) => appendFileSync(inProject(dataDir, 'models/1/evaluation/comparison.json'), ' '),
      { part: 'models/1/evaluation/comparison.json', kind: 'altered' },
    ],
    [
      'scores that were written over',
      (dataDir) =>
        cpSync(
          inProject(dataDir, 'models/1/evaluation/holdout.parquet'),
          inProject(dataDir, 'models/2/evaluation/holdout.parquet'),
        ),
      { part: 'models/2', kind: 'irreproducible' },
    ],
  ];
  test('a model that was never compared is loaded, and one that is none is found', async () => {
    const dataDir = temporaryFolder();
    cpSync(whole, dataDir, { recursive: true });
    rmSync(inProject(dataDir, 'models/1/evaluation/comparison.json'));
    const ofModel = async (): Promise<unknown[]> => {
      const { damages: found } = await verifyLake(dataDir);
      return found.filter(({ project, part }) => project === 'welding-e' && part === 'models/1');
    };
    expect(await ofModel()).toEqual([]);
    const [model, card] = ['model.ubj', 'card.json'].map((name) => inProject(dataDir, 'models/1', name)) as [
      string,
      string,
    ];
    const digest = (): string => createHash('sha256').update(readFileSync(model)).digest('hex');
    const [before, bytes] = [digest(), readFileSync(model)];
    // Whoever wrote it, its card says that it is right.
    const replaceModel = (other: Uint8Array): void => {
      writeFileSync(model, other);
      writeFileSync(card, readFileSync(card, 'utf8').replaceAll(before, digest()));
    };
    const text = readFileSync(card, 'utf8');
    for (const other of [bytes.subarray(0, bytes.length >> 1), Buffer.from('{}'), Buffer.alloc(0)]) {
      replaceModel(other);
      expect(await ofModel()).toEqual([expect.objectContaining({ part: 'models/1', kind: 'unreadable' })]);
      writeFileSync(card, text);
    }
  });

  test('one changed bit in any file of a project is found, and the file named', async () => {
    const dataDir = temporaryFolder();
    cpSync(whole, dataDir, { recursive: true });
    const below = inProject(dataDir);
    const files = everyFile(dataDir).filter((path) => path.startsWith(`${below}/`));
    const kinds = new Map(
      files.map((path) => [
        path
          .slice(below.length)
          .replace(/[0-9a-f-]{9,}/g, '#')
          .replace(/\d+/g, '#'),
        path,
      ]),
    );
    expect(kinds.size).toBeGreaterThan(12);
    const untold: string[] = [];
    for (const path of kinds.values()) {
      const bytes = readFileSync(path);
      const damaged = Buffer.from(bytes);
      damaged[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
      writeFileSync(path, damaged);
      const { damages: found } = await verifyLake(dataDir);
      writeFileSync(path, bytes);
      const name = path.slice(below.length + 1);
      const isNamed = found.some(
        ({ part }) =>
          part === name ||
          part.includes(basename(path)) ||
          (part === 'table' && name.startsWith('table/')) ||
          name.startsWith(`${part}/`),
      );
      if (!isNamed) untold.push(`${name}: ${JSON.stringify(found)}`);
    }
    expect(untold).toEqual([]);
  });

  test.each(damages)('%s is found', async (_, damage, expected) => {
    const dataDir = temporaryFolder();
    cpSync(whole, dataDir, { recursive: true });
    damage(dataDir);
    const found = (await verifyLake(dataDir)).damages;
    expect(found).toContainEqual(expect.objectContaining({ project: 'welding-e', ...(expected as object) }));
    expect(new Set(found.map(({ project }) => project))).toEqual(new Set(['welding-e']));
  });
});
