#!/usr/bin/env node
// @kaefer/xgboost beside Python's xgboost of the same version, on the same data and threads. See ../README.md.
//   node bench/xgboost/run.mjs [--rows 1000000] [--repetitions 3]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  },
});
const [rows, repetitions] = ['rows', 'repetitions'].map((name) => {
  const value = Number(options[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}: a whole number of at least 1`);
  return value;
});
const cases = ['dense', 'sparse', 'parquet'];
/** Names of what is measured, and the greatest ratio that is aimed at; null where none is. */
const goals = {
  'dense.trainSeconds': 1.02,
  'dense.matrixSeconds': null,
  'dense.predictSeconds': 0.95,
  'dense.inPlaceSeconds': 1,
  'dense.oneRecordInPlaceMicroseconds': null,
  'sparse.matrixSeconds': null,
  'sparse.trainSeconds': 1.02,
  'sparse.inPlaceSeconds': null,
  'parquet.seconds': 0.7,
  'parquet.peakMib': 0.6,
};
const goalOneRecordMicroseconds = 5;

const script = (name) => fileURLToPath(new URL(name, import.meta.url));
const measured = { ours: [], peer: [] };
const folder = mkdtempSync(join(tmpdir(), 'kaefer-xgboost-'));
try {
  await writeData(folder, rows);
  const python = peerPython();
  const run = (program, ...args) => JSON.parse(execFileSync(program, args, { encoding: 'utf8' }));
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const [ours, peer] = [{}, {}];
    for (const name of cases) {
      ours[name] = run(process.execPath, script('ours.mjs'), name, folder);
      peer[name] = run(python, script('peer.py'), name, folder);
      requireAgreement(name, ours[name], peer[name]);
    }
    measured.ours.push(ours);
    measured.peer.push(peer);
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

const of = (side, path) =>
  median(measured[side].map((one) => path.split('.').reduce((value, key) => value[key], one)));
const figures = Object.entries(goals).map(([name, goal]) => {
  const [ours, peer] = [of('ours', name), of('peer', name)];
  const ratio = ours / peer;
  return { name, ours, peer, ratio, goal, met: goal === null ? null : ratio <= goal };
});
const oneRecord = of('ours', 'dense.oneRecordMicroseconds');
console.table(
  figures.map((one) => ({
    ...one,
    ours: one.ours.toFixed(3),
    peer: one.peer.toFixed(3),
    ratio: one.ratio.toFixed(3),
  })),
);
console.log(`one record by the scorer: ${oneRecord.toFixed(2)} µs (goal ${goalOneRecordMicroseconds})`);
const content = {
  machine: describeMachine(),
  rows,
  repetitions,
  figures,
  oneRecordMicroseconds: { scorer: oneRecord, goal: goalOneRecordMicroseconds },
  measured,
};
writeFileSync(new URL('last.json', import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
