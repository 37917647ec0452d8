#!/usr/bin/env node
// What an incremental retrain with 1 % new rows costs beside a full one, preparation included. See ../README.md.
//   node bench/incremental/run.mjs [--repetitions 3]
import { cpSync, createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { flightMonths } from '../flights.mjs';
import { flightsProject, startServer } from '../kaefer-server.mjs';
import { describeMachine, median } from '../machine.mjs';

const rowsBefore = 2_000_000;
const newShare = 0.01;
const goal = 0.05;
const { values: options } = parseArgs({ options: { repetitions: { type: 'string', default: '3' } } });
const repetitions = Number(options.repetitions);

const folder = mkdtempSync(join(tmpdir(), 'kaefer-bench-'));
try {
  const files = await writeFiles();
  const prepared = join(folder, 'prepared');
  const project = await withServer(prepared, (server) => learn(server, files.before));
  const measured = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    // In turns, each on a fresh copy of the same state.
    for (const mode of ['full', 'incremental']) {
      const place = join(folder, 'case');
      rmSync(place, { recursive: true, force: true });
      cpSync(prepared, place, { recursive: true });
      measured.push(
        ...(await withServer(place, (server) => retrain(server, project, mode, files.added, repetition))),
      );
      console.table(measured.slice(-2));
    }
  }
  report(measured);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The first 2,000,000 flights, and of those that follow twice 1 %. */
async function writeFiles() {
  const months = await flightMonths(['01', '02', '03', '04', '05']);
  const places = [join(folder, 'before.csv'), join(folder, 'first.csv'), join(folder, 'second.csv')];
  const sizes = [rowsBefore, rowsBefore * newShare, rowsBefore * newShare];
  let [file, left, out, header] = [-1, 0, null, ''];
  const next = async () => {
    if (out !== null) {
      out.end();
      await once(out, 'finish');
    }
    file++;
    if (file === places.length) return false;
    left = sizes[file];
    out = createWriteStream(places[file]);
    out.write(`${header}\n`);
    return true;
  };
  for (const month of months) {
    let isFirst = true;
    for await (const line of createInterface({ input: createReadStream(month) })) {
      if (isFirst) {
        isFirst = false;
        header = line;
        if (file === -1) await next();
        continue;
      }
      if (left === 0 && !(await next())) return { before: places[0], added: places.slice(1) };
      if (!out.write(`${line}\n`)) await once(out, 'drain');
      left--;
    }
  }
  throw new Error('there are not enough flights');
}

async function withServer(place, work) {
  const server = await startServer(place);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** A project with Käfer's own settings of training, and a model in production. */
async function learn({ api }, file) {
  const { id } = await api.post('/projects', { name: 'flights', ...flightsProject });
  const upload = await api.upload(id, file);
  const run = await api.post(`/projects/${id}/runs`, { uploads: [upload.id], mode: 'full' });
  await api.waiting(run.id);
  await api.post(`/runs/${run.id}/decision`, { choice: 'candidate' });
  return id;
}

/**
 * Retrains on 1 % new rows; incrementally twice, as the first such run also puts aside the rows of before that
 * all later ones find ready.
 */
async function retrain({ api }, project, mode, added, repetition) {
  const figures = [];
  for (const [nth, file] of (mode === 'full' ? added.slice(0, 1) : added).entries()) {
    const upload = await api.upload(project, file);
    const { id } = await api.post(`/projects/${project}/runs`, { uploads: [upload.id], mode });
    const run = await api.waiting(id);
    const { candidate, holdout, current } = await api.get(`/runs/${id}/comparison`);
    const { rows, rounds } = await api.get(`/projects/${project}/models/${run.candidate}`);
    await api.post(`/runs/${id}/decision`, { choice: 'candidate' });
    figures.push({
      repetition,
      mode: mode === 'full' ? mode : `${mode} ${nth + 1}`,
      mergeMs: Math.round(run.timings.merge),
      prepareMs: Math.round(run.timings.prepare),
      trainMs: Math.round(run.timings.train),
      evaluateMs: Math.round(run.timings.evaluate),
      trainingRows: rows.training,
      replayed: rows.replayed,
      rounds,
      holdoutRows: holdout.rows,
      auc: candidate.metrics.auc,
      logLoss: candidate.metrics.logLoss,
      aucOfCurrent: current.metrics.auc,
    });
  }
  return figures;
}

function report(measured) {
  const modes = [...new Set(measured.map(({ mode }) => mode))];
  const medians = modes.map((mode) => {
    const own = measured.filter((one) => one.mode === mode);
    const of = (name) => median(own.map((one) => one[name]));
    return {
      mode,
      prepareAndTrainMs: median(own.map(({ prepareMs, trainMs }) => prepareMs + trainMs)),
      prepareMs: of('prepareMs'),
      trainMs: of('trainMs'),
      mergeMs: of('mergeMs'),
      evaluateMs: of('evaluateMs'),
      trainingRows: of('trainingRows'),
      auc: of('auc'),
      logLoss: of('logLoss'),
    };
  });
  const [full] = medians;
  const table = medians.map((one) => ({
    ...one,
    ofFull: Number((one.prepareAndTrainMs / full.prepareAndTrainMs).toFixed(4)),
  }));
  console.table(table);
  console.log(`goal: an incremental run costs at most ${goal} of a full one, merge and evaluation apart`);
  const content = { machine: describeMachine(), rowsBefore, newShare, goal, medians: table, measured };
  writeFileSync(new URL('last.json', import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
}
