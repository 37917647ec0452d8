import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DMatrix, train, Trainer, type Round } from '../src/index.ts';
import { randomTable } from './random-table.ts';

const table = randomTable({ rows: 3000, columns: 5, missing: 0.1, seed: 12 });
const other = randomTable({ rows: 500, columns: 5, missing: 0.1, seed: 13 });
const parameters = { objective: 'binary:logistic', tree_method: 'hist', max_depth: 4, nthread: 2 } as const;
const withCode = (code: string): Error => expect.objectContaining({ code }) as Error;
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A training that goes on until it is ended, and has done its first round. */
async function endless(options: { signal?: AbortSignal; threads?: number } = {}): Promise<Trainer> {
  let begun = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const trainer = Trainer.start(parameters, table, { ...options, rounds: 1_000_000, onRound: () => begun() });
  await Promise.race([first, trainer.result]);
  return trainer;
}

test('gives the bytes, rounds and metrics of train() in this process', async () => {
  const rounds: Round[] = [];
  const trainer = Trainer.start(parameters, table, {
    rounds: 7,
    evaluate: [
      { name: 'train', matrix: table },
      { name: 'other', matrix: other },
    ],
    threads: 1,
    onRound: (round) => rounds.push(round),
  });
  const seen = await trainer.result;
  const matrix = DMatrix.fromDense(table.data, table, { labels: table.labels });
  const held = DMatrix.fromDense(other.data, other, { labels: other.labels });
  const here: Round[] = [];
  const { booster, ...expected } = await train(parameters, matrix, {
    rounds: 7,
    evaluate: [
      { name: 'train', matrix },
      { name: 'other', matrix: held },
    ],
    onRound: (round) => void here.push(round),
  });
  const { model, ...result } = seen;
  expect(Buffer.from(model).equals(booster.save())).toBe(true);
  expect(result).toEqual(expected);
  expect(rounds).toEqual(here);
  expect(isAlive(trainer.pid as number)).toBe(false);
  for (const one of [matrix, held, booster]) one.dispose();
});

test('cancelled, by itself or by a signal, it leaves no process and no file', async () => {
  const before = readdirSync(tmpdir()).filter((name) => /xgboost|trainer/i.test(name));
  const trainer = await endless();
  expect(isAlive(trainer.pid as number)).toBe(true);
  await trainer.cancel();
  expect(isAlive(trainer.pid as number)).toBe(false);
  await expect(trainer.result).rejects.toThrow(withCode('XGBOOST_TRAINER_CANCELLED'));
  const controller = new AbortController();
  const second = await endless({ signal: controller.signal });
  controller.abort();
  await expect(second.result).rejects.toThrow(withCode('XGBOOST_TRAINER_CANCELLED'));
  expect(isAlive(second.pid as number)).toBe(false);
  expect(readdirSync(tmpdir()).filter((name) => /xgboost|trainer/i.test(name))).toEqual(before);
});

test('a process that dies is a typed error, and this one goes on', async () => {
  const trainer = await endless();
  process.kill(trainer.pid as number, 'SIGSEGV');
  await expect(trainer.result).rejects.toThrow(withCode('XGBOOST_TRAINER_DIED'));
  await expect(trainer.result).rejects.toThrow(/SIGSEGV/);
});

test('what the library refuses, and what onRound throws, comes out of the result', async () => {
  const unfit = Trainer.start({ ...parameters, objective: 'multi:softprob', num_class: 2 }, other, {
    rounds: -1,
  });
  await expect(unfit.result).rejects.toThrow(withCode('XGBOOST_BAD_ARGUMENT'));
  const failure = new RangeError('enough');
  const thrown = Trainer.start(parameters, other, {
    rounds: 1_000_000,
    onRound: () => {
      throw failure;
    },
  });
  await expect(thrown.result).rejects.toBe(failure);
  expect(isAlive(thrown.pid as number)).toBe(false);
  expect(() => Trainer.start(parameters, { ...table, rows: 2 }, { rounds: 1 })).toThrow(
    withCode('XGBOOST_BAD_ARGUMENT'),
  );
});

test('more memory than the limit ends the training, not this process', async () => {
  if (process.platform !== 'linux') {
    expect(() => Trainer.start(parameters, table, { rounds: 1, memoryLimitMib: 300 })).toThrow(/Linux/);
    return;
  }
  const [rows, columns] = [1_000_000, 100];
  const wide = { data: new Float32Array(rows * columns), rows, columns, labels: new Float32Array(rows) };
  const trainer = Trainer.start(parameters, wide, { rounds: 2, memoryLimitMib: 400 });
  await expect(trainer.result).rejects.toThrow(withCode('XGBOOST_TRAINER_DIED'));
  const enough = Trainer.start(parameters, other, { rounds: 2, memoryLimitMib: 1000 });
  expect((await enough.result).model.length).toBeGreaterThan(0);
});

test('when the process that started it is killed, the training ends too', async () => {
  const built = new URL('../dist/index.js', import.meta.url).href;
  const program = `
    import { Trainer } from '${built}';
    const [rows, columns] = [1000, 4];
    const data = Float32Array.from({ length: rows * columns }, (_, at) => (at * 7919) % 101);
    const labels = Float32Array.from({ length: rows }, (_, row) => row % 2);
    let told = false;
    const trainer = Trainer.start({ objective: 'binary:logistic' }, { data, rows, columns, labels }, {
      rounds: 1_000_000,
      onRound: () => { if (!told) console.log(trainer.pid); told = true; },
    });
    await trainer.result;`;
  const caller = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(caller.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(isAlive(pid)).toBe(true);
  caller.kill('SIGKILL');
  // It is nobody's child here, so its end can only be looked for; the test's own time is the hang guard.
  while (isAlive(pid)) await setTimeout(20);
  expect(isAlive(pid)).toBe(false);
});

test.runIf(process.platform === 'linux')('computes with no more threads than it may', async () => {
  const count = async (threads: number): Promise<number> => {
    const trainer = await endless({ threads });
    const seen = readdirSync(`/proc/${trainer.pid}/task`).length;
    await trainer.cancel();
    return seen;
  };
  // Node has threads of its own, as many each time; nthread asks for two.
  expect((await count(2)) - (await count(1))).toBe(1);
});
