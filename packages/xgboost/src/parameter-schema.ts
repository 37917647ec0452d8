/**
 * The training parameters this package knows: name, type, range, default and meaning, after
 * https://xgboost.readthedocs.io/en/stable/parameter.html (read for versions 1.7 to 3.2). The library ignores names
 * that it does not know, so a name missing here could silently do nothing; names are checked against this table.
 */

interface Described {
  /** The library's default, as its documentation writes it. */
  readonly default: string;
  readonly doc: string;
  /** The first version of the library that has it; absent where 1.7, the oldest that is supported, has it. */
  readonly since?: string;
}

export interface NumberSpec extends Described {
  readonly kind: 'integer' | 'number';
  readonly minimum?: number;
  readonly maximum?: number;
  /** Whether the minimum itself is refused. */
  readonly above?: boolean;
}

export interface ChoiceSpec<Choice extends string = string> extends Described {
  readonly kind: 'choice';
  readonly choices: readonly Choice[];
}

export interface OtherSpec<
  Kind extends 'boolean' | 'text' | 'metrics' | 'numbers' | 'integers' | 'groups' = OtherKind,
> extends Described {
  readonly kind: Kind;
}
type OtherKind = 'boolean' | 'text' | 'metrics' | 'numbers' | 'integers' | 'groups';

export type ParameterSpec = NumberSpec | ChoiceSpec | OtherSpec;

type Range = Pick<NumberSpec, 'minimum' | 'maximum' | 'above'>;

const integer = (range: Range, byDefault: string, doc: string): NumberSpec & { kind: 'integer' } => ({
  kind: 'integer',
  ...range,
  default: byDefault,
  doc,
});
const number = (range: Range, byDefault: string, doc: string): NumberSpec & { kind: 'number' } => ({
  kind: 'number',
  ...range,
  default: byDefault,
  doc,
});
const choice = <const Choice extends string>(
  choices: readonly Choice[],
  byDefault: NoInfer<Choice>,
  doc: string,
): ChoiceSpec<Choice> => ({ kind: 'choice', choices, default: byDefault, doc });
const other = <Kind extends OtherKind>(kind: Kind, byDefault: string, doc: string): OtherSpec<Kind> => ({
  kind,
  default: byDefault,
  doc,
});

/** A parameter that came after version 1.7. */
const since = <Spec extends ParameterSpec>(
  version: string,
  spec: Spec,
): Spec & { readonly since: string } => ({
  ...spec,
  since: version,
});

const fraction = { minimum: 0, maximum: 1, above: true };
const notNegative = { minimum: 0 };

export const OBJECTIVES = [
  'reg:squarederror',
  'reg:squaredlogerror',
  'reg:logistic',
  'reg:pseudohubererror',
  'reg:absoluteerror',
  'reg:quantileerror',
  'reg:gamma',
  'reg:tweedie',
  'binary:logistic',
  'binary:logitraw',
  'binary:hinge',
  'count:poisson',
  'survival:cox',
  'survival:aft',
  'multi:softmax',
  'multi:softprob',
  'rank:ndcg',
  'rank:map',
  'rank:pairwise',
] as const;

export const parameterSchema = {
  // General
  booster: choice(['gbtree', 'gblinear', 'dart'], 'gbtree', 'Trees, a linear model, or trees with dropout.'),
  device: since('2.0', other('text', 'cpu', 'Where to compute: cpu, cuda or cuda:<number>.')),
  nthread: integer(notNegative, 'one a core', 'Threads; 0 is one a core.'),
  verbosity: integer({ minimum: 0, maximum: 3 }, '1', '0 silent, 1 warnings, 2 information, 3 debugging.'),
  validate_parameters: other(
    'boolean',
    'false',
    'Whether the library warns about parameters that it does not use.',
  ),
  disable_default_eval_metric: other('boolean', 'false', "Leaves out the objective's own metric."),
  // Trees
  eta: number(notNegative, '0.3', 'How much of each new tree is added; smaller needs more rounds.'),
  gamma: number(notNegative, '0', 'The loss a split must win to be made.'),
  max_depth: integer(notNegative, '6', 'Levels of a tree; 0 is no limit.'),
  min_child_weight: number(notNegative, '1', 'The sum of hessians that each side of a split must hold.'),
  max_delta_step: number(
    notNegative,
    '0',
    "A limit to each leaf's step; 0 is none. Helps with rare classes.",
  ),
  subsample: number(fraction, '1', 'The share of rows that each round draws.'),
  sampling_method: choice(
    ['uniform', 'gradient_based'],
    'uniform',
    'How rows are drawn; gradient_based is for GPUs.',
  ),
  colsample_bytree: number(fraction, '1', 'The share of columns drawn for each tree.'),
  colsample_bylevel: number(fraction, '1', 'The share of those columns drawn for each level.'),
  colsample_bynode: number(fraction, '1', 'The share of those columns drawn for each split.'),
  lambda: number(notNegative, '1', 'L2 regularisation of the leaf values.'),
  alpha: number(notNegative, '0', 'L1 regularisation of the leaf values.'),
  tree_method: choice(
    ['auto', 'exact', 'approx', 'hist', 'gpu_hist'],
    'auto',
    'How splits are searched; auto is hist since 2.0. A quantile matrix needs hist.',
  ),
  scale_pos_weight: number(notNegative, '1', 'Weight of the positive class against the negative one.'),
  updater: other(
    'text',
    'by tree_method',
    'Names of tree updaters with commas between, such as refresh or prune.',
  ),
  refresh_leaf: other(
    'boolean',
    'true',
    'Whether the updater refresh renews leaf values too, not only statistics.',
  ),
  process_type: choice(
    ['default', 'update'],
    'default',
    'update goes over the existing trees instead of adding some.',
  ),
  grow_policy: choice(
    ['depthwise', 'lossguide'],
    'depthwise',
    'Splits level by level, or where the loss falls most.',
  ),
  max_leaves: integer(notNegative, '0', 'Leaves a tree may have; 0 is no limit.'),
  max_bin: integer({ minimum: 2 }, '256', 'Bins a column; the same as of the quantile matrix.'),
  num_parallel_tree: integer(
    { minimum: 1 },
    '1',
    'Trees a round and class: more than 1 makes boosted forests.',
  ),
  monotone_constraints: other('integers', 'none', 'One a column: 1 rising, -1 falling, 0 free.'),
  interaction_constraints: other('groups', 'none', 'Groups of columns that may meet in one branch.'),
  multi_strategy: since(
    '2.0',
    choice(
      ['one_output_per_tree', 'multi_output_tree'],
      'one_output_per_tree',
      'A tree for each output, or trees with several.',
    ),
  ),
  max_cached_hist_node: since('2.0', integer({ minimum: 1 }, '65536', 'Histograms kept in memory.')),
  max_cat_to_onehot: integer(
    { minimum: 1 },
    '4',
    'Columns with fewer categories are split one against the rest.',
  ),
  max_cat_threshold: integer({ minimum: 1 }, '64', 'Categories that a split may look at.'),
  // Dropout (booster dart)
  sample_type: choice(['uniform', 'weighted'], 'uniform', 'How dropped trees are chosen.'),
  normalize_type: choice(['tree', 'forest'], 'tree', 'How new trees are weighed against dropped ones.'),
  rate_drop: number({ minimum: 0, maximum: 1 }, '0', 'The share of trees dropped.'),
  one_drop: other('boolean', 'false', 'Whether at least one tree is always dropped.'),
  skip_drop: number({ minimum: 0, maximum: 1 }, '0', 'How probable a round without dropout is.'),
  // Linear model (booster gblinear)
  feature_selector: choice(
    ['cyclic', 'shuffle', 'random', 'greedy', 'thrifty'],
    'cyclic',
    'The order in which coefficients are updated.',
  ),
  top_k: integer(notNegative, '0', 'Features that greedy and thrifty choose from; 0 is all.'),
  // Learning task
  objective: choice(OBJECTIVES, 'reg:squarederror', 'What is learned: the loss and the kind of prediction.'),
  base_score: number({}, 'estimated from the labels (1.7: 0.5)', 'The prediction before the first tree.'),
  eval_metric: other(
    'metrics',
    "the objective's",
    'One metric or several; the last one decides early stopping.',
  ),
  seed: integer(notNegative, '0', 'Seed of all drawing.'),
  seed_per_iteration: other(
    'boolean',
    'false',
    'Whether each round seeds anew; then continuing repeats drawing exactly.',
  ),
  num_class: integer(notNegative, '0', 'Classes of the objectives that begin with multi:.'),
  tweedie_variance_power: number(
    { minimum: 1, maximum: 2, above: true },
    '1.5',
    'Near 2 like gamma, near 1 like Poisson.',
  ),
  huber_slope: number({ minimum: 0, above: true }, '1', 'Where pseudo-Huber turns from squared to absolute.'),
  quantile_alpha: since('2.0', other('numbers', 'none', 'The quantiles of reg:quantileerror.')),
  aft_loss_distribution: choice(['normal', 'logistic', 'extreme'], 'normal', 'Noise of survival:aft.'),
  aft_loss_distribution_scale: number({ minimum: 0, above: true }, '1', 'Scale of that noise.'),
  lambdarank_pair_method: since('2.0', choice(['mean', 'topk'], 'topk', 'How pairs of a ranking are made.')),
  lambdarank_num_pair_per_sample: since(
    '2.0',
    integer({ minimum: 1 }, 'by method', 'Pairs for each document.'),
  ),
  lambdarank_normalization: since('2.1', other('boolean', 'true', 'Whether gradients are normalised.')),
  lambdarank_score_normalization: since(
    '3.0',
    other('boolean', 'true', 'Whether score differences normalise.'),
  ),
  lambdarank_unbiased: since('2.0', other('boolean', 'false', 'Corrects clicks for their position.')),
  lambdarank_bias_norm: since('2.0', number(notNegative, '2', 'Norm of that correction.')),
  ndcg_exp_gain: since('2.0', other('boolean', 'true', 'Whether NDCG gains are exponential.')),
} as const satisfies Record<string, ParameterSpec>;

export type ParameterName = keyof typeof parameterSchema;

type ValueOf<Spec> = Spec extends { kind: 'integer' | 'number' }
  ? number
  : Spec extends { kind: 'boolean' }
    ? boolean
    : Spec extends ChoiceSpec<infer Choice>
      ? Choice
      : Spec extends { kind: 'metrics' }
        ? string | readonly string[]
        : Spec extends { kind: 'numbers' }
          ? number | readonly number[]
          : Spec extends { kind: 'integers' }
            ? readonly number[]
            : Spec extends { kind: 'groups' }
              ? readonly (readonly number[])[]
              : string;

/** Training parameters under the library's own names. `undefined` leaves the library's default. */
export type Parameters = {
  readonly [Name in ParameterName]?: ValueOf<(typeof parameterSchema)[Name]> | undefined;
};

/** Other names the library's documentation gives the same parameters; they are refused with the name to use. */
export const PARAMETER_ALIASES: Readonly<Record<string, ParameterName>> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
  n_jobs: 'nthread',
  random_state: 'seed',
};

/** Metrics, without the `@` and number that some take. */
export const METRICS = [
  'rmse',
  'rmsle',
  'mae',
  'mape',
  'mphe',
  'logloss',
  'error',
  'merror',
  'mlogloss',
  'auc',
  'aucpr',
  'pre',
  'ndcg',
  'map',
  'poisson-nloglik',
  'gamma-nloglik',
  'cox-nloglik',
  'gamma-deviance',
  'tweedie-nloglik',
  'aft-nloglik',
  'interval-regression-accuracy',
  'quantile',
] as const;

/** Objectives and metrics that came after version 1.7, and the version that each came with. */
export const SINCE: Readonly<Partial<Record<string, string>>> = {
  'reg:quantileerror': '2.0',
  quantile: '2.0',
};
