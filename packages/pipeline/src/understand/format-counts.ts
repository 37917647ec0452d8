import type { DuckDBConnection } from '@duckdb/node-api';
import type { CellFormat, ColumnType } from '@kaefer/contracts';
import { oneRow, toCount, type Row } from '../sql/connection.ts';
import { countLooks, type CellLooks } from './cell-looks.ts';
import { isBadCellSql, plainCellSql, readingsSql, readPlainSql } from './cell-sql.ts';
import type { CsvSource } from './csv-source.ts';
import { askStacked, StackedKinds } from './stacked-cells.ts';

/** A type together with how its cells are written. */
export interface WrittenType {
  readonly type: ColumnType;
  readonly format: CellFormat;
}

/** How many cells of a column are what. */
export interface FormatCounts extends CellLooks {
  /**
   * Cells that no reading as this type and format understands, and that do not stand for a missing value. Infinity where they are
   * more than is asked for; but it is the number of them wherever there are dates of both orders.
   */
  readonly bad: (candidate: WrittenType) => number;
}

interface AskedColumn {
  readonly index: number;
  readonly candidates: readonly WrittenType[];
  /** The largest share of its cells of whose being bad it is asked how many they are. */
  readonly mostBad: number;
}

/** The first rows of which it is asked what cannot be right: so many, and this share of a long file. */
const [fewestFirst, firstShare] = [2000, 0.03];

/**
 * Counts over the whole file, in two scans for all columns: what its cells look like, and then how many are not understood, by
 * those readings alone that some cell may need and that the first rows do not rule out.
 */
export async function countFormats(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly AskedColumn[],
): Promise<Map<number, FormatCounts>> {
  if (columns.length === 0) return new Map();
  const seen = await countLooks(
    connection,
    source,
    columns.map(({ index }) => index),
  );
  const looks = new Map(columns.map(({ index }, place) => [index, seen[place] as CellLooks]));
  const possible = columns.map(({ index, candidates, mostBad }) => ({
    index,
    mostBad,
    candidates: candidates.filter((candidate) => mayBeWritten(candidate, looks.get(index) as CellLooks)),
  }));
  const bad = await countBadCells(connection, source, possible, looks);
  return new Map(
    [...looks].map(([index, look]) => [
      index,
      {
        ...look,
        bad: (candidate) => bad.get(index)?.get(nameOf(candidate)) ?? Number.POSITIVE_INFINITY,
      },
    ]),
  );
}

const nameOf = ({ type, format }: WrittenType): string => `${type}_${format}`;

/** Whether any cell may be read in a format that is not read as well in the plain one. */
function mayBeWritten({ type, format }: WrittenType, looks: CellLooks): boolean {
  const isTime = type === 'date' || type === 'timestamp';
  switch (format) {
    case 'plain':
      return !isTime || looks.hyphens > 0;
    case 'decimal_comma':
      return looks.commas > 0 || looks.points > 0;
    case 'grouped_point':
      return looks.commas > 0;
    case 'day_first':
    case 'month_first':
      return looks.dates > 0;
  }
}

/** By column, and by type and format, how many given cells are not understood. */
type BadCells = Map<number, Map<string, number>>;

/** Those of the whole file; nothing of readings that the first rows rule out. */
async function countBadCells(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly AskedColumn[],
  looks: ReadonlyMap<number, CellLooks>,
): Promise<BadCells> {
  const rows = Math.max(...[...looks.values()].map((look) => look.rows));
  const first = Math.max(fewestFirst, Math.ceil(rows * firstShare));
  const sampled = await countBadInFirst(connection, source, columns, first);
  if (first >= rows) return sampled;
  const open = columns.map(({ index, candidates, mostBad }) => {
    const { given, onlyDayFirst, onlyMonthFirst } = looks.get(index) as CellLooks;
    const hasBothOrders = onlyDayFirst > 0 && onlyMonthFirst > 0;
    return {
      index,
      mostBad,
      candidates: candidates.filter(
        (candidate) => hasBothOrders || (sampled.get(index)?.get(nameOf(candidate)) ?? 0) <= given * mostBad,
      ),
    };
  });
  return countBadInAll(connection, source, open);
}

/** Of the first rows, where the columns are asked nearly the same: their cells are stacked. */
async function countBadInFirst(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly AskedColumn[],
  rows: number,
): Promise<BadCells> {
  const asked = columns.filter(({ candidates }) => candidates.length > 0);
  if (asked.length === 0) return new Map();
  const kinds = new StackedKinds(
    asked.map(({ candidates }) => candidates),
    nameOf,
  );
  const readings = kinds.things.map((candidate) => {
    const { type, format } = candidate;
    const name = nameOf(candidate);
    const sql = plainCellSql(type, format, 'cell');
    const plain = sql === 'cell' ? 'cell' : `plain_${name}`;
    const value = `read_${name}`;
    return {
      steps: sql === 'cell' ? [] : [`${kinds.where(candidate, sql)} AS ${plain}`],
      value: `${kinds.where(candidate, readPlainSql(type, plain))} AS ${value}`,
      bad: `count(*) FILTER (${kinds.where(candidate, isBadCellSql(type, 'cell', value))}) AS bad_${name}`,
    };
  });
  const answers = await askStacked(
    connection,
    `(SELECT * FROM ${source.relation} LIMIT ${rows})`,
    asked.map(({ index, candidates }) => ({ cell: source.cell(index), kind: kinds.kindOf(candidates) })),
    [readings.flatMap(({ steps }) => steps), readings.map(({ value }) => value)],
    readings.map(({ bad }) => bad),
  );
  return badCells(asked, (candidate, _, place) => answers[place]?.[`bad_${nameOf(candidate)}`] ?? 0);
}

/** Of all rows, where each column is asked little and of its own: the readings are beside one another. */
async function countBadInAll(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly AskedColumn[],
): Promise<BadCells> {
  const asked = columns.filter(({ candidates }) => candidates.length > 0);
  if (asked.length === 0) return new Map();
  const valueOf = (index: number, candidate: WrittenType): string => `r${index}_${nameOf(candidate)}`;
  const readings = asked.flatMap(({ index, candidates }) =>
    candidates.map((candidate) => ({
      ...candidate,
      name: valueOf(index, candidate),
      cell: source.cell(index),
    })),
  );
  const cells = asked.map(({ index }) => source.cell(index));
  const counts = readings.map(
    ({ type, cell, name }) => `count(*) FILTER (${isBadCellSql(type, cell, name)}) AS bad_${name}`,
  );
  const row = await oneRow(
    connection,
    `SELECT ${counts.join(', ')} FROM ${readingsSql(source.relation, cells, readings)}`,
  );
  return badCells(asked, (candidate, index) => row[`bad_${valueOf(index, candidate)}`]);
}

function badCells(
  columns: readonly AskedColumn[],
  answer: (candidate: WrittenType, index: number, place: number) => Row[string] | undefined,
): BadCells {
  return new Map(
    columns.map(({ index, candidates }, place) => [
      index,
      new Map(candidates.map((candidate) => [nameOf(candidate), toCount(answer(candidate, index, place))])),
    ]),
  );
}
