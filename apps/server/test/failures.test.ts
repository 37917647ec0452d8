import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { errorCatalogue, ProblemDetails, type ErrorCode, type Run } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { dropColumns, pickColumns, simulateRows, withoutOtherTargets } from './support/rows.ts';
import { childrenOf } from './support/server-process.ts';
import { quickTraining, startedServer, token, type StartedServer } from './support/started-server.ts';

const rows = dropColumns(simulateRows({ count: 300 }), withoutOtherTargets.binary);
const creation = { name: 'p', task: 'binary', target: 'failed', key: 'id', training: quickTraining } as const;

/** The run's end, which must be a failure of this kind that is told in both languages. */
async function failsWith({ api }: StartedServer, code: ErrorCode, id: string): Promise<Run> {
  const run = await api.untilRun(id);
  expect(run).toMatchObject({ status: 'failed', error: { code } });
  expect(run.error?.title).toBe(errorCatalogue[code].title.en);
  const answer = await api.send(`/api/v1/runs/${id}`, { headers: { 'accept-language': 'pt-BR' } });
  const told = (await answer.json()) as Run;
  expect(told.error?.title).toBe(errorCatalogue[code].title['pt-BR']);
  for (const detail of [run.error?.detail, told.error?.detail]) expect(detail).not.toMatch(/\{[a-z]\w*\}/i);
  return run;
}

describe('a run that cannot go on says why, and the project goes on without it', () => {
  test.runIf(process.platform === 'linux')('when the process of its stage is killed', async () => {
    const site = await startedServer();
    const { api, server } = site;
    await api.createProject({ ...creation, training: { ...quickTraining, rounds: 5000 } });
    const upload = await api.upload('p', simulateRows({ count: 2000 }));
    const { id } = await api.startRun('p', [upload.id]);
    await api.untilRun(id, ({ learningCurve }) => (learningCurve?.train.length ?? 0) > 0);
    for (const child of childrenOf(server.pid)) process.kill(child, 'SIGKILL');
    const run = await failsWith(site, 'run_interrupted', id);
    expect(run.stage).toBe('train');
    expect(run.error?.detail).toContain('SIGKILL');
    // What was merged stays, and the next run has a process of its own.
    expect(await api.dataset('p')).toMatchObject({ version: 1, rows: 2000 });
    const again = await api.startRun('p', []);
    await api.untilRun(again.id, ({ learningCurve }) => (learningCurve?.train.length ?? 0) > 0);
    await api.cancel(again.id);
  });

  test('when there are classes that the model to continue does not know', async () => {
    const site = await startedServer();
    const { api } = site;
    await api.createProject({ ...creation, task: 'multiclass', target: 'grade' });
    const graded = dropColumns(simulateRows({ count: 600 }), withoutOtherTargets.multiclass);
    await api.learn('p', graded);
    const more = graded
      .slice(0, 200)
      .map((row, index) => ({ ...row, id: `N${index}`, torque: 50, grade: 'extreme' }));
    const upload = await api.upload('p', more);
    const { id } = await api.startRun('p', [upload.id], 'incremental');
    const run = await failsWith(site, 'classes_changed', id);
    expect(run.error?.detail).toContain('extreme');
    // A full run learns them, and the model that does not know them is compared all the same.
    const full = await api.runToDecision('p', []);
    const { current, candidate, difference } = await api.comparison(full.id);
    for (const side of [current, candidate]) expect(side?.confusionMatrix).toHaveLength(4);
    expect(current?.confusionMatrix?.map((counts) => counts[3])).toEqual([0, 0, 0, 0]);
    expect(difference?.['accuracy']?.estimate).toBeGreaterThan(0);
  });

  test('when nothing but key and target is left to learn from', async () => {
    const site = await startedServer();
    const { api } = site;
    await api.createProject(creation);
    const upload = await api.upload('p', pickColumns(rows, ['id', 'failed']));
    const { id } = await api.startRun('p', [upload.id]);
    await failsWith(site, 'no_features', id);
    const useful = await api.upload('p', rows);
    await api.runToDecision('p', [useful.id]);
  });

  test('when the holdout was in the training data of the current model', async () => {
    const site = await startedServer();
    const { api, dataDir } = site;
    await api.createProject(creation);
    await api.learn('p', rows);
    const model = join(dataDir, 'lake/projects/p/models/1');
    copyFileSync(join(model, 'evaluation/holdout.parquet'), join(model, 'training-keys.parquet'));
    const { id } = await api.startRun('p', []);
    const run = await failsWith(site, 'holdout_overlap', id);
    expect(run.error?.detail).toMatch(/\d+ rows of the holdout were in the training data of model 1,/);
    await api.refused('comparison_not_ready', 409, `/api/v1/runs/${id}/comparison`);
    expect((await api.project('p')).champion).toBe(1);
  });
});

describe('a request that cannot be answered says why', () => {
  test('when a file of the lake is damaged', async () => {
    const { api, dataDir } = await startedServer();
    await api.createProject(creation);
    const run = await api.learn('p', rows);
    writeFileSync(join(dataDir, 'lake/projects/p/models/1/evaluation/comparison.json'), '{"verdict": ');
    const problem = await api.refused('internal_error', 500, `/api/v1/runs/${run.id}/comparison`);
    expect(problem.detail).toMatch(/JSON/);
    await api.project('p');
  });

  test('when another change of the data comes first', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    await api.learn('p', rows);
    const restore = '/api/v1/projects/p/dataset/restore';
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.send(restore, { json: { version: 0 } })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(statuses).toContain(200);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused)
      expect(ProblemDetails.parse(await answer.json())).toMatchObject({ code: 'lake_busy' });
    const done = answers.length - refused.length;
    expect(await api.dataset('p')).toMatchObject({ version: 1 + done, rows: 0 });
  });

  test('when the connection of an upload ends before its file', async () => {
    const { api, server, dataDir } = await startedServer();
    await api.createProject(creation);
    const whole = Buffer.from(
      `--edge\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nid,failed\n1,`,
    );
    // The form says that it is over without its last line, so there is somebody left to answer.
    const { port } = new URL(server.address);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /api/v1/projects/p/uploads HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\nconnection: close\r\n` +
        `content-type: multipart/form-data; boundary=edge\r\ncontent-length: ${whole.length}\r\n\r\n`,
    );
    socket.write(whole);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head + body).toMatch(/^HTTP\/1\.1 400 /);
    expect(ProblemDetails.parse(JSON.parse(body))).toMatchObject({ code: 'upload_interrupted' });
    expect(readdirSync(join(dataDir, 'lake/projects/p/uploads'))).toEqual([]);
  });
});
