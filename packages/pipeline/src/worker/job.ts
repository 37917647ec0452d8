import type {
  Costs,
  DatasetDifference,
  HoldoutStart,
  ModelOutcomes,
  Reading,
  Source,
} from '@kaefer/contracts';
import type { StoredError, StoredProblem } from '@kaefer/contracts/messages';
import type { CheckReport, Expectations } from '../check/report.ts';
import type { DraftReport } from '../check/inspect-draft.ts';
import type { ComparisonRequest } from '../evaluate/compare-models.ts';
import type { HoldoutCount, HoldoutRows } from '../evaluate/holdouts.ts';
import type { StoredComparison } from '../evaluate/stored-comparison.ts';
import type { Split } from '../features/split.ts';
import type { CellSafety } from '../lake/safe-cell.ts';
import type { ModelCard } from '../lake/model-card.ts';
import type { MergeResult } from '../merge/merge-upload.ts';
import type { MirrorResult } from '../merge/mirror-rows.ts';
import type { UndoCounts } from '../merge/undo-upload.ts';
import type { OutcomesRequest } from '../outcomes/match-outcomes.ts';
import type { PreparationRequest } from '../prepare/prepare-run.ts';
import type { DerivedRows, RecipeRequest } from '../recipe/derive-rows.ts';
import type { TrainingRequest } from '../train/train-model.ts';
import type { HeldContract } from '../state/expectations.ts';
import type { SqlLimits } from '../sql/connection.ts';
import type { FileLimits } from '../understand/free-space.ts';

interface ProjectJob {
  readonly lake: string;
  readonly project: string;
  readonly limits: SqlLimits;
}

/**
 * Work that a process of its own does: everything that is long, large or native. `fileLimits` are of a file and what
 * it holds unpacked.
 */
export type Job =
  | {
      readonly kind: 'inspect';
      readonly folder: string;
      readonly limits: SqlLimits;
      readonly fileLimits: FileLimits;
      /** What a person said of how the file is written. Default nothing. */
      readonly reading?: Reading;
    }
  | (ProjectJob & {
      readonly kind: 'check';
      readonly upload: string;
      readonly expectations: Expectations;
      /** Of a project that has some: the file is a report of one of them. Default none. */
      readonly sources?: readonly Source[];
      /** Which of them; null, the default, when its columns shall tell. */
      readonly source?: string | null;
      /** What is agreed of the files of each source, by its name. */
      readonly contracts?: Readonly<Record<string, HeldContract>>;
      /** Merged files, of which it is learned how the project's files are written. Default none. */
      readonly merged?: readonly MergedUpload[];
      readonly fileLimits: FileLimits;
    })
  | (ProjectJob & {
      readonly kind: 'merge';
      readonly uploads: readonly { readonly id: string; readonly filename: string }[];
      readonly key: string | null;
      readonly split: Split;
      readonly by: string;
    })
  | (ProjectJob & {
      readonly kind: 'merge-sources';
      readonly run: string;
      readonly recipe: RecipeRequest;
      readonly filenames: Readonly<Record<string, string>>;
      /** Files that were merged into their source before, and are not yet in the training table. */
      readonly waiting: readonly string[];
      /** Columns that alone tell the target, and of which a person said so. */
      readonly answeredLeaks: readonly string[];
      readonly split: Split;
      readonly by: string;
      readonly scratch: string;
    })
  | (ProjectJob & { readonly kind: 'try-recipe'; readonly recipe: RecipeRequest; readonly scratch: string })
  | (ProjectJob & {
      readonly kind: 'prepare';
      readonly request: PreparationRequest;
      readonly scratch: string;
    })
  | (ProjectJob & { readonly kind: 'train'; readonly request: TrainingRequest; readonly scratch: string })
  | (ProjectJob & {
      readonly kind: 'evaluate';
      readonly request: ComparisonRequest;
    })
  | (ProjectJob & { readonly kind: 'compare'; readonly request: ComparisonRequest; readonly scratch: string })
  | (ProjectJob & {
      readonly kind: 'reproduce';
      readonly version: number;
      readonly costs: Costs | null;
      readonly scratch: string;
    })
  | (ProjectJob & {
      readonly kind: 'predict';
      readonly version: number;
      readonly input: string;
      readonly output: string;
      readonly fileLimits: FileLimits;
      /** What a person said of how the project's files are written. Default nothing. */
      readonly reading?: Reading;
      /** As for a check. */
      readonly merged?: readonly MergedUpload[];
      /** Other names that files have for columns. Default none. */
      readonly synonyms?: Readonly<Record<string, readonly string[]>>;
      /** Keeps the predictions of records with this key for their outcomes. Default not. */
      readonly kept?: KeptPredictions;
    })
  | (ProjectJob & {
      readonly kind: 'keep-predictions';
      /** Lines of predictions. */
      readonly file: string;
      readonly key: string;
      readonly id: string;
    })
  | (ProjectJob & {
      readonly kind: 'outcomes';
      readonly request: OutcomesRequest;
      /** Where the pairs of predictions and outcomes are written, as CSV; null for nowhere. */
      readonly output: string | null;
    })
  | (ProjectJob & {
      readonly kind: 'export';
      readonly version: number | null;
      readonly key: string | null;
      readonly output: string;
      /** Default safe. */
      readonly cells?: CellSafety;
    })
  | (ProjectJob & {
      readonly kind: 'undo';
      /** Whose table holds it; null for the project's own. */
      readonly source: Source | null;
      readonly upload: string;
      readonly filename: string;
      readonly key: string | null;
      readonly by: string;
      /** Only says what it would do. */
      readonly isPlan: boolean;
    })
  | (ProjectJob & { readonly kind: 'difference'; readonly version: number; readonly key: string | null })
  | (ProjectJob & {
      /** Counts the rows of each holdout of the data as it is now. */
      readonly kind: 'count-holdouts';
      readonly rows: Pick<HoldoutRows, 'split' | 'key' | 'task' | 'target'>;
      readonly holdouts: readonly HoldoutStart[];
    })
  | (ProjectJob & {
      /** Lists the test rows that there are, for a further holdout to begin. */
      readonly kind: 'list-earlier-keys';
      readonly rows: Pick<HoldoutRows, 'split' | 'key'>;
      readonly id: string;
    })
  | (ProjectJob & {
      readonly kind: 'holdout';
      readonly model: number;
      readonly output: string;
      readonly cells?: CellSafety;
    });

export interface MergedUpload {
  readonly id: string;
  /** The report that it is; null in a project without sources. */
  readonly source: string | null;
}

export interface KeptPredictions {
  readonly key: string;
  /** Names the commit. */
  readonly id: string;
  /** The newest version of the data when the file came. */
  readonly datasetVersion: number;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** What each kind of job answers with. */
export interface JobResults {
  readonly inspect: DraftReport;
  readonly check: CheckReport;
  readonly merge: {
    readonly version: number | null;
    readonly merged: readonly (MergeResult & { readonly upload: string })[];
  };
  /** Not merged when what the recipe made cannot be used, or a column of it tells the target and nobody has said so. */
  readonly 'merge-sources': { readonly derived: DerivedRows; readonly merged: MirrorResult | null };
  readonly 'try-recipe': DerivedRows;
  readonly prepare: {
    readonly datasetVersion: number;
    readonly trainingRows: number;
    readonly validationRows: number;
  };
  readonly train: { readonly card: ModelCard };
  readonly evaluate: { readonly comparison: StoredComparison };
  readonly compare: { readonly comparison: StoredComparison };
  readonly reproduce: {
    readonly identical: boolean;
    readonly expectedSha256: string;
    readonly sha256: string;
  };
  readonly predict: { readonly rows: number; readonly notes: readonly StoredProblem[] };
  readonly 'keep-predictions': { readonly rows: number };
  readonly outcomes: { readonly items: readonly ModelOutcomes[] };
  readonly export: { readonly rows: number };
  readonly holdout: { readonly rows: number };
  readonly 'count-holdouts': { readonly items: readonly HoldoutCount[] };
  readonly 'list-earlier-keys': { readonly rows: number };
  readonly undo: UndoCounts & { readonly version: number | null };
  readonly difference: DatasetDifference;
}

export type JobKind = Job['kind'];

/** How far a job is: its own share done, 0 to 1, and the round that training has ended. */
export interface JobProgress {
  readonly fraction: number;
  /** Of a check: which reading of the file it is, from 1, and the rows read in it, about. */
  readonly reading?: { readonly pass: number; readonly rows: number };
  readonly round?: {
    readonly round: number;
    readonly of: number;
    readonly metric: string;
    readonly train: number;
    readonly validation: number | null;
  };
}

export type WorkerMessage =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'failure'; readonly error: StoredError; readonly stack: string };
