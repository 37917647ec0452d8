import { XgboostError } from './errors.ts';
import type { Batch, BatchSource } from './native/batch-reading.ts';
import { checkCount } from './rows.ts';

export interface ColumnBatchesOptions {
  /** Columns of features. */
  columns: number;
  /** Rows of a batch. Larger ones take fewer calls, smaller ones fit the processor's cache. Default 32768. */
  rowsPerBatch?: number;
}

/** What belongs to the rows of a chunk: each in all chunks or in none. */
export interface ChunkInfo {
  /** One label a row. */
  labels?: Float32Array;
  /** One weight a row. */
  weights?: Float32Array;
}

/**
 * Collects a table that arrives in chunks of columns, as a query's result does, and gives it to `DMatrix.quantile` or
 * `DMatrix.external` in batches: filled first, asynchronously if need be, then read from its start as often as the
 * library wants. The values are copied once, and stand in memory as float32 until nothing refers to them any more.
 */
export class ColumnBatches implements BatchSource {
  readonly columns: number;
  readonly rowsPerBatch: number;
  /** The batches that are full, and the one that is being filled. */
  readonly #blocks: Float32Array[][] = [];
  /** Arrays a block: the columns, and after them labels and weights where there are any. */
  #width: number | undefined;
  #hasLabels = false;
  #rows = 0;
  #next = 0;

  /** @throws XgboostError `XGBOOST_BAD_ARGUMENT` */
  constructor({ columns, rowsPerBatch = 32_768 }: ColumnBatchesOptions) {
    checkCount('columns', columns);
    checkCount('rows of a batch', rowsPerBatch);
    this.columns = columns;
    this.rowsPerBatch = rowsPerBatch;
  }

  /** Rows appended so far. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Appends rows.
   * @param chunk one array a column, of one length; copied.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when lengths do not fit; then nothing was appended.
   */
  append(chunk: readonly Float32Array[], { labels, weights }: ChunkInfo = {}): void {
    if (chunk.length !== this.columns)
      throw bad(`A chunk has ${chunk.length} columns, and the table ${this.columns}.`);
    const arrays = [...chunk, ...(labels ? [labels] : []), ...(weights ? [weights] : [])];
    const count = chunk[0]?.length ?? 0;
    if (arrays.some(({ length }) => length !== count))
      throw bad(`All arrays of a chunk must have ${count} values, as its first column has.`);
    this.#width ??= arrays.length;
    if (this.#rows === 0) this.#hasLabels = labels !== undefined;
    if (this.#width !== arrays.length || this.#hasLabels !== (labels !== undefined))
      throw bad('Labels and weights are given with all chunks or with none.');
    for (let done = 0; done < count;) {
      const at = this.#rows % this.rowsPerBatch;
      if (at === 0) this.#blocks.push(arrays.map(() => new Float32Array(this.rowsPerBatch)));
      const block = this.#blocks[this.#blocks.length - 1] as Float32Array[];
      const taken = Math.min(count - done, this.rowsPerBatch - at);
      for (let index = 0; index < arrays.length; index++) {
        const array = arrays[index] as Float32Array;
        (block[index] as Float32Array).set(taken === count ? array : array.subarray(done, done + taken), at);
      }
      done += taken;
      this.#rows += taken;
    }
  }

  reset(): void {
    this.#next = 0;
  }

  next(): Batch | null {
    const block = this.#blocks[this.#next];
    if (block === undefined) return null;
    const rows = Math.min(this.rowsPerBatch, this.#rows - this.#next * this.rowsPerBatch);
    this.#next++;
    const arrays = rows === this.rowsPerBatch ? block : block.map((array) => array.subarray(0, rows));
    const [first, second] = arrays.slice(this.columns);
    const labels = this.#hasLabels ? first : undefined;
    const weights = this.#hasLabels ? second : first;
    return {
      columns: arrays.slice(0, this.columns),
      ...(labels && { labels }),
      ...(weights && { weights }),
    };
  }
}

const bad = (message: string): XgboostError => new XgboostError('XGBOOST_BAD_ARGUMENT', message);
