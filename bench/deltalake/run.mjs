#!/usr/bin/env node
// @kaefer/deltalake beside delta-rs, on the same data, machine and settings. See ../README.md.
//   node bench/deltalake/run.mjs [--repetitions 3] [--small] [--only CASE]
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, median } from '../machine.mjs';
import { peerPython } from '../main-job/peer.mjs';
import { cache } from '../paths.mjs';
import { benchData } from './data.mjs';

const { values: options } = parseArgs({
  options: {
    repetitions: { type: 'string', default: '3' },
    small: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const repetitions = Number(options.repetitions);
if (!Number.isInteger(repetitions) || repetitions < 1)
  throw new Error('--repetitions: a whole number of at least 1');
const sizes = options.small
  ? { wideRows: 20_000, tallRows: 100_000, mergedRows: 1000, commits: 300 }
  : { wideRows: 1_000_000, tallRows: 10_000_000, mergedRows: 100_000, commits: 10_000 };

/** Each case with the table that it begins with, and the greatest ratios of time and memory that are aimed at. */
const cases = {
  append: { table: null, time: 1, memory: null },
  mergeRecent: { table: 'tall', time: 0.5, memory: 0.5 },
  mergeSpread: { table: 'tall', time: 0.5, memory: 0.5 },
  mergeSpreadMarked: { table: 'tall', time: 0.5, memory: 0.5 },
  read: { table: 'tall', time: 1, memory: null },
  readArrays: { table: 'tall', time: null, memory: null },
  open: { table: 'commits', time: null, memory: null },
};
const chosen = Object.keys(cases).filter((name) => options.only === undefined || name === options.only);
if (chosen.length === 0) throw new Error(`--only: one of ${Object.keys(cases).join(', ')}`);

const script = (name) => fileURLToPath(new URL(name, import.meta.url));
const python = peerPython();
const data = await benchData(sizes);
const folder = mkdtempSync(join(cache, 'deltalake-run-'));
const changes = (name) => name === 'append' || name.startsWith('merge');
const measured = Object.fromEntries(chosen.map((name) => [name, { ours: [], peer: [] }]));

/** Runs one side of a case; a table that it changes is a fresh copy. */
function run(name, side) {
  const { table } = cases[name];
  const place = changes(name) ? join(folder, 'table') : join(data, table);
  if (changes(name)) {
    rmSync(place, { recursive: true, force: true });
    if (table !== null) cpSync(join(data, table), place, { recursive: true });
    execFileSync('sync');
  }
  const [program, file] = side === 'ours' ? [process.execPath, 'ours.mjs'] : [python, 'peer.py'];
  return JSON.parse(execFileSync(program, [script(file), name, data, place], { encoding: 'utf8' }));
}

try {
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const name of chosen) {
      const [ours, peer] = [run(name, 'ours'), run(name, 'peer')];
      requireAgreement(name, ours.done, peer.done);
      measured[name].ours.push(ours);
      measured[name].peer.push(peer);
      console.log(
        `${repetition}/${repetitions} ${name}: ${ours.seconds.toFixed(2)} s beside ${peer.seconds.toFixed(2)} s`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function requireAgreement(name, ours, peer) {
  for (const [what, value] of Object.entries(ours))
    if (!(Math.abs(value - peer[what]) <= 1e-9 * Math.abs(value)))
      throw new Error(`${name}: ${what} is ${value} here and ${peer[what]} with delta-rs`);
}

const rows = chosen.map((name) => {
  const { ours, peer } = measured[name];
  const of = (side, what) => median(side.map((result) => result[what]));
  const round = (value) => Number(value.toPrecision(4));
  const line = {
    case: name,
    measuredAt: new Date().toISOString(),
    seconds: round(of(ours, 'seconds')),
    peerSeconds: round(of(peer, 'seconds')),
    time: round(of(ours, 'seconds') / of(peer, 'seconds')),
    timeGoal: cases[name].time,
    mib: Math.round(of(ours, 'mib')),
    peerMib: Math.round(of(peer, 'mib')),
    memory: round(of(ours, 'mib') / of(peer, 'mib')),
    memoryGoal: cases[name].memory,
  };
  return line;
});
console.table(Object.fromEntries(rows.map(({ case: name, ...rest }) => [name, rest])));
if (!options.small) save();

/** A case that is measured alone takes its place among those of before. */
function save() {
  const file = new URL('last.json', import.meta.url);
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { rows: [], measured: {} };
  const known = [...before.rows.filter((row) => !chosen.includes(row.case)), ...rows];
  const all = {
    machine: describeMachine(),
    sizes,
    repetitions,
    rows: Object.keys(cases).flatMap((name) => known.filter((row) => row.case === name)),
    measured: { ...before.measured, ...measured },
  };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}
