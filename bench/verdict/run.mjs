#!/usr/bin/env node
// How often the verdict is right, in worlds where the truth is known. See ../README.md.
//   node bench/verdict/run.mjs [--scale 1]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareSegments, wilsonInterval } from '../../packages/metrics/dist/index.js';
import { normalQuantile } from '../../packages/metrics/dist/normal-distribution.js';
import { RandomStream } from '../../packages/metrics/dist/random-stream.js';
import { assess } from '../../packages/pipeline/dist/evaluate/assess.js';
import { lossesOf } from '../../packages/pipeline/dist/evaluate/row-losses.js';
import { decideOutcome, decideVerdict } from '../../packages/pipeline/dist/evaluate/verdict.js';
import { decidingMetric } from '../../packages/contracts/dist/messages.js';
import { describeMachine } from '../machine.mjs';
import { simulateBinary, simulateClasses, simulateNumbers, strengthOf } from './simulated-models.mjs';

const { values: options } = parseArgs({ options: { scale: { type: 'string', default: '1' } } });
const scale = Number(options.scale);
if (!(scale > 0)) throw new Error('--scale: a number above 0');

const base = { correlation: 0.9, segments: 6, partitions: 5 };
const classes = 4;
const ofAuc = (auc) => strengthOf(auc, normalQuantile);
const binary = (candidate, more = {}) => ({
  prevalence: 0.1,
  current: ofAuc(0.75),
  candidate: ofAuc(candidate),
  ...more,
});
/** What a model of several classes, or of numbers, has before; the candidate has a share of it more or less. */
const [strength, error] = [1.2, 0.5];

/** Rows of the holdout, and how many worlds of that size are looked at; each costs more where every interval is resampled. */
const resampledSizes = [
  { rows: 1_000, runs: 1_000 },
  { rows: 5_000, runs: 400 },
  { rows: 50_000, runs: 200 },
];
const tasks = {
  binary: {
    simulate: simulateBinary,
    sizes: [
      { rows: 2_000, runs: 4_000 },
      { rows: 10_000, runs: 1_000 },
      { rows: 50_000, runs: 300 },
    ],
    worlds: {
      'no difference': binary(0.75),
      'AUC 0.005 higher': binary(0.755),
      'AUC 0.01 higher': binary(0.76),
      'AUC 0.02 higher': binary(0.77),
      'AUC 0.05 higher': binary(0.8),
      'AUC 0.02 lower': binary(0.73),
      'AUC 0.02 higher, log odds doubled': binary(0.77, { overconfidence: 2 }),
      'AUC 0.05 higher, 0.05 lower in one segment of six': binary(0.8, { weak: ofAuc(0.7) }),
    },
  },
  multiclass: {
    simulate: simulateClasses,
    sizes: resampledSizes,
    worlds: {
      'no difference': { classes, current: strength, candidate: strength },
      'sees 2 % more': { classes, current: strength, candidate: strength * 1.02 },
      'sees 5 % more': { classes, current: strength, candidate: strength * 1.05 },
      'sees 5 % less': { classes, current: strength, candidate: strength / 1.05 },
      'sees 10 % more, 10 % less in one segment of six': {
        classes,
        current: strength,
        candidate: strength * 1.1,
        weak: strength / 1.1,
      },
    },
  },
  regression: {
    simulate: simulateNumbers,
    sizes: resampledSizes,
    worlds: {
      'no difference': { current: error, candidate: error },
      'errors 1 % smaller': { current: error, candidate: error / 1.01 },
      'errors 5 % smaller': { current: error, candidate: error / 1.05 },
      'errors 5 % larger': { current: error, candidate: error * 1.05 },
      'errors 3 % smaller, in 1 row of 100 so much larger that the mean square is the same': {
        current: error,
        candidate: error * 0.97,
        rare: { share: 0.01, times: Math.sqrt((1 / 0.97 ** 2 - 0.99) / 0.01) },
      },
      'errors 10 % smaller, 10 % larger in one segment of six': {
        current: error,
        candidate: error / 1.1,
        weak: error * 1.1,
      },
    },
  },
};
/**
 * The product asks for 1000 draws; where there are too many rows for as many the infinitesimal jackknife takes over. Draws
 * decide nothing about AUC: fewer do for its worlds, where only the interval of the log loss needs some.
 */
const drawsFor = (task, rows) => (task === 'binary' && rows <= 40_000 ? 100 : 1000);

const table = [];
for (const [task, { simulate, sizes, worlds }] of Object.entries(tasks))
  for (const [name, world] of Object.entries(worlds))
    for (const { rows, runs } of sizes) {
      const share = name === 'no difference' ? 1 : 0.25;
      const line = look(task, simulate, name, world, rows, Math.max(20, Math.round(runs * scale * share)));
      table.push(line);
      console.log(JSON.stringify(line));
    }
writeFileSync(
  new URL('last.json', import.meta.url),
  `${JSON.stringify({ machine: describeMachine(), ...base, table }, null, 2)}\n`,
);
const nulls = table.filter(({ world }) => world === 'no difference');
if (nulls.some(({ betterLow }) => betterLow > 0.05)) {
  console.error('Without a difference, the verdict "better" is given too often.');
  process.exitCode = 1;
}

/** How often each verdict is given in so many worlds of one kind and size. */
function look(task, simulate, name, world, rows, wanted) {
  const random = new RandomStream(rows + table.length);
  const counts = { better: 0, worse: 0, no_clear_difference: 0 };
  const seen = { byMetricAlone: 0, calibration: 0, segment: 0, segmentAlarms: 0 };
  for (let run = 0; run < wanted; run++) {
    const { difference, segments } = compare(task, simulate({ ...base, ...world, random, rows }));
    const { outcome, concerns } = decideVerdict(task, difference, segments);
    counts[outcome]++;
    if (decideOutcome(task, difference[decidingMetric(task)]) === 'better') seen.byMetricAlone++;
    for (const concern of concerns) seen[concern]++;
    if (segments.some((s) => s.difference.estimate > 0 && s.adjustedPValue < 0.05)) seen.segmentAlarms++;
  }
  const share = (count) => Number((count / wanted).toFixed(4));
  const { low, high } = wilsonInterval(counts.better, wanted);
  return {
    task,
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
}

/** What the evaluation of a run computes of the two models, as far as the verdict needs it. */
function compare(task, { labels, current, candidate, codes }) {
  const sample = { task, labels, classes: task === 'multiclass' ? classes : 2, costs: null };
  const side = (scores) => ({ scores, threshold: task === 'binary' ? 0.5 : null });
  const { difference } = assess(sample, side(current), side(candidate), drawsFor(task, labels.length));
  const losses = lossesOf(sample, current, candidate);
  const segments = compareSegments(
    codes.map((partition) => ({ codes: partition, segments: base.segments })),
    losses.current,
    losses.candidate,
  );
  return { difference, segments };
}
