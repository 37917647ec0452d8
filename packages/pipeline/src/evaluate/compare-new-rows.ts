import type { Sample, Side } from './assess.ts';
import type { EvaluationThreads } from './evaluation-threads.ts';
import type { ScoredHoldout } from './score-holdout.ts';
import type { StoredComparison } from './stored-comparison.ts';

/** Fewest rows of the new data for which the figures on them alone are shown. */
const fewestNewRows = 50;

/** The figures on those holdout rows alone that this run brought in: there the world may have changed. */
export async function compareNewRows(
  sample: Sample,
  current: Side | null,
  candidate: Side,
  { isNew, rows }: ScoredHoldout,
  threads: EvaluationThreads,
  draws: number,
): Promise<StoredComparison['newRows']> {
  const count = isNew.reduce((sum, flag) => sum + flag, 0);
  if (count < fewestNewRows || count === rows) return null;
  const { task } = sample;
  const own = pickRows(sample.labels, isNew, count, 1);
  if (task !== 'regression' && own.every((label) => label === own[0])) return null;
  const outputs = task === 'multiclass' ? sample.classes : 1;
  const pick = ({ scores, threshold }: Side): Side => ({
    scores: pickRows(scores, isNew, count, outputs),
    threshold,
  });
  const figures = await threads.assess(
    { ...sample, labels: own },
    current === null ? null : pick(current),
    pick(candidate),
    draws,
  );
  return {
    rows: count,
    positives: task === 'binary' ? countPositives(own) : null,
    current: figures.current?.metrics ?? null,
    candidate: figures.candidate.metrics,
    difference: figures.difference,
  };
}

/** The values of the rows whose flag is set, in their order; each row has `width` values. */
function pickRows<Values extends Float32Array | Float64Array>(
  values: Values,
  flags: Uint8Array,
  count: number,
  width: number,
): Values {
  const picked = values.slice(0, count * width) as Values;
  for (let row = 0, next = 0; row < flags.length; row++) {
    if (flags[row] !== 1) continue;
    for (let place = 0; place < width; place++) picked[next++] = values[row * width + place] ?? Number.NaN;
  }
  return picked;
}

/** Of labels of 0 and 1. */
export function countPositives(labels: Float64Array): number {
  let count = 0;
  for (const label of labels) count += label;
  return count;
}
