#!/usr/bin/env node
// Latency of single predictions over HTTP while the same server trains another project. See ../README.md.
//   node bench/serving/run.mjs [--rate 200] [--seconds 20]
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { flightMonths } from '../flights.mjs';
import { flightsProject, pause, startServer, training } from '../kaefer-server.mjs';
import { describeMachine } from '../machine.mjs';

const WARM_UP_SECONDS = 3;
const GOAL_MS = { median: 2, p99: 10 };

const { values: options } = parseArgs({
  options: { rate: { type: 'string', default: '200' }, seconds: { type: 'string', default: '20' } },
});
const rate = Number(options.rate);
const wantedSeconds = Number(options.seconds);
if (!(rate > 0) || !(wantedSeconds > 0)) throw new Error('--rate and --seconds: numbers above 0');

const files = await flightMonths(['01', '02']);
const folder = mkdtempSync(join(tmpdir(), 'kaefer-bench-'));
const server = await startServer(folder);
try {
  const { api } = server;
  const served = await api.post('/projects', { name: 'served', ...flightsProject, training });
  const first = await startRun(served.id, [files[0]]);
  await api.waiting(first.id);
  await api.post(`/runs/${first.id}/decision`, { choice: 'candidate' });
  const rows = sampleRows(files[1], 500);
  await load(served.id, WARM_UP_SECONDS, rows);
  const idle = await load(served.id, wantedSeconds, rows);

  const trained = await api.post('/projects', {
    name: 'trained',
    ...flightsProject,
    training: { ...training, rounds: 5000 },
  });
  const run = await startRun(trained.id, files);
  await inStage(run.id, 'train');
  const busy = await load(served.id, wantedSeconds, rows);
  const after = await api.get(`/runs/${run.id}`);
  if (after.status !== 'running' || after.stage !== 'train') {
    throw new Error(
      `The training ended before the load did (${after.status}, ${after.stage}): use fewer --seconds.`,
    );
  }
  await api.post(`/runs/${run.id}/cancel`, {});

  const figures = { idle: summary(idle), training: summary(busy) };
  console.table(figures);
  const met = figures.training.median < GOAL_MS.median && figures.training.p99 < GOAL_MS.p99;
  console.log(`goal while training (median < 2 ms, p99 < 10 ms): ${met ? 'met' : 'missed'}`);
  for (const failure of [...idle.failures, ...busy.failures].slice(0, 5)) console.log(failure);
  const content = { machine: describeMachine(), rate, seconds: wantedSeconds, goalMs: GOAL_MS, met, figures };
  writeFileSync(new URL('last.json', import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function startRun(project, paths) {
  const uploads = [];
  for (const path of paths) uploads.push((await server.api.upload(project, path)).id);
  return server.api.post(`/projects/${project}/runs`, { uploads, mode: 'full' });
}

async function inStage(id, stage) {
  for (;;) {
    const run = await server.api.get(`/runs/${id}`);
    if (run.status === 'running' && run.stage === stage) return;
    if (!['queued', 'running'].includes(run.status))
      throw new Error(`The run is ${run.status}: ${JSON.stringify(run.error)}`);
    await pause(50);
  }
}

/** Records to score, as JSON values, without key and target. */
function sampleRows(path, count) {
  const [header, ...lines] = readFileSync(path, 'utf8').split('\n', count + 1);
  const names = header.split(',');
  return lines.map((text) => {
    const cells = text.split(',');
    const record = Object.fromEntries(names.map((name, i) => [name, cells[i]]));
    for (const name of ['hour', 'weekday', 'day', 'distance']) record[name] = Number(record[name]);
    delete record.id;
    delete record.late;
    return record;
  });
}

async function load(project, seconds, rows) {
  const loader = fileURLToPath(new URL('loader.mjs', import.meta.url));
  const order = JSON.stringify({ url: server.url, token: server.token, project, rate, seconds, rows });
  const { stdout } = await promisify(execFile)(process.execPath, [loader, order], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
}

/** Milliseconds from when each request was due to when its answer was complete. */
function summary({ latencies, sentLate, failures }) {
  const at = (values, q) => {
    const ascending = [...values].sort((a, b) => a - b);
    return Number(
      (ascending[Math.min(ascending.length - 1, Math.floor(q * ascending.length))] ?? NaN).toFixed(2),
    );
  };
  return {
    median: at(latencies, 0.5),
    p99: at(latencies, 0.99),
    max: at(latencies, 1),
    count: latencies.length,
    failures: failures.length,
    'sent late, p99': at(sentLate, 0.99),
  };
}
