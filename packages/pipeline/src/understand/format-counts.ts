import type { DuckDBConnection } from '@duckdb/node-api';
import type { CellFormat, ColumnType } from '@kaefer/contracts';
import { oneRow, toCount, type Row } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';
import { isBadCellSql, readCellSql, readingsSql } from './cell-sql.ts';
import type { CsvSource } from './csv-source.ts';

/** A type together with how its cells are written. */
export interface WrittenType {
  readonly type: ColumnType;
  readonly format: CellFormat;
}

/** How many cells of a column are what; the counts that name a pattern are disjoint. */
export interface FormatCounts {
  readonly given: number;
  /** Cells that no reading as this type and format understands, and that do not stand for a missing value. */
  readonly bad: (candidate: WrittenType) => number;
  /** Numbers that have a comma which only a decimal comma can be: 1,5. */
  readonly decimalCommas: number;
  /** Numbers like 1,234, which may be either. */
  readonly unclearCommas: number;
  /** Numbers that have a point which only a decimal point can be, or four digits in a row before it. */
  readonly decimalPoints: number;
  /** Cells with a point in them. */
  readonly points: number;
  /** Numbers like 1.234, which may be either. */
  readonly unclearPoints: number;
  /** Dates that begin with a number above 12, and those that have one in the second place. */
  readonly onlyDayFirst: number;
  readonly onlyMonthFirst: number;
  /** One date of each kind; empty where there is none. */
  readonly dayFirstExample: string;
  readonly monthFirstExample: string;
  /** Dates with a year of two digits, and those of them that cannot begin with it, as the last part is no day. */
  readonly shortYears: number;
  readonly yearsAtTheEnd: number;
  /** Texts like 00042 or of more than 18 digits. */
  readonly identifiers: number;
  /** One of the unclear numbers, or any cell. */
  readonly example: string;
}

const grouped = (mark: string): string => String.raw`\s*[+-]?[1-9][0-9]{0,2}${mark}[0-9]{3}\s*`;
const shapes = {
  decimalCommas: String.raw`\s*[+-]?([0-9]*,([0-9]{0,2}|[0-9]{4,})|0+,[0-9]*|[0-9]{4,},[0-9]*|[0-9]{1,3}(\.[0-9]{3})+,[0-9]*)\s*`,
  unclearCommas: grouped(','),
  decimalPoints: String.raw`\s*[+-]?([0-9]*\.([0-9]{0,2}|[0-9]{4,})|0+\.[0-9]*|[0-9]{4,}(\.[0-9]*)?|[0-9]{1,3}(,[0-9]{3})+\.[0-9]*)\s*`,
  unclearPoints: grouped(String.raw`\.`),
  onlyDayFirst: String.raw`\s*(1[3-9]|[23][0-9])([/.-][0-9]{1,2}[/.-][0-9]{4}|/[0-9]{1,2}/[0-9]{2}).*`,
  onlyMonthFirst: String.raw`\s*[0-9]{1,2}([/.-](1[3-9]|[23][0-9])[/.-][0-9]{4}|/(1[3-9]|[23][0-9])/[0-9]{2}).*`,
  shortYears: String.raw`\s*[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}([ ,T].*)?\s*`,
  yearsAtTheEnd: String.raw`\s*[0-9]{1,2}/[0-9]{1,2}/(00|3[2-9]|[4-9][0-9])([ ,T].*)?\s*`,
  identifiers: String.raw`\s*[+-]?(0[0-9]+|[0-9]{19,})\s*`,
} as const;
type Shape = keyof typeof shapes;

/** What a format cannot do without, and so rules it out where no cell has it. */
const marks = {
  commas: (cell: string) => `contains(${cell}, ',')`,
  points: (cell: string) => `contains(${cell}, '.')`,
  hyphens: (cell: string) => `contains(${cell}, '-')`,
  dates: (cell: string) =>
    `regexp_full_match(${cell}, ${quoteText(String.raw`\s*[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}.*`)})`,
} as const;
type Mark = keyof typeof marks;

interface AskedColumn {
  readonly index: number;
  readonly candidates: readonly WrittenType[];
}

/**
 * Counts over the whole file, in two scans for all columns: what its cells look like, and then how many are not understood, by
 * those readings alone that some cell may need.
 */
export async function countFormats(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly AskedColumn[],
): Promise<Map<number, FormatCounts>> {
  if (columns.length === 0) return new Map();
  const looks = await countLooks(connection, source, columns);
  const of = (name: string, index: number): number => toCount(looks[`${name}_${index}`]);
  const has = (mark: Mark, index: number): boolean => of(mark, index) > 0;
  const possible = columns.map(({ index, candidates }) => ({
    index,
    candidates: candidates.filter(({ type, format }) =>
      mayBeWritten(type, format, (mark) => has(mark, index)),
    ),
  }));
  const bad = await countBadCells(connection, source, possible);
  return new Map(
    columns.map(({ index }) => [
      index,
      {
        given: of('given', index),
        bad: ({ type, format }) => bad.get(`${index} ${type} ${format}`) ?? Number.POSITIVE_INFINITY,
        decimalCommas: of('decimalCommas', index),
        unclearCommas: of('unclearCommas', index),
        decimalPoints: of('decimalPoints', index),
        points: of('points', index),
        unclearPoints: of('unclearPoints', index),
        onlyDayFirst: of('onlyDayFirst', index),
        onlyMonthFirst: of('onlyMonthFirst', index),
        shortYears: of('shortYears', index),
        yearsAtTheEnd: of('yearsAtTheEnd', index),
        identifiers: of('identifiers', index),
        dayFirstExample: String(looks[`dayFirst_${index}`] ?? ''),
        monthFirstExample: String(looks[`monthFirst_${index}`] ?? ''),
        example: String(looks[`example_${index}`] ?? ''),
      },
    ]),
  );
}

/** Whether any cell may be read in a format that is not read as well in the plain one. */
function mayBeWritten(type: ColumnType, format: CellFormat, has: (mark: Mark) => boolean): boolean {
  const isTime = type === 'date' || type === 'timestamp';
  switch (format) {
    case 'plain':
      return !isTime || has('hyphens');
    case 'decimal_comma':
      return has('commas') || has('points');
    case 'grouped_point':
      return has('commas');
    case 'day_first':
    case 'month_first':
      return has('dates');
  }
}

async function countLooks(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly AskedColumn[],
): Promise<Row> {
  const matches = (cell: string, shape: Shape): string =>
    `regexp_full_match(${cell}, ${quoteText(shapes[shape])})`;
  const inner = columns.flatMap(({ index }) => {
    const cell = source.cell(index);
    return [
      cell,
      `${matches(cell, 'unclearCommas')} AS unclearCommas_${cell}`,
      `${matches(cell, 'unclearPoints')} AS unclearPoints_${cell}`,
    ];
  });
  const counts = columns.flatMap(({ index }) => {
    const cell = source.cell(index);
    const counted = (Object.keys(shapes) as Shape[]).map((shape) =>
      shape === 'unclearCommas' || shape === 'unclearPoints'
        ? `count(*) FILTER (${shape}_${cell}) AS ${shape}_${index}`
        : `count(*) FILTER (${matches(cell, shape)}) AS ${shape}_${index}`,
    );
    return [
      `count(${readCellSql('text', cell)}) AS given_${index}`,
      `coalesce(min(${cell}) FILTER (unclearCommas_${cell} OR unclearPoints_${cell}), min(${cell})) AS example_${index}`,
      `min(${cell}) FILTER (${matches(cell, 'onlyDayFirst')}) AS dayFirst_${index}`,
      `min(${cell}) FILTER (${matches(cell, 'onlyMonthFirst')}) AS monthFirst_${index}`,
      ...counted,
      ...(Object.keys(marks) as Mark[]).map(
        (mark) => `count(*) FILTER (${marks[mark](cell)}) AS ${mark}_${index}`,
      ),
    ];
  });
  return oneRow(
    connection,
    `SELECT ${counts.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${source.relation})`,
  );
}

/** By column, type and format how many given cells are not understood. */
async function countBadCells(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly AskedColumn[],
): Promise<Map<string, number>> {
  const readings = columns.flatMap(({ index, candidates }) =>
    candidates.map(({ type, format }, place) => ({
      name: `${index} ${type} ${format}`,
      cell: source.cell(index),
      type,
      format,
      value: `r${index}_${place}`,
    })),
  );
  if (readings.length === 0) return new Map();
  const cells = [...new Set(readings.map(({ cell }) => cell))];
  const read = readingsSql(
    source.relation,
    cells,
    readings.map(({ cell, type, format, value }) => ({ name: value, cell, type, format })),
  );
  const counts = readings.map(
    ({ type, cell, value }) => `count(*) FILTER (${isBadCellSql(type, cell, value)}) AS bad_${value}`,
  );
  const row = await oneRow(connection, `SELECT ${counts.join(', ')} FROM ${read}`);
  return new Map(readings.map(({ name, value }) => [name, toCount(row[`bad_${value}`])]));
}
