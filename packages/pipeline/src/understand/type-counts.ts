import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '@kaefer/contracts';
import { lowered } from '../features/boolean-words.ts';
import { isMissingMarker, isMissingText, isWrittenAs, trimSpaces } from '../features/parse-cell.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';
import type { CsvSource } from './csv-source.ts';
import { isBadCellSql, readCellSql } from './cell-sql.ts';

type AskedType = Exclude<ColumnType, 'text'>;

/** Narrowest first: a column gets the first type that all its values have. */
export const typesAsked: readonly AskedType[] = ['boolean', 'integer', 'number', 'date', 'timestamp'];

/** How many cells of a column are what. */
export interface TypeCounts {
  readonly given: number;
  /** Numbers that are rather names: with leading zeros, such as 00042, or with more than 18 digits. */
  readonly identifiers: number;
  readonly read: ReadonlyMap<ColumnType, number>;
  /** Cells that are no values of the type and do not stand for a missing one either. */
  readonly bad: ReadonlyMap<ColumnType, number>;
  /** The different words, in small letters, that are read as true or false. */
  readonly truths: readonly string[];
}

export interface CountedTypes {
  /** How many rows were looked at. */
  readonly rows: number;
  readonly counts: ReadonlyMap<number, TypeCounts>;
}

/** Where the cells are. */
type AskedSource = Pick<CsvSource, 'relation' | 'cell'>;

export interface TypeQuestion {
  readonly index: number;
  readonly types: readonly ColumnType[];
}

export const allTypes = (columns: readonly number[]): TypeQuestion[] =>
  columns.map((index) => ({ index, types: typesAsked }));

/** Longer cells, in bytes, are not brought here. */
const longestHere = 400;
/** So many columns are brought here at a time. */
const columnsHere = 200;

/**
 * {@link countTypes} of all types in the first rows, which are few. DuckDB would plan five readings of each column for longer than it
 * takes to read the cells here; it is asked only of columns with long cells.
 */
export async function countFirstTypes(
  connection: DuckDBConnection,
  source: AskedSource,
  columns: readonly number[],
  rows: number,
): Promise<CountedTypes> {
  const counts = new Map<number, TypeCounts>();
  let seen = 0;
  for (let from = 0; from < columns.length; from += columnsHere) {
    const group = columns.slice(from, from + columnsHere);
    const cells = group.map((index) => {
      const cell = source.cell(index);
      return `CASE WHEN strlen(${cell}) > ${longestHere} THEN NULL ELSE ${cell} END, coalesce(strlen(${cell}) > ${longestHere}, false)`;
    });
    const reader = await connection.runAndReadAll(
      `SELECT ${cells.join(', ')} FROM (SELECT * FROM ${source.relation} LIMIT ${rows})`,
    );
    const read = reader.getColumns();
    seen = reader.currentRowCount;
    for (const [place, index] of group.entries())
      if (!(read[2 * place + 1] ?? []).includes(true))
        counts.set(index, countCells((read[2 * place] ?? []) as (string | null)[]));
  }
  const open = columns.filter((index) => !counts.has(index));
  const others = await countTypes(connection, source, allTypes(open), rows);
  return { rows: seen, counts: new Map([...counts, ...others.counts]) };
}

/** Of one column's cells the same as {@link countTypes}. */
export function countCells(cells: readonly (string | null)[]): TypeCounts {
  const read = new Map<ColumnType, number>(typesAsked.map((type) => [type, 0]));
  const bad = new Map(read);
  const truths = new Set<string>();
  const add = (counts: Map<ColumnType, number>, type: ColumnType): unknown =>
    counts.set(type, (counts.get(type) ?? 0) + 1);
  let [given, identifiers] = [0, 0];
  for (const cell of cells) {
    if (cell === null) continue;
    if (!isMissingText(cell)) given++;
    if (isMissingMarker(cell)) continue;
    for (const type of typesAsked) {
      const isOne = isWrittenAs(type, cell);
      add(isOne ? read : bad, type);
      if (isOne && type === 'boolean') truths.add(lowered(trimSpaces(cell)));
      if (isOne && type === 'number' && identifier.test(cell)) identifiers++;
    }
  }
  return { given, identifiers, read, bad, truths: [...truths] };
}

/** The same in SQL (RE2) and JavaScript. */
const identifierPattern = '[ \\t\\r\\n\\f]*[+-]?(0[0-9]+.*|[0-9]{19,}[ \\t\\r\\n\\f]*)';
const identifier = new RegExp(`^(?:${identifierPattern})$`);

/** How many cells are values of each of the types, and how many are not and do not stand for a missing one either. */
export async function countTypes(
  connection: DuckDBConnection,
  source: AskedSource,
  columns: readonly TypeQuestion[],
  rows: number | undefined,
): Promise<CountedTypes> {
  if (columns.length === 0) return { rows: 0, counts: new Map() };
  // Each reading is written once, below the counts: DuckDB would plan and evaluate every repetition anew.
  const readings = columns.flatMap(({ index, types }) => {
    const cell = source.cell(index);
    return [cell, ...types.map((type) => `${readCellSql(type, cell)} AS ${type}_${cell}`)];
  });
  const counts = columns.flatMap(({ index, types }) => {
    const cell = source.cell(index);
    const isIdentifier = `regexp_full_match(${cell}, ${quoteText(identifierPattern)}) AND ${types.includes('number') ? `number_${cell}` : `integer_${cell}`} IS NOT NULL`;
    return [
      `count(${readCellSql('text', cell)}) AS given_${index}`,
      `${types.includes('integer') || types.includes('number') ? `count(*) FILTER (${isIdentifier})` : '0'} AS identifier_${index}`,
      types.includes('boolean')
        ? `array_to_string(array_agg(DISTINCT lower(trim(${cell}))) FILTER (boolean_${cell} IS NOT NULL), chr(31)) AS truths_${index}`
        : `NULL AS truths_${index}`,
      ...types.map((type) => `count(${type}_${cell}) AS ${type}_${index}`),
      ...types.map(
        (type) => `count(*) FILTER (${isBadCellSql(type, cell, `${type}_${cell}`)}) AS bad_${type}_${index}`,
      ),
    ];
  });
  const limited = rows === undefined ? '' : ` LIMIT ${rows}`;
  const seen = await oneRow(
    connection,
    `SELECT count(*) AS n, ${counts.join(', ')} FROM (SELECT ${readings.join(', ')} FROM (SELECT * FROM ${source.relation}${limited}))`,
  );
  const of = (name: string): number => toCount(seen[name]);
  const byColumn = new Map(
    columns.map(({ index, types }) => [
      index,
      {
        given: of(`given_${index}`),
        identifiers: of(`identifier_${index}`),
        read: new Map(types.map((type) => [type, of(`${type}_${index}`)])),
        bad: new Map(types.map((type) => [type, of(`bad_${type}_${index}`)])),
        truths: String(seen[`truths_${index}`] ?? '').split('\u001f'),
      },
    ]),
  );
  return { rows: of('n'), counts: byColumn };
}
