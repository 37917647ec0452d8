import { XgboostError } from '../errors.ts';
import type { NativeLibrary } from './native-library.ts';
import { lend, missingAsJson, takeBack, type Lendable, withLent } from './memory.ts';

/** Some rows of a larger table. */
export interface Batch {
  /** Row-major, `rows * columns` long. Borrowed until the next call of next() or reset(). */
  data: Float32Array;
  rows: number;
  /** One label a row. */
  labels?: Float32Array;
  /** One weight a row. */
  weights?: Float32Array;
}

/**
 * A table that can be read from its start several times (the library makes four passes), batch by batch. Both
 * functions are synchronous, because the library calls them from inside its own call.
 */
export interface BatchSource {
  reset(): void;
  /** The next batch, or null at the end. Every pass must give the same batches. */
  next(): Batch | null;
}

export interface QuantileConfig {
  columns: number;
  maxBin: number;
  missing: number;
  threads: number;
  featureNames: string[] | undefined;
  featureTypes: string[] | undefined;
  reference: bigint | null;
}

/**
 * Builds a quantised matrix (XGQuantileDMatrixCreateFromCallback) and returns its address.
 * An exception in the source must not travel through the library's frames: it is kept, the library is told that the
 * data ended, and the exception is thrown once the library has returned.
 */
export function createQuantileMatrix(
  library: NativeLibrary,
  source: BatchSource,
  config: QuantileConfig,
): bigint {
  const proxy: [bigint | null] = [null];
  library.call('XGProxyDMatrixCreate', proxy);
  const reading = new SourceReading(library, proxy[0], source, config);
  try {
    const matrix: [bigint | null] = [null];
    const settings = `{"missing":${missingAsJson(config.missing)},"nthread":${config.threads},"max_bin":${config.maxBin}}`;
    reading.run((reset, next) =>
      library.call(
        'XGQuantileDMatrixCreateFromCallback',
        null,
        proxy[0],
        config.reference,
        reset,
        next,
        settings,
        matrix,
      ),
    );
    if (reading.failure !== undefined) {
      if (matrix[0] !== null) library.call('XGDMatrixFree', matrix[0]);
      throw reading.failure.error;
    }
    return matrix[0] as bigint;
  } finally {
    reading.release();
    library.call('XGDMatrixFree', proxy[0]);
  }
}

/** One reading of a source by the library: what is lent at the moment, and the first thing that went wrong. */
class SourceReading {
  failure: { error: unknown } | undefined;
  #library: NativeLibrary;
  #proxy: bigint | null;
  #source: BatchSource;
  #config: QuantileConfig;
  #lent: Lendable | undefined;
  #rowsInPass = 0;

  constructor(library: NativeLibrary, proxy: bigint | null, source: BatchSource, config: QuantileConfig) {
    this.#library = library;
    this.#proxy = proxy;
    this.#source = source;
    this.#config = config;
  }

  run(use: (reset: () => void, next: () => number) => void): void {
    try {
      use(
        () => this.#attempt(() => this.#reset()),
        () => (this.#attempt(() => this.#next()) === true ? 1 : 0),
      );
    } catch (error) {
      // When the source failed, the library's complaint about missing data is only a consequence.
      if (this.failure === undefined) throw error;
    }
  }

  release(): void {
    if (this.#lent) takeBack(this.#lent);
    this.#lent = undefined;
  }

  #attempt<Result>(action: () => Result): Result | undefined {
    if (this.failure !== undefined) return undefined;
    try {
      return action();
    } catch (error) {
      this.failure = { error };
      return undefined;
    }
  }

  #reset(): void {
    this.release();
    this.#rowsInPass = 0;
    this.#source.reset();
  }

  #next(): boolean {
    this.release();
    const batch = this.#source.next();
    if (batch === null) {
      if (this.#rowsInPass > 0) return false;
      throw new XgboostError(
        'XGBOOST_BAD_ARGUMENT',
        'The batch source gave no batch; a matrix needs at least one row.',
      );
    }
    this.#checkBatch(batch);
    this.#rowsInPass += batch.rows;
    this.#lent = batch.data;
    const shape = [batch.rows, this.#config.columns];
    this.#library.call('XGProxyDMatrixSetDataDense', this.#proxy, lend(batch.data, shape));
    this.#setInfo('label', batch.labels);
    this.#setInfo('weight', batch.weights);
    this.#setNames('feature_name', this.#config.featureNames);
    this.#setNames('feature_type', this.#config.featureTypes);
    return true;
  }

  #checkBatch({ data, rows, labels, weights }: Batch): void {
    const { columns } = this.#config;
    if (!Number.isInteger(rows) || rows < 1 || data.length !== rows * columns) {
      const seen = `${data.length} values for ${rows} rows and ${columns} columns`;
      throw new XgboostError(
        'XGBOOST_BAD_ARGUMENT',
        `A batch has ${seen}; it needs ${rows * columns}, and at least one row.`,
      );
    }
    for (const [name, values] of [['labels', labels] as const, ['weights', weights] as const]) {
      if (values !== undefined && values.length !== rows) {
        throw new XgboostError(
          'XGBOOST_BAD_ARGUMENT',
          `A batch of ${rows} rows has ${values.length} ${name}.`,
        );
      }
    }
  }

  #setInfo(field: string, values: Float32Array | undefined): void {
    if (values === undefined) return;
    withLent(values, [values.length], (json) =>
      this.#library.call('XGDMatrixSetInfoFromInterface', this.#proxy, field, json),
    );
  }

  #setNames(field: string, names: string[] | undefined): void {
    if (names) this.#library.call('XGDMatrixSetStrFeatureInfo', this.#proxy, field, names, names.length);
  }
}
