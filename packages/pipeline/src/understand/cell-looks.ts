import type { DuckDBConnection } from '@duckdb/node-api';
import { toCount } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';
import { readCellSql } from './cell-sql.ts';
import type { CsvSource } from './csv-source.ts';
import { askStacked } from './stacked-cells.ts';

const grouped = (mark: string): string => String.raw`\s*[+-]?[1-9][0-9]{0,2}${mark}[0-9]{3}\s*`;

/** What a format cannot do without, and so rules it out where no cell has it. */
const marks = {
  commas: `contains(cell, ',')`,
  points: `contains(cell, '.')`,
  hyphens: `contains(cell, '-')`,
} as const;

const hasSlash = `contains(cell, '/')`;
const beginsAsDate = `((cell >= '0' AND cell < ':') OR cell < '!')`;
const isLongAsDate = `strlen(cell) >= 6`;

/**
 * How cells look, and what a cell must have to look so, which is told faster than by the pattern: of nearly all cells most
 * patterns need not be asked. What is needed is over `marks` and the shapes before.
 */
const shapes = {
  dates: {
    pattern: String.raw`\s*[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}.*`,
    needs: `${isLongAsDate} AND ${beginsAsDate} AND (points OR hyphens OR ${hasSlash})`,
  },
  decimalCommas: {
    pattern: String.raw`\s*[+-]?([0-9]*,([0-9]{0,2}|[0-9]{4,})|0+,[0-9]*|[0-9]{4,},[0-9]*|[0-9]{1,3}(\.[0-9]{3})+,[0-9]*)\s*`,
    needs: 'commas',
  },
  unclearCommas: { pattern: grouped(','), needs: 'commas' },
  decimalPoints: {
    pattern: String.raw`\s*[+-]?([0-9]*\.([0-9]{0,2}|[0-9]{4,})|0+\.[0-9]*|[0-9]{4,}\.[0-9]*|[0-9]{1,3}(,[0-9]{3})+\.[0-9]*)\s*`,
    needs: 'points',
  },
  unclearPoints: { pattern: grouped(String.raw`\.`), needs: 'points' },
  onlyDayFirst: {
    pattern: String.raw`\s*(1[3-9]|[23][0-9])([/.-][0-9]{1,2}[/.-][0-9]{4}|/[0-9]{1,2}/[0-9]{2}).*`,
    needs: 'dates',
  },
  onlyMonthFirst: {
    pattern: String.raw`\s*[0-9]{1,2}([/.-](1[3-9]|[23][0-9])[/.-][0-9]{4}|/(1[3-9]|[23][0-9])/[0-9]{2}).*`,
    needs: 'dates',
  },
  shortYears: { pattern: String.raw`\s*[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}([ ,T].*)?\s*`, needs: hasSlash },
  yearsAtTheEnd: {
    pattern: String.raw`\s*[0-9]{1,2}/[0-9]{1,2}/(00|3[2-9]|[4-9][0-9])([ ,T].*)?\s*`,
    needs: hasSlash,
  },
  identifiers: {
    pattern: String.raw`\s*[+-]?(0[0-9]+|[0-9]{19,})\s*`,
    needs: mayBeIdentifierSql('cell'),
  },
} as const;
type Shape = keyof typeof shapes;

/** How many cells of a column look how; the counts that name a pattern of numbers are disjoint. */
export interface CellLooks {
  /** Rows of the file. */
  readonly rows: number;
  /** Cells that are not missing. */
  readonly given: number;
  /** Cells with the sign in them. */
  readonly commas: number;
  readonly points: number;
  readonly hyphens: number;
  /** Numbers that have a comma which only a decimal comma can be: 1,5. */
  readonly decimalCommas: number;
  /** Numbers like 1,234, which may be either. */
  readonly unclearCommas: number;
  /** Numbers that have a point which only a decimal point can be: 1.5. */
  readonly decimalPoints: number;
  /** Numbers like 1.234, which may be either. */
  readonly unclearPoints: number;
  /** Cells that begin like 31/12/26. */
  readonly dates: number;
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

/** How the cells of columns look, over the whole file in one scan. */
export async function countLooks(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly number[],
): Promise<CellLooks[]> {
  const names = Object.keys(shapes) as Shape[];
  const read = (shape: Shape): string =>
    `${whereSql(shapes[shape].needs, matchesSql('cell', shapes[shape].pattern))} AS ${shape}`;
  const counted = [...Object.keys(marks), ...names];
  const seen = await askStacked(
    connection,
    source.relation,
    columns.map((index) => ({ cell: source.cell(index) })),
    [
      Object.entries(marks).map(([mark, sql]) => `${sql} AS ${mark}`),
      names.filter((shape) => shapes[shape].needs !== 'dates').map(read),
      names.filter((shape) => shapes[shape].needs === 'dates').map(read),
    ],
    [
      `count(${readCellSql('text', 'cell')}) AS given`,
      `coalesce(min(cell) FILTER (unclearCommas OR unclearPoints), min(cell)) AS example`,
      `min(cell) FILTER (onlyDayFirst) AS dayFirstExample`,
      `min(cell) FILTER (onlyMonthFirst) AS monthFirstExample`,
      ...counted.map((name) => `count(*) FILTER (${name}) AS n_${name}`),
    ],
  );
  return seen.map((answers) => {
    const count = (name: string): number => (answers === undefined ? 0 : toCount(answers[name]));
    const text = (name: string): string => String(answers?.[name] ?? '');
    return {
      rows: count('n'),
      given: count('given'),
      example: text('example'),
      dayFirstExample: text('dayFirstExample'),
      monthFirstExample: text('monthFirstExample'),
      ...(Object.fromEntries(counted.map((name) => [name, count(`n_${name}`)])) as Record<
        Shape | keyof typeof marks,
        number
      >),
    };
  });
}

/** SQL that tells a cell which matches a pattern as a whole. */
export function matchesSql(cell: string, pattern: string): string {
  return `regexp_full_match(${cell}, ${quoteText(pattern)})`;
}

/** SQL of a condition that is asked only where another one, which it implies, holds. */
export function whereSql(needed: string, condition: string): string {
  return `(CASE WHEN ${needed} THEN ${condition} ELSE false END)`;
}

/**
 * SQL of what holds for every cell that is, but for blanks and a sign, a 0 before another digit or 19 digits and more: it is
 * long, or begins so in the order of bytes.
 */
export function mayBeIdentifierSql(cell: string): string {
  return `(strlen(${cell}) >= 19 OR ${cell} < '-' OR (${cell} >= '-0' AND ${cell} < '-1') OR (${cell} >= '00' AND ${cell} < '0:'))`;
}
