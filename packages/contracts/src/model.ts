import { z } from 'zod';
import { TrainingSettings } from './project.ts';
import { Proposal } from './proposal.ts';
import { ColumnType } from './upload.ts';
import { LearningCurve, Verdict } from './comparison.ts';
import { Mode } from './mode.ts';

/** One input of a model. */
export const Feature = z.object({
  name: z.string(),
  type: ColumnType,
  /** Text only: its known values; the position is the code. */
  levels: z.array(z.string()).optional(),
  /** Numbers, booleans (0, 1) and dates (days since 1970-01-01): seen in training; null when it was always missing. */
  minimum: z.number().nullable().optional(),
  median: z.number().nullable().optional(),
  maximum: z.number().nullable().optional(),
  /** Text only: the most frequent value in training. */
  mostFrequent: z.string().nullable().optional(),
  /** Share of training rows without a value. */
  missingShare: z.number(),
});
export type Feature = z.infer<typeof Feature>;

/** How the settings of a training were found: by successive halving, on validation rows alone. */
export const Tuning = z.object({
  /** Which of those tried, by its number; 0 are the project's own. */
  chosen: z.int(),
  milliseconds: z.int(),
  /** In their order; the same settings again with more rows when they were among the better half. */
  tried: z.array(
    z.object({
      nth: z.int(),
      /** Training rows. */
      rows: z.int(),
      /** On the validation rows. */
      loss: z.number().nullable(),
      settings: z.record(z.string(), z.number()),
    }),
  ),
});
export type Tuning = z.infer<typeof Tuning>;

export const Model = z.object({
  version: z.int(),
  project: z.string(),
  run: z.string(),
  mode: Mode,
  /** The model that an incremental run continued, or a refresh took the trees of. */
  parent: z.int().nullable(),
  createdAt: z.iso.datetime(),
  datasetVersion: z.int(),
  /** `replayed`: of the training rows of an incremental run those that were in the data before. */
  rows: z.object({
    training: z.int(),
    validation: z.int(),
    replayed: z.int(),
    /** Whether the rows of before, of both kinds, were drawn from a sixteenth of a large table that lies ready. */
    isPooled: z.boolean(),
  }),
  settings: TrainingSettings,
  /** What was tried to find them; null where nothing was looked for. */
  tuning: Tuning.nullable(),
  /** Weight of positives in training, 1 unless `balance` asks for another. */
  positiveWeight: z.number(),
  rounds: z.int(),
  threshold: z.number().nullable(),
  classes: z.array(z.string()),
  features: z.array(Feature),
  importance: z.array(z.object({ feature: z.string(), share: z.number() })),
  learningCurve: LearningCurve,
  /** Latest metrics on the holdout; empty before its first comparison. */
  metrics: z.record(z.string(), z.number().nullable()),
  sha256: z.string(),
  bytes: z.int(),
  library: z.string(),
  /** In production now. */
  champion: z.boolean(),
  /** The latest time a person put it into production, if ever. */
  chosen: z
    .object({
      by: z.string(),
      at: z.iso.datetime(),
      note: z.string().nullable(),
      /** The project accepted it by itself. */
      automatic: z.boolean(),
    })
    .nullable(),
  /** Of its first comparison; null before it. */
  verdict: Verdict.shape.outcome.nullable(),
  /** Files that it learned from and that were undone since. */
  undoneUploads: z.array(z.object({ id: z.string(), filename: z.string() })),
});
export type Model = z.infer<typeof Model>;

/** A model as a list shows it: without its features, curve and importances. */
export const ModelSummary = Model.omit({ features: true, learningCurve: true, importance: true });
export type ModelSummary = z.infer<typeof ModelSummary>;

/** How the model in production did when a person last decided on it: on the holdout of that day. */
const Measured = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

export const ChampionPoint = z.object({
  decidedAt: z.iso.datetime(),
  by: z.string(),
  automatic: z.boolean(),
  /** In production from then on. */
  version: z.int(),
  /** Whether it was a run's new one, stayed, or was chosen from the list of models. */
  choice: z.enum(['candidate', 'current', 'by_hand']),
  datasetVersion: z.int(),
  /** Rows of that data version. */
  rows: z.int(),
  /** 0 where nothing was compared. */
  holdoutRows: z.int(),
  /** The metric by which models are judged, with its 95 % interval; null where nothing was compared. */
  metric: Measured.extend({ name: z.string() }),
  /** Every metric of that comparison with its 95 % interval, by name; empty where nothing was compared. */
  metrics: z.record(z.string(), Measured),
});
export type ChampionPoint = z.infer<typeof ChampionPoint>;

export const ChampionRequest = z.strictObject({ version: z.int(), note: z.string().max(2000).optional() });
/** `proposal`: the choice waits for a second person; until then `champion` stays in production. */
export const ChampionAnswer = z.object({ champion: z.int().nullable(), proposal: Proposal.nullable() });
export type ChampionAnswer = z.infer<typeof ChampionAnswer>;

/** Two versions to be compared on today's holdout; the second takes the place of a new model. */
export const ComparisonRequest = z.strictObject({ current: z.int(), candidate: z.int() });
export type ComparisonRequest = z.infer<typeof ComparisonRequest>;

export const Reproduction = z.object({
  version: z.int(),
  identical: z.boolean(),
  expectedSha256: z.string(),
  sha256: z.string(),
});
export type Reproduction = z.infer<typeof Reproduction>;
