#!/usr/bin/env node
// What weighting rare positives up does to a model. See ../README.md.
//   node bench/imbalance/run.mjs
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monthCsvChunks } from '../../packages/factory/dist/index.js';
import { startServer } from '../kaefer-server.mjs';
import { describeMachine } from '../machine.mjs';

const factory = { seed: 2026, vehicles: 60_000, months: 4, start: '2026-01-01' };
const costs = { falsePositive: 1, falseNegative: 20 };
const creation = {
  name: 'imbalance',
  task: 'binary',
  target: 'road_test',
  positive: 'fail',
  key: 'knr',
  date: 'build_date',
  costs,
};
const shown = ['auc', 'averagePrecision', 'logLoss', 'brier', 'threshold'];

const folder = mkdtempSync(join(tmpdir(), 'kaefer-bench-'));
const server = await startServer(folder);
try {
  const { api, url, token } = server;
  await api.post('/projects', creation);
  const uploads = [];
  for (let month = 1; month <= factory.months; month++) {
    const path = join(folder, `${month}.csv`);
    writeFileSync(path, [...monthCsvChunks(month, factory)].join(''));
    uploads.push((await api.upload('imbalance', path)).id);
  }
  const figures = [];
  for (const balance of [0, 0.5, 1]) {
    const { training } = await api.get('/projects/imbalance');
    await fetch(`${url}/api/v1/projects/imbalance/settings`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ training: { ...training, balance } }),
    });
    const { id } = await api.post('/projects/imbalance/runs', { uploads: uploads.splice(0), mode: 'full' });
    await api.waiting(id);
    const { candidate, holdout } = await api.get(`/runs/${id}/comparison`);
    const { positiveWeight } = await api.get(`/projects/imbalance/models/${candidate.model.version}`);
    await api.post(`/runs/${id}/decision`, { choice: 'candidate' });
    const { fp, fn } = candidate.confusion;
    figures.push({
      balance,
      positiveWeight,
      ...Object.fromEntries(shown.map((name) => [name, candidate.metrics[name]])),
      cost: fp * costs.falsePositive + fn * costs.falseNegative,
      holdoutRows: holdout.rows,
      positives: holdout.positives,
    });
    console.table(figures.slice(-1));
  }
  console.table(figures);
  const content = { machine: describeMachine(), factory, costs, figures };
  writeFileSync(new URL('last.json', import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
