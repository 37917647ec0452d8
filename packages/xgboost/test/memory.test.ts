import { expect, test } from 'vitest';
import { runChild } from './bundled-child.ts';

const helpers = `
  import { setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  import { Booster, crossValidate, DMatrix, train } from '@kaefer/xgboost';
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const rows = 20_000, columns = 10;
  const make = () => Float32Array.from({ length: rows * columns }, (_, i) => (i * 2654435761) % 1000);
  const labels = Float32Array.from({ length: rows }, (_, i) => i % 2);
  const parameters = { objective: 'binary:logistic', nthread: 2, tree_method: 'hist', max_depth: 4 } as const;
`;

test('memory does not grow over many matrices and models, and what failed leaves nothing', async () => {
  const program = `${helpers}
    const once = async () => {
      const data = make();
      const matrix = DMatrix.fromDense(data, { rows, columns }, { labels });
      let turn = 0;
      const source = { next: () => (turn++ === 0 ? { data, rows, labels } : null), reset: () => { turn = 0; } };
      const bins = DMatrix.quantile(source, { columns });
      const { booster } = await train(parameters, bins, { rounds: 2, evaluate: [{ matrix, name: 'all' }] });
      booster.predict(matrix, { kind: 'contributions' });
      booster.predictInPlace({ data, rows, columns });
      const again = Booster.load(booster.save());
      const first = again.slice(0, 1);
      await crossValidate(parameters, matrix, { rounds: 1, folds: 2 });
      await train(parameters, matrix, { rounds: 2, onRound: () => { throw new Error('stop'); } }).catch(() => undefined);
      try { Booster.load(new TextEncoder().encode('{}')); } catch {}
      for (const one of [matrix, bins, booster, again, first]) one.dispose();
    };
    const measure = async (times: number) => {
      for (let time = 0; time < times; time++) await once();
      collect(); collect();
      return process.memoryUsage.rss() / 2 ** 20;
    };
    const before = await measure(40);
    const after = await measure(120);
    console.log(JSON.stringify({ before, after }));`;
  const { code, stdout, stderr } = await runChild('leaks', program, { timeoutMs: 600_000 });
  expect([code, stderr]).toEqual([0, '']);
  const { before, after } = JSON.parse(stdout) as { before: number; after: number };
  // One matrix kept each time would be 92 MiB more, one model with its caches as much again.
  expect(after - before).toBeLessThan(45);
});

test('memory, files and descriptors do not grow over matrices in files, collected batches and shared memory', async () => {
  const program = `${helpers}
    import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
    import { tmpdir } from 'node:os';
    import { join } from 'node:path';
    import { ColumnBatches, loadLibrary, SharedMemory } from '@kaefer/xgboost';
    const folder = mkdtempSync(join(tmpdir(), 'leaks-'));
    const options = { columns, cachePrefix: join(folder, 'page') };
    const { major, minor } = loadLibrary().version;
    const once = async () => {
      const data = make();
      const sourceOf = (fails: boolean) => {
        let turn = 0;
        return {
          next: () => {
            if (fails && turn > 0) throw new Error('the source failed');
            return turn++ < 2 ? { data, rows, labels } : null;
          },
          reset: () => { turn = 0; },
        };
      };
      const paged = DMatrix.external(sourceOf(false), options);
      const { booster } = await train(parameters, paged, { rounds: 1 });
      for (const one of [booster, paged]) one.dispose();
      try { DMatrix.external(sourceOf(true), options).dispose(); } catch {}
      if (major >= 3) {
        DMatrix.quantileExternal(sourceOf(false), options).dispose();
        try { DMatrix.quantileExternal(sourceOf(true), options).dispose(); } catch {}
      }
      const batches = new ColumnBatches({ columns, rowsPerBatch: 6000 });
      const chunk = Array.from({ length: columns }, (_, column) => data.subarray(column * rows, (column + 1) * rows));
      batches.append(chunk, { labels });
      // Columns need version 2.1 of the library.
      if (major > 2 || (major === 2 && minor > 0)) DMatrix.quantile(batches, { columns }).dispose();
      const memory = SharedMemory.allocate(rows * columns * 4);
      memory.floats(rows * columns).set(data);
      memory.dispose();
      // What nobody disposes of goes with the arrays in it.
      SharedMemory.allocate(rows * columns * 4).floats(rows * columns).fill(1);
    };
    // What is finalised is so after the event loop has turned.
    const settle = async () => {
      for (let time = 0; time < 3; time++) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const descriptors = () => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0);
    const measure = async (times: number) => {
      for (let time = 0; time < times; time++) {
        await once();
        if (time % 20 === 0) await settle();
      }
      await settle();
      return { memory: process.memoryUsage.rss() / 2 ** 20, descriptors: descriptors(), files: readdirSync(folder).length };
    };
    const before = await measure(40);
    const after = await measure(120);
    rmSync(folder, { recursive: true });
    console.log(JSON.stringify({ before, after }));`;
  const { code, stdout, stderr } = await runChild('leaks-in-files', program, { timeoutMs: 600_000 });
  expect([code, stderr]).toEqual([0, '']);
  type Measured = Record<'memory' | 'descriptors' | 'files', number>;
  const { before, after } = JSON.parse(stdout) as { before: Measured; after: Measured };
  // One table kept each time would be 92 MiB more.
  expect(after.memory - before.memory).toBeLessThan(45);
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 2);
  expect(after.files).toBe(0);
});

test('the garbage collector takes nothing that the library still reads', async () => {
  const program = `${helpers}
    let turn = 0;
    const source = {
      // Every batch is garbage as soon as it is handed over, but for what the package keeps of it.
      next: () => {
        collect();
        return turn++ < 4 ? { data: make(), rows, labels: labels.slice() } : null;
      },
      reset: () => { turn = 0; },
    };
    const bins = DMatrix.quantile(source, { columns, featureNames: Array.from({ length: columns }, (_, i) => 'f' + i) });
    const matrix = DMatrix.fromDense(make(), { rows, columns }, { labels: labels.slice() });
    collect();
    const grow = (_: Float32Array, seen: { labels: Float32Array }) => {
      collect();
      return { gradient: seen.labels.map((y) => 0.5 - y), hessian: new Float32Array(seen.labels.length).fill(1) };
    };
    const { booster } = await train({ ...parameters, objective: undefined }, bins, { rounds: 2, objective: grow });
    collect();
    const first = booster.predictInPlace({ data: make(), rows, columns }).values;
    collect();
    const second = booster.predict(matrix).values;
    console.log(bins.rows, first.every((value, row) => value === second[row]));`;
  expect(await runChild('collector', program)).toMatchObject({
    code: 0,
    stdout: '80000 true\n',
    stderr: '',
  });
});

test('a worker thread that ends in the middle of a training harms nobody', async () => {
  const program = `
    import { Worker, isMainThread, parentPort } from 'node:worker_threads';
    import { fileURLToPath } from 'node:url';
    import { DMatrix, train } from '@kaefer/xgboost';
    const data = Float32Array.from({ length: 4000 }, (_, i) => (i * 7919) % 101);
    const labels = Float32Array.from({ length: 1000 }, (_, i) => i % 2);
    const parameters = { objective: 'binary:logistic', nthread: 2, tree_method: 'hist' } as const;
    const matrix = DMatrix.fromDense(data, { rows: 1000, columns: 4 }, { labels });
    if (!isMainThread) {
      await train(parameters, matrix, { rounds: 1_000_000, onRound: ({ iteration }) => parentPort?.postMessage(iteration) });
    } else {
      for (let time = 0; time < 5; time++) {
        const worker = new Worker(fileURLToPath(import.meta.url));
        await new Promise((resolve) => worker.on('message', (round) => round === 3 && resolve(undefined)));
        await worker.terminate();
        const { booster } = await train(parameters, matrix, { rounds: 3 });
        booster.dispose();
      }
      matrix.dispose();
      console.log('still here');
    }`;
  expect(await runChild('teardown', program)).toMatchObject({ code: 0, stdout: 'still here\n', stderr: '' });
});
