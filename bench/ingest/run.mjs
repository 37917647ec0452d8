#!/usr/bin/env node
// A large file's check and merge, over HTTP, beside DuckDB's own COPY and pandas. See ../README.md.
//   node bench/ingest/run.mjs [--rows 1000000] [--repetitions 3] [--without-peer]
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { startServer, training } from '../kaefer-server.mjs';
import { describeMachine, median } from '../machine.mjs';
import { peerPython } from '../main-job/peer.mjs';
import { watchMemory } from '../process-memory.mjs';
import { partsFiles, partsProject } from './data.mjs';

/** What DuckDB may hold in a process, the same on both sides. */
const DUCKDB_MIB = 1024;
const GOAL = { check: 1.5, merge: 1, serverMib: 300 };

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    repetitions: { type: 'string', default: '3' },
    'without-peer': { type: 'boolean', default: false },
  },
});
const [rows, repetitions] = [Number(options.rows), Number(options.repetitions)];
if (!(rows > 0) || !(repetitions > 0)) throw new Error('--rows and --repetitions: whole numbers above 0');

process.env.KAFER_MEMORY_MB = String(DUCKDB_MIB);
const files = await partsFiles(rows);
const folder = mkdtempSync(join(tmpdir(), 'kaefer-bench-'));
const run = promisify(execFile);
const measured = { floor: [], empty: [], newKeys: [], halfKnown: [], pandas: [] };
let memory;
try {
  const empty = await preparedState('empty', []);
  const filled = await preparedState('filled', [files.earlier]);
  const sides = [
    ['floor', floor],
    ['empty', () => ingest(empty, files.upload)],
    ['newKeys', () => ingest(filled, files.upload)],
    ['halfKnown', () => ingest(filled, files.overlapping)],
    ...(options['without-peer'] ? [] : [['pandas', () => pandas(peerPython())]]),
  ];
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const [name, measure] of sides) {
      const result = await measure();
      measured[name].push(result);
      console.log(`${repetition}/${repetitions} ${name}: ${JSON.stringify(result)}`);
    }
  }
  memory = (await ingest(filled, files.upload, true)).memory;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report();

async function floor() {
  const script = fileURLToPath(new URL('floor.mjs', import.meta.url));
  const output = join(folder, 'floor.parquet');
  const { stdout } = await run(process.execPath, [script, files.upload, output, String(DUCKDB_MIB)]);
  return JSON.parse(stdout);
}

async function pandas(python) {
  const script = fileURLToPath(new URL('peer.py', import.meta.url));
  return JSON.parse((await run(python, [script, files.upload])).stdout);
}

/** A data folder with a project whose table holds the rows of some files. */
async function preparedState(name, earlier) {
  const place = join(folder, name);
  const server = await startServer(place);
  try {
    const settings = { ...training, rounds: 10 };
    const project = await server.api.post('/projects', {
      name: 'parts',
      ...partsProject,
      training: settings,
    });
    for (const file of earlier) {
      const upload = await server.api.upload(project.id, file);
      await untilMerged(server, project.id, upload.id);
    }
    return { place, project: project.id };
  } finally {
    await server.stop();
  }
}

/** From the first byte to the checked upload, and on to the merged table; times in ms, memory in bytes. */
async function ingest(state, file, isMemoryWatched = false) {
  const place = join(folder, 'measured');
  rmSync(place, { recursive: true, force: true });
  cpSync(state.place, place, { recursive: true });
  const server = await startServer(place);
  try {
    const watched = isMemoryWatched ? watchMemory(server.pid) : undefined;
    const startedAt = performance.now();
    const upload = await server.api.upload(state.project, file);
    const checkedAt = performance.now();
    if (upload.rows.rejected !== 0) throw new Error('rows of the file were rejected');
    const { merged } = await untilMerged(server, state.project, upload.id);
    const mergedAt = performance.now();
    return {
      checkMs: checkedAt - startedAt,
      mergeMs: mergedAt - checkedAt,
      merged,
      ...(watched && { memory: watched.stop() }),
    };
  } finally {
    await server.stop();
  }
}

/** Starts a run and stops it again once its merge is done. */
async function untilMerged({ api, url, token }, project, upload) {
  const { id } = await api.post(`/projects/${project}/runs`, { uploads: [upload], mode: 'full' });
  for (;;) {
    const current = await api.get(`/runs/${id}`);
    if (current.status === 'failed') throw new Error(JSON.stringify(current.error));
    if (current.timings.merge !== undefined) {
      await fetch(`${url}/api/v1/runs/${id}/cancel`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
      return current;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function report() {
  const of = (name, value) => median(measured[name].map(value));
  const base = of('floor', ({ wallMs }) => wallMs);
  const line = (ms, goal) => ({
    seconds: Number((ms / 1000).toFixed(2)),
    'times the floor': Number((ms / base).toFixed(2)),
    goal: goal ?? null,
  });
  const medians = {
    'floor: DuckDB COPY to Parquet': line(base),
    'check, first file of a project': line(
      of('empty', (r) => r.checkMs),
      GOAL.check,
    ),
    'merge into an empty table': line(
      of('empty', (r) => r.mergeMs),
      GOAL.merge,
    ),
    'check, table of as many rows': line(
      of('newKeys', (r) => r.checkMs),
      GOAL.check,
    ),
    'merge, all keys new': line(
      of('newKeys', (r) => r.mergeMs),
      GOAL.merge,
    ),
    'check, half of the keys known': line(of('halfKnown', (r) => r.checkMs)),
    'merge, half of the keys known': line(of('halfKnown', (r) => r.mergeMs)),
    ...(measured.pandas.length > 0 && {
      'pandas: read_csv': line(of('pandas', (r) => r.readMs)),
      'pandas: read_csv and to_parquet': line(of('pandas', (r) => r.parquetMs)),
    }),
  };
  console.table(medians);
  const mib = (bytes) => Math.round(bytes / 2 ** 20);
  console.log(
    `memory: server ${mib(memory.rootRss)} MiB (goal ${GOAL.serverMib}), with its workers ${mib(memory.treePss)} MiB ` +
      `(DuckDB may hold ${DUCKDB_MIB})`,
  );
  const content = {
    machine: describeMachine(),
    rows,
    bytes: statSync(files.upload).size,
    repetitions,
    medians,
    memory,
    measured,
  };
  writeFileSync(new URL('last.json', import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
}
