import { parentPort, workerData } from 'node:worker_threads';
import { Scorer } from '@kaefer/xgboost/scorer';
import { assess } from './assess.ts';
import { assessPlain } from './assess-plain.ts';

/** What is computed beside the first thread; models are named by their number. */
export type ThreadTask =
  | { readonly kind: 'score'; readonly model: number; readonly columns: readonly Float32Array[] }
  | { readonly kind: 'explain'; readonly model: number; readonly rows: readonly Float32Array[] }
  | { readonly kind: 'assess'; readonly parameters: Parameters<typeof assess> }
  | { readonly kind: 'assessPlain'; readonly parameters: Parameters<typeof assessPlain> };

export interface ThreadResults {
  readonly score: Float32Array;
  readonly explain: readonly Float64Array[];
  readonly assess: ReturnType<typeof assess>;
  readonly assessPlain: ReturnType<typeof assessPlain>;
}

export interface ThreadRequest {
  readonly id: number;
  readonly task: ThreadTask;
}

export type ThreadAnswer =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: unknown };

/** Does a task; also for the first thread itself, where there is no other. */
export function performTask(task: ThreadTask, scorerOf: (model: number) => Scorer): unknown {
  switch (task.kind) {
    case 'score':
      return scorerOf(task.model).predictColumns(task.columns, task.columns[0]?.length ?? 0);
    case 'explain':
      return task.rows.map((row) => scorerOf(task.model).contributions(row));
    case 'assess':
      return assess(...task.parameters);
    case 'assessPlain':
      return assessPlain(...task.parameters);
  }
}

/** A model's scorer when it is first asked for. */
export function scorersOf(models: readonly Uint8Array[]): (model: number) => Scorer {
  const known = new Map<number, Scorer>();
  return (model) => {
    const scorer = known.get(model) ?? Scorer.fromModel(models[model] as Uint8Array);
    known.set(model, scorer);
    return scorer;
  };
}

function serve(models: readonly Uint8Array[]): void {
  const scorerOf = scorersOf(models);
  parentPort?.on('message', ({ id, task }: ThreadRequest) => {
    try {
      parentPort?.postMessage({ id, result: performTask(task, scorerOf) } satisfies ThreadAnswer);
    } catch (error) {
      parentPort?.postMessage({ id, error } satisfies ThreadAnswer);
    }
  });
  // Ready before the first rows are. What cannot be read is told to who asks for it.
  try {
    models.forEach((_, model) => scorerOf(model));
  } catch {
    return;
  }
}

if (parentPort !== null) serve(workerData as readonly Uint8Array[]);
