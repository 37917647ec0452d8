#!/usr/bin/env node
// How often the verdict is right, in worlds where the truth is known. See ../README.md.
//   node bench/verdict/run.mjs [--scale 1]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareSegments, rowLogLosses, wilsonInterval } from '../../packages/metrics/dist/index.js';
import { normalQuantile } from '../../packages/metrics/dist/normal-distribution.js';
import { RandomStream } from '../../packages/metrics/dist/random-stream.js';
import { assess } from '../../packages/pipeline/dist/evaluate/assess.js';
import { decideOutcome, decideVerdict } from '../../packages/pipeline/dist/evaluate/verdict.js';
import { describeMachine } from '../machine.mjs';
import { simulateModels, strengthOf } from './simulated-models.mjs';

const { values: options } = parseArgs({ options: { scale: { type: 'string', default: '1' } } });
const scale = Number(options.scale);
if (!(scale > 0)) throw new Error('--scale: a number above 0');

const auc = 0.75;
const base = { prevalence: 0.1, correlation: 0.9, segments: 6, partitions: 5 };
/** Rows of the holdout, and how many worlds of that size are looked at. */
const sizes = [
  { rows: 2_000, runs: 4_000 },
  { rows: 10_000, runs: 1_000 },
  { rows: 50_000, runs: 300 },
];
const scenarios = [
  { name: 'no difference', edge: 0, moreRuns: true },
  { name: 'AUC 0.005 higher', edge: 0.005 },
  { name: 'AUC 0.01 higher', edge: 0.01 },
  { name: 'AUC 0.02 higher', edge: 0.02 },
  { name: 'AUC 0.05 higher', edge: 0.05 },
  { name: 'AUC 0.02 lower', edge: -0.02 },
  { name: 'AUC 0.02 higher, log odds doubled', edge: 0.02, overconfidence: 2 },
  { name: 'AUC 0.05 higher, 0.05 lower in one segment of six', edge: 0.05, weakAuc: 0.7 },
];
/**
 * Draws decide nothing about AUC; the interval of the log loss needs some. Large holdouts are compared as in the product,
 * where 1000 are asked for and the infinitesimal jackknife takes over.
 */
const drawsFor = (rows) => (rows > 40_000 ? 1000 : 100);

const table = [];
for (const { name, edge, overconfidence, weakAuc, moreRuns } of scenarios) {
  for (const { rows, runs } of sizes) {
    const wanted = Math.max(20, Math.round(runs * scale * (moreRuns ? 1 : 0.25)));
    const random = new RandomStream(rows + table.length);
    const counts = { better: 0, worse: 0, no_clear_difference: 0 };
    const seen = { byMetricAlone: 0, calibration: 0, segment: 0, segmentAlarms: 0 };
    for (let run = 0; run < wanted; run++) {
      const world = simulateModels({
        ...base,
        random,
        rows,
        current: strengthOf(auc, normalQuantile),
        candidate: strengthOf(auc + edge, normalQuantile),
        ...(overconfidence === undefined ? {} : { overconfidence }),
        ...(weakAuc === undefined ? {} : { weakSegment: strengthOf(weakAuc, normalQuantile) }),
      });
      const { difference, segments } = compare(world);
      const { outcome, concerns } = decideVerdict('binary', difference, segments);
      counts[outcome]++;
      if (decideOutcome('binary', difference.auc) === 'better') seen.byMetricAlone++;
      for (const concern of concerns) seen[concern]++;
      if (segments.some((s) => s.difference.estimate > 0 && s.adjustedPValue < 0.05)) seen.segmentAlarms++;
    }
    const share = (count) => Number((count / wanted).toFixed(4));
    const { low, high } = wilsonInterval(counts.better, wanted);
    const line = {
      world: name,
      rows,
      runs: wanted,
      better: share(counts.better),
      betterLow: Number(low.toFixed(4)),
      betterHigh: Number(high.toFixed(4)),
      worse: share(counts.worse),
      noClearDifference: share(counts.no_clear_difference),
      betterByMetricAlone: share(seen.byMetricAlone),
      heldBackByCalibration: share(seen.calibration),
      heldBackBySegment: share(seen.segment),
      segmentWorse: share(seen.segmentAlarms),
    };
    table.push(line);
    console.log(JSON.stringify(line));
  }
}
writeFileSync(
  new URL('last.json', import.meta.url),
  `${JSON.stringify({ machine: describeMachine(), auc, ...base, table }, null, 2)}\n`,
);
const nulls = table.filter(({ world }) => world === 'no difference');
if (nulls.some(({ betterLow }) => betterLow > 0.05)) {
  console.error('Without a difference, the verdict "better" is given too often.');
  process.exitCode = 1;
}

/** What the evaluation of a run computes of the two models, as far as the verdict needs it. */
function compare({ labels, current, candidate, codes }) {
  const side = (scores) => ({ scores, threshold: 0.5 });
  const { difference } = assess('binary', labels, 2, side(current), side(candidate), drawsFor(labels.length));
  const truth = Uint8Array.from(labels);
  const segments = compareSegments(
    codes.map((partition) => ({ codes: partition, segments: base.segments })),
    rowLogLosses(truth, current),
    rowLogLosses(truth, candidate),
  );
  return { difference, segments };
}
