import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { oneRow, toCount, type Row } from '../sql/connection.ts';
import { readingsSql } from '../understand/cell-sql.ts';
import type { CsvSource } from '../understand/csv-source.ts';
import { hasOffsetSql } from '../understand/time-sql.ts';
import type { StagedColumn } from './stage-rows.ts';

/** The columns with what the first rows say of their times: whether they have an offset from UTC. */
export async function withOffsets(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly StagedColumn[],
  rows: number,
): Promise<StagedColumn[]> {
  const seen = await countOffsets(
    connection,
    source,
    columns,
    `(SELECT * FROM ${source.relation} LIMIT ${rows})`,
  );
  return columns.map((column) =>
    column.type === 'timestamp'
      ? { ...column, offsets: toCount(seen[`with_${column.index}`]) > 0 ? 'with' : 'without' }
      : column,
  );
}

/** Says of columns whose times have an offset from UTC in some cells alone how many have none, over the whole file. */
export async function findMixedOffsets(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly StagedColumn[],
): Promise<StoredProblem[]> {
  const seen = await countOffsets(connection, source, columns, source.relation);
  return columns.flatMap(({ index, name: column, type }): StoredProblem[] => {
    if (type !== 'timestamp') return [];
    const [some, others] = [toCount(seen[`with_${index}`]), toCount(seen[`without_${index}`])];
    if (some === 0 || others === 0) return [];
    const value = String(seen[`example_${index}`]);
    const other = String(seen[`other_${index}`]);
    const parameters = { column, value, other };
    return [{ code: 'mixed_offsets', parameters, column, value: other, count: others }];
  });
}

async function countOffsets(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly StagedColumn[],
  relation: string,
): Promise<Row> {
  const times = columns.filter(({ type }) => type === 'timestamp');
  if (times.length === 0) return {};
  const counts = times.flatMap(({ index }) => {
    const cell = source.cell(index);
    const isRead = `read_${index} IS NOT NULL`;
    const hasOffset = `${hasOffsetSql(cell)} AND ${isRead}`;
    const hasNone = `NOT ${hasOffsetSql(cell)} AND ${isRead}`;
    return [
      `count(*) FILTER (${hasOffset}) AS with_${index}`,
      `count(*) FILTER (${hasNone}) AS without_${index}`,
      `min(left(${cell}, 100)) FILTER (${hasOffset}) AS example_${index}`,
      `min(left(${cell}, 100)) FILTER (${hasNone}) AS other_${index}`,
    ];
  });
  const read = readingsSql(
    relation,
    times.map(({ index }) => source.cell(index)),
    times.map(({ index, type, format }) => ({
      name: `read_${index}`,
      cell: source.cell(index),
      type,
      format,
    })),
  );
  return oneRow(connection, `SELECT ${counts.join(', ')} FROM ${read}`);
}
