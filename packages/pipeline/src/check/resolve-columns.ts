import type { DuckDBConnection } from '@duckdb/node-api';
import { scanSql } from '@kaefer/deltalake';
import type { ColumnType } from '@kaefer/contracts';
import { actionOf, type StoredProblem } from '@kaefer/contracts/messages';
import { agreedOn, keepsType, settledType } from '../contract/column-rules.ts';
import { duckdbType, type TableColumn } from '../lake/column-types.ts';
import type { CurrentTable } from '../lake/project-table.ts';
import { allRows, oneRow, toCount } from '../sql/connection.ts';
import { hasLeadingZerosSql, isBadCellSql, readCellSql, readingsSql } from '../understand/cell-sql.ts';
import type { CsvSource } from '../understand/csv-source.ts';
import type { WrittenType } from '../understand/format-counts.ts';
import {
  inferFormats,
  type FormatFindings,
  type OpenColumn,
  type ToldFormats,
} from '../understand/infer-formats.ts';
import { inferTypes } from '../understand/infer-types.ts';
import { isOwnColumn } from '../understand/own-columns.ts';
import { readsPlainly, unitsInNumbers } from '../understand/reads-plainly.ts';
import { quoteName } from '../sql/quote.ts';
import { withLetters } from './boolean-letters.ts';
import { findMixedOffsets, withOffsets, type FirstOffsets } from '../understand/mixed-offsets.ts';
import { keyColumnsOf, type Expectations } from './report.ts';
import { isBadInSql, type StagedColumn } from './stage-rows.ts';

/** Rows that a first guess of the types looks at; the whole file has the last word. */
const sampledRows = 20_000;

/** Cells with leading zeros that are shown of a column. */
const shownZeros = 5;

/** The columns whose type is not settled by the project or its table. */
function fixedType(
  name: string,
  table: readonly TableColumn[],
  expectations: Expectations,
): ColumnType | undefined {
  if (keyColumnsOf(expectations).includes(name)) return 'text';
  if (name === expectations.target) return expectations.task === 'regression' ? 'number' : 'text';
  const known = table.find((column) => column.name === name)?.type;
  if (known === undefined && expectations.reading?.asText?.includes(name) === true) return 'text';
  return settledType(expectations, name, known);
}

export interface GuessedColumns extends Pick<FormatFindings, 'problems' | 'proven' | 'byEarlier'> {
  readonly columns: StagedColumn[];
}

interface FirstGuess extends GuessedColumns, Pick<FirstOffsets<StagedColumn>, 'offsets'> {}

/**
 * A first guess of every column's type: the table's for columns that it has, else what the first rows have. How numbers
 * and dates are written is decided by the whole file, where it can be in question at all.
 */
export async function guessColumns(
  connection: DuckDBConnection,
  source: CsvSource,
  names: readonly string[],
  table: readonly TableColumn[],
  expectations: Expectations,
): Promise<FirstGuess> {
  const { reading = {} } = expectations;
  const read = names.flatMap((name, index) =>
    isOwnColumn(name) ? [] : [{ name, index, fixed: fixedType(name, table, expectations) }],
  );
  const open = read.filter(({ fixed }) => fixed === undefined).map(({ index }) => index);
  const sampled = await inferTypes(connection, source, open, sampledRows);
  // A column without a value in the first rows is asked as a whole.
  const late = open.filter((index) => sampled.get(index)?.isEmpty === true);
  const guessed = new Map([...sampled, ...(await inferTypes(connection, source, late))]);
  const columns = read.map(({ name, index, fixed }) => ({
    index,
    name,
    type: fixed ?? guessed.get(index)?.type ?? ('text' as const),
    isTypeSettled: fixed !== undefined,
  }));
  const doubtful = columns.filter(
    ({ index, type }) => type === 'text' || guessed.get(index)?.isClean !== true,
  );
  const isLate = ({ index }: OpenColumn): boolean => late.includes(index);
  const plainly = new Map([
    ...(await readsPlainly(
      connection,
      source,
      doubtful.filter((column) => !isLate(column)),
      sampledRows,
    )),
    ...(await readsPlainly(connection, source, doubtful.filter(isLate))),
  ]);
  const isOpen = ({ index, type, isTypeSettled }: OpenColumn): boolean => {
    if (isTypeSettled && (type === 'text' || type === 'boolean')) return false;
    if (type === 'text') return plainly.get(index) === 'figures';
    return source.delimiter !== ',' || reading.decimal === 'comma' || plainly.get(index) === 'badly';
  };
  // Where one column is in question, the numbers of others tell of it, and it of theirs.
  const isAsked = columns.some(isOpen);
  const questions = columns.filter(
    (column) => isOpen(column) || (isAsked && (column.type === 'integer' || column.type === 'number')),
  );
  const found = await inferFormats(connection, source, questions, expectations);
  const measured = columns.filter(({ index }) => plainly.get(index) === 'measures');
  const units = await unitsInNumbers(connection, source, measured);
  const written = columns.map(({ index, name, type }) => ({
    index,
    name,
    ...(found.written.get(index) ?? { type, format: 'plain' as const }),
    refusesZeros: true,
  }));
  const timed = await withOffsets(connection, source, written, expectations.earlier);
  return {
    columns: await withLetters(connection, source, timed.columns, sampledRows),
    offsets: timed.offsets,
    problems: [...found.problems, ...timed.problems, ...units],
    proven: found.proven,
    byEarlier: found.byEarlier,
  };
}

export interface RevisedColumns extends GuessedColumns {
  /** Names of the columns that were looked at again: what was said of how they are written no longer holds. */
  readonly again: readonly string[];
}

/**
 * Looks at the whole file where the guess met cells that do not fit: a new column gets the narrowest type that all
 * its values have; a table's integers widen to numbers where there are decimals. A table's column never turns into
 * text by itself. Undefined when the guess stands, so that the rows are to be rejected.
 */
export async function reviseColumns(
  connection: DuckDBConnection,
  source: CsvSource,
  guess: readonly StagedColumn[],
  table: readonly TableColumn[],
  expectations: Expectations,
  current?: CurrentTable,
): Promise<RevisedColumns | undefined> {
  const bad = await countBad(connection, source, guess);
  const slipping = guess.filter((_, place) => (bad[place] ?? 0) > 0);
  const isOpen = ({ name }: StagedColumn): boolean => fixedType(name, table, expectations) === undefined;
  const open = slipping.filter(isOpen);
  const types = await inferTypes(
    connection,
    source,
    open.map(({ index }) => index),
  );
  const questions: OpenColumn[] = open.map(({ index, name }) => ({
    index,
    name,
    type: types.get(index)?.type ?? 'text',
    isTypeSettled: false,
  }));
  const found = await inferFormats(connection, source, questions, expectations);
  const problems = [...found.problems];
  const revised = new Map(found.written);
  const byEarlier = new Set(found.byEarlier);
  let { proven } = found;
  for (const column of slipping) {
    if (isOpen(column)) continue;
    const mayBecomeWider =
      mayWiden(column.name, table, expectations) &&
      (current === undefined || (await isExactWhenWider(connection, current, column)));
    const wider = await settledAs(connection, source, column, mayBecomeWider, expectations);
    revised.set(column.index, wider.as);
    problems.push(...wider.problems);
    for (const part of wider.byEarlier) byEarlier.add(part);
    proven = { ...proven, ...wider.proven };
  }
  const indexes = new Set(slipping.map(({ index }) => index));
  const asked = guess.map((column) => ({
    ...column,
    ...revised.get(column.index),
    refusesZeros: !isOpen(column) && keepsZerosOut(expectations, column.name),
    offsets: undefined,
  }));
  const slipped = asked.filter(({ index }) => indexes.has(index));
  const lettered = new Map(
    (await withLetters(connection, source, slipped)).map((column) => [column.index, column]),
  );
  const columns = asked.map((column) => lettered.get(column.index) ?? column);
  const zeros = await leadingZeros(
    connection,
    source,
    columns.filter(({ index, refusesZeros }) => indexes.has(index) && !refusesZeros),
  );
  const mixed = await findMixedOffsets(
    connection,
    source,
    columns.filter(({ index }) => indexes.has(index)),
  );
  const isNew = columns.some(
    ({ type, format, letters }, index) =>
      type !== guess[index]?.type || format !== guess[index].format || letters !== guess[index].letters,
  );
  if (!isNew && zeros.length === 0 && mixed.length === 0) return undefined;
  return {
    columns,
    problems: [...problems, ...zeros, ...mixed],
    proven,
    byEarlier: [...byEarlier],
    again: slipping.map(({ name }) => name),
  };
}

function keepsZerosOut({ contract: held }: Expectations, column: string): boolean {
  const action = actionOf(held?.contract, 'leading_zeros', column);
  return action === 'reject_file' || action === 'reject_rows';
}

/** Columns of numbers that have cells like 00042, which are read as 42: how many, and some of them. */
async function leadingZeros(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly StagedColumn[],
): Promise<StoredProblem[]> {
  const numbers = columns.filter(({ type }) => type === 'integer' || type === 'number');
  if (numbers.length === 0) return [];
  const counts = numbers.flatMap(({ index, type, format }) => {
    const cell = source.cell(index);
    const isOne = `${hasLeadingZerosSql(cell)} AND ${readCellSql(type, cell, format)} IS NOT NULL`;
    return [
      `count(*) FILTER (${isOne}) AS n${index}`,
      `array_to_string(min(left(${cell}, 100), ${shownZeros}) FILTER (${isOne}), chr(31)) AS cells${index}`,
    ];
  });
  const row = await oneRow(connection, `SELECT ${counts.join(', ')} FROM ${source.relation}`);
  return numbers.flatMap(({ index, name: column }): StoredProblem[] => {
    const count = toCount(row[`n${index}`]);
    if (count === 0) return [];
    const values = [...new Set(String(row[`cells${index}`]).split('\u001f'))];
    const [value = ''] = values;
    const examples = values.length > 1 ? { examples: values.map((each) => ({ value: each })) } : {};
    return [{ code: 'leading_zeros', parameters: { column, value }, column, value, count, ...examples }];
  });
}

/** What the data has, or people have agreed on, may become wider, unless they agreed that it may not. */
function mayWiden(name: string, table: readonly TableColumn[], expectations: Expectations): boolean {
  const isKnown =
    table.some((known) => known.name === name) ||
    agreedOn(expectations.contract?.contract, name) !== undefined;
  return isKnown && !keepsType(expectations, name);
}

/** Whether a table's whole numbers are the same as decimals: beyond 2^53 they may not be, and the column stays as it is. */
async function isExactWhenWider(
  connection: DuckDBConnection,
  { table, snapshot }: CurrentTable,
  { name, type }: StagedColumn,
): Promise<boolean> {
  if (type !== 'integer' || !snapshot.schema.some((field) => field.name === name && field.type === 'long'))
    return true;
  const [column, wide, narrow] = [quoteName(name), duckdbType('number'), duckdbType('integer')];
  const { n } = await oneRow(
    connection,
    `SELECT count(*) AS n FROM ${scanSql(table, snapshot, { columns: [name] })} WHERE TRY_CAST(CAST(${column} AS ${wide}) AS ${narrow}) IS DISTINCT FROM ${column}`,
  );
  return toCount(n) === 0;
}

/** How a column whose type is settled is read with the fewest bad cells: in another format, or as a wider type. */
async function settledAs(
  connection: DuckDBConnection,
  source: CsvSource,
  column: StagedColumn,
  mayBecomeWider: boolean,
  told: ToldFormats,
): Promise<{ as: WrittenType } & Pick<FormatFindings, 'problems' | 'proven' | 'byEarlier'>> {
  const { index, name, type, format } = column;
  const after = type === 'integer' ? 'number' : type === 'date' ? 'timestamp' : undefined;
  const options: WrittenType[] = [{ type, format }];
  const problems: StoredProblem[] = [];
  let proven: FormatFindings['proven'] = {};
  let byEarlier: FormatFindings['byEarlier'] = [];
  const types: ColumnType[] = after === undefined ? [type] : [type, after];
  for (const wanted of types) {
    const question = { index, name, type: wanted, isTypeSettled: true };
    const found = await inferFormats(connection, source, [question], told);
    const written = found.written.get(index) ?? { type: wanted, format: 'plain' };
    // Where the column stays narrow, the wider type tells at least how its cells are written.
    options.push(wanted === type || mayBecomeWider ? written : { type, format: written.format });
    if (wanted === type) problems.push(...found.problems);
    proven = { ...proven, ...found.proven };
    byEarlier = [...byEarlier, ...found.byEarlier];
  }
  const readings = options.map((option) => ({ ...column, ...option }));
  const bad = await countBad(connection, source, readings);
  const as = options.reduce((best, option, place) => {
    return (bad[place] ?? 0) < (bad[options.indexOf(best)] ?? 0) ? option : best;
  });
  if (as.type === type) return { as, problems, proven, byEarlier };
  const value = await firstOfWiderType(connection, source, index, { type, format }, as);
  if (value === undefined) return { as: { type, format }, problems: [], proven, byEarlier };
  const parameters = { column: name, before: type, after: as.type, value };
  const widened: StoredProblem = { code: 'type_widened', parameters, column: name, value, count: 1 };
  return { as, problems: [widened], proven, byEarlier };
}

/** For each reading of a column how many of its cells are not understood. */
async function countBad(
  connection: DuckDBConnection,
  source: CsvSource,
  readings: readonly StagedColumn[],
): Promise<number[]> {
  if (readings.every(({ type }) => type === 'text')) return readings.map(() => 0);
  const cells = [...new Set(readings.map(({ index }) => source.cell(index)))];
  const read = readingsSql(
    source.relation,
    cells,
    readings.map(({ index, type, format }, place) => ({
      name: `r${place}`,
      cell: source.cell(index),
      type,
      format,
    })),
  );
  const counts = readings.map(
    (column, place) =>
      `count(*) FILTER (${isBadInSql(column, source.cell(column.index), `r${place}`)}) AS bad_${place}`,
  );
  const row = await oneRow(connection, `SELECT ${counts.join(', ')} FROM ${read}`);
  return readings.map((_, place) => toCount(row[`bad_${place}`]));
}

/** A cell that the narrow type refuses and the wide one reads, if there is one. A number of many digits is no reason. */
async function firstOfWiderType(
  connection: DuckDBConnection,
  source: CsvSource,
  index: number,
  narrow: WrittenType,
  wide: WrittenType,
): Promise<string | undefined> {
  const cell = source.cell(index);
  const isRefused = isBadCellSql(narrow.type, cell, readCellSql(narrow.type, cell, narrow.format));
  const rows = await allRows(
    connection,
    `SELECT ${cell} AS value FROM ${source.relation} WHERE ${isRefused} AND ${readCellSql(wide.type, cell, wide.format)} IS NOT NULL ` +
      `AND NOT regexp_full_match(${cell}, '\\s*[+-]?[0-9]{19,}\\s*') LIMIT 1`,
  );
  return rows[0] === undefined ? undefined : String(rows[0]['value']);
}
