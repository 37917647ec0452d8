import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  DMatrix,
  loadLibrary,
  SharedMemory,
  train,
  Trainer,
  type Round,
  type TrainerMatrix,
} from '../src/index.ts';
import { columnsOf, sparseOf } from './batches.ts';
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

/** The bytes of a model trained in this process, of the same matrix. */
async function modelHere(
  matrix: DMatrix,
  settings: Parameters<typeof train>[0] = parameters,
): Promise<Buffer> {
  const { booster } = await train(settings, matrix, { rounds: 4 });
  const bytes = Buffer.from(booster.save());
  for (const one of [matrix, booster]) one.dispose();
  return bytes;
}

/** The same table with its arrays in shared memory. */
function shared(matrix: TrainerMatrix): { matrix: TrainerMatrix; memory: SharedMemory } {
  const arrays = Object.values(matrix).flat() as unknown[];
  const isArray = (one: unknown): one is Float32Array | Uint32Array =>
    one instanceof Float32Array || one instanceof Uint32Array;
  const bytes = arrays.filter(isArray).reduce((sum, one) => sum + one.byteLength, 0);
  const memory = SharedMemory.allocate(bytes);
  const moved = <Value>(value: Value): Value => {
    if (Array.isArray(value) && value.some(isArray)) return value.map(moved) as Value;
    if (!isArray(value)) return value;
    const place = value instanceof Float32Array ? memory.floats(value.length) : memory.uints(value.length);
    place.set(value);
    return place as Value;
  };
  const entries = Object.entries(matrix).map(([name, value]) => [name, moved(value as unknown)]);
  return { matrix: Object.fromEntries(entries) as TrainerMatrix, memory };
}

const { data, rows, columns, labels } = table;
const forms: Record<string, TrainerMatrix> = {
  dense: { data, rows, columns, labels },
  sparse: { ...sparseOf(table), labels },
  weighted: { data, rows, columns, labels, weights: labels.map((label) => label + 0.5) },
  'quantised columns': { columns: columnsOf(table), labels, maxBin: 64 },
  ranked: { data, rows, columns, labels, queryIds: Array.from({ length: rows }, (_, row) => row >> 5) },
};

test.each(Object.keys(forms))('takes a %s table, through the pipe or shared', async (name) => {
  const matrix = forms[name] as TrainerMatrix;
  const settings = {
    ...parameters,
    ...(name === 'ranked' && { objective: 'rank:ndcg' as const }),
    ...(matrix.maxBin && { max_bin: matrix.maxBin }),
  };
  const { major, minor } = loadLibrary().version;
  const isQuantised = matrix.maxBin !== undefined;
  if (isQuantised && (major < 2 || (major === 2 && minor < 1))) {
    const { result } = Trainer.start(settings, matrix, { rounds: 4 });
    await expect(result).rejects.toThrow(withCode('XGBOOST_NOT_IN_THIS_VERSION'));
    return;
  }
  const here = isQuantised ? DMatrix.quantileFrom(matrix, matrix) : DMatrix.from(matrix, matrix);
  const expected = await modelHere(here, settings);
  const piped = await Trainer.start(settings, matrix, { rounds: 4 }).result;
  expect(Buffer.from(piped.model).equals(expected)).toBe(true);
  const { matrix: moved, memory } = shared(matrix);
  expect(memory.isShared).toBe(process.platform === 'linux');
  const training = Trainer.start(settings, moved, {
    rounds: 4,
    evaluate: [{ name: 'again', matrix: { ...moved } }],
  });
  // The process has its own mapping: what happens here afterwards is nothing to it.
  const first = await training.result;
  expect(Buffer.from(first.model).equals(expected)).toBe(true);
  memory.dispose();
  memory.dispose();
  expect(() => Trainer.start(settings, moved, { rounds: 4 })).toThrow(
    process.platform === 'linux' ? withCode('XGBOOST_DISPOSED') : /./,
  );
});

test('shared memory has an end, and gives zeros after it was disposed of', () => {
  const memory = SharedMemory.allocate(40);
  const numbers = memory.floats(6);
  numbers.fill(3);
  expect(memory.uints(4)).toEqual(new Uint32Array(4));
  expect(() => memory.floats(1)).toThrow(withCode('XGBOOST_BAD_ARGUMENT'));
  for (const wrong of [0, -1, 1.5, NaN])
    expect(() => SharedMemory.allocate(wrong)).toThrow(withCode('XGBOOST_BAD_ARGUMENT'));
  memory.dispose();
  if (memory.isShared) expect(numbers).toEqual(new Float32Array(6));
  expect(() => memory.floats(1)).toThrow(withCode('XGBOOST_DISPOSED'));
});

test.runIf(process.platform === 'linux')(
  'a shared table is copied neither here nor there, and is gone with the last process',
  async () => {
    const [many, wide] = [400_000, 64];
    const memory = SharedMemory.allocate((many * wide + many) * 4);
    const big = { data: memory.floats(many * wide), rows: many, columns: wide, labels: memory.floats(many) };
    for (let at = 0; at < big.data.length; at++) big.data[at] = (at * 2654435761) % 97;
    for (let row = 0; row < many; row++) big.labels[row] = row % 2;
    const before = process.memoryUsage();
    // 100 MiB of values: more than the limit leaves room for beside the matrix of bytes, if they were copied.
    const training = Trainer.start(
      { ...parameters, max_bin: 64 },
      { ...big, maxBin: 64 },
      {
        rounds: 1,
        memoryLimitMib: 270,
      },
    );
    expect((await training.result).model.length).toBeGreaterThan(0);
    const copied = { ...big, data: big.data.slice(), maxBin: 64 };
    const piped = Trainer.start({ ...parameters, max_bin: 64 }, copied, { rounds: 1, memoryLimitMib: 270 });
    await expect(piped.result).rejects.toThrow();
    const after = process.memoryUsage();
    // The copy that this test made is all that there is.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(120 * 2 ** 20);
    const names = (): string[] => readdirSync('/dev/shm').filter((name) => name.includes('xgboost'));
    expect(names()).toEqual([]);
    const files = (): string[] =>
      readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          return [readlinkSync(`/proc/self/fd/${fd}`)].filter((file) => file.includes('xgboost-arrays'));
        } catch {
          return [];
        }
      });
    const open = files().length;
    memory.dispose();
    expect(files()).toHaveLength(open - 1);
  },
);

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
