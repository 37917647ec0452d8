import { XgboostError } from './errors.ts';
import { withLent } from './native/memory.ts';

/** A table, row-major. */
export interface DenseRows {
  /** `rows * columns` values. */
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** A sparse table, row by row (CSR): row `r` has the values from `rowStarts[r]` up to `rowStarts[r + 1]`; others are missing. */
export interface SparseRows {
  /** One more than there are rows; from 0, ascending. */
  readonly rowStarts: Uint32Array;
  /** The column of each value. */
  readonly columnIndices: Uint32Array;
  readonly values: Float32Array;
  readonly columns: number;
}

export const isSparse = (rows: DenseRows | SparseRows): rows is SparseRows => 'rowStarts' in rows;

/** @throws XgboostError `XGBOOST_BAD_ARGUMENT`: the library would read past the end */
export function checkRows(rows: DenseRows | SparseRows): void {
  checkCount('columns', rows.columns);
  if (isSparse(rows)) return checkSparse(rows);
  checkCount('rows', rows.rows);
  const wanted = rows.rows * rows.columns;
  if (rows.data.length === wanted) return;
  throw bad(
    `${rows.rows} rows of ${rows.columns} columns are ${wanted} values, but there are ${rows.data.length}.`,
  );
}

function checkSparse({ rowStarts, columnIndices, values, columns }: SparseRows): void {
  checkCount('rows', rowStarts.length - 1);
  if (columnIndices.length !== values.length)
    throw bad(`There are ${columnIndices.length} column indices for ${values.length} values.`);
  let before = 0;
  for (const start of rowStarts) {
    if (start < before) throw bad('rowStarts must ascend.');
    before = start;
  }
  if (rowStarts[0] !== 0 || before !== values.length)
    throw bad(
      `rowStarts must go from 0 to the number of values, ${values.length}, and goes from ${rowStarts[0]} to ${before}.`,
    );
  const outside = columnIndices.find((index) => index >= columns);
  if (outside !== undefined) throw bad(`There is no column ${outside}; the table has ${columns}.`);
}

/** @throws XgboostError `XGBOOST_BAD_ARGUMENT` */
export function checkColumns(columns: readonly Float32Array[]): void {
  checkCount('columns', columns.length);
  const rows = columns[0]?.length ?? 0;
  checkCount('rows', rows);
  const other = columns.find(({ length }) => length !== rows);
  if (other !== undefined) throw bad(`All columns must have ${rows} values, and one has ${other.length}.`);
}

export function checkCount(what: string, count: number): void {
  if (Number.isSafeInteger(count) && count >= 1) return;
  throw bad(`The number of ${what} must be at least 1, and is ${count}.`);
}

const bad = (message: string): XgboostError => new XgboostError('XGBOOST_BAD_ARGUMENT', message);

/** Lends the three arrays of a sparse table for one call. */
export function withLentSparse<Result>(
  { rowStarts, columnIndices, values }: SparseRows,
  use: (rowStarts: string, columnIndices: string, values: string) => Result,
): Result {
  return withLent(rowStarts, [rowStarts.length], (starts) =>
    withLent(columnIndices, [columnIndices.length], (indices) =>
      withLent(values, [values.length], (numbers) => use(starts, indices, numbers)),
    ),
  );
}

/** Lends columns for one call, as the JSON list of their descriptions. */
export function withAllLent<Result>(
  columns: readonly Float32Array[],
  use: (list: string) => Result,
  described: readonly string[] = [],
): Result {
  const [column, ...rest] = columns;
  if (column === undefined) return use(`[${described.join(',')}]`);
  return withLent(column, [column.length], (json) => withAllLent(rest, use, [...described, json]));
}
