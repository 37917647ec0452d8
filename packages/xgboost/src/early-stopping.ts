import { XgboostError } from './errors.ts';

export interface EarlyStoppingOptions {
  /** Rounds without improvement after which training ends. */
  rounds: number;
  /** Default: the last metric. */
  metric?: string;
  /** The evaluated matrix to watch. Default: the last one. */
  on?: string;
  /** Whether larger values are better. Default: by the metric's name, see {@link isMaximised}. */
  maximise?: boolean;
  /** The least change that counts as an improvement. Default 0. */
  minimumDelta?: number;
}

/** matrix name → metric → value. */
export type Metrics = Record<string, Record<string, number>>;

const MAXIMISED = new Set(['auc', 'aucpr', 'pre', 'ndcg', 'map', 'interval-regression-accuracy']);

/** Whether larger values of a metric are better: those of ranking and of areas; all others are losses. */
export function isMaximised(metric: string): boolean {
  return MAXIMISED.has((metric.split('@')[0] ?? metric).replace(/-$/, ''));
}

/** Watches one metric of one matrix, round by round. */
export class EarlyStopping {
  bestIteration: number | undefined;
  bestScore: number | undefined;
  #options: EarlyStoppingOptions;

  constructor(options: EarlyStoppingOptions) {
    if (!Number.isInteger(options.rounds) || options.rounds < 1) {
      throw new XgboostError(
        'XGBOOST_BAD_ARGUMENT',
        `earlyStopping.rounds must be at least 1, and is ${options.rounds}.`,
      );
    }
    if (options.minimumDelta !== undefined && !(options.minimumDelta >= 0)) {
      const message = `earlyStopping.minimumDelta must not be negative, and is ${options.minimumDelta}.`;
      throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
    }
    this.#options = options;
  }

  /** Takes a round's metrics. @returns whether training should end. */
  isDone(iteration: number, metrics: Metrics): boolean {
    const { metric, score } = this.#watched(metrics);
    const { rounds, minimumDelta = 0, maximise = isMaximised(metric) } = this.#options;
    const gain =
      this.bestScore === undefined ? Infinity : maximise ? score - this.bestScore : this.bestScore - score;
    if (this.bestIteration === undefined || gain > minimumDelta) {
      this.bestIteration = iteration;
      this.bestScore = score;
      return false;
    }
    return iteration - this.bestIteration >= rounds;
  }

  #watched(metrics: Metrics): { metric: string; score: number } {
    const name = this.#options.on ?? Object.keys(metrics).at(-1);
    const ofMatrix = name === undefined ? undefined : metrics[name];
    const metric = this.#options.metric ?? Object.keys(ofMatrix ?? {}).at(-1);
    const score = metric === undefined ? undefined : ofMatrix?.[metric];
    if (metric === undefined || score === undefined) {
      const seen = Object.entries(metrics).flatMap(([matrix, values]) =>
        Object.keys(values).map((key) => `${matrix} ${key}`),
      );
      const wanted = `${this.#options.metric ?? 'a metric'} of ${name ?? 'a matrix'}`;
      const message = `Early stopping watches ${wanted}, but what is evaluated is: ${seen.join(', ') || 'nothing'}.`;
      throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
    }
    return { metric, score };
  }
}
