import type { AddFile } from './actions.ts';
import { DeltaError } from './delta-error.ts';
import { boundsOf, comparable, compareBounds, statisticsOf } from './file-statistics.ts';
import type { FileStatistics } from './file-statistics.ts';
import { isDecimal, sqlType } from './schema.ts';
import type { DeltaType, Field } from './schema.ts';
import { quoteName, quoteText } from './sql-quote.ts';

/**
 * A value to compare a column with. Dates are `YYYY-MM-DD`, timestamps a Date or ISO text with a zone, decimals
 * and integers beyond 2^53 texts or bigints.
 */
export type PredicateValue = string | number | bigint | boolean | Date;

/** A condition on a row, with SQL's meaning: a comparison with NULL is neither true nor false. */
export type Predicate =
  | { column: string; is: '=' | '<>' | '<' | '<=' | '>' | '>='; value: PredicateValue }
  | { column: string; in: readonly PredicateValue[] }
  | { column: string; isNull: boolean }
  | { and: readonly Predicate[] }
  | { or: readonly Predicate[] }
  | { not: Predicate };

type Comparison = Extract<Predicate, { is: string }>;

const opposite = { '=': '<>', '<>': '=', '<': '>=', '>=': '<', '>': '<=', '<=': '>' } as const;

/** Names of the columns a predicate looks at. */
export function columnsOfPredicate(predicate: Predicate): string[] {
  if ('and' in predicate) return predicate.and.flatMap(columnsOfPredicate);
  if ('or' in predicate) return predicate.or.flatMap(columnsOfPredicate);
  if ('not' in predicate) return columnsOfPredicate(predicate.not);
  return [predicate.column];
}

/**
 * The predicate as a DuckDB expression; names and values are quoted.
 *
 * @throws DeltaError `schema_mismatch` for an unknown column, `invalid_argument` for a value that is not of its type
 */
export function predicateSql(predicate: Predicate, schema: readonly Field[]): string {
  if ('and' in predicate)
    return `(${['true', ...predicate.and.map((part) => predicateSql(part, schema))].join(' AND ')})`;
  if ('or' in predicate)
    return `(${['false', ...predicate.or.map((part) => predicateSql(part, schema))].join(' OR ')})`;
  if ('not' in predicate) return `(NOT ${predicateSql(predicate.not, schema)})`;
  const field = fieldOf(schema, predicate.column);
  const column = `CAST(${quoteName(field.name)} AS ${sqlType(field.type)})`;
  if ('isNull' in predicate) return `(${column} IS ${predicate.isNull ? '' : 'NOT '}NULL)`;
  const literal = (value: PredicateValue): string =>
    `CAST(${quoteText(valueText(field, value))} AS ${sqlType(field.type)})`;
  if ('in' in predicate)
    return predicate.in.length === 0 ? 'false' : `(${column} IN (${predicate.in.map(literal).join()}))`;
  if (!(predicate.is in opposite))
    throw new DeltaError('invalid_argument', `'${String(predicate.is)}' is no comparison.`);
  return `(${column} ${predicate.is} ${literal(predicate.value)})`;
}

/**
 * Whether a file may hold a row for which the predicate has the given outcome; true whenever its statistics
 * do not rule that out.
 */
export function mayMatch(
  file: Pick<AddFile, 'stats' | 'partitionValues'>,
  predicate: Predicate,
  schema: readonly Field[],
  outcome = true,
): boolean {
  const matches = (part: Predicate): boolean => mayMatch(file, part, schema, outcome);
  if ('and' in predicate) return outcome ? predicate.and.every(matches) : predicate.and.some(matches);
  if ('or' in predicate) return outcome ? predicate.or.some(matches) : predicate.or.every(matches);
  if ('not' in predicate) return mayMatch(file, predicate.not, schema, !outcome);
  const statistics = statisticsOf(file);
  if (statistics?.numRecords === 0) return false;
  const field = fieldOf(schema, predicate.column);
  if ('isNull' in predicate) return mayHoldNull(statistics, field, predicate.isNull === outcome);
  const compare = (is: Comparison['is'], value: PredicateValue): boolean =>
    mayCompare(statistics, field, is, value);
  if ('in' in predicate)
    return outcome
      ? predicate.in.some((value) => compare('=', value))
      : predicate.in.every((value) => compare('<>', value));
  return compare(outcome ? predicate.is : opposite[predicate.is], predicate.value);
}

function mayHoldNull(statistics: FileStatistics | undefined, { name }: Field, isNull: boolean): boolean {
  const nulls = statistics?.nullCount?.[name];
  if (typeof nulls !== 'number' || statistics?.numRecords === undefined) return true;
  return isNull ? nulls > 0 : nulls < statistics.numRecords;
}

/** Bounds are never exact (texts are cut, integers rounded), so `<` is looked at like `<=`, and `<>` not at all. */
function mayCompare(
  statistics: FileStatistics | undefined,
  field: Field,
  is: Comparison['is'],
  value: PredicateValue,
): boolean {
  if (!mayHoldNull(statistics, field, false)) return false;
  const { type } = field;
  const text = valueText(field, value);
  const isText = type === 'string' || type === 'date' || type === 'timestamp';
  const wanted = comparable(type, isText ? text : Number(text));
  const { low, high } = boundsOf(statistics, field);
  if (wanted === undefined) return true;
  const tooHigh = low !== undefined && compareBounds(low, wanted) > 0;
  const tooLow = high !== undefined && compareBounds(high, wanted) < 0;
  if (is === '=') return !tooHigh && !tooLow;
  if (is === '<' || is === '<=') return !tooHigh;
  // NaN is above every number and in nobody's statistics.
  if (is === '>' || is === '>=') return type === 'double' || type === 'float' || !tooLow;
  return true;
}

function fieldOf(schema: readonly Field[], name: string): Field {
  const field = schema.find((candidate) => candidate.name === name);
  if (!field) throw new DeltaError('schema_mismatch', `The table has no column '${name}'.`);
  return field;
}

const integerRanges: Partial<Record<DeltaType, bigint>> = { byte: 7n, short: 15n, integer: 31n, long: 63n };
const datePattern = /^\d{4}-\d\d-\d\d$/;
const instantPattern = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;
const integerPattern = /^-?\d{1,19}$/;
const numberPattern = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** A value as text that DuckDB casts to the column's type without changing it. */
function valueText({ name, type }: Field, value: PredicateValue): string {
  const text = value instanceof Date ? instantText(value) : String(value);
  if (!isOfType(type, value, text))
    throw new DeltaError(
      'invalid_argument',
      `The column '${name}' (${type}) cannot be compared with ${typeof value === 'string' ? quoteText(value) : text}.`,
    );
  return text;
}

const instantText = (value: Date): string =>
  Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();

function isOfType(type: DeltaType, value: PredicateValue, text: string): boolean {
  if (type === 'string') return typeof value === 'string';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'date') return datePattern.test(text) && isInstant(`${text}T00:00:00Z`);
  if (type === 'timestamp') return instantPattern.test(text) && isInstant(text);
  if (type === 'binary' || typeof value === 'boolean' || value instanceof Date) return false;
  const bits = integerRanges[type];
  if (bits !== undefined)
    return (
      integerPattern.test(text) &&
      (typeof value !== 'number' || Number.isSafeInteger(value)) &&
      BigInt.asIntN(Number(bits) + 1, BigInt(text)) === BigInt(text)
    );
  if (isDecimal(type)) return isDecimalOfType(type, text);
  return typeof value === 'number' || (numberPattern.test(text) && Number.isFinite(Number(text)));
}

/** Date.parse takes 31 February for a day in March. */
const isInstant = (text: string): boolean => {
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  return (
    !Number.isNaN(Date.parse(text)) &&
    !Number.isNaN(day) &&
    new Date(day).toISOString().startsWith(text.slice(0, 10))
  );
};

function isDecimalOfType(type: DeltaType, text: string): boolean {
  const [precision = 0, scale = 0] = (/\d+,\d+/.exec(type)?.[0] ?? '').split(',').map(Number);
  const [, whole, fraction = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return whole !== undefined && whole.length <= precision - scale && fraction.length <= scale;
}
