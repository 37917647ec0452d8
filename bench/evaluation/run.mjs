#!/usr/bin/env node
// A whole evaluation of two models on a million holdout rows, and the screen that shows it. See ../README.md.
//   node bench/evaluation/run.mjs [--repetitions 3]
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.mjs';
import { flightMonths } from '../flights.mjs';
import { flightsProject, startServer, training } from '../kaefer-server.mjs';
import { describeMachine, median } from '../machine.mjs';
import { watchMemory } from '../process-memory.mjs';

/** A fifth of these are the holdout: a million. */
const [rowsBefore, rowsAdded] = [4_500_000, 550_000];
const { values: options } = parseArgs({ options: { repetitions: { type: 'string', default: '3' } } });
const repetitions = Number(options.repetitions);

const folder = mkdtempSync(join(tmpdir(), 'kaefer-bench-'));
try {
  const files = await writeFiles();
  const prepared = join(folder, 'prepared');
  const project = await withServer(prepared, (server) => learn(server, files.before));
  const measured = [];
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    const place = join(folder, 'case');
    rmSync(place, { recursive: true, force: true });
    cpSync(prepared, place, { recursive: true });
    // Sampling memory slows down what it looks at: a repetition of its own.
    const look = repetition === repetitions;
    measured.push(await withServer(place, (server) => compare(server, project, files.added, look)));
    console.log(JSON.stringify(measured.at(-1)));
  }
  report(measured);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The flights of half a year, and once more with other keys and distances a little changed. */
async function writeFiles() {
  const months = await flightMonths(['01', '02', '03', '04', '05', '06']);
  const places = { before: join(folder, 'before.csv'), added: join(folder, 'added.csv') };
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const list = months.map((path) => `'${path}'`).join(', ');
  await connection.run(`
    CREATE TABLE flights AS SELECT row_number() OVER () AS row, * FROM (
      SELECT * REPLACE (distance::INTEGER AS distance) FROM read_csv([${list}], all_varchar = true)
      UNION ALL
      SELECT 'again-' || id, hour, weekday, day, distance::INTEGER + (hash(id) % 9)::INTEGER, origin, destination, late FROM read_csv([${list}], all_varchar = true)
    )`);
  const write = (where, path) =>
    connection.run(
      `COPY (SELECT * EXCLUDE (row) FROM flights WHERE ${where} ORDER BY row) TO '${path}' (HEADER)`,
    );
  await write(`row <= ${rowsBefore}`, places.before);
  await write(`row > ${rowsBefore} AND row <= ${rowsBefore + rowsAdded}`, places.added);
  connection.closeSync();
  instance.closeSync();
  return places;
}

async function withServer(place, work) {
  const server = await startServer(place);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function learn({ api }, file) {
  const { id } = await api.post('/projects', { name: 'flights', ...flightsProject, training });
  const upload = await api.upload(id, file);
  const run = await api.post(`/projects/${id}/runs`, { uploads: [upload.id], mode: 'full' });
  await api.waiting(run.id);
  await api.post(`/runs/${run.id}/decision`, { choice: 'candidate' });
  return id;
}

/** One evaluation of both models, what it weighs, and how long the screen takes to be there and to follow a hand. */
async function compare(server, project, added, watched) {
  const { api } = server;
  const upload = await api.upload(project, added);
  const { id } = await api.post(`/projects/${project}/runs`, { uploads: [upload.id], mode: 'incremental' });
  // The merge, the preparation and the training come before: their peaks are not asked for.
  const memory = watched ? await evaluating(server, id) : null;
  const run = await api.waiting(id);
  const peak = memory?.stop();
  const { holdout } = await api.get(`/runs/${id}/comparison`);
  const fetched = await Promise.all(
    ['comparison', 'evidence.html', 'evidence.pdf'].map(async (name) => [
      name,
      await timed(server, `/runs/${id}/${name}`),
    ]),
  );
  return {
    holdoutRows: holdout.rows,
    evaluateMs: Math.round(run.timings.evaluate),
    peakMb: peak ? Math.round(peak.treePss / 1e6) : null,
    ...Object.fromEntries(fetched),
    screen: await screen(server, id),
  };
}

/** Waits until the evaluation begins and watches the memory from there. */
async function evaluating({ api, pid }, id) {
  for (;;) {
    const { status, stage } = await api.get(`/runs/${id}`);
    if (stage === 'evaluate') return watchMemory(pid);
    if (['failed', 'cancelled', 'awaiting_decision'].includes(status))
      throw new Error(`the run is ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function timed({ url, token }, path) {
  const started = performance.now();
  const response = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  const bytes = (await response.arrayBuffer()).byteLength;
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return { ms: Math.round(performance.now() - started), bytes };
}

/** In a browser: from asking for the results to their last panel, and from a key on the threshold to what it shows. */
async function screen({ url, token }, id) {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--headless', '--no-sandbox'],
  });
  try {
    const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
    await page.request.post(`${url}/api/v1/session`, { data: { token } });
    const started = performance.now();
    await page.goto(`${url}/runs/${id}/results`);
    await page.getByRole('slider', { name: 'Threshold' }).waitFor();
    await page.getByText('DeLong').waitFor();
    const shownMs = Math.round(performance.now() - started);
    const slider = page.getByRole('slider', { name: 'Threshold' });
    await slider.focus();
    const follows = [];
    for (let step = 0; step < 10; step++) {
      follows.push(
        await slider.evaluate(
          (element) =>
            new Promise((resolve) => {
              const from = performance.now();
              element.dispatchEvent(
                new globalThis.KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }),
              );
              globalThis.requestAnimationFrame(() =>
                globalThis.requestAnimationFrame(() => resolve(performance.now() - from)),
              );
            }),
        ),
      );
    }
    return { shownMs, thresholdMs: Math.round(median(follows)) };
  } finally {
    await browser.close();
  }
}

function report(measured) {
  const [watched] = measured.filter(({ peakMb }) => peakMb !== null);
  const quick = measured.filter(({ peakMb }) => peakMb === null);
  const of = (pick) => median(quick.map(pick));
  const medians = {
    holdoutRows: quick[0].holdoutRows,
    evaluateMs: of(({ evaluateMs }) => evaluateMs),
    peakMb: watched.peakMb,
    comparisonMs: of(({ comparison }) => comparison.ms),
    comparisonBytes: quick[0].comparison.bytes,
    pageMs: of((one) => one['evidence.html'].ms),
    pdfMs: of((one) => one['evidence.pdf'].ms),
    screenMs: of((one) => one.screen.shownMs),
    thresholdMs: of((one) => one.screen.thresholdMs),
  };
  console.table(medians);
  const content = { machine: describeMachine(), repetitions, medians, measured };
  writeFileSync(new URL('last.json', import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
}
