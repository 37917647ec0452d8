#!/usr/bin/env node
// What learning old rows again does to an incremental retrain. See ../README.md.
//   node bench/replay/run.mjs
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monthCsvChunks } from '../../packages/factory/dist/index.js';
import { startServer } from '../kaefer-server.mjs';
import { describeMachine } from '../machine.mjs';

const factory = { seed: 2026, vehicles: 60_000, months: 6, start: '2026-01-01' };
const cases = [
  ...[0, 0.5, 1, 2, 5].map((replay) => ({ mode: 'incremental', replay })),
  { mode: 'full', replay: 1 },
];
const creation = {
  name: 'replay',
  task: 'binary',
  target: 'road_test',
  positive: 'fail',
  key: 'knr',
  date: 'build_date',
};

const folder = mkdtempSync(join(tmpdir(), 'kaefer-bench-'));
try {
  const prepared = join(folder, 'prepared');
  await withServer(prepared, async ({ api, url, token }) => {
    await api.post('/projects', creation);
    const uploads = [];
    for (let month = 1; month < factory.months; month++) uploads.push(await send(url, token, month));
    const run = await api.post('/projects/replay/runs', { uploads, mode: 'full' });
    await api.waiting(run.id);
    await api.post(`/runs/${run.id}/decision`, { choice: 'candidate' });
  });
  const figures = [];
  for (const one of cases) {
    const place = join(folder, 'case');
    rmSync(place, { recursive: true, force: true });
    cpSync(prepared, place, { recursive: true });
    figures.push(await withServer(place, (server) => measure(server, one)));
    console.table(figures.slice(-1));
  }
  console.table(figures);
  const content = { machine: describeMachine(), factory, figures };
  writeFileSync(new URL('last.json', import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function withServer(place, work) {
  const server = await startServer(place);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function send(url, token, month) {
  const response = await fetch(`${url}/api/v1/projects/replay/uploads?filename=${month}.csv`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: [...monthCsvChunks(month, factory)].join(''),
  });
  if (response.status !== 201) throw new Error(await response.text());
  return (await response.json()).id;
}

/** Retrains on the last month and scores the holdout: all rows, those of before, and the new ones. */
async function measure({ api, url, token }, { mode, replay }) {
  const { training } = await api.get('/projects/replay');
  await fetch(`${url}/api/v1/projects/replay/settings`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ training: { ...training, replay } }),
  });
  const upload = await send(url, token, factory.months);
  const { id } = await api.post('/projects/replay/runs', { uploads: [upload], mode });
  await api.waiting(id);
  const run = await api.get(`/runs/${id}`);
  const { rows } = await api.get(`/projects/replay/models/${run.candidate}`);
  const answer = await fetch(`${url}/api/v1/runs/${id}/holdout.csv`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const [header, ...lines] = (await answer.text())
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const at = (name) => header.indexOf(name);
  const scored = lines.map((cells) => ({
    isNew: cells[at('key')].startsWith('K2606'),
    isPositive: cells[at('label')] === 'fail',
    candidate: Number(cells[at('candidate')]),
    current: Number(cells[at('current')]),
  }));
  const before = scored.filter(({ isNew }) => !isNew);
  const added = scored.filter(({ isNew }) => isNew);
  return {
    mode,
    replay: mode === 'full' ? null : replay,
    trainingRows: rows.training,
    replayed: rows.replayed,
    aucOfAll: auc(scored, 'candidate'),
    aucOfOldRows: auc(before, 'candidate'),
    aucOfNewRows: auc(added, 'candidate'),
    currentOfOldRows: auc(before, 'current'),
    currentOfNewRows: auc(added, 'current'),
    prepareMs: Math.round(run.timings.prepare),
    trainMs: Math.round(run.timings.train),
  };
}

/** By ranks; ties, of which float scores have hardly any, count as they come. */
function auc(rows, side) {
  const ascending = [...rows].sort((a, b) => a[side] - b[side]);
  let ranks = 0;
  let positive = 0;
  ascending.forEach(({ isPositive }, place) => {
    if (!isPositive) return;
    ranks += place + 1;
    positive++;
  });
  const value = (ranks - (positive * (positive + 1)) / 2) / (positive * (rows.length - positive));
  return Number(value.toFixed(4));
}
