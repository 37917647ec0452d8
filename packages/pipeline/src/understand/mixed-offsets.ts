import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { oneRow, toCount, type Row } from '../sql/connection.ts';
import type { CsvSource } from './csv-source.ts';
import type { EarlierFormats, Offsets } from '../features/earlier-formats.ts';
import { readingsSql } from './cell-sql.ts';
import type { WrittenType } from './format-counts.ts';
import { hasOffsetSql } from './time-sql.ts';

/** So many first rows tell whether times say how far they are from UTC. */
const firstRows = 20_000;

interface WrittenColumn extends WrittenType {
  /** Position in the file. */
  readonly index: number;
  readonly name: string;
}

/** What the first times of a file say. */
export interface FirstOffsets<Column> {
  /** The columns, those of times with whether they have an offset from UTC. */
  readonly columns: (Column & { readonly offsets?: Offsets })[];
  /** The same of the columns that have a time, by name. */
  readonly offsets: Readonly<Record<string, Offsets>>;
  /** Columns whose times had an offset in files of before and have none now, or the other way round. */
  readonly problems: readonly StoredProblem[];
}

/** Looks at whether the first times of columns say how far they are from UTC, and whether that is as it was before. */
export async function withOffsets<Column extends WrittenColumn>(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly Column[],
  earlier: EarlierFormats | undefined,
): Promise<FirstOffsets<Column>> {
  const first = `(SELECT * FROM ${source.relation} LIMIT ${firstRows})`;
  const seen = await countOffsets(connection, source, columns, first);
  const offsets: Record<string, Offsets> = {};
  const problems: StoredProblem[] = [];
  const looked = columns.map((column) => {
    const { index, name, type } = column;
    if (type !== 'timestamp') return column;
    const [some, others] = [toCount(seen[`with_${index}`]), toCount(seen[`without_${index}`])];
    const now = some > 0 ? 'with' : 'without';
    const before = earlier?.columns.get(name)?.offsets;
    if (some + others > 0) {
      offsets[name] = now;
      const value = String(seen[some > 0 ? `example_${index}` : `other_${index}`]);
      if (before !== undefined && before !== now)
        problems.push({
          code: changedTo[now],
          parameters: { column: name, value },
          column: name,
          value,
          count: 1,
        });
    }
    return { ...column, offsets: now } as const;
  });
  return { columns: looked, offsets, problems };
}

const changedTo = { with: 'offsets_new', without: 'offsets_gone' } as const;

/** Says of columns whose times have an offset from UTC in some cells alone how many have none, over the whole file. */
export async function findMixedOffsets(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly WrittenColumn[],
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
  columns: readonly WrittenColumn[],
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
