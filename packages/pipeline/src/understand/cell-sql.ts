import type { CellFormat, ColumnType } from '@kaefer/contracts';
import { dateParts, firstYearOf1900s, formatPattern } from '../features/cell-formats.ts';
import { booleanWords } from '../features/boolean-words.ts';
import { quoteText } from '../sql/quote.ts';
import { cellPatterns, manyDigits, missingInTexts, missingMarkers } from '../features/cell-patterns.ts';
import type { Offsets } from '../features/earlier-formats.ts';
import { readTimeSql } from './time-sql.ts';

/** So many characters hold no whole number of which a double loses digits; see `manyDigits`. */
const alwaysKept = 15;
/** So many characters, a sign among them or not, hold no more digits than the pattern of whole numbers allows. */
const longestWhole = 18;
/** How a cell is read in steps, each a column over those before it, so that what a value repeats is worked out once. */
export interface CellSteps {
  /** `… AS name` for each step that the value needs, in order; undefined where it needs none. */
  readonly steps: readonly [plain: string | undefined, cast: string | undefined];
  readonly value: string;
}

/**
 * {@link readCellSql} in steps.
 * @param index of the column, for names of the steps: `p0` and `d0` of column 0
 * @param refusesZeros whether a number with leading zeros is none: NULL
 * @param only what the column's truths and times may be: others are none. Default: all that are read
 */
export function readCellInSteps(
  index: number,
  type: ColumnType,
  cell: string,
  format: CellFormat,
  refusesZeros: boolean,
  only: { readonly letters?: string | undefined; readonly offsets?: Offsets | undefined } = {},
): CellSteps {
  const plainSql = plainCellSql(type, format, cell);
  const [plain, cast] = [plainSql === cell ? cell : `p${index}`, `d${index}`];
  const step = plain === cell ? undefined : `${plainSql} AS ${plain}`;
  if (type === 'timestamp') return { steps: [step, undefined], value: readTimeSql(plain, only.offsets) };
  if (type === 'boolean') return { steps: [step, undefined], value: readBooleanSql(plain, only.letters) };
  if (!isNumeric(type)) return { steps: [step, undefined], value: readPlainSql(type, plain) };
  const refused = refusesZeros ? hasLeadingZerosSql(cell) : 'false';
  return {
    steps: [step, `${castSql(type, plain)} AS ${cast}`],
    value: readNumberSql(type, plain, cast, refused, cell),
  };
}

/** SQL that tells a cell like 00042. */
export function hasLeadingZerosSql(cell: string): string {
  const afterBlanks = `(${cell} < '!' AND regexp_matches(${cell}, '^[ \\t\\r\\n\\f\\v]+0[0-9]'))`;
  return `coalesce((${cell} >= '00' AND ${cell} < '0:') OR ${afterBlanks}, false)`;
}

/**
 * SQL that reads a cell's text, written in a format, as a type; NULL when it is missing or is no value of that type. The
 * same patterns decide in `parseCell`, which reads records at prediction time.
 */
export function readCellSql(type: ColumnType, cell: string, format: CellFormat = 'plain'): string {
  return readPlainSql(type, plainCellSql(type, format, cell));
}

/** A reading of a cell, and the column that shall have it. */
export interface NamedReading {
  readonly name: string;
  readonly cell: string;
  readonly type: ColumnType;
  readonly format: CellFormat;
}

/**
 * SQL of a relation's cells with readings of them beside. What a cell is in plain writing, and as a number, are columns below, as
 * readings repeat them: DuckDB would plan and work out each repetition anew.
 */
export function readingsSql(
  relation: string,
  cells: readonly string[],
  readings: readonly NamedReading[],
): string {
  const plains = readings.map(({ name, cell, type, format }) => {
    const sql = plainCellSql(type, format, cell);
    return sql === cell
      ? { step: undefined, plain: cell }
      : { step: `${sql} AS plain_${name}`, plain: `plain_${name}` };
  });
  const steps = plains.flatMap(({ step }) => step ?? []);
  const below =
    steps.length === 0 ? relation : `(SELECT ${[...cells, ...steps].join(', ')} FROM ${relation})`;
  const numbers = readings.flatMap(({ name, type }, index) =>
    isNumeric(type) ? [`${castSql(type, plains[index]?.plain ?? '')} AS cast_${name}`] : [],
  );
  const casted = numbers.length === 0 ? below : `(SELECT *, ${numbers.join(', ')} FROM ${below})`;
  const values = readings.map(({ name, type }, index) => {
    const plain = plains[index]?.plain ?? '';
    const value = isNumeric(type)
      ? readNumberSql(type, plain, `cast_${name}`, 'false')
      : readPlainSql(type, plain);
    return `${value} AS ${name}`;
  });
  return `(SELECT ${[...cells, ...values].join(', ')} FROM ${casted})`;
}

const isNumeric = (type: ColumnType): type is 'integer' | 'number' => type === 'integer' || type === 'number';

/** SQL of what `plainCell` does: NULL for a cell that is not written in the format. */
export function plainCellSql(type: ColumnType, format: CellFormat, cell: string): string {
  const pattern = formatPattern(type, format);
  if (format === 'plain' || pattern === undefined) return cell;
  const plain = {
    decimal_comma: `replace(replace(${cell}, '.', ''), ',', '.')`,
    grouped_point: `replace(${cell}, ',', '')`,
    day_first: isoDateSql(cell, 2, 1),
    month_first: isoDateSql(cell, 1, 2),
  }[format];
  return `(CASE WHEN regexp_full_match(${cell}, ${quoteText(pattern)}) THEN ${plain} END)`;
}

function isoDateSql(cell: string, monthGroup: number, dayGroup: number): string {
  const parts = quoteText(dateParts);
  const part = (group: number): string => `regexp_extract(${cell}, ${parts}, ${group})`;
  const clock = `regexp_replace(${part(4)}, '^(,? |T)(\\d):', '\\10\\2:')`;
  const century = `CASE WHEN strlen(${part(3)}) = 4 THEN '' WHEN ${part(3)} < '${firstYearOf1900s}' THEN '20' ELSE '19' END`;
  return `(${century} || ${part(3)} || '-' || lpad(${part(monthGroup)}, 2, '0') || '-' || lpad(${part(dayGroup)}, 2, '0') || ${clock})`;
}

/**
 * SQL that reads a word as a truth.
 *
 * @param letters that stand for one. Default: all that may
 */
export function readBooleanSql(cell: string, letters?: string): string {
  const cases = booleanWords(letters).map(([word, value]) => `WHEN ${quoteText(word)} THEN ${value}`);
  return `CASE lower(trim(${cell})) ${cases.join(' ')} END`;
}

export function readPlainSql(type: ColumnType, cell: string): string {
  switch (type) {
    case 'text':
      return `CASE WHEN ${isPlainText(cell)} THEN ${cell} WHEN ${isMissingTextSql(`trim(${cell})`)} THEN NULL ELSE ${cell} END`;
    case 'boolean':
      return readBooleanSql(cell);
    case 'integer':
    case 'number':
      return readNumberSql(type, cell, castSql(type, cell), 'false');
    case 'date':
      return `CASE WHEN regexp_full_match(${cell}, ${quoteText(cellPatterns.date)}) THEN TRY_CAST(${cell} AS DATE) END`;
    case 'timestamp':
      return readTimeSql(cell);
  }
}

const castSql = (type: 'integer' | 'number', cell: string): string =>
  `TRY_CAST(${cell} AS ${type === 'integer' ? 'BIGINT' : 'DOUBLE'})`;

/**
 * Nearly all cells are told to be numbers without a pattern, in half the time. A whole number that is written back as it was
 * given is one. Of texts DuckDB takes for a double more than a pattern does only where there is an underscore or two signs, and
 * what is not finite.
 *
 * @param plain the cell as it is written plainly
 * @param cast SQL of {@link castSql} of it
 * @param refused SQL of what makes a cell no number, whatever it looks like
 * @param cell as it is in the file. Default: written plainly
 */
function readNumberSql(
  type: 'integer' | 'number',
  plain: string,
  cast: string,
  refused: string,
  cell = plain,
): string {
  // What begins with a blank or another sign is none of the quick cases.
  const isQuick = [
    `${plain} >= '-'`,
    ...(cell === plain ? [] : [`${cell} >= '-'`]),
    ...(refused === 'false' ? [] : [`NOT (${cell} BETWEEN '00' AND '0:')`]),
    ...(type === 'integer'
      ? [`strlen(${plain}) <= ${longestWhole}`, `${cast}::VARCHAR = ${plain}`]
      : [`strlen(${plain}) <= ${alwaysKept}`, `isfinite(${cast})`, `NOT contains(${plain}, '_')`]),
  ];
  const isNumber = [
    `regexp_full_match(${plain}, ${quoteText(cellPatterns[type])})`,
    ...(type === 'integer' ? [] : [`isfinite(${cast})`, keepsDigitsSql(plain)]),
  ];
  const otherwise = refused === 'false' ? '' : `WHEN ${refused} THEN NULL `;
  return `CASE WHEN ${isQuick.join(' AND ')} THEN ${cast} ${otherwise}WHEN ${isNumber.join(' AND ')} THEN ${cast} END`;
}

/**
 * Whether a number's digits come back from the double it is read as. Asked of long whole numbers alone, which are numbers
 * of something: that 0.1 is not exact in binary nobody minds.
 */
function keepsDigitsSql(cell: string): string {
  const read = `TRY_CAST(${cell} AS DOUBLE)`;
  const given = `regexp_extract(${cell}, '[0-9]+')`;
  const kept = `replace(split_part(CAST(${read} AS VARCHAR), 'e', 1), '.', '')`;
  const isLong = `strlen(${cell}) > 15 AND regexp_full_match(${cell}, ${quoteText(manyDigits)})`;
  return `(CASE WHEN ${isLong} THEN ltrim(rtrim(${given}, '0'), '0') = ltrim(rtrim(${kept}, '0'), '-0') ELSE true END)`;
}

/** SQL that reads a key: its text without blanks around it. */
export function readKeySql(cell: string): string {
  const hasPlainEnd = `strlen(${cell}) = length(${cell}) AND NOT ends_with(${cell}, ' ')`;
  const trimmed = `trim(${cell})`;
  return `CASE WHEN ${isPlainText(cell)} AND ${hasPlainEnd} THEN ${cell} WHEN ${isMissingTextSql(trimmed)} THEN NULL ELSE ${trimmed} END`;
}

/**
 * Whether a text begins with a visible ASCII character and not as a marker of a missing value: true of nearly all, and told
 * faster than by trimming.
 */
function isPlainText(cell: string): string {
  const between = ([from, to]: readonly [string, string]): string =>
    `(${cell} >= ${quoteText(from)} AND ${cell} < ${quoteText(to)})`;
  return `(${cell} BETWEEN '!' AND '~' AND NOT (${beginningsOfMarkers.map(between).join(' OR ')}))`;
}

/** The markers of `missingInTexts` begin between these, in the order of bytes. */
const beginningsOfMarkers = [
  ['#D', '#O'],
  ['NULL', 'NULM'],
  ['NaN', 'NaO'],
  ['null', 'nulm'],
] as const;

function isMissingTextSql(trimmed: string): string {
  return `list_contains([${missingInTexts.map(quoteText).join(', ')}], ${trimmed})`;
}

/** SQL that tells a cell which holds something that its type cannot: given the cell and what was read from it. */
export function isBadCellSql(type: ColumnType, cell: string, read: string): string {
  if (type === 'text') return 'false';
  return `(CASE WHEN ${read} IS NULL AND ${cell} IS NOT NULL THEN ${isGivenSql(cell)} ELSE false END)`;
}

/**
 * SQL that tells whether a cell that is not NULL stands for a value, and not for a missing one. Of an `IN` of so many texts
 * DuckDB would make a join, one for each column.
 */
export function isGivenSql(cell: string): string {
  return `NOT list_contains([${missingMarkers.map(quoteText).join(', ')}], upper(trim(${cell})))`;
}
