import { setImmediate } from 'node:timers/promises';
import { Booster } from './booster.ts';
import type { DMatrix } from './dmatrix.ts';
import { EarlyStopping, type EarlyStoppingOptions, type Metrics } from './early-stopping.ts';
import { XgboostError } from './errors.ts';
import { makeFolds, makeGroupFolds, type FoldOptions } from './folds.ts';
import type { Parameters } from './parameter-schema.ts';
import { boostOnce, checkCustoms, evaluateOnce, type Customs } from './round.ts';

export interface CrossValidationOptions extends Customs, FoldOptions {
  rounds: number;
  /** Watches the mean of a metric over the folds' test rows. */
  earlyStopping?: Omit<EarlyStoppingOptions, 'on'>;
  /** Called after each round with the means so far; returning false ends it. */
  onRound?: (round: { iteration: number; rounds: number; metrics: Metrics }) => void | false;
}

/** A metric over the folds, a value for each round. */
export interface FoldStatistics {
  mean: number[];
  /** Of the population: divided by the number of folds. */
  deviation: number[];
}

export interface CrossValidationResult {
  /** metric → over the rows that were trained on, and over those that were not. */
  history: Record<string, { train: FoldStatistics; test: FoldStatistics }>;
  /** The best round for early stopping, otherwise the last. */
  bestIteration: number;
  stoppedBy: 'rounds' | 'earlyStopping' | 'callback';
}

interface Fold {
  readonly booster: Booster;
  readonly train: DMatrix;
  readonly test: DMatrix;
}

/**
 * Trains one model a fold, round by round together, each on the rows outside its fold, and gives the metrics' means and
 * standard deviations. The models are not kept.
 * @param matrix not quantised. Where it has groups, folds are of whole groups.
 * @throws XgboostError `XGBOOST_BAD_PARAMETER`, `XGBOOST_BAD_ARGUMENT`, `XGBOOST_CALL_FAILED`, and what onRound throws
 */
export async function crossValidate(
  parameters: Parameters,
  matrix: DMatrix,
  options: CrossValidationOptions,
): Promise<CrossValidationResult> {
  const { rounds, onRound } = options;
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new XgboostError('XGBOOST_BAD_ARGUMENT', `rounds must be a whole number from 1, and is ${rounds}.`);
  checkCustoms(parameters, options);
  const stopping = options.earlyStopping && new EarlyStopping({ ...options.earlyStopping, on: 'test' });
  const folds: Fold[] = [];
  try {
    for (const fold of partsOf(matrix, options)) folds.push(openFold(parameters, fold));
    const history: CrossValidationResult['history'] = {};
    let stoppedBy: CrossValidationResult['stoppedBy'] = 'rounds';
    let last = -1;
    for (let iteration = 0; iteration < rounds && stoppedBy === 'rounds'; iteration++) {
      const ofFolds = folds.map((fold) => roundOf(fold, parameters, iteration, options));
      const metrics = remember(history, ofFolds);
      last = iteration;
      if (stopping?.isDone(iteration, metrics)) stoppedBy = 'earlyStopping';
      if (onRound?.({ iteration, rounds, metrics }) === false) stoppedBy = 'callback';
      await setImmediate();
    }
    return { history, bestIteration: stopping?.bestIteration ?? last, stoppedBy };
  } finally {
    for (const { booster, train, test } of folds) for (const one of [booster, train, test]) one.dispose();
  }
}

/** Makes one half of a fold. */
type MakePart = () => DMatrix;

/** What each fold is trained on and tested with: whole groups where there are some, otherwise rows. */
function partsOf(matrix: DMatrix, options: FoldOptions): { train: MakePart; test: MakePart }[] {
  const { groups } = matrix;
  const hasGroups = groups.length > 0;
  const count = hasGroups ? groups.length : matrix.rows;
  const part = (items: readonly number[]) => () =>
    hasGroups ? matrix.sliceGroups(items) : matrix.slice(items);
  return (hasGroups ? makeGroupFolds(groups, options) : makeFolds(matrix, options)).map((test) => {
    const isTest = new Uint8Array(count);
    for (const item of test) isTest[item] = 1;
    const others = Array.from({ length: count }, (_, item) => item).filter((item) => isTest[item] === 0);
    return { train: part(others), test: part(test) };
  });
}

function openFold(parameters: Parameters, parts: { train: MakePart; test: MakePart }): Fold {
  const train = parts.train();
  let test: DMatrix | undefined;
  try {
    test = parts.test();
    return { booster: Booster.create(parameters, [train, test]), train, test };
  } catch (error) {
    for (const one of [train, test]) one?.dispose();
    throw error;
  }
}

function roundOf(
  { booster, train, test }: Fold,
  parameters: Parameters,
  iteration: number,
  customs: Customs,
): Metrics {
  boostOnce(booster, parameters, train, iteration, customs);
  const evaluated = [
    { matrix: train, name: 'train' },
    { matrix: test, name: 'test' },
  ];
  return evaluateOnce(booster, iteration, evaluated, customs);
}

/** Adds a round to the history. @returns the means of it */
function remember(history: CrossValidationResult['history'], ofFolds: readonly Metrics[]): Metrics {
  const means: Metrics = { train: {}, test: {} };
  for (const part of ['train', 'test'] as const) {
    for (const metric of Object.keys(ofFolds[0]?.[part] ?? {})) {
      const values = ofFolds.map((metrics) => metrics[part]?.[metric] ?? NaN);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      const statistics = (history[metric] ??= { train: empty(), test: empty() })[part];
      statistics.mean.push(mean);
      statistics.deviation.push(Math.sqrt(variance));
      (means[part] as Record<string, number>)[metric] = mean;
    }
  }
  return means;
}

const empty = (): FoldStatistics => ({ mean: [], deviation: [] });
