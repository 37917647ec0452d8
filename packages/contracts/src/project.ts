import { z } from 'zod';
import { decidingMetrics, type DecidingMetric } from './deciding-metric.ts';
import { Feed } from './feed.ts';
import { HoldoutStart } from './holdout.ts';
import { Proposal } from './proposal.ts';
import { Reading } from './reading.ts';

export const Task = z.enum(['binary', 'multiclass', 'regression']);
export type Task = z.infer<typeof Task>;

const columnName = z.string().min(1).max(200);

/** How models of a project are trained. The defaults need no thought; the data engineer may change each. */
export const TrainingSettings = z.strictObject({
  /** Most boosting rounds of a full run. */
  rounds: z.int().min(1).max(5000).default(600),
  /** Most additional rounds of an incremental run. */
  incrementalRounds: z.int().min(1).max(2000).default(60),
  /** Incremental runs: rows of before that are learned again for each new one, so that they are not forgotten. */
  replay: z.number().min(0).max(20).default(1),
  /** Minutes that a run in mode `auto` may train: what does not fit is not tried. */
  autoMinutes: z.number().gt(0).max(1440).default(10),
  /** Minutes in which a full training looks for better settings on its validation rows first; 0 keeps those that are set. */
  tuningMinutes: z.number().min(0).max(1440).default(0),
  /**
   * Binary: how far positives, where they are rare, are weighted up: 0 not at all, which keeps probabilities true; 1 until both
   * outcomes weigh the same.
   */
  balance: z.number().min(0).max(1).default(0),
  /** Numbers with which the answer may only rise (1) or only fall (-1). */
  monotone: z.record(columnName, z.union([z.literal(1), z.literal(-1)])).default({}),
  maxDepth: z.int().min(1).max(16).default(5),
  learningRate: z.number().gt(0).max(1).default(0.05),
  /** Stop when the validation loss has not improved for so many rounds; 0 never stops early. */
  earlyStoppingRounds: z.int().min(0).max(500).default(50),
  minChildWeight: z.number().min(0).max(1000).default(5),
  /** Share of the rows drawn for each tree. */
  subsample: z.number().gt(0).max(1).default(0.8),
  /** Share of the columns drawn for each tree. */
  columnSample: z.number().gt(0).max(1).default(0.6),
  /** L2 regularisation of leaf values. */
  lambda: z.number().min(0).max(1000).default(1),
  /** Most bins a feature is cut into. */
  maxBin: z.int().min(2).max(1024).default(256),
  seed: z.int().min(0).max(2147483647).default(1),
});
export type TrainingSettings = z.infer<typeof TrainingSettings>;

/** Price of a wrong answer, in the project's own unit; sets the threshold. */
export const Costs = z.strictObject({
  /** A record called positive that is not. */
  falsePositive: z.number().min(0),
  /** A positive record that was missed. */
  falseNegative: z.number().min(0),
});
export type Costs = z.infer<typeof Costs>;

/** One kind of report that a project takes: a table of its own in the lake, merged by its own key. */
export const Source = z.strictObject({
  /** What the recipe calls it. */
  name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  /** The columns that together tell its rows apart. */
  key: z.array(columnName).min(1).max(8),
  reading: Reading.default({}),
});
export type Source = z.infer<typeof Source>;

/** One SELECT over the sources that yields a row a key: the columns of the training table. */
export const Recipe = z.string().trim().min(1).max(100_000);

/** When a new model counts as better, and who says that it goes into production. */
export const Choosing = z.strictObject({
  /** The metric that decides, one of the task's `decidingMetrics`; null: the usual one. */
  metric: z
    .enum(Object.values(decidingMetrics).flat() as [DecidingMetric, ...DecidingMetric[]])
    .nullable()
    .default(null),
  /** The smallest difference of the deciding metric that matters, in its unit. */
  margin: z.number().min(0).max(1e9).default(0),
  /** The largest model that may be called better, in bytes; null: any. */
  mostBytes: z.int().min(1).nullable().default(null),
  /** The longest that it may take for one record, in microseconds; null: any. */
  mostMicroseconds: z.number().gt(0).max(1e9).nullable().default(null),
  /** A second, different person must approve before the model in production changes. */
  secondApprover: z.boolean().default(false),
  /** null: people decide. Else a better model goes into production by itself, if the comparison is as good as asked for. */
  automatic: z
    .strictObject({
      /** Fewest test rows. */
      fewestRows: z.int().min(1).default(1000),
      /** Fewest test rows of each of two outcomes. */
      fewestPositives: z.int().min(1).default(50),
    })
    .nullable()
    .default(null),
});
export type Choosing = z.infer<typeof Choosing>;

/** What of a project may change after it was created; models keep the settings that they were trained with. */
export const ProjectSettings = z.strictObject({
  /** Columns that models do not learn from. */
  exclude: z.array(columnName).max(5000).default([]),
  /** Columns that alone tell the target, and of which a person said that they are known before it. */
  confirmed: z.array(columnName).max(5000).default([]),
  costs: Costs.nullable().default(null),
  training: TrainingSettings.prefault({}),
  /** Empty: each file holds whole rows of the training table. */
  sources: z.array(Source).max(20).default([]),
  /** Makes the training table of the sources; null as long as nobody has written it. */
  recipe: Recipe.nullable().default(null),
  /** How files are read, in a project without sources. */
  reading: Reading.default({}),
  choosing: Choosing.prefault({}),
  /** Places from which files are fetched. */
  feeds: z.array(Feed).max(50).default([]),
  /** Holdouts after the first, the oldest first. */
  holdouts: z.array(HoldoutStart).max(1000).default([]),
});
export type ProjectSettings = z.infer<typeof ProjectSettings>;

/** What is left out stays as it is; what is given replaces the whole of its part. */
export const SettingsRequest = z.strictObject({
  exclude: z.array(columnName).max(5000).optional(),
  confirmed: z.array(columnName).max(5000).optional(),
  costs: Costs.nullable().optional(),
  training: TrainingSettings.optional(),
  sources: z.array(Source).max(20).optional(),
  recipe: Recipe.optional(),
  reading: Reading.optional(),
  choosing: Choosing.optional(),
  note: z.string().trim().max(2000).optional(),
});
export type SettingsRequest = z.infer<typeof SettingsRequest>;
/** What a client sends: settings of training that are left out get their defaults. */
export type SettingsRequestInput = z.input<typeof SettingsRequest>;

/** One state of a project's settings: revision 0 is what it was created with. */
export const SettingsRevision = z.object({
  revision: z.int(),
  settings: ProjectSettings,
  note: z.string().nullable(),
  /** Null for revision 0. */
  changedBy: z.string().nullable(),
  changedAt: z.iso.datetime(),
});
export type SettingsRevision = z.infer<typeof SettingsRevision>;

export const ProjectCreation = z.object({
  name: z.string().trim().min(1).max(80),
  task: Task,
  target: columnName,
  /** The outcome that the score is the probability of; binary only. Without it the rarer outcome of the first upload. */
  positive: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
  key: columnName.optional(),
  date: columnName.optional(),
  exclude: z.array(columnName).max(5000).default([]),
  confirmed: z.array(columnName).max(5000).default([]),
  costs: Costs.optional(),
  training: TrainingSettings.prefault({}),
  sources: z.array(Source).max(20).default([]),
  recipe: Recipe.optional(),
  /** How files are read, in a project without sources. */
  reading: Reading.default({}),
  choosing: Choosing.prefault({}),
});
export type ProjectCreation = z.infer<typeof ProjectCreation>;
/** What a client sends to create a project: defaults may be left out. */
export type ProjectCreationInput = z.input<typeof ProjectCreation>;

const metric = z.number().nullable();

/** The model that serves predictions now, and what is known of it. */
export const Production = z.object({
  version: z.int(),
  since: z.iso.datetime(),
  chosenBy: z.string(),
  note: z.string().nullable(),
  /** Metrics on holdout rows, from the latest comparison it took part in. */
  metrics: z.record(z.string(), metric),
  holdoutRows: z.int(),
  datasetVersion: z.int(),
  /** When the newest rows that it learned from arrived. */
  dataUntil: z.iso.datetime(),
});
export type Production = z.infer<typeof Production>;

export const Project = z.object({
  /** Part of every address of the project. */
  id: z.string(),
  name: z.string(),
  task: Task,
  target: z.string(),
  positive: z.string().nullable(),
  /** Outcomes: `[negative, positive]` for binary, every class for multiclass, empty for regression or before the first upload. */
  classes: z.array(z.string()),
  key: z.string().nullable(),
  date: z.string().nullable(),
  exclude: z.array(z.string()),
  confirmed: z.array(z.string()),
  costs: Costs.nullable(),
  training: TrainingSettings,
  /** The reports that it takes; empty: each file holds whole rows. */
  sources: z.array(Source),
  recipe: z.string().nullable(),
  reading: Reading,
  choosing: Choosing,
  /** Share of the keys that no model ever trains on. */
  holdoutShare: z.number(),
  /** True for the demo: its data comes from a simulation. */
  simulated: z.boolean(),
  /** `preparing` while the demo is being set up. */
  status: z.enum(['ready', 'preparing']),
  createdAt: z.iso.datetime(),
  champion: z.int().nullable(),
  production: Production.nullable(),
  dataset: z.object({
    version: z.int().nullable(),
    rows: z.int(),
    columns: z.int(),
    updatedAt: z.iso.datetime().nullable(),
  }),
  /** The run under way, if any. */
  activeRun: z.string().nullable(),
  /** The run that waits for a decision, if any. */
  waitingRun: z.string().nullable(),
  /** The choice that waits for a second person, if one does. */
  proposal: Proposal.nullable(),
  /** A file that lies ready to be tried, or the reports that do. */
  sample: z
    .object({
      filename: z.string(),
      rows: z.int(),
      bytes: z.int(),
      /** Of a project with sources: each report; the sums stand above. */
      reports: z.array(z.string()),
    })
    .nullable(),
});
export type Project = z.infer<typeof Project>;
