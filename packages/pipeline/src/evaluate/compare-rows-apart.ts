import type { RowsApart } from '@kaefer/contracts';
import type { Sample, Side } from './assess.ts';
import type { EvaluationThreads } from './evaluation-threads.ts';

/** Fewest rows for which the figures on them alone are shown. */
const fewestRows = 50;

/**
 * The figures on some of the holdout's rows alone; null when they are too few, or all.
 *
 * @param flags 1 for each row that is meant
 */
export async function compareRowsApart(
  sample: Sample,
  current: Side | null,
  candidate: Side,
  flags: Uint8Array,
  threads: EvaluationThreads,
  draws: number,
): Promise<RowsApart | null> {
  const count = flags.reduce((sum, flag) => sum + flag, 0);
  if (count < fewestRows || count === flags.length) return null;
  const { task } = sample;
  const own = pickRows(sample.labels, flags, count, 1);
  if (task !== 'regression' && own.every((label) => label === own[0])) return null;
  const outputs = task === 'multiclass' ? sample.classes : 1;
  const pick = ({ scores, threshold }: Side): Side => ({
    scores: pickRows(scores, flags, count, outputs),
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
