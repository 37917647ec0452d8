#!/usr/bin/env node
// @kaefer/xgboost beside Python's xgboost of the same version, on the same data and threads. See ../README.md.
//   node bench/xgboost/run.mjs [--rows 1000000] [--repetitions 3] [--cases dense,sparse,parquet,flights]
// With some of the cases, last.json keeps the figures of the others.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, median } from '../machine.mjs';
import { peerPython } from '../main-job/peer.mjs';
import { writeData } from './data.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    repetitions: { type: 'string', default: '3' },
    cases: { type: 'string', default: 'dense,sparse,parquet,flights' },
  },
});
const [rows, repetitions] = ['rows', 'repetitions'].map((name) => {
  const value = Number(options[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}: a whole number of at least 1`);
  return value;
});
const cases = options.cases.split(',');
/** From arrays, that is in place here, beside Python's predict() with the DMatrix that it needs. */
const fromArrays = 'dense.fromArraysSeconds';
/** Names of what is measured, and the greatest ratio that is aimed at; null where none is. */
const goals = {
  'dense.trainSeconds': 1.02,
  'dense.matrixSeconds': null,
  // The same calls of the library on both sides.
  'dense.predictSeconds': null,
  'dense.fromArraysSeconds': 0.95,
  'dense.inPlaceSeconds': 1,
  'dense.oneRecordInPlaceMicroseconds': null,
  'dense.oneRecordExplainedMicroseconds': null,
  'sparse.matrixSeconds': null,
  'sparse.trainSeconds': 1.02,
  'sparse.inPlaceSeconds': 1,
  'flights.matrixSeconds': null,
  'flights.trainSeconds': 1.02,
  'flights.inPlaceSeconds': 1,
  'parquet.seconds': 0.7,
  'parquet.peakMib': 0.6,
};
const goalOneRecordMicroseconds = 5;

const script = (name) => fileURLToPath(new URL(name, import.meta.url));
const measured = Object.fromEntries(cases.map((name) => [name, { ours: [], peer: [] }]));
const folder = mkdtempSync(join(tmpdir(), 'kaefer-xgboost-'));
try {
  await writeData(folder, rows);
  const python = peerPython();
  const run = (program, ...args) => JSON.parse(execFileSync(program, args, { encoding: 'utf8' }));
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const name of cases) {
      const ours = run(process.execPath, script('ours.mjs'), name, folder);
      const peer = run(python, script('peer.py'), name, folder);
      requireAgreement(name, ours, peer);
      measured[name].ours.push(ours);
      measured[name].peer.push(peer);
    }
    console.log(`${repetition}/${repetitions}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The same models of the same rows, or their times compare nothing. */
function requireAgreement(name, { meanPrediction: seen, rows: ourRows }, { meanPrediction, rows: peerRows }) {
  const isEqual = name === 'parquet' ? ourRows === peerRows : Math.abs(seen - meanPrediction) < 1e-6;
  if (!isEqual)
    throw new Error(`${name}: ${seen ?? ourRows} here, ${meanPrediction ?? peerRows} by the peer`);
}

const of = (side, path) => {
  const [name, value] = path.split('.');
  return median(measured[name][side].map((one) => one[value]));
};
const figures = Object.entries(goals)
  .filter(([name]) => cases.includes(name.split('.')[0]))
  .map(([name, goal]) => {
    const [ours, peer] =
      name === fromArrays
        ? [of('ours', 'dense.inPlaceSeconds'), of('peer', 'dense.predictSeconds')]
        : [of('ours', name), of('peer', name)];
    const ratio = ours / peer;
    return { name, ours, peer, ratio, goal, met: goal === null ? null : ratio <= goal };
  });
console.table(
  figures.map((one) => ({
    ...one,
    ours: one.ours.toFixed(3),
    peer: one.peer.toFixed(3),
    ratio: one.ratio.toFixed(3),
  })),
);
const last = new URL('last.json', import.meta.url);
const before = JSON.parse(readFileSync(last, 'utf8'));
const content = {
  machine: describeMachine(),
  rows,
  repetitions,
  figures: Object.keys(goals).flatMap((name) =>
    [...figures, ...before.figures].filter((one) => one.name === name).slice(0, 1),
  ),
  oneRecordMicroseconds: before.oneRecordMicroseconds,
  measured: { ...before.measured, ...measured },
};
if (cases.includes('dense')) {
  const [scorer, explained] = ['oneRecordMicroseconds', 'oneRecordExplainedMicroseconds'].map((name) =>
    of('ours', `dense.${name}`),
  );
  console.log(
    `one record by the scorer: ${scorer.toFixed(2)} µs (goal ${goalOneRecordMicroseconds}), explained in ${explained.toFixed(0)} µs more`,
  );
  content.oneRecordMicroseconds = { scorer, goal: goalOneRecordMicroseconds, explained };
}
writeFileSync(last, `${JSON.stringify(content, null, 2)}\n`);
