import type { DuckDBConnection } from '@duckdb/node-api';
import type { Dialect } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { rejectedColumn, type TableColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

/** What a sentence has behind a comma, and a record between its cells has not. */
const space = ' ';

/**
 * Cells with line breaks that have just the delimiters of so many records: a quotation mark before them was never closed, and
 * what is read as a cell of one row are rows. Lines of the problem are places among the staged rows, from 0.
 *
 * @param stagedPath rows of a file that was sent as text
 * @param width columns of the file
 */
export async function findSwallowedRecords(
  connection: DuckDBConnection,
  stagedPath: string,
  columns: readonly TableColumn[],
  { delimiter, lineEnd }: Dialect,
  width: number,
): Promise<StoredProblem[]> {
  const texts = columns.filter(({ type }) => type === 'text').map(({ name }) => name);
  if (texts.length === 0 || width < 2) return [];
  const [cut, line] = [quoteText(delimiter), lineEnd === 'CR' ? 'chr(13)' : 'chr(10)'];
  const often = (cell: string, sign: string): string =>
    `(length(${cell}) - length(replace(${cell}, ${sign}, '')))`;
  const isOne = (cell: string): string =>
    `CASE WHEN contains(${cell}, ${line}) THEN ${often(cell, cut)} = ${often(cell, line)} * ${width - 1} ` +
    `AND NOT contains(${cell}, ${quoteText(delimiter + space)}) ELSE false END`;
  const staged = `read_parquet(${quoteText(stagedPath)}, file_row_number = true) WHERE NOT ${rejectedColumn}`;
  const breaks = texts.map(
    (name, place) => `count(*) FILTER (contains(${quoteName(name)}, ${line})) AS n${place}`,
  );
  const broken = await oneRow(connection, `SELECT ${breaks.join(', ')} FROM ${staged}`);
  const problems: StoredProblem[] = [];
  for (const [place, column] of texts.entries()) {
    if (toCount(broken[`n${place}`]) === 0) continue;
    const cell = quoteName(column);
    const found = await oneRow(
      connection,
      `SELECT count(*) AS n, min(file_row_number) AS line, min_by(left(${cell}, 100), file_row_number) AS cell FROM ${staged} AND ${isOne(cell)}`,
    );
    const count = toCount(found['n']);
    if (count === 0) continue;
    const value = String(found['cell']);
    const parameters = { column, value };
    problems.push({
      code: 'records_in_cell',
      parameters,
      column,
      value,
      line: toCount(found['line']),
      count,
    });
  }
  return problems;
}
