import type { DMatrix } from './dmatrix.ts';
import { XgboostError } from './errors.ts';

export interface FoldOptions {
  /** How many folds are drawn, or the test rows of each; of a ranking, folds are of whole groups. Default 3. */
  folds?: number | readonly (readonly number[])[];
  /** Whether drawn folds have equal shares of each label, as fits two or several classes; not of a ranking. Default false. */
  stratified?: boolean;
  /** Of the drawing. Default 0. */
  seed?: number;
}

/**
 * The test rows of each fold.
 * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when a fold would be empty or hold a row that is not there
 */
export function makeFolds(
  { rows, labels }: Pick<DMatrix, 'rows' | 'labels'>,
  { folds = 3, stratified = false, seed = 0 }: FoldOptions,
): number[][] {
  const made = typeof folds === 'number' ? drawFolds(rows, labels, folds, stratified, seed) : folds;
  if (made.length < 2) throw bad(`There must be at least 2 folds, not ${made.length}.`);
  return made.map((fold, index) => {
    const wrong = fold.find((row) => !Number.isInteger(row) || row < 0 || row >= rows);
    if (wrong !== undefined) throw bad(`Fold ${index} holds row ${wrong}; the matrix has ${rows}.`);
    const size = new Set(fold).size;
    if (size !== fold.length) throw bad(`Fold ${index} holds a row twice.`);
    if (size === 0 || size === rows) throw bad(`Fold ${index} leaves no rows to test or none to train.`);
    return [...fold];
  });
}

/**
 * The test groups of each fold of a ranking: a query is whole in one fold, since its rows are ranked against each other.
 * @param groups the number of rows of each group.
 * @throws XgboostError `XGBOOST_BAD_ARGUMENT` as {@link makeFolds}, and for a fold that parts a group
 */
export function makeGroupFolds(
  groups: Uint32Array,
  { folds = 3, stratified, seed }: FoldOptions,
): number[][] {
  if (stratified) throw bad('Folds of a ranking hold whole groups, and cannot be stratified by label.');
  const none = new Float32Array(0);
  if (typeof folds === 'number') {
    if (folds > groups.length) throw bad(`There cannot be ${folds} folds of ${groups.length} groups.`);
    return makeFolds({ rows: groups.length, labels: none }, { folds, ...(seed !== undefined && { seed }) });
  }
  const groupOfRow = Array.from(groups).flatMap((size, group) => Array<number>(size).fill(group));
  return makeFolds({ rows: groupOfRow.length, labels: none }, { folds }).map((rows, index) => {
    const held = new Map<number, number>();
    for (const row of rows) {
      const group = groupOfRow[row] as number;
      held.set(group, (held.get(group) ?? 0) + 1);
    }
    for (const [group, count] of held)
      if (count !== groups[group])
        throw bad(`Fold ${index} holds ${count} of the ${groups[group]} rows of group ${group}.`);
    return [...held.keys()];
  });
}

function drawFolds(
  rows: number,
  labels: Float32Array,
  count: number,
  stratified: boolean,
  seed: number,
): number[][] {
  if (!Number.isSafeInteger(count) || count < 2 || count > rows)
    throw bad(`There cannot be ${count} folds of ${rows} rows.`);
  if (stratified && labels.length !== rows) throw bad('Stratified folds need one label a row.');
  const random = uniform(seed);
  const order = Array.from({ length: rows }, (_, row) => row);
  for (let last = rows - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  // Rows with the same label are dealt out one after another; the sort keeps their drawn order.
  if (stratified) order.sort((a, b) => (labels[a] as number) - (labels[b] as number));
  const folds = Array.from({ length: count }, (): number[] => []);
  order.forEach((row, place) => folds[place % count]?.push(row));
  return folds;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const bad = (message: string): XgboostError => new XgboostError('XGBOOST_BAD_ARGUMENT', message);
