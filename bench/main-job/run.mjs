#!/usr/bin/env node
// The main job, Käfer beside a Python script, on the same files and this machine. See ../README.md.
//   node bench/main-job/run.mjs [--repetitions 3] [--only peer|kaefer]
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { flightMonths } from '../flights.mjs';
import { describeMachine, median } from '../machine.mjs';
import { prepareKaefer, updateKaefer } from './kaefer.mjs';
import { peerPython, runPeer } from './peer.mjs';

const { values: options } = parseArgs({
  options: { repetitions: { type: 'string', default: '3' }, only: { type: 'string' } },
});
const repetitions = Number(options.repetitions);
if (!Number.isInteger(repetitions) || repetitions < 1)
  throw new Error('--repetitions: a whole number of at least 1');
if (![undefined, 'peer', 'kaefer'].includes(options.only)) throw new Error('--only: peer or kaefer');

const [january, february, march] = await flightMonths(['01', '02', '03']);
const folder = mkdtempSync(join(tmpdir(), 'kaefer-bench-'));
const measured = { kaefer: [], peer: [] };
const watched = { kaefer: [], peer: [] };
try {
  const sides = [];
  if (options.only !== 'peer') sides.push(await kaeferSide());
  if (options.only !== 'kaefer') sides.push(await peerSide());
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const { name, update } of sides) {
      const result = await update(false);
      measured[name].push(result);
      console.log(`${repetition}/${repetitions} ${name}: ${seconds(result.wallMs)} s`);
    }
  }
  for (const { name, update } of sides) {
    const result = await update(true);
    watched[name].push(result);
    console.log(`memory of ${name}: ${megabytes(result.treePss)} MB`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report();

/** Each repetition starts from the same two months, in the same place. */
function restored(prepared, place) {
  rmSync(place, { recursive: true, force: true });
  cpSync(prepared, place, { recursive: true });
}

async function kaeferSide() {
  const place = join(folder, 'kaefer');
  const prepared = join(folder, 'kaefer-prepared');
  const project = await prepareKaefer(place, [january, february]);
  cpSync(place, prepared, { recursive: true });
  const update = (isMemoryWatched) => {
    restored(prepared, place);
    return updateKaefer(place, project, march, isMemoryWatched);
  };
  return { name: 'kaefer', update };
}

async function peerSide() {
  const place = join(folder, 'peer');
  const prepared = join(folder, 'peer-prepared');
  const python = peerPython();
  await runPeer(python, 'prepare', prepared, [january, february]);
  const update = (isMemoryWatched) => {
    restored(prepared, place);
    return runPeer(python, 'update', place, [march], isMemoryWatched);
  };
  return { name: 'peer', update };
}

function report() {
  const rows = [
    line('total', 's', measured, (r) => r.wallMs / 1000),
    line('training', 's', measured, (r) => r.timings.train / 1000),
    line('all but training', 's', measured, (r) => (r.wallMs - r.timings.train) / 1000),
    line('total, Python running already', 's', measured, (r) => (r.wallMs - (r.startMs ?? 0)) / 1000),
    line(
      'all but training, Python running already',
      's',
      measured,
      (r) => (r.wallMs - (r.startMs ?? 0) - r.timings.train) / 1000,
    ),
    line('peak memory (PSS)', 'MB', watched, (r) => r.treePss / 1e6),
    line('AUC of the new model', '', measured, (r) => r.results.candidate.auc),
    line('AUC of the old model', '', measured, (r) => r.results.current.auc),
  ];
  console.table(Object.fromEntries(rows.map(({ name, ...rest }) => [name, rest])));
  for (const [name, results] of Object.entries(measured)) {
    if (results.length === 0) continue;
    const stages = Object.keys(results[0].timings);
    const parts = stages.map(
      (stage) => `${stage} ${seconds(median(results.map((r) => r.timings[stage] ?? 0)))}`,
    );
    console.log(`${name}, seconds: ${parts.join(', ')}`);
  }
  const file = new URL('last.json', import.meta.url);
  const content = {
    machine: describeMachine(),
    repetitions,
    only: options.only ?? null,
    medians: rows,
    measured,
    watched,
  };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

/** One line of the table: medians of both sides, and Käfer's as a multiple of the peer's. */
function line(name, unit, all, value) {
  const of = (results) => (results.length ? median(results.map(value)) : null);
  const kaefer = of(all.kaefer);
  const peer = of(all.peer);
  const ratio = kaefer !== null && peer !== null ? kaefer / peer : null;
  const round = (number) => (number === null ? null : Number(number.toPrecision(4)));
  return {
    name: unit ? `${name}, ${unit}` : name,
    kaefer: round(kaefer),
    peer: round(peer),
    ratio: round(ratio),
  };
}

function seconds(ms) {
  return (ms / 1000).toFixed(2);
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6);
}
