import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Scorer } from '@kaefer/xgboost/scorer';
import {
  performTask,
  scorersOf,
  type ThreadAnswer,
  type ThreadRequest,
  type ThreadResults,
  type ThreadTask,
} from './evaluation-thread.ts';

/** Threads run what the build made, also when this file is run from its source. */
const threadPath = fileURLToPath(new URL('../../dist/evaluate/evaluation-thread.js', import.meta.url));

type Task<K extends ThreadTask['kind']> = Extract<ThreadTask, { readonly kind: K }>;

/** Fewer rows are evaluated by the time that a thread has started. */
const worthwhileRows = 20_000;
/** Each has the models in memory, and more would wait for the thread that hands out the work. */
const mostHelpers = 7;

/** Columns of float32 in memory that threads share. */
export function sharedColumns(width: number, rows: number): Float32Array[] {
  return Array.from({ length: width }, () => new Float32Array(new SharedArrayBuffer(4 * rows)));
}

/** One thread more for each core but the first, up to {@link mostHelpers}. Without any, everything is done by the thread that asks. */
export class EvaluationThreads {
  readonly #helpers: readonly Helper[];
  readonly #scorerOf: (model: number) => Scorer;

  /**
   * @param models in the order in which they are numbered
   * @param rows about how many will be evaluated
   */
  constructor(models: readonly Uint8Array[], rows: number) {
    const count = rows < worthwhileRows ? 0 : Math.min(mostHelpers, availableParallelism() - 1);
    this.#helpers = Array.from({ length: count }, () => new Helper(models));
    this.#scorerOf = scorersOf(models);
  }

  /** @throws XgboostError `XGBOOST_MODEL_UNSUPPORTED` */
  scorer(model: number): Scorer {
    return this.#scorerOf(model);
  }

  /**
   * Scores rows, each thread some of them.
   *
   * @param columns shared, see {@link sharedColumns}
   * @returns row-major, rows × outputs
   */
  async score(model: number, columns: readonly Float32Array[], rows: number): Promise<Float32Array> {
    const share = Math.ceil(rows / (this.#helpers.length + 1));
    const part = (index: number): Task<'score'> => ({
      kind: 'score',
      model,
      columns: columns.map((column) => column.subarray(index * share, Math.min(rows, (index + 1) * share))),
    });
    const elsewhere = this.#helpers.map((helper, index) => helper.run(part(index + 1)));
    const own = this.#here(part(0));
    return joined([own, ...(await Promise.all(elsewhere))]);
  }

  /** Contributions of each feature, and the bias, to each row's margins; see `Scorer.contributions`. */
  async explain(model: number, rows: readonly Float32Array[]): Promise<readonly Float64Array[]> {
    return this.#beside({ kind: 'explain', model, rows });
  }

  /** See `assess`. */
  async assess(...parameters: Task<'assess'>['parameters']): Promise<ThreadResults['assess']> {
    return this.#beside({ kind: 'assess', parameters });
  }

  /** See `assessPlain`. */
  async assessPlain(...parameters: Task<'assessPlain'>['parameters']): Promise<ThreadResults['assessPlain']> {
    return this.#beside({ kind: 'assessPlain', parameters });
  }

  async close(): Promise<void> {
    await Promise.all(this.#helpers.map((helper) => helper.close()));
  }

  #here<K extends ThreadTask['kind']>(task: Task<K>): ThreadResults[K] {
    return performTask(task, this.#scorerOf) as ThreadResults[K];
  }

  /** By the thread that has the least to do. */
  async #beside<K extends ThreadTask['kind']>(task: Task<K>): Promise<ThreadResults[K]> {
    const [idlest] = [...this.#helpers].sort((a, b) => a.waiting - b.waiting);
    return idlest === undefined ? this.#here(task) : idlest.run(task);
  }
}

class Helper {
  readonly #worker: Worker;
  readonly #asked = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: unknown) => void }
  >();
  #next = 0;

  constructor(models: readonly Uint8Array[]) {
    this.#worker = new Worker(threadPath, { workerData: models, execArgv: [] });
    this.#worker.on('message', (answer: ThreadAnswer) => {
      const asked = this.#asked.get(answer.id);
      this.#asked.delete(answer.id);
      if ('error' in answer) asked?.reject(answer.error);
      else asked?.resolve(answer.result);
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`a thread of the evaluation ended with ${code}`)));
  }

  get waiting(): number {
    return this.#asked.size;
  }

  run<K extends ThreadTask['kind']>(task: Task<K>): Promise<ThreadResults[K]> {
    const id = this.#next++;
    return new Promise<ThreadResults[K]>((resolve, reject) => {
      this.#asked.set(id, { resolve: (result) => resolve(result as ThreadResults[K]), reject });
      this.#worker.postMessage({ id, task } satisfies ThreadRequest);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}

/** One after another; not copied when there is only one. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let next = 0;
  for (const part of parts) {
    all.set(part, next);
    next += part.length;
  }
  return all;
}
