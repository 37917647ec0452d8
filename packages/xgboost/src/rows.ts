import { XgboostError } from './errors.ts';
import { lend, takeBack, withLent } from './native/memory.ts';

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

/** A table as columns of one length, as a query's result often comes. */
export interface ColumnRows {
  readonly columns: readonly Float32Array[];
}

/** A table in any of the forms that the library reads. */
export type Rows = DenseRows | SparseRows | ColumnRows;

export const isSparse = (rows: Rows): rows is SparseRows => 'rowStarts' in rows;
export const isColumns = (rows: Rows): rows is ColumnRows => typeof rows.columns !== 'number';

export function rowCount(rows: Rows): number {
  if (isSparse(rows)) return rows.rowStarts.length - 1;
  return isColumns(rows) ? (rows.columns[0]?.length ?? 0) : rows.rows;
}

export const columnCount = (rows: Rows): number => (isColumns(rows) ? rows.columns.length : rows.columns);

/** @throws XgboostError `XGBOOST_BAD_ARGUMENT`: the library would read past the end */
export function checkRows(rows: Rows): void {
  if (isColumns(rows)) return checkColumns(rows.columns);
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
  for (let row = 0; row < rowStarts.length; row++) {
    const start = rowStarts[row] as number;
    if (start < before) throw bad('rowStarts must ascend.');
    before = start;
  }
  if (rowStarts[0] !== 0 || before !== values.length)
    throw bad(
      `rowStarts must go from 0 to the number of values, ${values.length}, and goes from ${rowStarts[0]} to ${before}.`,
    );
  // A loop over the greatest is several times as fast as a search with a function.
  let greatest = 0;
  for (let at = 0; at < columnIndices.length; at++) {
    const index = columnIndices[at] as number;
    if (index > greatest) greatest = index;
  }
  if (greatest >= columns) throw bad(`There is no column ${greatest}; the table has ${columns}.`);
}

function checkColumns(columns: readonly Float32Array[]): void {
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
export function withAllLent<Result>(columns: readonly Float32Array[], use: (list: string) => Result): Result {
  const json = columns.map((column) => lend(column, [column.length]));
  try {
    return use(`[${json.join(',')}]`);
  } finally {
    for (const column of columns) takeBack(column);
  }
}
