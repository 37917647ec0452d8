#!/usr/bin/env node
// A full comparison of two models, Käfer beside numpy and scikit-learn, on the same rows. See ../README.md.
//   node bench/compare/run.mjs [--rows 1000000] [--draws 2000] [--repetitions 3] [--peer-draws 5] [--without-bootstrap]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RandomStream } from '../../packages/metrics/dist/random-stream.js';
import { describeMachine, median } from '../machine.mjs';
import { peerPython } from '../main-job/peer.mjs';
import { simulateBinary } from '../verdict/simulated-models.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    draws: { type: 'string', default: '2000' },
    repetitions: { type: 'string', default: '3' },
    'peer-draws': { type: 'string', default: '5' },
    'without-bootstrap': { type: 'boolean', default: false },
  },
});
const [rows, draws, repetitions, peerDraws] = ['rows', 'draws', 'repetitions', 'peer-draws'].map((name) => {
  const value = Number(options[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}: a whole number of at least 1`);
  return value;
});

const folder = mkdtempSync(join(tmpdir(), 'kaefer-compare-'));
const measured = { full: [], bootstrap: [], peer: [] };
let figures;
try {
  writeScores();
  const python = peerPython();
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const full = ours('full');
    const peer = JSON.parse(
      execFileSync(python, [script('peer.py'), folder, String(peerDraws)], { encoding: 'utf8' }),
    );
    measured.full.push(full.seconds);
    measured.peer.push(peer);
    requireAgreement(full.result, peer.figures);
    figures = { linearised: full.linearised, result: full.result };
    console.log(
      `${repetition}/${repetitions}: ${full.seconds.toFixed(3)} s; peer, a draw: ${peer.resampleDraw.toFixed(3)} s`,
    );
  }
  if (!options['without-bootstrap']) {
    const all = ours('bootstrap');
    measured.bootstrap.push(all.seconds);
    figures.bootstrapped = all.result.difference;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report();

function script(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

function ours(what) {
  const printed = execFileSync(process.execPath, [script('ours.mjs'), folder, String(draws), what], {
    encoding: 'utf8',
  });
  return JSON.parse(printed);
}

function writeScores() {
  const { labels, current, candidate } = simulateBinary({
    random: new RandomStream(7),
    rows,
    prevalence: 0.1,
    correlation: 0.9,
    segments: 2,
    partitions: 0,
    current: 0.95,
    candidate: 1,
  });
  writeFileSync(join(folder, 'labels.u8'), Uint8Array.from(labels));
  writeFileSync(join(folder, 'current.f32'), current);
  writeFileSync(join(folder, 'candidate.f32'), candidate);
}

/** Both sides say the same of the same rows, or their times compare nothing. */
function requireAgreement(result, [current, candidate]) {
  const names = ['auc', 'averagePrecision', 'logLoss', 'brier', 'accuracy', 'precision', 'recall', 'f1'];
  for (const [side, expected] of Object.entries({ current, candidate })) {
    names.forEach((name, index) => {
      const seen = result[side][name].estimate;
      if (Math.abs(seen - expected[index]) > 1e-6)
        throw new Error(`${name} of the ${side} model: ${seen} here, ${expected[index]} by the peer`);
    });
  }
}

function report() {
  const of = (name) => median(measured.peer.map((peer) => peer[name]));
  const usual = of('score') + draws * of('resampleDraw');
  const sorted = of('score') + of('sortedPrepare') + draws * of('sortedDraw');
  const full = median(measured.full);
  const all = measured.bootstrap[0] ?? null;
  const seconds = {
    kaefer: full,
    kaeferEveryDraw: all,
    peerScikitLearn: usual,
    peerSortedNumpy: sorted,
  };
  const ratios = {
    toScikitLearn: full / usual,
    toSortedNumpy: full / sorted,
    everyDrawToScikitLearn: all === null ? null : all / usual,
    everyDrawToSortedNumpy: all === null ? null : all / sorted,
  };
  console.table({ seconds, ratios });
  const content = {
    machine: describeMachine(),
    rows,
    draws,
    repetitions,
    peerDraws,
    seconds,
    ratios,
    measured,
    figures,
  };
  writeFileSync(new URL('last.json', import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
}
