import { setImmediate } from 'node:timers/promises';
import { Booster } from './booster.ts';
import type { DMatrix } from './dmatrix.ts';
import { EarlyStopping, type EarlyStoppingOptions, type Metrics } from './early-stopping.ts';
import { XgboostError } from './errors.ts';
import type { Parameters } from './parameter-schema.ts';
import { boostOnce, checkCustoms, evaluateOnce, type Customs, type Evaluated } from './round.ts';

export interface Round {
  /** The round just finished, counted from 0 over the model's whole life. */
  iteration: number;
  /** The number of rounds the model will have at the end, unless training stops early. */
  rounds: number;
  metrics: Metrics;
}

export interface TrainOptions extends Customs {
  /** Rounds to add. There is no default: too few or too many is the commonest mistake in boosting. */
  rounds: number;
  /** Matrices whose metrics are computed after each round, in this order. Default none. */
  evaluate?: readonly Evaluated[];
  earlyStopping?: EarlyStoppingOptions;
  /** The model to train on. It is copied; the counting of rounds goes on. */
  initialModel?: Booster | Uint8Array;
  /** Called after each round, with the model so far; returning false ends training. */
  onRound?: (round: Round, booster: Booster) => void | false;
}

export interface TrainResult {
  /** The model with all rounds that were trained; `slice(0, bestIteration + 1)` cuts it to the best. Yours to dispose. */
  booster: Booster;
  /** matrix name → metric → a value for each round. */
  history: Record<string, Record<string, number[]>>;
  /** The best round for early stopping, otherwise the last; counted over the model's whole life, -1 without rounds. */
  bestIteration: number;
  /** The watched metric in that round; undefined without early stopping. */
  bestScore: number | undefined;
  stoppedBy: 'rounds' | 'earlyStopping' | 'callback';
}

/**
 * Trains a model, giving way to the event loop after each round, so that messages, timers and signals get through.
 *
 * Training a saved model on gives the same bytes as training in one go. When rows or columns are drawn (`subsample`,
 * `colsample_…`) that needs `seed_per_iteration: true`, because a model does not carry the random generators' state;
 * each round's draws then follow from `seed` and the round's number. (Not for `tree_method: 'approx'` before 2.0.)
 *
 * With `process_type: 'update'` no tree is added: each round goes over the trees of one round of the initial model, from
 * the first on, and `rounds` may be at most as many as it has.
 * @throws XgboostError `XGBOOST_BAD_PARAMETER`, `XGBOOST_BAD_ARGUMENT`, `XGBOOST_CALL_FAILED`, and what onRound throws;
 * the unfinished model is disposed of then.
 */
export async function train(
  parameters: Parameters,
  matrix: DMatrix,
  options: TrainOptions,
): Promise<TrainResult> {
  const { rounds, evaluate = [], onRound } = options;
  checkOptions(options);
  checkCustoms(parameters, options);
  const stopping = options.earlyStopping && new EarlyStopping(options.earlyStopping);
  const booster = startingBooster(parameters, matrix, options);
  try {
    const first = booster.rounds; // 0 when an existing model is updated
    const history: TrainResult['history'] = {};
    let stoppedBy: TrainResult['stoppedBy'] = 'rounds';
    let last = first - 1;
    for (let iteration = first; iteration < first + rounds && stoppedBy === 'rounds'; iteration++) {
      boostOnce(booster, parameters, matrix, iteration, options);
      last = iteration;
      const metrics = evaluateOnce(booster, iteration, evaluate, options);
      remember(history, metrics);
      if (stopping?.isDone(iteration, metrics)) stoppedBy = 'earlyStopping';
      if (onRound?.({ iteration, rounds: first + rounds, metrics }, booster) === false)
        stoppedBy = 'callback';
      await setImmediate();
    }
    return {
      booster,
      history,
      bestIteration: stopping?.bestIteration ?? last,
      bestScore: stopping?.bestScore,
      stoppedBy,
    };
  } catch (error) {
    booster.dispose();
    throw error;
  }
}

function startingBooster(parameters: Parameters, matrix: DMatrix, options: TrainOptions): Booster {
  const matrices = [
    matrix,
    ...(options.evaluate ?? []).map((one) => one.matrix).filter((one) => one !== matrix),
  ];
  const { initialModel } = options;
  if (initialModel === undefined) return Booster.create(parameters, matrices);
  const bytes = initialModel instanceof Booster ? initialModel.save('ubj') : initialModel;
  const booster = Booster.load(bytes, matrices);
  try {
    booster.setParameters(parameters);
    return booster;
  } catch (error) {
    booster.dispose();
    throw error;
  }
}

function checkOptions({ rounds, evaluate = [], earlyStopping }: TrainOptions): void {
  if (!Number.isSafeInteger(rounds) || rounds < 0) {
    throw new XgboostError('XGBOOST_BAD_ARGUMENT', `rounds must be a whole number from 0, and is ${rounds}.`);
  }
  const names = evaluate.map(({ name }) => name);
  if (new Set(names).size !== names.length) {
    throw new XgboostError(
      'XGBOOST_BAD_ARGUMENT',
      `The evaluated matrices need different names; they are ${names.join(', ')}.`,
    );
  }
  if (earlyStopping && names.length === 0) {
    throw new XgboostError('XGBOOST_BAD_ARGUMENT', 'Early stopping needs a matrix to evaluate.');
  }
}

function remember(history: TrainResult['history'], metrics: Metrics): void {
  for (const [name, values] of Object.entries(metrics)) {
    const ofMatrix = (history[name] ??= {});
    for (const [metric, value] of Object.entries(values)) (ofMatrix[metric] ??= []).push(value);
  }
}
