import type { DuckDBConnection } from '@duckdb/node-api';
import type { CellFormat, ColumnType } from '@kaefer/contracts';
import { provenance, rejectedColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import {
  hasLeadingZerosSql,
  isBadCellSql,
  readBooleanSql,
  readCellInSteps,
  readKeySql,
} from '../understand/cell-sql.ts';
import type { CsvSource } from '../understand/csv-source.ts';
import { isOtherOffsetSql } from '../understand/time-sql.ts';
import type { Offsets } from '../features/earlier-formats.ts';
import { keyColumnsOf, type Expectations } from './report.ts';

/** A column of the file as it is staged. */
export interface StagedColumn {
  /** Position in the file. */
  readonly index: number;
  readonly name: string;
  readonly type: ColumnType;
  readonly format: CellFormat;
  /**
   * Whether a number with leading zeros counts as one that the column cannot hold: until the whole file has been asked what it
   * tells, as 00042 may be no number at all, and where the contract leaves such rows out.
   */
  readonly refusesZeros: boolean;
  /**
   * Whether times must, or must not, say how far they are from UTC, as those do that were looked at first: until the whole file
   * has been asked, as it is then to be said that not all are alike.
   */
  readonly offsets?: Offsets | undefined;
  /** Letters that stand for true and false in it. Default: all that may. */
  readonly letters?: string | undefined;
}

/** Everything that SQL says of one record of the file, by column position. */
export interface RecordSql {
  /** `SELECT … FROM file`: the raw cells `c0…`, what was read from them, `v0…`. */
  readonly inner: string;
  /** Boolean expressions over `inner`: why a record is rejected. */
  readonly badCells: ReadonlyMap<number, string>;
  readonly keyMissing: string;
  readonly targetMissing: string;
  readonly targetUnknown: string;
  readonly rejected: string;
}

/** Builds the SQL that reads and judges the records of a file. */
export function recordSql(
  source: CsvSource,
  columns: readonly StagedColumn[],
  expectations: Expectations,
): RecordSql {
  const keys = keyColumnsOf(expectations);
  const read = columns.map(({ index, name, type, format, refusesZeros, ...only }) => {
    const cell = source.cell(index);
    return keys.includes(name)
      ? { index, steps: [], value: readKeySql(cell) }
      : { index, ...readCellInSteps(index, type, cell, format, refusesZeros, only) };
  });
  const badCells = new Map(
    columns
      .filter(({ type }) => type !== 'text')
      .map(({ index, type }) => [index, isBadCellSql(type, source.cell(index), `v${index}`)]),
  );
  const indexOf = (name: string | null): number | undefined =>
    columns.find((column) => column.name === name)?.index;
  const keyIndexes = keys.map(indexOf).filter((index) => index !== undefined);
  const target = indexOf(expectations.target);
  const keyMissing =
    keyIndexes.length === 0 ? 'false' : `(${keyIndexes.map((index) => `v${index} IS NULL`).join(' OR ')})`;
  const targetBad = target === undefined ? undefined : badCells.get(target);
  const targetMissing =
    target === undefined
      ? 'false'
      : `(v${target} IS NULL${targetBad === undefined ? '' : ` AND NOT ${targetBad}`})`;
  const closed = expectations.task === 'binary' && expectations.classes.length === 2;
  const targetUnknown =
    target === undefined || !closed
      ? 'false'
      : `coalesce(v${target} NOT IN (${expectations.classes.map(quoteText).join(', ')}), false)`;
  const raw = Array.from({ length: source.width }, (_, index) => source.cell(index));
  const stepped = [0, 1].reduce((relation, step) => {
    const added = read.flatMap(({ steps }) => steps[step] ?? []);
    return added.length === 0 ? relation : `(SELECT *, ${added.join(', ')} FROM ${relation})`;
  }, source.relation);
  const values = read.map(({ index, value }) => `${value} AS v${index}`);
  return {
    inner: `SELECT ${[...raw, ...values].join(', ')} FROM ${stepped}`,
    badCells,
    keyMissing,
    targetMissing,
    targetUnknown,
    rejected: [rejectedByCells(columns, badCells, source), keyMissing, targetMissing, targetUnknown].join(
      ' OR ',
    ),
  };
}

/**
 * Whether a record has a bad cell. Nearly none has one that was given and not read, which is told quickly; only of those is
 * it asked whether the cell stands for a missing value.
 */
function rejectedByCells(
  columns: readonly StagedColumn[],
  badCells: ReadonlyMap<number, string>,
  source: CsvSource,
): string {
  const unread = columns.flatMap(({ index }) =>
    badCells.has(index) ? [`(v${index} IS NULL AND ${source.cell(index)} IS NOT NULL)`] : [],
  );
  if (unread.length === 0) return 'false';
  return `(CASE WHEN ${unread.join(' OR ')} THEN ${[...badCells.values()].join(' OR ')} ELSE false END)`;
}

export const hasLeadingZeros = (cell: string): boolean => /^[ \t\r\n\f\v]*0[0-9]/.test(cell);

/** SQL that tells a cell which a column cannot hold, given the cell and what was read from it. */
export function isBadInSql(
  { type, refusesZeros, offsets, letters }: StagedColumn,
  cell: string,
  read: string,
): string {
  const isBad = isBadCellSql(type, cell, read);
  const isNumber = type === 'integer' || type === 'number';
  if (type === 'boolean' && letters !== undefined)
    return `(${isBad} OR (${read} IS NOT NULL AND ${readBooleanSql(cell, letters)} IS NULL))`;
  if (type === 'timestamp' && offsets !== undefined)
    return `(${isBad} OR (${read} IS NOT NULL AND ${isOtherOffsetSql(cell, offsets)}))`;
  return refusesZeros && isNumber ? `(${isBad} OR ${hasLeadingZerosSql(cell)})` : isBad;
}

/**
 * How staged rows are written: they are read two or three times and then merged, so writing quickly counts for more than size.
 * DuckDB puts rows of a CSV file together into larger row groups at the cost of parsing them once more.
 */
const stagedFormat = 'FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 2000';

/** Writes the typed rows of a file, in its order, with the column that marks rejected ones; counts both. */
export async function writeStaged(
  connection: DuckDBConnection,
  records: RecordSql,
  columns: readonly StagedColumn[],
  expectations: Expectations,
  path: string,
): Promise<{ rows: number; rejected: number }> {
  const values = columns.map(({ index, name }) => `v${index} AS ${quoteName(name)}`);
  if (expectations.key === provenance.key)
    values.push(`${joinedKeySql(columns, expectations)} AS ${provenance.key}`);
  if (expectations.key === null) values.push(`${contentDigestSql(columns)} AS ${provenance.row}`);
  await connection.run(
    `COPY (SELECT ${values.join(', ')}, (${records.rejected}) AS ${rejectedColumn} FROM (${records.inner})) TO ${quoteText(path)} (${stagedFormat})`,
  );
  const counts = await oneRow(
    connection,
    `SELECT count(*) AS n, count(*) FILTER (${rejectedColumn}) AS rejected FROM read_parquet(${quoteText(path)})`,
  );
  return { rows: toCount(counts['n']), rejected: toCount(counts['rejected']) };
}

/** The texts of several key columns as one; the separator is a control character that no one types. */
function joinedKeySql(columns: readonly StagedColumn[], expectations: Expectations): string {
  return keyColumnsOf(expectations)
    .map((name) => `v${columns.find((column) => column.name === name)?.index}`)
    .join(' || chr(31) || ');
}

/** A digest of a row's values with their columns' names, missing ones left out: columns added later do not change it. */
function contentDigestSql(columns: readonly StagedColumn[]): string {
  const parts = [...columns]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ index, name }) => `${quoteText(`${name}\u001f`)} || v${index}::VARCHAR`);
  return `md5(concat_ws(chr(30), ${parts.join(', ')}))`;
}
