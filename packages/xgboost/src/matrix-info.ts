/// <reference lib="esnext.disposable" preserve="true" />
import { XgboostError } from './errors.ts';
import { Handle } from './native/handle.ts';
import { copyFloats, copyUints, readTexts, withLent, type Lendable } from './native/memory.ts';
import type { NativeLibrary } from './native/native-library.ts';

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

/** What a matrix knows of its rows besides their values. */
export interface RowInfo {
  /** One a row, or `targets` a row. Copied. */
  labels?: Float32Array;
  /** One a row, or one a group of a ranking. Copied. */
  weights?: Float32Array;
  /** One a row and class: where each prediction starts. Copied. */
  baseMargin?: Float32Array;
  /** Of a ranking: the number of rows of each group, in order; they add up to all rows. Copied. */
  groups?: Uint32Array;
  /** Of a ranking, instead of `groups`: one id a row; rows of one id stand together. */
  queryIds?: ArrayLike<number>;
  /** Of `survival:aft`, one a row: the lower ends of the intervals that the labels are known to lie in. Copied. */
  labelLowerBounds?: Float32Array;
  /** Of `survival:aft`, one a row: their upper ends, Infinity where there is none. Copied. */
  labelUpperBounds?: Float32Array;
  /** One a column: how probably `colsample_…` draws it, against the others. Copied. */
  featureWeights?: Float32Array;
}

/** A matrix of the library, apart from how it is made: its size, and what is known of its rows and columns. */
export abstract class MatrixInfo {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  protected readonly handle: Handle;
  #groupCount: number | undefined;

  protected constructor(library: NativeLibrary, address: bigint | null) {
    this.handle = new Handle(library, address, 'DMatrix');
    this.rows = this.#count('XGDMatrixNumRow');
    this.columns = this.#count('XGDMatrixNumCol');
  }

  /** The library's handle, for `Booster`. @throws XgboostError `XGBOOST_DISPOSED` */
  get address(): bigint {
    return this.handle.address;
  }

  /** How many values are not missing. */
  get valuesPresent(): number {
    return this.#count('XGDMatrixNumNonMissing');
  }

  /** A copy of the labels; empty when there are none. */
  get labels(): Float32Array {
    return this.#floats('label');
  }

  /** A copy of the weights; empty when there are none. */
  get weights(): Float32Array {
    return this.#floats('weight');
  }

  /** A copy of the base margins, row-major; empty when there are none. */
  get baseMargin(): Float32Array {
    return this.#floats('base_margin');
  }

  /** The number of rows of each group of a ranking; empty when there are none. */
  get groups(): Uint32Array {
    const [length, address]: [[number | bigint], [bigint | null]] = [[0], [null]];
    this.handle.library.call('XGDMatrixGetUIntInfo', this.address, 'group_ptr', length, address);
    const starts = copyUints(address[0], Number(length[0]));
    return starts.subarray(1).map((end, group) => end - (starts[group] as number));
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
    this.#setPerRow('label', 'labels', labels);
  }

  /** @param weights one a row, or one a group after {@link setGroups}. Copied. */
  setWeights(weights: Float32Array): void {
    const [wanted, what] =
      this.#groupCount === undefined ? [this.rows, 'rows'] : [this.#groupCount, 'groups'];
    if (weights.length !== wanted)
      throw bad(`The matrix has ${wanted} ${what}, but there are ${weights.length} weights.`);
    this.#setInfo('weight', weights, [weights.length]);
  }

  /** @param margins one a row, or one a row and class, row-major. Copied. */
  setBaseMargin(margins: Float32Array): void {
    this.#setPerRow('base_margin', 'base margins', margins);
  }

  /**
   * The intervals of `survival:aft`, one a row. Copied.
   * @param upper Infinity where there is no upper end.
   */
  setLabelBounds(lower: Float32Array, upper: Float32Array): void {
    for (const bounds of [lower, upper])
      if (bounds.length !== this.rows)
        throw bad(`The matrix has ${this.rows} rows, but there are ${bounds.length} label bounds.`);
    this.#setInfo('label_lower_bound', lower, [lower.length]);
    this.#setInfo('label_upper_bound', upper, [upper.length]);
  }

  /** @param weights one a column: how probably it is drawn by `colsample_…`, against the others. Copied. */
  setFeatureWeights(weights: Float32Array): void {
    if (weights.length !== this.columns)
      throw bad(`The matrix has ${this.columns} columns, but there are ${weights.length} feature weights.`);
    this.#setInfo('feature_weights', weights, [weights.length]);
  }

  /** @param sizes the number of rows of each group of a ranking, in order; they must add up to all rows. */
  setGroups(sizes: Uint32Array): void {
    const sum = sizes.reduce((total, size) => total + size, 0);
    if (sum !== this.rows) throw bad(`The groups have ${sum} rows and the matrix ${this.rows}.`);
    this.#setInfo('group', sizes, [sizes.length]);
    this.#groupCount = sizes.length;
  }

  /**
   * Groups of a ranking by an id a row: rows of one id are one query, and stand together.
   * @param ids one a row.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when an id comes again after another one.
   */
  setQueryIds(ids: ArrayLike<number>): void {
    if (ids.length !== this.rows)
      throw bad(`The matrix has ${this.rows} rows, but there are ${ids.length} query ids.`);
    this.setGroups(groupsOfQueries(ids));
  }

  /** Frees the matrix. May be called again. */
  dispose(): void {
    this.handle.dispose();
  }

  /** The same at the end of a block, for a variable declared with `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  protected setColumns({ featureNames, featureTypes }: ColumnOptions): void {
    this.#setNames('feature_name', featureNames);
    this.#setNames('feature_type', featureTypes);
  }

  protected setRows(info: RowInfo): void {
    const { labels, weights, baseMargin, groups, queryIds, labelLowerBounds, labelUpperBounds } = info;
    if (labels) this.setLabels(labels);
    // Before the weights, which are then one a group.
    if (groups) this.setGroups(groups);
    else if (queryIds) this.setQueryIds(queryIds);
    if (weights) this.setWeights(weights);
    if (baseMargin) this.setBaseMargin(baseMargin);
    if (labelLowerBounds || labelUpperBounds) {
      if (!labelLowerBounds || !labelUpperBounds)
        throw bad('Of the label bounds, both ends are needed, and only one was given.');
      this.setLabelBounds(labelLowerBounds, labelUpperBounds);
    }
    if (info.featureWeights) this.setFeatureWeights(info.featureWeights);
  }

  #setPerRow(field: string, what: string, values: Float32Array): void {
    const width = values.length / this.rows;
    if (!Number.isInteger(width) || width === 0)
      throw bad(`The matrix has ${this.rows} rows, but there are ${values.length} ${what}.`);
    this.#setInfo(field, values, width > 1 ? [this.rows, width] : [this.rows]);
  }

  #setInfo(field: string, values: Lendable, shape: number[]): void {
    withLent(values, shape, (json) =>
      this.handle.library.call('XGDMatrixSetInfoFromInterface', this.address, field, json),
    );
  }

  #setNames(field: string, names: string[] | undefined): void {
    if (names)
      this.handle.library.call('XGDMatrixSetStrFeatureInfo', this.address, field, names, names.length);
  }

  #names(field: string): string[] | undefined {
    const [length, address]: [[number | bigint], [bigint | null]] = [[0], [null]];
    this.handle.library.call('XGDMatrixGetStrFeatureInfo', this.address, field, length, address);
    return Number(length[0]) === 0 ? undefined : readTexts(address[0], Number(length[0]));
  }

  #floats(field: string): Float32Array {
    const [length, address]: [[number | bigint], [bigint | null]] = [[0], [null]];
    this.handle.library.call('XGDMatrixGetFloatInfo', this.address, field, length, address);
    return copyFloats(address[0], Number(length[0]));
  }

  #count(name: 'XGDMatrixNumRow' | 'XGDMatrixNumCol' | 'XGDMatrixNumNonMissing'): number {
    const count: [number | bigint] = [0];
    this.handle.library.call(name, this.address, count);
    return Number(count[0]);
  }
}

/**
 * The sizes of a ranking's groups, from an id a row.
 * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when an id comes again after another one
 */
export function groupsOfQueries(ids: ArrayLike<number>): Uint32Array {
  const sizes: number[] = [];
  const seen = new Set<number>();
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number;
    if (row > 0 && id === ids[row - 1]) {
      sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + 1;
      continue;
    }
    if (seen.has(id))
      throw bad(`Row ${row} has the query id ${id} again; the rows of a query must stand together.`);
    seen.add(id);
    sizes.push(1);
  }
  return Uint32Array.from(sizes);
}

const bad = (message: string): XgboostError => new XgboostError('XGBOOST_BAD_ARGUMENT', message);
