import { availableParallelism } from 'node:os';
import { Booster } from '@kaefer/xgboost';
import { XgboostError, type Scorer } from '@kaefer/xgboost/scorer';
import type { EvaluationThreads } from './evaluation-threads.ts';

/** Rows whose scores by the library's code and by this program's must be the same to the last bit. */
const checkedRows = 512;
/** Rows that are scored by one call of the library. */
const blockRows = 32_768;

/**
 * Scores rows, given as columns, with a model of the lake. The program's own walk through the trees takes less than half
 * the library's time; it is used where its first scores are the library's to the last bit, and the library where not.
 */
export class ModelScorer {
  readonly #booster: Booster;
  readonly #own: Scorer | undefined;
  readonly #model: number;
  readonly #threads: EvaluationThreads;
  #isChecked = false;
  #isOwnUsed = false;

  /** @param model its number among the models of the threads */
  constructor(bytes: Uint8Array, model: number, threads: EvaluationThreads) {
    this.#booster = Booster.load(bytes);
    this.#own = ownScorer(threads, model);
    this.#model = model;
    this.#threads = threads;
  }

  /**
   * @param columns one a feature, with a value for each row
   * @returns row-major, rows × outputs
   */
  async score(columns: readonly Float32Array[], rows: number): Promise<Float32Array> {
    if (rows === 0) return new Float32Array(0);
    if (!this.#isChecked) {
      this.#isOwnUsed = this.#isOwnRight(columns, Math.min(rows, checkedRows));
      this.#isChecked = true;
    }
    return this.#isOwnUsed
      ? this.#threads.score(this.#model, columns, rows)
      : this.#byLibrary(columns, rows, availableParallelism());
  }

  dispose(): void {
    this.#booster.dispose();
  }

  #isOwnRight(columns: readonly Float32Array[], rows: number): boolean {
    if (this.#own?.isFastInBulk !== true) return false;
    const own = this.#own.predictColumns(columns, rows);
    const theirs = this.#byLibrary(columns, rows, 1);
    return own.length === theirs.length && own.every((score, index) => Object.is(score, theirs[index]));
  }

  #byLibrary(columns: readonly Float32Array[], rows: number, threads: number): Float32Array {
    this.#booster.setParameters({ nthread: threads });
    const width = columns.length;
    const block = new Float32Array(Math.min(rows, blockRows) * width);
    let scores: Float32Array | undefined;
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start);
      columns.forEach((column, place) => {
        for (let row = 0, at = place; row < count; row++, at += width)
          block[at] = column[start + row] as number;
      });
      const data = block.subarray(0, count * width);
      const { values } = this.#booster.predictInPlace({ data, rows: count, columns: width });
      const outputs = values.length / count;
      scores ??= new Float32Array(rows * outputs);
      scores.set(values, start * outputs);
    }
    return scores ?? new Float32Array(0);
  }
}

/** undefined for a kind of model that the program cannot compute itself. */
function ownScorer(threads: EvaluationThreads, model: number): Scorer | undefined {
  try {
    return threads.scorer(model);
  } catch (error) {
    if (error instanceof XgboostError && error.code === 'XGBOOST_MODEL_UNSUPPORTED') return undefined;
    throw error;
  }
}
