import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '@kaefer/contracts';
import { oneRow, toCount } from '../sql/connection.ts';
import type { CsvSource } from './csv-source.ts';
import { isBadCellSql, readCellSql } from './cell-sql.ts';

/** Narrowest first: a column gets the first type that all its values have. */
const candidates: readonly ColumnType[] = ['boolean', 'integer', 'number', 'date', 'timestamp'];

/**
 * The types of columns, from the first `rows` rows of the file or from all of it. A column with no value at all is
 * text. Whole numbers with leading zeros, such as 00042, or with more than 18 digits are identifiers and stay text.
 */
export async function inferTypes(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly number[],
  rows?: number,
): Promise<Map<number, ColumnType>> {
  const types = new Map<number, ColumnType>();
  if (columns.length === 0) return types;
  const counts = columns.flatMap((index) => {
    const cell = source.cell(index);
    return [
      `count(${readCellSql('text', cell)}) AS given_${index}`,
      `count(*) FILTER (regexp_full_match(${cell}, '\\s*[+-]?(0[0-9]+.*|[0-9]{19,}\\s*)') AND ${readCellSql('number', cell)} IS NOT NULL) AS identifier_${index}`,
      ...candidates.map((type) => `count(${readCellSql(type, cell)}) AS ${type}_${index}`),
      ...candidates.map(
        (type) =>
          `count(*) FILTER (${isBadCellSql(type, cell, readCellSql(type, cell))}) AS bad_${type}_${index}`,
      ),
    ];
  });
  const seen = await oneRow(
    connection,
    `SELECT ${counts.join(', ')} FROM ${rows === undefined ? source.relation : `(SELECT * FROM ${source.relation} LIMIT ${rows})`}`,
  );
  for (const index of columns) {
    const fits = candidates.find(
      (type) => toCount(seen[`${type}_${index}`]) > 0 && toCount(seen[`bad_${type}_${index}`]) === 0,
    );
    const isIdentifier =
      toCount(seen[`identifier_${index}`]) > 0 && (fits === 'integer' || fits === 'number');
    types.set(index, fits === undefined || isIdentifier ? mostlyNumbers(seen, index) : fits);
  }
  return types;

  /** A few slips in a column of numbers are slips: the rows are rejected, and the column stays a number. */
  function mostlyNumbers(row: typeof seen, index: number): ColumnType {
    const given = toCount(row[`given_${index}`]);
    const slips = toCount(row[`bad_number_${index}`]);
    const isIdentifier = toCount(row[`identifier_${index}`]) > 0;
    return !isIdentifier && given >= 200 && slips > 0 && slips <= given * 0.01
      ? toCount(row[`bad_integer_${index}`]) === slips
        ? 'integer'
        : 'number'
      : 'text';
  }
}
