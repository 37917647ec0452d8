import { z } from 'zod';
import { Difference, LearningCurve, Verdict } from './comparison.ts';
import { Mode, RunMode } from './mode.ts';
import { Proposal } from './proposal.ts';

export const RunStatus = z.enum([
  'queued',
  'running',
  'awaiting_decision',
  'awaiting_approval',
  'decided',
  'failed',
  'cancelled',
]);
export type RunStatus = z.infer<typeof RunStatus>;

export const Stage = z.enum(['merge', 'prepare', 'train', 'evaluate']);
export type Stage = z.infer<typeof Stage>;

export const RunCreation = z.strictObject({
  /** Merged in this order: where several hold a key, the last counts. */
  uploads: z.array(z.string()).max(1000).default([]),
  mode: RunMode.default('full'),
});
export type RunCreation = z.infer<typeof RunCreation>;

export const Decision = z.object({
  run: z.string(),
  project: z.string(),
  choice: z.enum(['candidate', 'current']),
  candidate: z.int(),
  current: z.int().nullable(),
  champion: z.int(),
  note: z.string().nullable(),
  by: z.string(),
  at: z.iso.datetime(),
  outcome: z.string(),
  /** SHA-256 of the comparison that was shown. */
  evidence: z.string(),
  /** Nobody chose: the project accepts better models by itself. */
  automatic: z.boolean(),
  /** The second person, in a project that asks for one. */
  approvedBy: z.string().nullable(),
});
export type Decision = z.infer<typeof Decision>;

/** A model that a run trained. */
export const RunCandidate = z.object({
  version: z.int(),
  mode: Mode,
  /** Milliseconds that its preparation and training took; null until it is trained. */
  trainingMs: z.int().nullable(),
});
export type RunCandidate = z.infer<typeof RunCandidate>;

/** A candidate beside the current model, on the same holdout, in a few figures. */
export const CandidateSummary = RunCandidate.extend({
  isRecommended: z.boolean(),
  trainingRows: z.int(),
  outcome: Verdict.shape.outcome,
  /** The metric that decides. */
  metric: z.string(),
  value: z.number().nullable(),
  /** Candidate minus current in that metric, corrected for the number of candidates; null for a first model. */
  difference: Difference.nullable(),
  /** What its wrong answers on the holdout cost, at the project's prices; null where it has none. */
  cost: z.number().nullable(),
});
export type CandidateSummary = z.infer<typeof CandidateSummary>;

/** What a run in mode `auto` offers. */
export const Candidates = z.object({
  items: z.array(CandidateSummary),
  /** The same of the model in production when the run began. */
  current: z
    .object({ version: z.int(), value: z.number().nullable(), cost: z.number().nullable() })
    .nullable(),
});
export type Candidates = z.infer<typeof Candidates>;

export const Run = z.object({
  id: z.string(),
  project: z.string(),
  mode: RunMode,
  uploads: z.array(z.string()),
  status: RunStatus,
  stage: Stage,
  progress: z.object({
    /** Of the whole run, 0 to 1. */
    fraction: z.number(),
    /** In the reader's language. */
    message: z.string(),
  }),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** Milliseconds spent in each stage that has ended. */
  timings: z.partialRecord(Stage, z.number()),
  /** Rows merged by this run, once it has merged. */
  merged: z.object({ new: z.int(), updated: z.int(), unchanged: z.int() }).nullable(),
  learningCurve: LearningCurve.nullable(),
  datasetVersion: z.int().nullable(),
  current: z.int().nullable(),
  /** The model that the run recommends; the only one unless the mode is `auto`. */
  candidate: z.int().nullable(),
  /** The models that it trained, in that order. */
  candidates: z.array(RunCandidate),
  decision: Decision.nullable(),
  /** The choice that waits for a second person, or that one has answered last. */
  proposal: Proposal.nullable(),
  error: z.object({ code: z.string(), title: z.string(), detail: z.string() }).nullable(),
});
export type Run = z.infer<typeof Run>;

export const DecisionRequest = z.strictObject({
  choice: z.enum(['candidate', 'current']),
  /** Which of several candidates. Default the recommended one. */
  version: z.int().optional(),
  note: z.string().max(2000).optional(),
});
/** In a project that asks for a second person: what was chosen, and what runs until someone else agrees. */
export const PendingDecision = z.object({ champion: z.int().nullable(), proposal: Proposal });
export type PendingDecision = z.infer<typeof PendingDecision>;

/** What `GET /runs/:id/events` sends; the event's name is `type`. */
export type RunEvent =
  | { readonly type: 'stage'; readonly data: Run }
  | { readonly type: 'status'; readonly data: Run }
  | { readonly type: 'progress'; readonly data: RunProgress };

export const RunProgress = z.object({
  stage: Stage,
  fraction: z.number(),
  message: z.string(),
  elapsedMs: z.number(),
  /** Estimated time left, when it can be estimated. */
  remainingMs: z.number().nullable(),
  /** Present while training: the round just ended. */
  round: z
    .object({
      round: z.int(),
      of: z.int(),
      metric: z.string(),
      train: z.number(),
      validation: z.number().nullable(),
    })
    .optional(),
});
export type RunProgress = z.infer<typeof RunProgress>;
