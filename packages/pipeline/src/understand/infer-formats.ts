import type { DuckDBConnection } from '@duckdb/node-api';
import type { CellFormat, ColumnType, EarlierPart, Reading } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { formatsOf } from '../features/cell-formats.ts';
import { oneRow } from '../sql/connection.ts';
import { isBadCellSql, readCellSql } from './cell-sql.ts';
import type { CsvSource } from './csv-source.ts';
import type { EarlierFormats, ProvenFormat, ProvenFormats } from '../features/earlier-formats.ts';
import { only } from './proven-formats.ts';
import { countFormats, type FormatCounts, type WrittenType } from './format-counts.ts';

/** A column whose writing is in question. */
export interface OpenColumn {
  readonly index: number;
  readonly name: string;
  /** As guessed from plain cells. */
  readonly type: ColumnType;
  /** Whether the project has settled the type, so that only the format is open. */
  readonly isTypeSettled: boolean;
}

export interface FormatFindings {
  /** For each column in question how it is to be read. */
  readonly written: ReadonlyMap<number, WrittenType>;
  readonly problems: readonly StoredProblem[];
  /** By the columns' names what their own cells prove. */
  readonly proven: ProvenFormats;
  /** What was decided as in files of before, because this one leaves it open. */
  readonly byEarlier: readonly EarlierPart[];
}

/** What is known of a project's files beside the file itself. */
export interface ToldFormats {
  /** What a person said. Default nothing. */
  readonly reading?: Reading | undefined;
  /** What merged files have proven. Default nothing. */
  readonly earlier?: EarlierFormats | undefined;
}

/** Fewest cells, and largest share of slips among them, with which a column is still what nearly all its cells are. */
const [fewestForSlips, mostSlips] = [200, 0.01];
/** A column whose type is settled is written as most of its cells are, however many of the others are slips. */
const mostSlipsOfSettled = 0.5;
/** Fewest cells, and largest share of others among them, of a column kept as text of which it is said that nearly all are no texts. */
const [fewestForOdd, mostOdd] = [10, 0.1];
const openTypes: readonly ColumnType[] = ['integer', 'number', 'date', 'timestamp'];
const candidatesOf = ({ type, isTypeSettled }: OpenColumn): WrittenType[] =>
  (isTypeSettled ? [type] : openTypes).flatMap((each) =>
    formatsOf(each).map((format) => ({ type: each, format })),
  );

/**
 * How the numbers and dates of columns are written, from every cell of the file. What one column leaves open is taken
 * from what the others are: a file has one way of writing. What stays open even so is never guessed: it is read plainly or
 * kept as text, and said. What a person said of the project's files decides what this file leaves open, and nothing that it
 * proves; after that what files of before have proven.
 */
export async function inferFormats(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly OpenColumn[],
  { reading = {}, earlier }: ToldFormats = {},
): Promise<FormatFindings> {
  const open = columns.filter(({ index }) => !source.numbers.has(index));
  const counts = await countFormats(
    connection,
    source,
    open.map((column) => ({
      index: column.index,
      candidates: candidatesOf(column),
      mostBad: column.isTypeSettled ? mostSlipsOfSettled : mostOdd,
    })),
  );
  const asked = open.map((column) => ({ column, counts: counts.get(column.index) as FormatCounts }));
  const proofs = asked.map(({ column, counts: seen }) => ({ column, formats: proofsOf(column, seen) }));
  const { habits, problems } = toldHabits(habitsOf(proofs, source.delimiter), reading);
  const odd: OddColumn[] = [];
  const written = new Map<number, WrittenType>(
    columns.map(({ index, type }) => [index, { type, format: 'plain' }]),
  );
  const byEarlier = new Set<EarlierPart>();
  for (const { column, counts: seen } of asked) {
    const alone = decide(column, seen, habits);
    const { as, unclear } = decide(column, seen, withEarlier(habits, column.name, seen, earlier));
    if (as.format !== alone.as.format || unclear !== alone.unclear)
      byEarlier.add(as.type === 'date' || as.type === 'timestamp' ? 'dates' : 'decimal');
    written.set(column.index, as);
    if (unclear === undefined && as.type === 'text') odd.push(...oddIn(column, seen));
    const hasShortYears = seen.shortYears > 0 && (as.format === 'day_first' || as.format === 'month_first');
    for (const code of [
      ...(unclear === undefined ? [] : [unclear]),
      ...(hasShortYears ? ['short_years' as const] : []),
    ])
      problems.push(about(code, column.name, seen));
  }
  problems.push(...(await describeOdd(connection, source, odd)));
  const proven = Object.fromEntries(
    proofs.flatMap(({ column, formats: [only, ...others] }) =>
      only === undefined || others.length > 0 ? [] : [[column.name, only]],
    ),
  );
  return { written, problems, proven, byEarlier: [...byEarlier] };
}

/**
 * The habits as a column has them: where neither the file nor a person tells, its own of before, else those of all files of
 * before. Between commas a point is taken for a decimal one: another program than that of before wrote such a file.
 */
function withEarlier(
  habits: Habits,
  column: string,
  counts: FormatCounts,
  earlier: EarlierFormats | undefined,
): Habits {
  if (earlier === undefined) return habits;
  const own = earlier.columns.get(column);
  const mark = habits.hasCommas && counts.unclearPoints > 0 ? undefined : (own?.mark ?? earlier.mark);
  const dates = own?.dates ?? earlier.dates;
  const isOpen = habits.dates === undefined || habits.isDateOrderAssumed;
  return {
    ...habits,
    mark: habits.mark ?? mark,
    ...(isOpen && dates !== undefined ? { dates, isDateOrderAssumed: false } : {}),
  };
}

/** A column kept as text, and the reading that most of its cells have. */
interface OddColumn {
  readonly column: OpenColumn;
  readonly nearly: WrittenType;
  readonly cells: number;
}

function oddIn(column: OpenColumn, { given, bad, identifiers }: FormatCounts): OddColumn[] {
  if (column.isTypeSettled || identifiers > 0 || given < fewestForOdd) return [];
  const [best] = candidatesOf(column)
    .map((nearly) => ({ column, nearly, cells: bad(nearly) }))
    .sort((a, b) => a.cells - b.cells);
  return best === undefined || best.cells === 0 || best.cells > given * mostOdd ? [] : [best];
}

async function describeOdd(
  connection: DuckDBConnection,
  source: CsvSource,
  odd: readonly OddColumn[],
): Promise<StoredProblem[]> {
  if (odd.length === 0) return [];
  const examples = odd.map(({ column, nearly: { type, format } }, place) => {
    const cell = source.cell(column.index);
    return `min(left(${cell}, 100)) FILTER (${isBadCellSql(type, cell, readCellSql(type, cell, format))}) AS example${place}`;
  });
  const row = await oneRow(connection, `SELECT ${examples.join(', ')} FROM ${source.relation}`);
  return odd.map(({ column: { name }, cells }, place) => {
    const value = String(row[`example${place}`]);
    return {
      code: 'odd_cells',
      parameters: { column: name, value, cells },
      column: name,
      value,
      count: cells,
    };
  });
}

function about(code: Unclear | 'short_years', column: string, seen: FormatCounts): StoredProblem {
  const { example, dayFirstExample, monthFirstExample } = seen;
  const isMixed = code === 'mixed_dates';
  const value = isMixed ? dayFirstExample : example;
  const parameters = { column, value, ...(isMixed ? { other: monthFirstExample } : {}) };
  return { code, parameters, column, value, count: 1 };
}

/** The habits of a file, and where it leaves them open those that a person told. */
function toldHabits(
  found: Habits,
  { decimal, dates }: Reading,
): { readonly habits: Habits; readonly problems: StoredProblem[] } {
  const problems: StoredProblem[] = [];
  let habits = found;
  if (decimal !== undefined) {
    if (found.mark !== undefined && found.mark !== decimal)
      problems.push({ code: 'decimal_contradicted', parameters: {}, count: 1 });
    habits = { ...habits, mark: found.mark ?? decimal };
  }
  if (dates !== undefined) {
    const proven = found.isDateOrderAssumed ? undefined : found.dates;
    if (proven !== undefined && proven !== dates)
      problems.push({ code: 'dates_contradicted', parameters: {}, count: 1 });
    habits = { ...habits, dates: proven ?? dates, isDateOrderAssumed: false };
  }
  return { habits, problems };
}

/** How the columns that leave nothing open are written; undefined where they do not agree or there are none. */
interface Habits {
  readonly mark: 'comma' | 'point' | undefined;
  readonly dates: 'day_first' | 'month_first' | undefined;
  /** Whether `dates` is taken from the numbers and delimiters, and not from dates. */
  readonly isDateOrderAssumed: boolean;
  /** Whether the cells stand between commas, so that the decimal mark of the program that wrote them is most likely the point. */
  readonly hasCommas: boolean;
}

/** What the cells of a column prove; of damaged columns it may be two things. */
function proofsOf(column: OpenColumn, counts: FormatCounts): ProvenFormat[] {
  const isPoint = fits(column, counts, 'number', 'plain') || fits(column, counts, 'number', 'grouped_point');
  const [day, month] = mayBeginWithYear(counts) ? [false, false] : dateFits(column, counts);
  return [
    ...(counts.decimalCommas > 0 && fits(column, counts, 'number', 'decimal_comma')
      ? ['comma' as const]
      : []),
    ...(counts.decimalPoints > 0 && isPoint ? ['point' as const] : []),
    ...(day && !month ? ['day_first' as const] : []),
    ...(month && !day ? ['month_first' as const] : []),
  ];
}

function habitsOf(
  proofs: readonly { readonly formats: readonly ProvenFormat[] }[],
  delimiter: string,
): Habits {
  const sure = new Set(proofs.flatMap(({ formats }) => formats));
  const mark = only(sure, 'comma', 'point');
  const dates = only(sure, 'day_first', 'month_first');
  // Semicolons are what programs write where the comma is the decimal mark.
  const isEuropean = delimiter === ';' || mark === 'comma';
  const open = !sure.has('day_first') && !sure.has('month_first');
  const isDateOrderAssumed = open && isEuropean;
  return {
    mark,
    dates: isDateOrderAssumed ? 'day_first' : dates,
    isDateOrderAssumed,
    hasCommas: delimiter === ',',
  };
}

interface Decision {
  readonly as: WrittenType;
  readonly unclear?: Unclear;
}

type Unclear =
  'ambiguous_point' | 'ambiguous_comma' | 'ambiguous_date' | 'date_order_assumed' | 'mixed_dates';

function decide(column: OpenColumn, counts: FormatCounts, habits: Habits): Decision {
  const stays: Decision = { as: { type: column.type, format: 'plain' } };
  if (counts.given === 0) return stays;
  return decideNumber(column, counts, habits, stays) ?? decideDate(column, counts, habits, stays) ?? stays;
}

function decideNumber(
  column: OpenColumn,
  counts: FormatCounts,
  { mark, hasCommas }: Habits,
  stays: Decision,
): Decision | undefined {
  const isNumber = (format: CellFormat): boolean =>
    fits(column, counts, 'number', format) || fits(column, counts, 'integer', format);
  const as = (format: CellFormat): Decision => ({ as: { type: narrowest(column, counts, format), format } });
  if (counts.identifiers > 0 && !column.isTypeSettled) return undefined;
  const slips = (format: CellFormat): number =>
    Math.min(...(['integer', 'number'] as const).map((type) => counts.bad({ type, format })));
  const formats = ['decimal_comma', 'grouped_point'] as const;
  const [comma, point] = clearer(column, counts, ['integer', 'number'], formats);
  if (isNumber('plain') && !formats.some((format) => isNumber(format) && slips(format) < slips('plain'))) {
    const isUnclear = counts.unclearPoints > 0 && counts.decimalPoints === 0;
    if (!isUnclear) return stays;
    if (mark === 'comma') return as('decimal_comma');
    return !hasCommas && mark === undefined ? { ...stays, unclear: 'ambiguous_point' } : stays;
  }
  if (comma && !point) return as('decimal_comma');
  if (point && !comma) return as('grouped_point');
  if (!comma) return undefined;
  if (mark !== undefined) return as(mark === 'comma' ? 'decimal_comma' : 'grouped_point');
  return { ...stays, unclear: 'ambiguous_comma' };
}

function decideDate(
  column: OpenColumn,
  counts: FormatCounts,
  { dates, isDateOrderAssumed }: Habits,
  stays: Decision,
): Decision | undefined {
  if (fits(column, counts, 'date', 'plain') || fits(column, counts, 'timestamp', 'plain')) return stays;
  const [day, month] = dateFits(column, counts);
  if (!day && !month) return isMixed(counts) ? { ...stays, unclear: 'mixed_dates' } : undefined;
  // 24/12/31 may begin with the year as well: that it does not has to be told by something else than itself.
  const own = day === month ? undefined : day ? 'day_first' : 'month_first';
  const isToBeTold = own === undefined || mayBeginWithYear(counts);
  const told = (dates === 'day_first' ? day : month) ? dates : undefined;
  const format = isToBeTold ? told : own;
  if (format === undefined) return { ...stays, unclear: 'ambiguous_date' };
  const type = !column.isTypeSettled && fits(column, counts, 'date', format) ? 'date' : 'timestamp';
  const as = { type: column.isTypeSettled ? column.type : type, format };
  return isToBeTold && isDateOrderAssumed ? { as, unclear: 'date_order_assumed' } : { as };
}

/** Of two formats that fit, with slips perhaps, only the one with fewer. */
function clearer(
  column: OpenColumn,
  counts: FormatCounts,
  types: readonly ColumnType[],
  formats: readonly [CellFormat, CellFormat],
): [boolean, boolean] {
  const [a, b] = formats.map((format) => {
    const fitting = types.filter((type) => fits(column, counts, type, format));
    return Math.min(...fitting.map((type) => counts.bad({ type, format })), Number.POSITIVE_INFINITY);
  }) as [number, number];
  return [Number.isFinite(a) && a <= b, Number.isFinite(b) && b <= a];
}

/** Whether all the dates may have their year first, written with two digits, so that the column itself tells no order. */
const mayBeginWithYear = ({ shortYears, yearsAtTheEnd }: FormatCounts): boolean =>
  shortYears > 0 && yearsAtTheEnd === 0;

/** A column that holds dates of both orders has neither, however few one of them are. */
function dateFits(column: OpenColumn, counts: FormatCounts): [day: boolean, month: boolean] {
  const [day, month] = clearer(column, counts, ['date', 'timestamp'], ['day_first', 'month_first']);
  return [day && counts.onlyMonthFirst === 0, month && counts.onlyDayFirst === 0];
}

/** Whether most cells are dates, some of which must begin with the day and some with the month. */
function isMixed({ onlyDayFirst, onlyMonthFirst, bad, given }: FormatCounts): boolean {
  const asDates = (['date', 'timestamp'] as const).map((type) => bad({ type, format: 'day_first' }));
  const others = Math.min(...asDates) - onlyMonthFirst;
  return onlyDayFirst > 0 && onlyMonthFirst > 0 && others * 2 < given;
}

function narrowest(column: OpenColumn, counts: FormatCounts, format: CellFormat): ColumnType {
  if (column.isTypeSettled) return column.type;
  const isInteger =
    fits(column, counts, 'integer', format) &&
    counts.bad({ type: 'integer', format }) <= counts.bad({ type: 'number', format });
  return isInteger ? 'integer' : 'number';
}

/** Whether all cells, or all but a few slips, can be read so; of a column whose type is settled, most of them. */
function fits(
  column: OpenColumn,
  { bad, given }: FormatCounts,
  type: ColumnType,
  format: CellFormat,
): boolean {
  if (column.isTypeSettled && column.type !== type) return false;
  const slips = bad({ type, format });
  if (slips >= given) return false;
  if (column.isTypeSettled) return slips < given * mostSlipsOfSettled;
  return slips === 0 || (given >= fewestForSlips && slips <= given * mostSlips);
}
