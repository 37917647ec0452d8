import type { Task, TrainingSettings } from '@kaefer/contracts';
import type { Parameters } from '@kaefer/xgboost';
import type { EncodedFeature } from '../features/encoder.ts';

/** The loss that training reports and stops by, for each task. */
export const lossOf = {
  binary: 'logloss',
  multiclass: 'mlogloss',
  regression: 'rmse',
} as const satisfies Record<Task, string>;

/**
 * A project's settings as XGBoost's parameters. The number of threads, which does not change the model, is not among them.
 *
 * @param features of the model, for what may only rise or fall
 * @param positiveShare of the training rows; binary only
 */
export function boostingParameters(
  task: Task,
  classes: number,
  settings: TrainingSettings,
  features: readonly EncodedFeature[] = [],
  positiveShare = 0.5,
): Parameters {
  const objective = {
    binary: 'binary:logistic',
    multiclass: 'multi:softprob',
    regression: 'reg:squarederror',
  } as const;
  return {
    objective: objective[task],
    ...(task === 'multiclass' ? { num_class: classes } : {}),
    ...monotoneParameters(settings, features),
    ...(task === 'binary' && settings.balance > 0
      ? { scale_pos_weight: balancedWeight(settings.balance, positiveShare) }
      : {}),
    eval_metric: lossOf[task],
    tree_method: 'hist',
    max_depth: settings.maxDepth,
    eta: settings.learningRate,
    min_child_weight: settings.minChildWeight,
    subsample: settings.subsample,
    colsample_bytree: settings.columnSample,
    lambda: settings.lambda,
    max_bin: settings.maxBin,
    seed: settings.seed,
    // A round's draws then depend on the seed and the round alone, so that a continued model draws on as one trained in one go.
    seed_per_iteration: settings.subsample < 1 || settings.columnSample < 1,
  };
}

/** The same for going over a model's trees: their splits stay, the values of their leaves are estimated again. */
export function refreshParameters(parameters: Parameters): Parameters {
  return { ...parameters, process_type: 'update', updater: 'refresh', refresh_leaf: true };
}

/** Only numbers have an order that could be held to; the codes of texts have none. */
function monotoneParameters(
  { monotone }: TrainingSettings,
  features: readonly EncodedFeature[],
): Pick<Parameters, 'monotone_constraints'> {
  const directions = features.map(({ name, levels }) =>
    levels === undefined && Object.hasOwn(monotone, name) ? (monotone[name] ?? 0) : 0,
  );
  return directions.some((direction) => direction !== 0) ? { monotone_constraints: directions } : {};
}

/** (negatives ÷ positives) to the power of `balance`, where positives are rarer; else 1. */
export function balancedWeight(balance: number, positiveShare: number): number {
  if (positiveShare <= 0 || positiveShare >= 0.5) return 1;
  return Number((((1 - positiveShare) / positiveShare) ** balance).toPrecision(6));
}
