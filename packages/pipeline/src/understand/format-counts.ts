import type { DuckDBConnection } from '@duckdb/node-api';
import type { CellFormat, ColumnType } from '@kaefer/contracts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';
import { isBadCellSql, readCellSql } from './cell-sql.ts';
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
  /** Numbers like 1.234, which may be either. */
  readonly unclearPoints: number;
  /** Dates that begin with a number above 12, and those that have one in the second place. */
  readonly onlyDayFirst: number;
  readonly onlyMonthFirst: number;
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
  onlyDayFirst: String.raw`\s*(1[3-9]|[23][0-9])[/.-][0-9]{1,2}[/.-][0-9]{4}.*`,
  onlyMonthFirst: String.raw`\s*[0-9]{1,2}[/.-](1[3-9]|[23][0-9])[/.-][0-9]{4}.*`,
  identifiers: String.raw`\s*[+-]?(0[0-9]+|[0-9]{19,})\s*`,
} as const;
type Shape = keyof typeof shapes;

/** Counts over the whole file; one scan for all columns. */
export async function countFormats(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly { readonly index: number; readonly candidates: readonly WrittenType[] }[],
): Promise<Map<number, FormatCounts>> {
  if (columns.length === 0) return new Map();
  const matches = (cell: string, shape: Shape): string =>
    `regexp_full_match(${cell}, ${quoteText(shapes[shape])})`;
  const expressions = columns.flatMap(({ index, candidates }) => {
    const cell = source.cell(index);
    const unclear = `${matches(cell, 'unclearCommas')} OR ${matches(cell, 'unclearPoints')}`;
    return [
      `count(${readCellSql('text', cell)}) AS given_${index}`,
      `coalesce(min(${cell}) FILTER (${unclear}), min(${cell})) AS example_${index}`,
      ...(Object.keys(shapes) as Shape[]).map(
        (shape) => `count(*) FILTER (${matches(cell, shape)}) AS ${shape}_${index}`,
      ),
      ...candidates.map(
        ({ type, format }, place) =>
          `count(*) FILTER (${isBadCellSql(type, cell, readCellSql(type, cell, format))}) AS bad_${index}_${place}`,
      ),
    ];
  });
  const row = await oneRow(connection, `SELECT ${expressions.join(', ')} FROM ${source.relation}`);
  return new Map(
    columns.map(({ index, candidates }) => {
      const of = (name: string): number => toCount(row[`${name}_${index}`]);
      const bad = (wanted: WrittenType): number => {
        const place = candidates.findIndex(
          ({ type, format }) => type === wanted.type && format === wanted.format,
        );
        return place < 0 ? Number.POSITIVE_INFINITY : toCount(row[`bad_${index}_${place}`]);
      };
      return [
        index,
        {
          given: of('given'),
          bad,
          decimalCommas: of('decimalCommas'),
          unclearCommas: of('unclearCommas'),
          decimalPoints: of('decimalPoints'),
          unclearPoints: of('unclearPoints'),
          onlyDayFirst: of('onlyDayFirst'),
          onlyMonthFirst: of('onlyMonthFirst'),
          identifiers: of('identifiers'),
          example: String(row[`example_${index}`] ?? ''),
        },
      ];
    }),
  );
}
