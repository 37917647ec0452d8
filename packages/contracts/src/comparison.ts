import { z } from 'zod';
import { Mode } from './mode.ts';
import { Reason } from './prediction.ts';
import { Costs } from './project.ts';

const metric = z.number().nullable();

/** A difference, candidate minus current, with its 95 % interval. */
export const Difference = z.object({
  estimate: metric,
  low: metric,
  high: metric,
  pValue: metric.optional(),
});
export type Difference = z.infer<typeof Difference>;

export const Interval = z.object({ low: metric, high: metric });

export const Confusion = z.object({ tp: z.int(), fp: z.int(), fn: z.int(), tn: z.int() });
export type Confusion = z.infer<typeof Confusion>;

const point = z.tuple([z.number(), z.number()]);

/** What the plots draw; absent for tasks that have no such curve. */
export const Curves = z.object({
  /** [false positive rate, true positive rate] */
  roc: z.array(point).optional(),
  /** [recall, precision] */
  precisionRecall: z.array(point).optional(),
  /** Counts of holdout rows by score, in equal bins from 0 to 1. */
  scores: z
    .object({ binWidth: z.number(), positives: z.array(z.int()), negatives: z.array(z.int()) })
    .optional(),
  /** One entry a threshold, ascending: what would be called at it, counted exactly. Both models have the same ones. */
  thresholds: z
    .array(z.object({ threshold: z.number(), tp: z.int(), fp: z.int(), fn: z.int(), tn: z.int() }))
    .optional(),
  /**
   * Whether what is said to happen with a probability does: absent in comparisons of older versions. Multiclass: whether the
   * class that is called is right as often as its probability says.
   */
  calibration: z
    .object({
      /** Groups of holdout rows of equal size, by predicted probability; `low` to `high` is Wilson's 95 % interval. */
      groups: z.array(
        z.object({
          predicted: z.number(),
          observed: z.number(),
          low: z.number(),
          high: z.number(),
          rows: z.int(),
        }),
      ),
      /** Mean distance between predicted and observed share, weighted by rows (ECE). */
      error: metric,
      /** Logistic regression of the outcome on the predicted log odds: 1 and 0 where all is true. */
      slope: metric,
      intercept: metric,
    })
    .optional(),
  /** Regression: [true value, predicted value] of a fixed sample of holdout rows. */
  predicted: z.array(point).optional(),
});
export type Curves = z.infer<typeof Curves>;

export const Estimate = z.object({ estimate: metric, low: metric, high: metric });

/** How one model tells a class from all others. */
export const ClassResult = z.object({
  /** Holdout rows of the class, and those that the model takes for it. */
  rows: z.int(),
  predicted: z.int(),
  /** Wilson's 95 % intervals; null of no rows. */
  recall: Estimate,
  precision: Estimate,
  f1: metric,
  /** Of the class's probability, against all other rows, with DeLong's interval. */
  auc: Estimate,
  /** As in {@link Curves}; of the twelve classes with most rows. */
  roc: z.array(point).optional(),
  precisionRecall: z.array(point).optional(),
});
export type ClassResult = z.infer<typeof ClassResult>;

export const ModelResult = z.object({
  model: z.object({
    version: z.int(),
    trainedAt: z.iso.datetime(),
    datasetVersion: z.int(),
    mode: Mode,
    trainingRows: z.int(),
  }),
  metrics: z.record(z.string(), metric),
  intervals: z.record(z.string(), Interval),
  /** Binary only. */
  confusion: Confusion.nullable(),
  /** Multiclass only: rows are true classes, columns predicted ones, in the order of `classes`. */
  confusionMatrix: z.array(z.array(z.int())).nullable(),
  /** Multiclass only, in the order of `classes`; absent in comparisons of older versions. */
  byClass: z.array(ClassResult).optional(),
  curves: Curves,
  /** Share of the total gain by feature, largest first. */
  importance: z.array(z.object({ feature: z.string(), share: z.number() })),
});
export type ModelResult = z.infer<typeof ModelResult>;

export const Verdict = z.object({
  outcome: z.enum(['better', 'worse', 'no_clear_difference', 'first_model']),
  /** One plain sentence in the reader's language. */
  sentence: z.string(),
  /** The metric that decided, and whether a larger one is better. */
  metric: z.string(),
  /** The smallest difference that matters to the project, in the metric's unit; absent in older comparisons. */
  margin: z.number().optional(),
});
export type Verdict = z.infer<typeof Verdict>;

/** Both models on one part of the holdout. */
export const Segment = z.object({
  /** null in comparisons of older versions: the part is the rows of one upload, `value` its id. */
  feature: z.string().nullable(),
  /** null with `range` null: the rows without a value. */
  value: z.string().nullable(),
  /** The tenth of the rows with the latest day or time; `range` says from when to when. */
  newest: z.boolean().optional(),
  /** From `low` up to `high`; `areDays`: days since 1970-01-01. */
  range: z.object({ low: z.number(), high: z.number(), areDays: z.boolean() }).nullable(),
  rows: z.int(),
  current: metric,
  candidate: metric,
  difference: Difference,
  /** Corrected for the number of segments; below 0.05 the difference is larger than chance would explain. */
  adjustedPValue: metric,
});
export type Segment = z.infer<typeof Segment>;

/** What one upload brought to the data of today: the rows that it was the last to set. */
export const UploadPart = z.object({
  upload: z.string(),
  /** It came with this run. */
  isNew: z.boolean(),
  /** Rows that models learn from, and rows of the holdout. */
  learningRows: z.int(),
  testRows: z.int(),
  /** Of all its rows. Binary: share of positive ones. Regression: mean. null for several classes. */
  outcome: metric,
  /** Mean loss of each model on its holdout rows, as in segments; null where these are fewer than 50. */
  loss: z
    .object({
      current: metric,
      candidate: metric,
      difference: Difference,
      /** Holm's, over the uploads that were compared. */
      adjustedPValue: metric,
    })
    .nullable(),
});
export type UploadPart = z.infer<typeof UploadPart>;

/** How far a feature's values in this run's rows lie from those of the rows before. */
export const FeatureDrift = z.object({
  feature: z.string(),
  /** Population stability index: by custom below 0.1 little, above 0.25 much. */
  stabilityIndex: z.number(),
  /** Share of rows that would have to take another value. */
  totalVariation: z.number(),
  /** Largest distance of the distribution functions; null for texts, which have no order. */
  kolmogorovSmirnov: z.number().nullable(),
});
export type FeatureDrift = z.infer<typeof FeatureDrift>;

export const LearningCurve = z.object({
  metric: z.string(),
  /** Round of the first entry. */
  firstRound: z.int(),
  train: z.array(z.number()),
  validation: z.array(z.number()),
  /** The round whose trees the model keeps as its last. */
  bestRound: z.int().nullable(),
});
export type LearningCurve = z.infer<typeof LearningCurve>;

/** One model's answer to a row. */
export const Answer = z.object({
  /** Binary: probability of the positive outcome. Multiclass: of `label`. Regression: the value. */
  score: z.number(),
  /** null for regression. */
  label: z.string().nullable(),
  /** What moved the answer most, the strongest first. */
  reasons: z.array(Reason),
});
export type Answer = z.infer<typeof Answer>;

/** Which of two different answers is right; regression: nearer to the true value. */
export const DisagreementSide = z.enum(['candidate', 'current', 'neither']);
export type DisagreementSide = z.infer<typeof DisagreementSide>;

export const Disagreement = z.object({
  key: z.string(),
  /** The true value, as text. */
  outcome: z.string(),
  right: DisagreementSide,
  current: Answer,
  candidate: Answer,
});
export type Disagreement = z.infer<typeof Disagreement>;

/** A linear model of the same features: logistic or softmax regression, or a linear one. */
export const Baseline = z.object({
  kind: z.enum(['logistic', 'softmax', 'linear']),
  /** Version of the model whose training rows it learned. */
  learnedWith: z.int(),
  /** Rows it learned from: not all where they are many. */
  rows: z.int(),
  metrics: z.record(z.string(), metric),
  /** Of a guess that is the same for every row: the share of each class, or the mean. */
  prior: z.record(z.string(), metric),
  /** Candidate minus baseline in the metric that decides. */
  difference: Difference,
  /** Whether the candidate is better than it by more than chance. */
  isBeaten: z.boolean(),
});
export type Baseline = z.infer<typeof Baseline>;

export const ModelCost = z.object({
  bytes: z.int(),
  /** Median time for one record, in this process and without waiting for anything. */
  microseconds: z.number(),
});
export type ModelCost = z.infer<typeof ModelCost>;

/** One thing that must hold before a model goes into production by itself. */
export const AcceptanceCheck = z.object({
  name: z.enum(['better', 'rows', 'positives', 'looks', 'audit']),
  passed: z.boolean(),
  /** What was found and what was asked for, where these are numbers. */
  value: z.number().nullable(),
  limit: z.number().nullable(),
});
export type AcceptanceCheck = z.infer<typeof AcceptanceCheck>;

/** Both models on some of the holdout's rows alone. */
export const RowsApart = z.object({
  rows: z.int(),
  positives: z.int().nullable(),
  current: z.record(z.string(), metric).nullable(),
  candidate: z.record(z.string(), metric),
  difference: z.record(z.string(), Difference).nullable(),
});
export type RowsApart = z.infer<typeof RowsApart>;

export const Comparison = z.object({
  run: z.string(),
  project: z.string(),
  datasetVersion: z.int(),
  task: z.enum(['binary', 'multiclass', 'regression']),
  classes: z.array(z.string()),
  holdout: z.object({
    rows: z.int(),
    positives: z.int().nullable(),
    share: z.number(),
    /** How many choices between two models were made on these test rows before; absent in older comparisons. */
    looks: z.int().optional(),
    /** Which of the project's holdouts; absent in older comparisons: the first. */
    number: z.int().optional(),
    /** The starts between which its rows came; null: no start. Absent in older comparisons: all test rows. */
    after: z.string().nullish(),
    before: z.string().nullish(),
    /** A fresh one that has too few rows yet; null or absent: none. */
    collecting: z.object({ rows: z.int(), needed: z.int() }).nullish(),
  }),
  current: ModelResult.nullable(),
  candidate: ModelResult,
  difference: z.record(z.string(), Difference).nullable(),
  /** Prices of wrong answers behind `expectedCost`; null or absent: the project had none. */
  costs: Costs.nullish(),
  /**
   * Multiclass: the difference of each class's recall, in the order of `classes`, with Newcombe's interval and McNemar's
   * p-value; `adjustedPValue` is Holm's over the classes. Absent for a first model.
   */
  byClass: z.array(z.object({ recall: Difference, adjustedPValue: metric })).nullish(),
  verdict: Verdict,
  /** What the models cost to keep and to ask; absent in comparisons of older versions. */
  cost: z.object({ current: ModelCost.nullable(), candidate: ModelCost }).optional(),
  /** Whether the new model may go into production by itself; null where the project leaves that to people. */
  automatic: z.object({ accepted: z.boolean(), checks: z.array(AcceptanceCheck) }).nullish(),
  /** The same on those holdout rows alone that this run brought in; null when it brought none or too few. */
  newRows: RowsApart.nullable(),
  /**
   * The same on those holdout rows alone that were there before, of a candidate trained incrementally: it learned few
   * of their like again. Absent for other candidates and in comparisons of older versions; null when they are too few.
   */
  oldRows: RowsApart.nullish(),
  /** The proof that no holdout row was in either model's training data. */
  audit: z.object({
    holdoutRows: z.int(),
    candidateTrainingRows: z.int(),
    currentTrainingRows: z.int().nullable(),
    overlap: z.int(),
  }),
  /** Parts of the holdout; absent for a first model and in comparisons of older versions. */
  segments: z
    .object({
      /** The loss that is compared: `logLoss` or `mae`; larger is worse. */
      metric: z.string(),
      /** How many segments were compared; those listed are the first of them, what got worse first. */
      compared: z.int(),
      correction: z.literal('holm'),
      worstFirst: z.array(Segment),
    })
    .nullish(),
  /** What the uploads brought, those of this run first, then the largest; absent for a first model and in older comparisons. */
  uploads: z.object({ total: z.int(), largest: z.array(UploadPart) }).nullish(),
  /** By how much each feature moved, on the holdout, farthest first; null when either side has too few rows. */
  drift: z.array(FeatureDrift).nullish(),
  /** Holdout rows that the two answer differently; absent for a first model and in comparisons of older versions. */
  disagreements: z
    .object({
      counts: z.record(DisagreementSide, z.int()),
      /** Binary: how many of them are positive rows, which only one of the two finds; absent in older comparisons. */
      positives: z.object({ candidate: z.int(), current: z.int() }).nullish(),
      /** Some of each kind: those whose score changed most. */
      rows: z.array(Disagreement),
    })
    .nullish(),
  /** The plain model that every other has to beat, on the same rows; absent for models of older versions. */
  baseline: Baseline.nullish(),
  learningCurve: LearningCurve,
  /** Values in the holdout that a model's dictionary does not know; they counted as missing. */
  unseenValues: z.object({ current: z.int().nullable(), candidate: z.int() }),
  /** Over how many candidates of the run the intervals and p-values of differences are corrected (Bonferroni); absent: one. */
  candidates: z.int().nullish(),
  /** Draws of the bootstrap behind the intervals. */
  bootstrapDraws: z.int(),
});
export type Comparison = z.infer<typeof Comparison>;
