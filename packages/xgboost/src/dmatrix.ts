import { XgboostError } from './errors.ts';
import { Handle } from './native/handle.ts';
import { copyFloats, missingAsJson, readTexts, withLent, type Lendable } from './native/memory.ts';
import { nativeLibrary, type NativeLibrary } from './native/native-library.ts';
import { checkColumns, checkCount, checkRows, withAllLent, withLentSparse, type SparseRows } from './rows.ts';
import { createQuantileMatrix, type BatchSource } from './native/quantile-matrix.ts';

export type { Batch, BatchSource } from './native/quantile-matrix.ts';

/** `q` and `float`: numbers, `i`: yes or no, `int`: whole numbers, `c`: category codes 0, 1, 2, … */
export type FeatureType = 'q' | 'i' | 'float' | 'int' | 'c';

export interface ColumnOptions {
  /** The value that stands for "missing", besides NaN. Default NaN. */
  missing?: number;
  /** One name a column. */
  featureNames?: string[];
  /** One type a column; without it all are numbers. */
  featureTypes?: FeatureType[];
  /** Threads used to build the matrix; 0, the default, is one a core. */
  threads?: number;
}

export interface DenseOptions extends ColumnOptions {
  /** One a row, or `targets` a row. Copied. */
  labels?: Float32Array;
  /** One a row. Copied. */
  weights?: Float32Array;
  /** One a row and class: where each prediction starts. Copied. */
  baseMargin?: Float32Array;
}

export interface QuantileOptions extends ColumnOptions {
  columns: number;
  /** Bins a column, the same as the parameter `max_bin` of training. Default 256. */
  maxBin?: number;
  /** The matrix whose bins to use, for a matrix to evaluate on during training. */
  reference?: DMatrix;
}

/** Rows of float32 features with labels, in the library's memory. Freed by {@link DMatrix.dispose} only. */
export class DMatrix {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /** Whether the values are quantised: such a matrix cannot be sliced or explained. */
  readonly isQuantile: boolean;
  #handle: Handle;
  #groupCount: number | undefined;

  private constructor(library: NativeLibrary, address: bigint | null, isQuantile: boolean) {
    this.#handle = new Handle(library, address, 'DMatrix');
    this.isQuantile = isQuantile;
    this.rows = this.#count('XGDMatrixNumRow');
    this.columns = this.#count('XGDMatrixNumCol');
  }

  /**
   * Copies a row-major table (XGDMatrixCreateFromMat_omp).
   * @param data `rows * columns` values.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when a length does not fit, `XGBOOST_CALL_FAILED` for infinite values.
   */
  static fromDense(
    data: Float32Array,
    shape: { rows: number; columns: number },
    options: DenseOptions = {},
  ): DMatrix {
    const { rows, columns } = shape;
    checkRows({ data, rows, columns });
    checkColumnOptions(columns, options);
    const library = nativeLibrary();
    const address: [bigint | null] = [null];
    const { missing = NaN, threads = 0 } = options;
    library.call('XGDMatrixCreateFromMat_omp', data, rows, columns, missing, address, threads);
    return new DMatrix(library, address[0], false).#with(options);
  }

  /**
   * Copies a table given as columns of one length (XGDMatrixCreateFromColumnar).
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT`, `XGBOOST_NOT_IN_THIS_VERSION` before 2.0, `XGBOOST_CALL_FAILED` for
   * infinite values.
   */
  static fromColumns(columns: readonly Float32Array[], options: DenseOptions = {}): DMatrix {
    checkColumns(columns);
    checkColumnOptions(columns.length, options);
    const library = nativeLibrary();
    const address: [bigint | null] = [null];
    withAllLent(columns, (list) =>
      library.call('XGDMatrixCreateFromColumnar', list, matrixConfig(options), address),
    );
    return new DMatrix(library, address[0], false).#with(options);
  }

  /**
   * Copies a sparse table (XGDMatrixCreateFromCSR). Values that are not there are missing, not 0.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when the arrays do not fit each other, `XGBOOST_CALL_FAILED` for
   * infinite values.
   */
  static fromSparse(rows: SparseRows, options: DenseOptions = {}): DMatrix {
    checkRows(rows);
    checkColumnOptions(rows.columns, options);
    const library = nativeLibrary();
    const address: [bigint | null] = [null];
    const config = matrixConfig(options);
    withLentSparse(rows, (starts, indices, values) =>
      library.call('XGDMatrixCreateFromCSR', starts, indices, values, rows.columns, config, address),
    );
    return new DMatrix(library, address[0], false).#with(options);
  }

  /**
   * Quantises a table batch by batch without ever holding it whole, for the `hist` tree method
   * (XGQuantileDMatrixCreateFromCallback; four passes over the source).
   * @throws what the source throws; XgboostError `XGBOOST_BAD_ARGUMENT` for a source without rows or a wrong length.
   */
  static quantile(source: BatchSource, options: QuantileOptions): DMatrix {
    const { columns, featureNames, featureTypes, reference } = options;
    checkCount('columns', columns);
    checkColumnOptions(columns, options);
    const library = nativeLibrary();
    const address = createQuantileMatrix(library, source, {
      columns,
      maxBin: options.maxBin ?? 256,
      missing: options.missing ?? NaN,
      threads: options.threads ?? 0,
      featureNames,
      featureTypes,
      reference: reference ? reference.address : null,
    });
    return new DMatrix(library, address, true);
  }

  /** The library's handle, for {@link Booster}. @throws XgboostError `XGBOOST_DISPOSED` */
  get address(): bigint {
    return this.#handle.address;
  }

  /** A copy of the labels; empty when there are none. */
  get labels(): Float32Array {
    return this.#floats('label');
  }

  /** A copy of the weights; empty when there are none. */
  get weights(): Float32Array {
    return this.#floats('weight');
  }

  /** The columns' names, or undefined. */
  get featureNames(): string[] | undefined {
    return this.#names('feature_name');
  }

  /** The columns' types, or undefined. */
  get featureTypes(): FeatureType[] | undefined {
    return this.#names('feature_type') as FeatureType[] | undefined;
  }

  /** @param labels one a row, or several a row for several targets. Copied. */
  setLabels(labels: Float32Array): void {
    this.#setPerRow('label', 'labels', labels, labels.length > this.rows);
  }

  /** @param weights one a row, or one a group after {@link setGroups}. Copied. */
  setWeights(weights: Float32Array): void {
    const [wanted, what] =
      this.#groupCount === undefined ? [this.rows, 'rows'] : [this.#groupCount, 'groups'];
    if (weights.length !== wanted) {
      const message = `The matrix has ${wanted} ${what}, but there are ${weights.length} weights.`;
      throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
    }
    this.#setInfo('weight', weights, [weights.length]);
  }

  /** @param margins one a row, or one a row and class, row-major. Copied. */
  setBaseMargin(margins: Float32Array): void {
    this.#setPerRow('base_margin', 'base margins', margins, margins.length > this.rows);
  }

  /** @param sizes the number of rows of each group of a ranking, in order; they must add up to all rows. */
  setGroups(sizes: Uint32Array): void {
    const sum = sizes.reduce((total, size) => total + size, 0);
    if (sum !== this.rows) {
      throw new XgboostError(
        'XGBOOST_BAD_ARGUMENT',
        `The groups have ${sum} rows and the matrix ${this.rows}.`,
      );
    }
    this.#setInfo('group', sizes, [sizes.length]);
    this.#groupCount = sizes.length;
  }

  /**
   * Groups of a ranking by an id a row: rows of one id are one query, and stand together.
   * @param ids one a row.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when an id comes again after another one.
   */
  setQueryIds(ids: ArrayLike<number>): void {
    if (ids.length !== this.rows) {
      const message = `The matrix has ${this.rows} rows, but there are ${ids.length} query ids.`;
      throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
    }
    const sizes: number[] = [];
    const seen = new Set<number>();
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row] as number;
      if (row > 0 && id === ids[row - 1]) {
        sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + 1;
        continue;
      }
      if (seen.has(id)) {
        const message = `Row ${row} has the query id ${id} again; the rows of a query must stand together.`;
        throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
      }
      seen.add(id);
      sizes.push(1);
    }
    this.setGroups(Uint32Array.from(sizes));
  }

  /**
   * A new matrix of some rows, in the order given; rows may repeat.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` for an index out of range: the library would crash.
   */
  slice(indices: ArrayLike<number>): DMatrix {
    if (this.isQuantile) {
      const message = 'A quantile matrix cannot be sliced; build one for each part, or use fromDense().';
      throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
    }
    const wanted = Int32Array.from(indices);
    for (let i = 0; i < wanted.length; i++) {
      const index = indices[i] as number;
      if (!Number.isInteger(index) || index < 0 || index >= this.rows) {
        const message = `There is no row ${index} to slice; the matrix has ${this.rows}.`;
        throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
      }
    }
    checkCount('rows to slice', wanted.length);
    const address: [bigint | null] = [null];
    this.#handle.library.call('XGDMatrixSliceDMatrixEx', this.address, wanted, wanted.length, address, 0);
    const slice = new DMatrix(this.#handle.library, address[0], false);
    return slice.#disposedUnless(() => {
      slice.#setNames('feature_name', this.featureNames);
      slice.#setNames('feature_type', this.featureTypes);
    });
  }

  /** Frees the matrix. May be called again. */
  dispose(): void {
    this.#handle.dispose();
  }

  #with(options: DenseOptions): this {
    return this.#disposedUnless(() => {
      this.#setNames('feature_name', options.featureNames);
      this.#setNames('feature_type', options.featureTypes);
      if (options.labels) this.setLabels(options.labels);
      if (options.weights) this.setWeights(options.weights);
      if (options.baseMargin) this.setBaseMargin(options.baseMargin);
    });
  }

  #disposedUnless(setUp: () => void): this {
    try {
      setUp();
      return this;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  #setPerRow(field: string, what: string, values: Float32Array, several: boolean): void {
    const width = values.length / this.rows;
    if (!Number.isInteger(width) || width === 0) {
      const message = `The matrix has ${this.rows} rows, but there are ${values.length} ${what}.`;
      throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
    }
    this.#setInfo(field, values, several ? [this.rows, width] : [this.rows]);
  }

  #setInfo(field: string, values: Lendable, shape: number[]): void {
    withLent(values, shape, (json) =>
      this.#handle.library.call('XGDMatrixSetInfoFromInterface', this.address, field, json),
    );
  }

  #setNames(field: string, names: string[] | undefined): void {
    if (names)
      this.#handle.library.call('XGDMatrixSetStrFeatureInfo', this.address, field, names, names.length);
  }

  #names(field: string): string[] | undefined {
    const [length, address]: [[number | bigint], [bigint | null]] = [[0], [null]];
    this.#handle.library.call('XGDMatrixGetStrFeatureInfo', this.address, field, length, address);
    return Number(length[0]) === 0 ? undefined : readTexts(address[0], Number(length[0]));
  }

  #floats(field: string): Float32Array {
    const [length, address]: [[number | bigint], [bigint | null]] = [[0], [null]];
    this.#handle.library.call('XGDMatrixGetFloatInfo', this.address, field, length, address);
    return copyFloats(address[0], Number(length[0]));
  }

  #count(name: 'XGDMatrixNumRow' | 'XGDMatrixNumCol'): number {
    const count: [number | bigint] = [0];
    this.#handle.library.call(name, this.address, count);
    return Number(count[0]);
  }
}

const matrixConfig = ({ missing = NaN, threads = 0 }: ColumnOptions): string =>
  `{"missing":${missingAsJson(missing)},"nthread":${threads}}`;

function checkColumnOptions(columns: number, { featureNames, featureTypes }: ColumnOptions): void {
  for (const [what, list] of [['names', featureNames] as const, ['types', featureTypes] as const]) {
    if (list && list.length !== columns) {
      const message = `There are ${list.length} feature ${what} for ${columns} columns.`;
      throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
    }
  }
}
