import { rowLogLosses, rowMulticlassLogLosses } from '@kaefer/metrics';
import type { Sample } from './assess.ts';

/** What each row costs two models: the log loss, for regression the absolute error. */
export interface PairedLosses {
  readonly current: Float64Array;
  readonly candidate: Float64Array;
}

/** @param current, @param candidate scores, row-major, rows × outputs */
export const lossesOf = (sample: Sample, current: Float32Array, candidate: Float32Array): PairedLosses => ({
  current: lossesOfSide(sample, current),
  candidate: lossesOfSide(sample, candidate),
});

function lossesOfSide({ task, labels, classes }: Sample, scores: Float32Array): Float64Array {
  if (task === 'binary') return rowLogLosses(new Uint8Array(labels), scores);
  if (task === 'multiclass') return rowMulticlassLogLosses(new Int32Array(labels), scores, classes);
  return labels.map((label, row) => Math.abs((scores[row] as number) - label));
}
