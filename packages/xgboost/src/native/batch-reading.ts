import { XgboostError } from '../errors.ts';
import { checkRows, columnCount, isColumns, isSparse, rowCount, type Rows } from '../rows.ts';
import { lend, missingAsJson, takeBack, type Lendable, withLent } from './memory.ts';
import type { NativeLibrary } from './native-library.ts';

/** What belongs to the rows of a batch. Copied. */
export interface BatchInfo {
  /** One label a row, or row-major one a row and target. */
  labels?: Float32Array;
  /** One weight a row, or one a group. */
  weights?: Float32Array;
  /** One a row, or row-major one a row and class: where each prediction starts. */
  baseMargin?: Float32Array;
  /** Of a ranking: the number of rows of each query. A query is whole in one batch. */
  groups?: Uint32Array;
}

/**
 * Some rows of a larger table: row-major, or sparse, or as columns (since 2.1). The arrays are borrowed until the next
 * call of next() or reset().
 */
export type Batch = BatchInfo &
  (
    | { data: Float32Array; rows: number }
    | { rowStarts: Uint32Array; columnIndices: Uint32Array; values: Float32Array }
    | { columns: readonly Float32Array[] }
  );

/**
 * A table that can be read from its start several times, batch by batch. Both functions are synchronous, because the
 * library calls them from inside its own call.
 */
export interface BatchSource {
  reset(): void;
  /** The next batch, or null at the end. Every pass must give the same batches. */
  next(): Batch | null;
}

export interface BatchConfig {
  columns: number;
  missing: number;
  threads: number;
  featureNames: string[] | undefined;
  featureTypes: string[] | undefined;
  /** Bins of a quantile matrix; undefined makes one that is not quantised. */
  maxBin: number | undefined;
  reference: bigint | null;
  /** Where the library keeps pages on disk; undefined keeps the matrix in memory. */
  cachePrefix: string | undefined;
}

/**
 * Builds a matrix from batches and returns its address: quantised in memory (XGQuantileDMatrixCreateFromCallback), or on
 * disk, quantised (XGExtMemQuantileDMatrixCreateFromCallback) or not (XGDMatrixCreateFromCallback). All three have read
 * the source for the last time when they return.
 * An exception in the source must not travel through the library's frames: it is kept, the library is told that the
 * data ended, and the exception is thrown once the library has returned.
 */
export function createFromBatches(library: NativeLibrary, source: BatchSource, config: BatchConfig): bigint {
  const proxy: [bigint | null] = [null];
  library.call('XGProxyDMatrixCreate', proxy);
  const reading = new SourceReading(library, proxy[0], source, config);
  try {
    const matrix: [bigint | null] = [null];
    reading.run((reset, next) => create(library, config, proxy[0], reset, next, matrix));
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

function create(
  library: NativeLibrary,
  { missing, threads, maxBin, reference, cachePrefix }: BatchConfig,
  proxy: bigint | null,
  reset: () => void,
  next: () => number,
  matrix: [bigint | null],
): void {
  const settings =
    `{"missing":${missingAsJson(missing)},"nthread":${threads}` +
    (maxBin === undefined ? '' : `,"max_bin":${maxBin}`) +
    (cachePrefix === undefined ? '}' : `,"cache_prefix":${JSON.stringify(cachePrefix)}}`);
  if (maxBin === undefined) {
    library.call('XGDMatrixCreateFromCallback', null, proxy, reset, next, settings, matrix);
    return;
  }
  const name =
    cachePrefix === undefined
      ? 'XGQuantileDMatrixCreateFromCallback'
      : 'XGExtMemQuantileDMatrixCreateFromCallback';
  library.call(name, null, proxy, reference, reset, next, settings, matrix);
}

/** One reading of a source by the library: what is lent at the moment, and the first thing that went wrong. */
class SourceReading {
  failure: { error: unknown } | undefined;
  #library: NativeLibrary;
  #proxy: bigint | null;
  #source: BatchSource;
  #config: BatchConfig;
  #lent: readonly Lendable[] = [];
  #rowsInPass = 0;

  constructor(library: NativeLibrary, proxy: bigint | null, source: BatchSource, config: BatchConfig) {
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
    for (const array of this.#lent) takeBack(array);
    this.#lent = [];
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
    const table: Rows = 'columns' in batch ? batch : { ...batch, columns: this.#config.columns };
    const rows = this.#checked(table, batch);
    this.#rowsInPass += rows;
    this.#setData(table);
    this.#setInfo('label', batch.labels, rows);
    this.#setInfo('weight', batch.weights, rows);
    this.#setInfo('base_margin', batch.baseMargin, rows);
    this.#setInfo('group', batch.groups, batch.groups?.length ?? 0);
    this.#setNames('feature_name', this.#config.featureNames);
    this.#setNames('feature_type', this.#config.featureTypes);
    return true;
  }

  /** @returns the number of rows */
  #checked(table: Rows, { labels, weights, baseMargin, groups }: BatchInfo): number {
    checkRows(table);
    const { columns } = this.#config;
    if (columnCount(table) !== columns)
      throw bad(`A batch has ${columnCount(table)} columns, and the matrix ${columns}.`);
    const rows = rowCount(table);
    const perRow = (name: string, values: Float32Array | undefined, most: number): void => {
      if (values === undefined) return;
      const width = values.length / rows;
      if (!Number.isInteger(width) || width < 1 || width > most)
        throw bad(`A batch of ${rows} rows has ${values.length} ${name}.`);
    };
    perRow('labels', labels, Infinity);
    perRow('base margins', baseMargin, Infinity);
    if (groups === undefined) perRow('weights', weights, 1);
    else if (weights !== undefined && weights.length !== groups.length)
      throw bad(`A batch of ${groups.length} groups has ${weights.length} weights.`);
    const grouped = groups?.reduce((sum, size) => sum + size, 0) ?? rows;
    if (grouped !== rows) throw bad(`The groups of a batch of ${rows} rows have ${grouped}.`);
    return rows;
  }

  #setData(table: Rows): void {
    const lent = (array: Lendable, shape = [array.length]): string => {
      this.#lent = [...this.#lent, array];
      return lend(array, shape);
    };
    if (isSparse(table)) {
      const arrays = [table.rowStarts, table.columnIndices, table.values].map((array) => lent(array));
      const [starts = '', indices = '', values = ''] = arrays;
      this.#library.call('XGProxyDMatrixSetDataCSR', this.#proxy, starts, indices, values, table.columns);
    } else if (isColumns(table)) {
      const list = `[${table.columns.map((column) => lent(column)).join(',')}]`;
      this.#library.call('XGProxyDMatrixSetDataColumnar', this.#proxy, list);
    } else {
      const json = lent(table.data, [table.rows, table.columns]);
      this.#library.call('XGProxyDMatrixSetDataDense', this.#proxy, json);
    }
  }

  #setInfo(field: string, values: Lendable | undefined, rows: number): void {
    if (values === undefined) return;
    const shape = values.length > rows ? [rows, values.length / rows] : [values.length];
    withLent(values, shape, (json) =>
      this.#library.call('XGDMatrixSetInfoFromInterface', this.#proxy, field, json),
    );
  }

  #setNames(field: string, names: string[] | undefined): void {
    if (names) this.#library.call('XGDMatrixSetStrFeatureInfo', this.#proxy, field, names, names.length);
  }
}

const bad = (message: string): XgboostError => new XgboostError('XGBOOST_BAD_ARGUMENT', message);
