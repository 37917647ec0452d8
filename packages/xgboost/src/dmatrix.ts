import { resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { XgboostError } from './errors.ts';
import { groupsOfQueries, MatrixInfo, type ColumnOptions, type RowInfo } from './matrix-info.ts';
import { createFromBatches, type Batch, type BatchSource } from './native/batch-reading.ts';
import { copyArray, missingAsJson, readText } from './native/memory.ts';
import { nativeLibrary, type NativeLibrary } from './native/native-library.ts';
import {
  checkCount,
  checkRows,
  columnCount,
  isColumns,
  isSparse,
  withAllLent,
  withLentSparse,
  type Rows,
  type SparseRows,
} from './rows.ts';

export type { Batch, BatchInfo, BatchSource } from './native/batch-reading.ts';
export type { ColumnOptions, FeatureType, RowInfo } from './matrix-info.ts';

/** What a table's rows and columns are, besides their values. */
export interface DenseOptions extends ColumnOptions, RowInfo {}

export interface QuantileOptions extends ColumnOptions {
  columns: number;
  /** Bins a column, the same as the parameter `max_bin` of training. Default 256. */
  maxBin?: number;
  /** The matrix whose bins to use, for a matrix to evaluate on during training. */
  reference?: DMatrix;
}

export interface ExternalOptions extends ColumnOptions {
  columns: number;
  /**
   * What the names of the files begin with in which the library keeps the rows, for example a name in a folder that the
   * caller made. They go with dispose(); after a kill they stay.
   */
  cachePrefix: string;
}

/** Rows of float32 features with labels, in the library's memory. Freed by `dispose()` only. */
export class DMatrix extends MatrixInfo {
  /** Whether the values are quantised: such a matrix cannot be sliced or explained. */
  readonly isQuantile: boolean;

  private constructor(library: NativeLibrary, address: bigint | null, isQuantile: boolean) {
    super(library, address);
    this.isQuantile = isQuantile;
  }

  /**
   * Copies a table in whichever form it is, as {@link fromDense}, {@link fromSparse} and {@link fromColumns} do.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT`, `XGBOOST_NOT_IN_THIS_VERSION`, `XGBOOST_CALL_FAILED`
   */
  static from(rows: Rows, options: DenseOptions = {}): DMatrix {
    checkRows(rows);
    checkColumnOptions(columnCount(rows), options);
    const library = nativeLibrary();
    const address: [bigint | null] = [null];
    const { missing = NaN, threads = 0 } = options;
    const config = `{"missing":${missingAsJson(missing)},"nthread":${threads}}`;
    if (isSparse(rows))
      withLentSparse(rows, (starts, indices, values) =>
        library.call('XGDMatrixCreateFromCSR', starts, indices, values, rows.columns, config, address),
      );
    else if (isColumns(rows))
      withAllLent(rows.columns, (list) => library.call('XGDMatrixCreateFromColumnar', list, config, address));
    else {
      const { data, rows: count, columns } = rows;
      library.call('XGDMatrixCreateFromMat_omp', data, count, columns, missing, address, threads);
    }
    const matrix = new DMatrix(library, address[0], false);
    return matrix.#disposedUnless(() => {
      matrix.setColumns(options);
      matrix.setRows(options);
    });
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
    return DMatrix.from({ data, rows: shape.rows, columns: shape.columns }, options);
  }

  /**
   * Copies a table given as columns of one length (XGDMatrixCreateFromColumnar).
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT`, `XGBOOST_NOT_IN_THIS_VERSION` before 2.0, `XGBOOST_CALL_FAILED` for
   * infinite values.
   */
  static fromColumns(columns: readonly Float32Array[], options: DenseOptions = {}): DMatrix {
    return DMatrix.from({ columns }, options);
  }

  /**
   * Copies a sparse table (XGDMatrixCreateFromCSR). Values that are not there are missing, not 0.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when the arrays do not fit each other, `XGBOOST_CALL_FAILED` for
   * infinite values.
   */
  static fromSparse(rows: SparseRows, options: DenseOptions = {}): DMatrix {
    return DMatrix.from(rows, options);
  }

  /**
   * Quantises a table batch by batch without ever holding it whole, for the `hist` tree method
   * (XGQuantileDMatrixCreateFromCallback; four passes over the source, three with a reference).
   * @throws what the source throws; XgboostError `XGBOOST_BAD_ARGUMENT` for a source without rows or a wrong length,
   * `XGBOOST_NOT_IN_THIS_VERSION` for columns before 2.1.
   */
  static quantile(source: BatchSource, options: QuantileOptions): DMatrix {
    return DMatrix.#fromBatches(source, options, options.maxBin ?? 256, options.reference, undefined);
  }

  /**
   * Quantises a table that is in memory, without the copy of its values that {@link from} makes.
   * @throws as {@link quantile}
   */
  static quantileFrom(rows: Rows, options: Omit<QuantileOptions, 'columns'> & RowInfo = {}): DMatrix {
    checkRows(rows);
    const { labels, weights, baseMargin, queryIds } = options;
    const groups = options.groups ?? (queryIds && groupsOfQueries(queryIds));
    // The bins depend on the weights, so that they must be known from the start.
    const batch: Batch = {
      ...rows,
      ...(labels && { labels }),
      ...(weights && { weights }),
      ...(baseMargin && { baseMargin }),
      ...(groups && { groups }),
    };
    let isGiven = false;
    const source: BatchSource = {
      reset: () => {
        isGiven = false;
      },
      next: () => {
        if (isGiven) return null;
        isGiven = true;
        return batch;
      },
    };
    const matrix = DMatrix.quantile(source, { ...options, columns: columnCount(rows) });
    return matrix.#disposedUnless(() => matrix.setRows(options));
  }

  /**
   * A table larger than memory: the library keeps its rows in files and reads them again in every round, for the tree
   * methods `hist` and `approx` (XGDMatrixCreateFromCallback; one pass over the source).
   * @throws as {@link quantile}; XgboostError `XGBOOST_CALL_FAILED` when the files cannot be written.
   */
  static external(source: BatchSource, options: ExternalOptions): DMatrix {
    return DMatrix.#fromBatches(source, options, undefined, undefined, options.cachePrefix);
  }

  /**
   * A quantised table larger than memory, in files that take about a quarter of its size
   * (XGExtMemQuantileDMatrixCreateFromCallback, since 3.0).
   * @throws as {@link quantile}; XgboostError `XGBOOST_NOT_IN_THIS_VERSION` before 3.0.
   */
  static quantileExternal(source: BatchSource, options: QuantileOptions & ExternalOptions): DMatrix {
    const { maxBin = 256, reference, cachePrefix } = options;
    return DMatrix.#fromBatches(source, options, maxBin, reference, cachePrefix);
  }

  static #fromBatches(
    source: BatchSource,
    options: ColumnOptions & { columns: number },
    maxBin: number | undefined,
    reference: DMatrix | undefined,
    cachePrefix: string | undefined,
  ): DMatrix {
    const { columns, featureNames, featureTypes, missing = NaN, threads = 0 } = options;
    if (reference !== undefined) requireMatrix(reference);
    checkCount('columns', columns);
    checkColumnOptions(columns, options);
    const library = nativeLibrary();
    const address = createFromBatches(library, source, {
      columns,
      missing,
      threads,
      featureNames,
      featureTypes,
      maxBin,
      reference: reference?.address ?? null,
      cachePrefix,
    });
    return new DMatrix(library, address, maxBin !== undefined);
  }

  /**
   * Reads a file: one that {@link saveBinary} wrote, or a text (XGDMatrixCreateFromURI; before 2.0 …FromFile).
   * @param format of a text: `libsvm`, or `csv` with neither header nor names. Default: a binary file.
   * @param labelColumn of a CSV, from 0. Default none.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when there is no such file, `XGBOOST_CALL_FAILED` when it is no matrix.
   */
  static load(path: string, options: { format?: 'libsvm' | 'csv'; labelColumn?: number } = {}): DMatrix {
    // The library would take "?", "#" and "://" in a name for parts of an address.
    const file = resolve(path);
    if (/[?#]|:\/\//.test(file) || !existsSync(file))
      throw bad(`${file} is no file that could be read as a matrix.`);
    const { format, labelColumn } = options;
    const label = labelColumn === undefined ? '' : `&label_column=${labelColumn}`;
    const uri = format === undefined ? file : `${file}?format=${format}${label}`;
    const library = nativeLibrary();
    const address: [bigint | null] = [null];
    if (library.has('XGDMatrixCreateFromURI'))
      library.call('XGDMatrixCreateFromURI', JSON.stringify({ uri, silent: 1 }), address);
    else library.call('XGDMatrixCreateFromFile', uri, 1, address);
    return new DMatrix(library, address[0], false);
  }

  /**
   * Writes the matrix with its labels and names to a file of the library's own format, which {@link load} reads
   * (XGDMatrixSaveBinary). Neither a quantile matrix nor one in files can be written.
   * @throws XgboostError `XGBOOST_CALL_FAILED`
   */
  saveBinary(path: string): void {
    if (this.isQuantile) throw bad('A quantile matrix cannot be written to a file.');
    this.handle.library.call('XGDMatrixSaveBinary', this.address, resolve(path), 1);
  }

  /**
   * Where the bins of each column end, ascending (XGDMatrixGetQuantileCut). Of a matrix that is not quantised they are
   * known once a model was trained on it.
   * @throws XgboostError `XGBOOST_NOT_IN_THIS_VERSION` before 2.0
   */
  quantileCuts(): Float32Array[] {
    const [starts, cuts]: [[bigint | null], [bigint | null]] = [[null], [null]];
    this.handle.library.call('XGDMatrixGetQuantileCut', this.address, '{}', starts, cuts);
    const [places, values] = [copyArray(readText(starts[0])), copyArray(readText(cuts[0]))];
    return places
      .slice(1)
      .map((end, column) => Float32Array.from(values.slice(places[column] as number, end)));
  }

  /**
   * A new matrix of some rows, in the order given; rows may repeat.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` for an index out of range: the library would crash.
   */
  slice(indices: ArrayLike<number>): DMatrix {
    if (this.isQuantile)
      throw bad('A quantile matrix cannot be sliced; build one for each part, or use fromDense().');
    const wanted = Int32Array.from(indices);
    for (let i = 0; i < wanted.length; i++) {
      const index = indices[i] as number;
      if (!Number.isInteger(index) || index < 0 || index >= this.rows)
        throw bad(`There is no row ${index} to slice; the matrix has ${this.rows}.`);
    }
    return this.#sliced(wanted, false);
  }

  /**
   * A new matrix of some groups of a ranking, whole and in the order given, with their weights.
   * @param indices of groups, from 0.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` for a group that is not there.
   */
  sliceGroups(indices: ArrayLike<number>): DMatrix {
    if (this.isQuantile) throw bad('A quantile matrix cannot be sliced; build one for each part.');
    const { groups, weights } = this;
    const wanted = Array.from(indices);
    const absent = wanted.find((group) => groups[group] === undefined);
    if (absent !== undefined) throw bad(`There is no group ${absent}; the matrix has ${groups.length}.`);
    const starts = Array.from(groups);
    for (let group = 0, at = 0; group < groups.length; group++) {
      starts[group] = at;
      at += groups[group] as number;
    }
    const rows = wanted.flatMap((group) =>
      Array.from({ length: groups[group] as number }, (_, row) => (starts[group] as number) + row),
    );
    const slice = this.#sliced(Int32Array.from(rows), true);
    return slice.#disposedUnless(() => {
      slice.setGroups(Uint32Array.from(wanted, (group) => groups[group] as number));
      // The library leaves weights of groups as they are.
      if (weights.length === groups.length)
        slice.setWeights(Float32Array.from(wanted, (group) => weights[group] as number));
    });
  }

  /** @param rows that are there. @param hasGroups whether groups are set afterwards: the library drops them. */
  #sliced(rows: Int32Array, hasGroups: boolean): DMatrix {
    checkCount('rows to slice', rows.length);
    const address: [bigint | null] = [null];
    const { library } = this.handle;
    library.call('XGDMatrixSliceDMatrixEx', this.address, rows, rows.length, address, hasGroups ? 1 : 0);
    const slice = new DMatrix(library, address[0], false);
    const { featureNames, featureTypes } = this;
    return slice.#disposedUnless(() =>
      slice.setColumns({ ...(featureNames && { featureNames }), ...(featureTypes && { featureTypes }) }),
    );
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
}

function checkColumnOptions(columns: number, { featureNames, featureTypes }: ColumnOptions): void {
  for (const [what, list] of [['names', featureNames] as const, ['types', featureTypes] as const])
    if (list && list.length !== columns)
      throw bad(`There are ${list.length} feature ${what} for ${columns} columns.`);
}

/** Callers without types could hand over something else, whose address the library would take for a matrix's. */
export function requireMatrix(matrix: DMatrix): DMatrix {
  if (matrix instanceof DMatrix) return matrix;
  throw bad('Something that is no DMatrix was given where one belongs.');
}

const bad = (message: string): XgboostError => new XgboostError('XGBOOST_BAD_ARGUMENT', message);
