#!/usr/bin/env node
// How often a thread of the library looks again before it sleeps: the time of training with a few such numbers, on an idle
// machine and beside processes that want its cores. See ../README.md.
//   node bench/xgboost/waiting.mjs [--repetitions 3]
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, median } from '../machine.mjs';

const looks = ['0', '100', '1000', '10000', '50000'];
const shapes = { small: [600, 20, 500], large: [100_000, 60, 100] };

if (process.argv[2] === 'train') {
  const { DMatrix, train } = await import('@kaefer/xgboost');
  const [rows, columns, rounds] = shapes[process.argv[3]];
  let state = 1;
  const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const data = Float32Array.from({ length: rows * columns }, random);
  const labels = Float32Array.from({ length: rows }, (_, row) =>
    data[row * columns] > 0.5 === data[row * columns + 1] > 0.3 ? 1 : 0,
  );
  const matrix = DMatrix.fromDense(data, { rows, columns }, { labels });
  const started = performance.now();
  await train({ objective: 'binary:logistic', max_depth: 6 }, matrix, { rounds });
  console.log((performance.now() - started) / 1000);
} else {
  const { values } = parseArgs({ options: { repetitions: { type: 'string', default: '3' } } });
  const repetitions = Number(values.repetitions);
  if (!Number.isInteger(repetitions) || repetitions < 1)
    throw new Error('--repetitions: a whole number of at least 1');
  const self = fileURLToPath(import.meta.url);
  const seconds = {};
  for (const busy of [false, true]) {
    const others = Array.from({ length: busy ? availableParallelism() : 0 }, () =>
      spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
    );
    for (const shape of Object.keys(shapes)) {
      const times = Object.fromEntries(looks.map((look) => [look, []]));
      for (let repetition = 0; repetition < repetitions; repetition++)
        for (const look of looks) {
          const env = { ...process.env, OMP_WAIT_POLICY: 'PASSIVE', GOMP_SPINCOUNT: look };
          times[look].push(Number(execFileSync(process.execPath, [self, 'train', shape], { env })));
        }
      const name = `${shape}, ${busy ? 'a busy process on each core' : 'idle'}`;
      seconds[name] = Object.fromEntries(looks.map((look) => [look, median(times[look])]));
      console.log(name, seconds[name]);
    }
    for (const other of others) other.kill();
  }
  const sum = { machine: describeMachine(), repetitions, seconds };
  writeFileSync(new URL('waiting.json', import.meta.url), `${JSON.stringify(sum, null, 2)}\n`);
}
