// Käfer's side of bench/compare, in a process of its own:
//   node ours.mjs FOLDER DRAWS full|bootstrap
// FOLDER holds labels.u8, current.f32 and candidate.f32. Prints JSON: seconds and figures.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareBinary } from '../../packages/metrics/dist/index.js';

const [folder, draws, what] = process.argv.slice(2);
const bytes = (name) => readFileSync(join(folder, name));
const floats = (name) => {
  const read = bytes(name);
  return new Float32Array(read.buffer.slice(read.byteOffset, read.byteOffset + read.byteLength));
};
const labels = new Uint8Array(bytes('labels.u8'));
const current = { scores: floats('current.f32'), threshold: 0.5 };
const candidate = { scores: floats('candidate.f32'), threshold: 0.45 };
const warm = (side) => ({ ...side, scores: side.scores.subarray(0, 1000) });
compareBinary(labels.subarray(0, 1000), warm(current), warm(candidate), { draws: 20 });

const startedAt = performance.now();
const result = compareBinary(labels, current, candidate, {
  draws: Number(draws),
  ...(what === 'bootstrap' ? { linearise: false } : {}),
});
const seconds = (performance.now() - startedAt) / 1000;
console.log(JSON.stringify({ seconds, linearised: result.linearised, draws: result.draws, result }));
