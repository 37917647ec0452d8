import { describe, expect, test } from 'vitest';
import { runChild } from './bundled-child.ts';

const openHandles = `
  import { DMatrix, train, loadLibrary } from '@kaefer/xgboost';
  const data = Float32Array.from({ length: 400 }, (_, i) => (i * 7) % 11);
  const labels = Float32Array.from({ length: 100 }, (_, i) => i % 2);
  const matrix = DMatrix.fromDense(data, { rows: 100, columns: 4 }, { labels });
  loadLibrary().onLog(() => undefined);
  const { booster } = await train({ objective: 'binary:logistic', nthread: 2, tree_method: 'hist' }, matrix, { rounds: 3 });
`;

describe('a process with open handles', () => {
  test('ends by itself', async () => {
    const result = await runChild('exit', `${openHandles} console.log(booster.rounds);`);
    expect(result).toMatchObject({ code: 0, stdout: '3\n', stderr: '' });
  });

  test('ends by process.exit()', async () => {
    expect(await runChild('exit-code', `${openHandles} process.exit(7);`)).toMatchObject({
      code: 7,
      stderr: '',
    });
  });

  test('ends by an exception, with the library still busy in no thread', async () => {
    const result = await runChild(
      'exit-throw',
      `${openHandles} throw new Error('the end ' + booster.rounds);`,
    );
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('the end 3');
  });

  test('hears SIGTERM between two rounds', async () => {
    const result = await runChild(
      'exit-signal',
      `${openHandles}
      process.on('SIGTERM', () => { console.log('heard'); process.exit(0); });
      setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);
      await train({ objective: 'binary:logistic', nthread: 1, tree_method: 'hist' }, matrix, { rounds: 1_000_000 });`,
    );
    expect(result).toMatchObject({ code: 0, stdout: 'heard\n' });
  });
});

test('the scorer loads neither koffi nor the library', async () => {
  const program = `
    import { Scorer } from '@kaefer/xgboost/scorer';
    import { createRequire } from 'node:module';
    const loaded = Object.keys(createRequire(import.meta.url).cache).concat(process.report.getReport().sharedObjects);
    console.log(typeof Scorer.fromModel, loaded.filter((name) => /koffi|xgboost/i.test(name)).length);`;
  expect(await runChild('scorer', program)).toMatchObject({ code: 0, stdout: 'function 0\n' });
});
