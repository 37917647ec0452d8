import { quoteText } from './sql-quote.ts';
import type { RowBits } from './row-bits.ts';

/**
 * A condition that is false for the rows of files that are not in the table any more; undefined where there are none.
 *
 * The bits stand in the query itself, so that it needs nothing that could go away before it runs. Which file's bits
 * count is decided by halving: the reader gives rows of one file at a time, so each decision is made once for all of them.
 *
 * @param hidden for each file in the order in which they are read
 * @param position the expression of a row's file, counted from 0
 */
export function shownSql(hidden: readonly (RowBits | undefined)[], position: string): string | undefined {
  const branch = (from: number, to: number): string | undefined => {
    const [only] = hidden.slice(from, to);
    if (to - from === 1) return only && only.length > 0 ? isHiddenSql(only) : undefined;
    const middle = (from + to) >> 1;
    const [left, right] = [branch(from, middle), branch(middle, to)];
    if (left === undefined && right === undefined) return undefined;
    return `CASE WHEN ${position} < ${middle} THEN ${left ?? 'false'} ELSE ${right ?? 'false'} END`;
  };
  const isHidden = hidden.length === 0 ? undefined : branch(0, hidden.length);
  return isHidden && `NOT ${isHidden}`;
}

/** DuckDB refuses to look for a bit behind the last one. */
const isHiddenSql = (rows: RowBits): string =>
  `CASE WHEN file_row_number < ${rows.length * 8} THEN get_bit(CAST(from_base64(${quoteText(Buffer.from(rows).toString('base64'))}) AS BIT), CAST(file_row_number AS INTEGER)) = 1 ELSE false END`;
