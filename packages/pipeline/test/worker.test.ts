import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KaeferError, TrainingSettings } from '@kaefer/contracts';
import type { Job } from '../src/worker/job.ts';
import { runJob } from '../src/worker/run-job.ts';
import { WorkerProcess } from '../src/worker/worker-process.ts';
import { csvOf, quickSettings, simulateRows, TestProject } from './project.ts';
import { fileFolder, limitsIn, testFolder, writeFileIn } from './workspace.ts';

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

describe('a job in a process of its own', () => {
  test('answers, reports progress, and its process ends with it', async () => {
    const folder = testFolder();
    writeFileIn(join(folder, 'upload'), 'received.csv', csvOf(simulateRows(50, 0)));
    const report = await runJob({ kind: 'inspect', folder: join(folder, 'upload'), limits });
    expect(report).toMatchObject({ rows: 50, problems: [] });
    const training = endlessTraining(1);
    const fractions: number[] = [];
    const { card } = await runJob(
      { ...training, request: { ...training.request, settings: quickSettings } },
      { onProgress: ({ fraction }) => fractions.push(fraction) },
    );
    expect(card.rounds).toBe(quickSettings.rounds);
    expect(fractions).toEqual(Array.from({ length: 12 }, (_, index) => (index + 1) / 12));
    expect(workers()).toEqual([]);
  });

  test('that fails says so with the code and the parameters of its error', async () => {
    const stacks: string[] = [];
    const failing = runJob({
      kind: 'export',
      ...base,
      project: 'nothing',
      version: null,
      key: 'id',
      output: 'x',
    });
    await expect(failing).rejects.toMatchObject({ code: 'no_data' });
    const unknown = runJob(
      { kind: 'reproduce', ...base, version: 77, costs: null, scratch: join(path, 'r') },
      { onFailure: (stack) => stacks.push(stack) },
    );
    const error: unknown = await unknown.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KaeferError);
    expect(error).toMatchObject({ code: 'model_not_found', parameters: { version: 77 } });
    expect(stacks.join()).toContain('reproduce-model');
  });

  test('that meets an error which is not ours says what it was', async () => {
    const job: Job = { ...endlessTraining(3), scratch: join(path, 'no-such-scratch') };
    await expect(runJob(job)).rejects.toMatchObject({
      code: 'internal_error',
      parameters: { reason: 'the prepared data is not there' },
    });
  });

  test('whose process is killed is interrupted, and leaves no model', async () => {
    const running = runJob(endlessTraining(4), {
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
    const running = runJob(endlessTraining(5), {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('cancelled by ana')),
    });
    await expect(running).rejects.toThrow('cancelled by ana');
    expect(workers()).toEqual([]);
    await expect(runJob(endlessTraining(6), { signal: abort.signal })).rejects.toThrow('cancelled by ana');
    expect(workers()).toEqual([]);
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
