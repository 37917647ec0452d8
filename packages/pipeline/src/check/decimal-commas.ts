import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { StagedColumn } from './stage-rows.ts';

/** Share of a text column's values that must be numbers with a decimal comma before it is worth a word. */
const mostly = 0.9;
const decimalComma = String.raw`\s*[+-]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+),[0-9]+\s*`;

/** Text columns that look like numbers written with a comma; they are not understood as numbers, and that is said. */
export async function findDecimalCommas(
  connection: DuckDBConnection,
  stagedPath: string,
  columns: readonly StagedColumn[],
): Promise<StoredProblem[]> {
  if (columns.length === 0) return [];
  const counts = columns.flatMap(({ index, name }) => {
    const matches = `regexp_full_match(${quoteName(name)}, ${quoteText(decimalComma)})`;
    return [
      `count(${quoteName(name)}) AS given_${index}`,
      `count(*) FILTER (${matches}) AS commas_${index}`,
      `min(${quoteName(name)}) FILTER (${matches}) AS example_${index}`,
    ];
  });
  const row = await oneRow(
    connection,
    `SELECT ${counts.join(', ')} FROM read_parquet(${quoteText(stagedPath)})`,
  );
  return columns.flatMap(({ index, name }): StoredProblem[] => {
    const count = toCount(row[`commas_${index}`]);
    if (count === 0 || count < toCount(row[`given_${index}`]) * mostly) return [];
    const value = String(row[`example_${index}`]);
    return [{ code: 'decimal_comma', parameters: { column: name, value }, column: name, value, count }];
  });
}
