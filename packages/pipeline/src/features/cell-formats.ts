import type { CellFormat, ColumnType } from '@kaefer/contracts';
import { cellPatterns, clock } from './cell-patterns.ts';

const blank = '[ \\t\\r\\n\\f]*';
const dayAndMonth = '([0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2})';

/** The parts of such a date: first, second, year, what follows; the same in SQL and JavaScript. */
export const dateParts = '^\\s*(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4}|\\d{2})(.*?)\\s*$';

/** A year of two digits from here on is of the last century: 69 is 1969, 68 is 2068, as POSIX has it. */
export const firstYearOf1900s = 69;

/**
 * How the cells of a column look in each format that is not plain, by type: whole-cell patterns, the same in SQL (RE2) and
 * JavaScript. `decimal_comma` is 1.234,5; `grouped_point` is 1,234.5; `day_first` is 31/12/2026; `month_first` is
 * 12/31/2026. A format that a type does not have is missing.
 */
const patterns: Readonly<Record<Exclude<CellFormat, 'plain'>, Partial<Record<ColumnType, string>>>> = {
  decimal_comma: {
    integer: `${blank}[+-]?([0-9]{1,3}(\\.[0-9]{3}){1,5}|[0-9]{1,18})${blank}`,
    number: `${blank}[+-]?([0-9]{1,3}(\\.[0-9]{3})+|[0-9]+)(,[0-9]*)?([eE][+-]?[0-9]{1,3})?${blank}`,
  },
  grouped_point: {
    integer: `${blank}[+-]?([0-9]{1,3}(,[0-9]{3}){1,5}|[0-9]{1,18})${blank}`,
    number: `${blank}[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\\.[0-9]*)?([eE][+-]?[0-9]{1,3})?${blank}`,
  },
  day_first: { date: `${blank}${dayAndMonth}${blank}`, timestamp: `${blank}${dayAndMonth}${clock}${blank}` },
  month_first: {
    date: `${blank}${dayAndMonth}${blank}`,
    timestamp: `${blank}${dayAndMonth}${clock}${blank}`,
  },
};

/** The formats that a column of a type may be written in, the plain one first. */
export function formatsOf(type: ColumnType): CellFormat[] {
  const others = Object.entries(patterns) as [
    Exclude<CellFormat, 'plain'>,
    Partial<Record<ColumnType, string>>,
  ][];
  return ['plain', ...others.filter(([, byType]) => byType[type] !== undefined).map(([format]) => format)];
}

/** What a cell must look like to be read in a format; undefined when the type has no such format. */
export function formatPattern(type: ColumnType, format: CellFormat): string | undefined {
  if (format !== 'plain') return patterns[format][type];
  return type === 'text' || type === 'boolean' ? undefined : cellPatterns[type];
}

/** A cell in a format as the plain text of the same value; undefined when it is not written in that format. */
export function plainCell(type: ColumnType, format: CellFormat, cell: string): string | undefined {
  if (format === 'plain') return cell;
  const pattern = patterns[format][type];
  if (pattern === undefined || !new RegExp(`^(?:${pattern})$`).test(cell)) return undefined;
  switch (format) {
    case 'decimal_comma':
      return cell.replaceAll('.', '').replace(',', '.');
    case 'grouped_point':
      return cell.replaceAll(',', '');
    case 'day_first':
    case 'month_first': {
      const [, first = '', second = '', year = '', rest = ''] = new RegExp(dateParts).exec(cell) ?? [];
      const [day, month] = format === 'day_first' ? [first, second] : [second, first];
      const time = rest.replace(/^(,? |T)(\d):/, '$10$2:');
      const century = year.length === 4 ? '' : Number(year) < firstYearOf1900s ? '20' : '19';
      return `${century}${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${time}`;
    }
  }
}
