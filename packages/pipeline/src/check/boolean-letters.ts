import type { DuckDBConnection } from '@duckdb/node-api';
import { letterPairs } from '../features/boolean-words.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';
import type { CsvSource } from '../understand/csv-source.ts';
import type { StagedColumn } from './stage-rows.ts';

/**
 * The columns with the letters that stand for true and false in them: those of the pair that most cells are of. In a column of
 * S and N an F is no false.
 *
 * @param rows that are looked at. Default: all
 */
export async function withLetters(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly StagedColumn[],
  rows?: number,
): Promise<StagedColumn[]> {
  const booleans = columns.filter(({ type }) => type === 'boolean');
  if (booleans.length === 0) return [...columns];
  const counts = booleans.flatMap(({ index }) => {
    const word = `lower(trim(${source.cell(index)}))`;
    return letterPairs.map(
      (pair) =>
        `count(*) FILTER (list_contains([${[...pair].map(quoteText).join(', ')}], ${word})) AS ${pair}_${index}`,
    );
  });
  const limit = rows === undefined ? '' : ` LIMIT ${rows}`;
  const seen = await oneRow(
    connection,
    `SELECT ${counts.join(', ')} FROM (SELECT * FROM ${source.relation}${limit})`,
  );
  return columns.map((column) => {
    if (column.type !== 'boolean') return column;
    const counted = letterPairs.map((pair) => ({ pair, cells: toCount(seen[`${pair}_${column.index}`]) }));
    const most = Math.max(...counted.map(({ cells }) => cells));
    const [first, ...others] = counted.filter(({ cells }) => cells > 0 && cells === most);
    // Where N alone has been seen it may be of either language.
    const alike = others.filter(({ pair }) => [...pair].some((letter) => first?.pair.includes(letter)));
    const letters = [first, ...alike].map((each) => each?.pair ?? '').join('');
    return { ...column, letters };
  });
}
