import type { Task, TrainingSettings } from '@kaefer/contracts';
import type { Parameters } from '@kaefer/xgboost';

/** The loss that training reports and stops by, for each task. */
export const lossOf = {
  binary: 'logloss',
  multiclass: 'mlogloss',
  regression: 'rmse',
} as const satisfies Record<Task, string>;

/** A project's settings as XGBoost's parameters. The number of threads, which does not change the model, is not among them. */
export function boostingParameters(task: Task, classes: number, settings: TrainingSettings): Parameters {
  const objective = {
    binary: 'binary:logistic',
    multiclass: 'multi:softprob',
    regression: 'reg:squarederror',
  } as const;
  return {
    objective: objective[task],
    ...(task === 'multiclass' ? { num_class: classes } : {}),
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
