import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { KaeferError, TrainingSettings } from '@kaefer/contracts';
import type { Job } from '../src/worker/job.ts';
import { WorkerPool } from '../src/worker/worker-pool.ts';
import { WorkerProcess } from '../src/worker/worker-process.ts';
import { csvOf, quickSettings, simulateRows, TestProject } from './project.ts';
import { fileLimits, fileFolder, limitsIn, testFolder, writeFileIn } from './workspace.ts';

const path = fileFolder();
const limits = limitsIn(path);
const project = new TestProject(path, { task: 'binary', target: 'failed', key: 'id' });
await project.add('u1', simulateRows(2000, 0, 1));
const scratch = project.newScratch();
await project.prepare('full', null, scratch);
const base = { lake: path, project: 'p', limits } as const;

/** A training that would go on for hours. */
function endlessTraining(version: number): Extract<Job, { kind: 'train' }> {
  const settings = TrainingSettings.parse({
    ...quickSettings,
    rounds: 5000,
    maxDepth: 16,
    learningRate: 0.001,
  });
  return {
    kind: 'train',
    ...base,
    scratch,
    request: {
      project: 'p',
      run: 'run-1',
      version,
      task: 'binary',
      mode: 'full',
      parent: null,
      target: 'failed',
      positive: 'yes',
      key: 'id',
      costs: null,
      settings,
      split: project.split,
      createdAt: '2026-01-01T00:00:00.000Z',
      program: 'test',
    },
  };
}

/** Process ids of this process's children that run the worker. */
function workers(): number[] {
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return lines
    .split('\n')
    .filter((line) => line.includes('worker.js'))
    .map((line) => Number.parseInt(line, 10));
}

const pool = new WorkerPool();
afterAll(() => pool.close());

describe('a job in a process of its own', () => {
  test('answers and reports progress, and its process is kept for the next', async () => {
    const folder = testFolder();
    writeFileIn(join(folder, 'upload'), 'received.csv', csvOf(simulateRows(50, 0)));
    const report = await pool.run({
      kind: 'inspect',
      folder: join(folder, 'upload'),
      limits,
      fileLimits,
    });
    expect(report).toMatchObject({ rows: 50, problems: [] });
    const [kept] = workers();
    expect(kept).toBeGreaterThan(0);
    const training = endlessTraining(1);
    const fractions: number[] = [];
    const { card } = await pool.run(
      { ...training, request: { ...training.request, settings: quickSettings } },
      { onProgress: ({ fraction }) => fractions.push(fraction) },
    );
    expect(card.rounds).toBe(quickSettings.rounds);
    expect(fractions).toEqual(Array.from({ length: 12 }, (_, index) => (index + 1) / 12));
    expect(workers()).toEqual([kept]);
  });

  test('that would fill the disk is refused, and leaves nothing behind', async () => {
    const folder = join(testFolder(), 'upload');
    writeFileIn(folder, 'received.csv', gzipSync(csvOf(simulateRows(50, 0))));
    const refused = pool.run({
      kind: 'inspect',
      folder,
      limits,
      fileLimits: { ...fileLimits, minFreeBytes: 2 ** 60 },
    });
    await expect(refused).rejects.toMatchObject({ code: 'disk_full' });
    expect(readdirSync(folder)).toEqual(['received.csv']);
  });

  test('that fails says so with the code and the parameters of its error', async () => {
    const stacks: string[] = [];
    const failing = pool.run({
      kind: 'export',
      ...base,
      project: 'nothing',
      version: null,
      key: 'id',
      output: 'x',
    });
    await expect(failing).rejects.toMatchObject({ code: 'no_data' });
    const unknown = pool.run(
      { kind: 'reproduce', ...base, version: 77, costs: null, scratch: join(path, 'r') },
      { onFailure: (stack) => stacks.push(stack) },
    );
    const error: unknown = await unknown.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KaeferError);
    expect(error).toMatchObject({ code: 'model_not_found', parameters: { version: 77 } });
    expect(stacks.join()).toContain('reproduce-model');
    expect(workers()).toEqual([]);
  });

  test('that meets an error which is not ours says what it was', async () => {
    const job: Job = { ...endlessTraining(3), scratch: join(path, 'no-such-scratch') };
    await expect(pool.run(job)).rejects.toMatchObject({
      code: 'internal_error',
      parameters: { reason: 'the prepared data is not there' },
    });
  });

  test('whose process is killed is interrupted, and leaves no model', async () => {
    const running = pool.run(endlessTraining(4), {
      onProgress: () => {
        for (const pid of workers()) process.kill(pid, 'SIGKILL');
      },
    });
    await expect(running).rejects.toMatchObject({
      code: 'run_interrupted',
      parameters: { stage: 'train', reason: 'SIGKILL' },
    });
    expect(readdirSync(project.folder.models)).not.toContain('4');
  });

  test('that is aborted dies at once, with the reason of the abort', async () => {
    const abort = new AbortController();
    const running = pool.run(endlessTraining(5), {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('cancelled by ana')),
    });
    await expect(running).rejects.toThrow('cancelled by ana');
    expect(workers()).toEqual([]);
    await expect(pool.run(endlessTraining(6), { signal: abort.signal })).rejects.toThrow('cancelled by ana');
    expect(workers()).toEqual([]);
  });
});

describe('a pool of worker processes', () => {
  const sum = { kind: 'export', ...base, version: null, key: 'id' } as const;
  const outputIn = (folder: string) => ({ ...sum, output: join(folder, 'data.csv') });

  test('has one ready when it was told to, and never keeps more', async () => {
    const own = new WorkerPool();
    own.prepare();
    own.prepare();
    expect(workers()).toHaveLength(1);
    const [ready] = workers();
    const folder = testFolder();
    const both = [own.run(outputIn(folder)), own.run(outputIn(testFolder()))];
    expect(workers()).toHaveLength(2);
    expect(workers()).toContain(ready);
    await Promise.all(both);
    expect(workers()).toHaveLength(1);
    await own.close();
    expect(workers()).toEqual([]);
    own.prepare();
    expect(workers()).toEqual([]);
  });

  test('starts another when the one that waited has died', async () => {
    const own = new WorkerPool();
    await own.run(outputIn(testFolder()));
    const [waiting = 0] = workers();
    process.kill(waiting, 'SIGKILL');
    await expect.poll(() => own.run(outputIn(testFolder())).catch(String)).toEqual({ rows: 2000 });
    expect(workers()).not.toContain(waiting);
    await own.close();
  });
});

describe('a worker process', () => {
  test('does one job after another, also after one that failed', async () => {
    const worker = new WorkerProcess();
    mkdirSync(join(path, 'out'), { recursive: true });
    const output = join(path, 'out', 'data.csv');
    const job = { kind: 'export', ...base, version: null, key: 'id', output } as const;
    await expect(worker.run({ ...job, project: 'nothing' })).rejects.toMatchObject({ code: 'no_data' });
    expect(await worker.run(job)).toEqual({ rows: 2000 });
    expect(await worker.run(job)).toEqual({ rows: 2000 });
    expect(workers()).toHaveLength(1);
    await worker.close();
    await worker.close();
    expect(workers()).toEqual([]);
    await expect(worker.run(job)).rejects.toMatchObject({ code: 'run_interrupted' });
  });
});
