import {
  TrainingSettings,
  type Tuning,
  type Feature,
  type LearningCurve,
  type Mode,
  type Task,
} from '@kaefer/contracts';
import type { Parameters } from '@kaefer/xgboost';
import { readJson } from './durable.ts';
import type { ModelFolder } from './layout.ts';

/** Everything about a model that does not change once it is trained; kept beside it as `card.json`. */
export interface ModelCard {
  readonly version: number;
  readonly project: string;
  readonly run: string;
  readonly task: Task;
  readonly mode: Mode;
  /** The model that an incremental run continued, or a refresh took the trees of. */
  readonly parent: number | null;
  readonly createdAt: string;
  readonly target: string;
  readonly positive: string | null;
  readonly classes: readonly string[];
  readonly key: string | null;
  readonly datasetVersion: number;
  readonly split: { readonly salt: string; readonly holdoutShare: number; readonly validationShare: number };
  /** `replayed`: of the training rows of an incremental run those that are not new. */
  readonly rows: {
    readonly training: number;
    readonly validation: number;
    readonly replayed: number;
    /** Whether the rows of before came from the pool, validation rows included. */
    readonly isPooled: boolean;
  };
  /** Milliseconds that training took; absent in models of older versions. */
  readonly trainingMs?: number;
  readonly settings: TrainingSettings;
  /** How the settings were found; null where they are the project's own. */
  readonly tuning: Tuning | null;
  /** What the library was given, the number of threads apart. */
  readonly parameters: Parameters;
  /** Rounds of trees that the model holds. */
  readonly rounds: number;
  /** Binary: a score at or above it counts as positive. */
  readonly threshold: number | null;
  readonly features: readonly Feature[];
  readonly importance: readonly { readonly feature: string; readonly share: number }[];
  readonly learningCurve: LearningCurve;
  readonly sha256: string;
  readonly bytes: number;
  readonly library: string;
  readonly program: string;
}

/** A model's card; one that was written before incremental runs learned old rows again says that none were. */
export function readCard(folder: ModelFolder): ModelCard | undefined {
  const card = readJson<ModelCard>(folder.card);
  return (
    card && {
      ...card,
      tuning: (card as Partial<ModelCard>).tuning ?? null,
      rows: {
        ...card.rows,
        replayed: (card.rows as Partial<ModelCard['rows']>).replayed ?? 0,
        isPooled: (card.rows as Partial<ModelCard['rows']>).isPooled ?? false,
      },
      // Settings that came later have their defaults, and did nothing then; only old rows were learned again from then on.
      settings: {
        ...TrainingSettings.parse(card.settings),
        replay: (card.settings as Partial<TrainingSettings>).replay ?? 0,
      },
    }
  );
}
