#!/usr/bin/env node
// Training on a GPU beside training on all cores, with a library that was built with CUDA. See ../README.md.
//   XGBOOST_LIBRARY=…/libxgboost.so node bench/xgboost/gpu.mjs [--rows 1000000] [--repetitions 3] [--into gpu.json]
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Booster, DMatrix, loadLibrary, train } from '../../packages/xgboost/dist/index.js';
import { describeMachine, median } from '../machine.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    repetitions: { type: 'string', default: '3' },
    into: { type: 'string', default: new URL('gpu.json', import.meta.url).pathname },
  },
});
const [rows, repetitions] = [options.rows, options.repetitions].map(Number);
const [columns, rounds] = [28, 200];
const library = loadLibrary();
if (library.buildInfo()['USE_CUDA'] !== true) throw new Error(`${library.path} was built without CUDA.`);

/** Row-major features and labels that depend on eight of them. */
function table(count) {
  const data = Float32Array.from({ length: count * columns }, () => Math.random() + Math.random() - 1);
  const labels = Float32Array.from({ length: count }, (_, row) => {
    let score = (Math.random() - 0.5) * 2;
    for (let column = 0; column < 8; column++)
      score += Math.sin(data[row * columns + column] * (column + 1) * 2) / (column + 1);
    return score > 0 ? 1 : 0;
  });
  return { data, rows: count, columns, labels };
}

const [training, holdout] = [table(rows), table(rows / 10)];
const settings = { objective: 'binary:logistic', eval_metric: 'auc', tree_method: 'hist', max_depth: 6 };
const devices = { cpu: { nthread: describeMachine().cores }, cuda: { device: 'cuda' } };
const measured = { cpu: [], cuda: [] };
for (let repetition = 0; repetition <= repetitions; repetition++)
  for (const [device, parameters] of Object.entries(devices)) {
    const started = performance.now();
    const matrix = DMatrix.quantileFrom(training, { labels: training.labels });
    const made = performance.now();
    const { booster } = await train({ ...settings, ...parameters }, matrix, { rounds });
    const trained = performance.now();
    const saved = Booster.load(booster.save());
    const tested = DMatrix.from(holdout, { labels: holdout.labels });
    saved.setParameters({ device: 'cpu', eval_metric: 'auc' });
    const { test } = saved.evaluate(0, [{ name: 'test', matrix: tested }]);
    for (const one of [matrix, booster, saved, tested]) one.dispose();
    // The first of each warms up.
    if (repetition > 0)
      measured[device].push({
        matrixSeconds: (made - started) / 1000,
        trainSeconds: (trained - made) / 1000,
        auc: test.auc,
      });
  }

const middle = (device, name) => median(measured[device].map((one) => one[name]));
const result = {
  machine: describeMachine(),
  gpu: execFileSync('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader'], {
    encoding: 'utf8',
  }).trim(),
  library: library.versionText,
  rows,
  columns,
  rounds,
  seconds: Object.fromEntries(
    Object.keys(devices).map((device) => [
      device,
      { matrix: middle(device, 'matrixSeconds'), train: middle(device, 'trainSeconds') },
    ]),
  ),
  auc: { cpu: middle('cpu', 'auc'), cuda: middle('cuda', 'auc') },
  trainRatio: middle('cuda', 'trainSeconds') / middle('cpu', 'trainSeconds'),
};
writeFileSync(options.into, `${JSON.stringify(result, null, 2)}\n`);
console.log(JSON.stringify(result, null, 2));
