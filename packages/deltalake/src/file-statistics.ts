import type { AddFile } from './actions.ts';
import { partitionValue } from './partitions.ts';
import { isDecimal } from './schema.ts';
import type { DeltaType, Field } from './schema.ts';

/** What is known about a file's rows (PROTOCOL.md, "Per-file Statistics"). */
export interface FileStatistics {
  numRecords?: number;
  minValues?: Record<string, unknown>;
  maxValues?: Record<string, unknown>;
  nullCount?: Record<string, unknown>;
  /** False where a deletion vector may have taken away the rows that have the bounds. */
  tightBounds?: boolean;
}

/** One column's statistics as DuckDB's `COPY … (RETURN_STATS)` gives them: all texts. */
export type CopiedColumnStatistics = ReadonlyMap<string, string>;

/** Longer texts are cut, as Spark does, so that the log stays small. */
const maxTextCharacters = 32;
/** Dates compare like their texts within these years alone. */
const fourDigitDate = /^\d{4}-\d\d-\d\d$/;
const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

export function readStatistics(file: Pick<AddFile, 'stats'>): FileStatistics | undefined {
  if (!file.stats) return undefined;
  try {
    return JSON.parse(file.stats) as FileStatistics;
  } catch {
    return undefined; // Statistics are optional: a file with broken ones is read in full.
  }
}

/** What the statistics and the partition say together. */
export function statisticsOf(file: Pick<AddFile, 'stats' | 'partitionValues'>): FileStatistics | undefined {
  const stated = readStatistics(file);
  const names = Object.keys(file.partitionValues ?? {}); // Some writers leave out what is empty.
  if (names.length === 0) return stated;
  const held = Object.fromEntries(
    names.flatMap((name) => {
      const value = partitionValue(file, name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const nulls = Object.fromEntries(
    names.map((name) => [name, partitionValue(file, name) === null ? stated?.numRecords : 0]),
  );
  return {
    ...stated,
    minValues: { ...stated?.minValues, ...held },
    maxValues: { ...stated?.maxValues, ...held },
    nullCount: { ...stated?.nullCount, ...nulls },
  };
}

const rowCounts = new WeakMap<object, number | undefined>();

/** Rows that a file has without those that a deletion vector takes away, or undefined when its statistics do not say. */
export function statedRowCount(file: Pick<AddFile, 'stats' | 'deletionVector'>): number | undefined {
  const rows = storedRowCount(file);
  return rows === undefined ? undefined : rows - (file.deletionVector?.cardinality ?? 0);
}

/** All rows of a file by its statistics, or undefined when they do not say. Remembered per object. */
export function storedRowCount(file: Pick<AddFile, 'stats'>): number | undefined {
  if (!rowCounts.has(file)) rowCounts.set(file, readStatistics(file)?.numRecords);
  return rowCounts.get(file);
}

/** The statistics of a file that loses rows to a deletion vector: its bounds hold all the same, but need not be met. */
export function looseStatistics(stats: string): string {
  const { numRecords, tightBounds } = readStatistics({ stats }) ?? {};
  if (tightBounds === false) return stats;
  if (tightBounds === undefined) return `{"tightBounds":false,${stats.slice(stats.indexOf('{') + 1)}`;
  // As Spark writes it, at the end. The text is not parsed and written anew, as that would round 64-bit integers.
  const changed = stats.replace(/"tightBounds"\s*:\s*true\s*\}\s*$/, '"tightBounds":false}');
  return changed === stats ? JSON.stringify({ numRecords, tightBounds: false }) : changed;
}

/** The JSON text of a file's statistics. Built by hand, as JSON.stringify would round 64-bit integers. */
export function statisticsJson(
  rowCount: number,
  schema: readonly Field[],
  columns: ReadonlyMap<string, CopiedColumnStatistics>,
): string {
  const min: string[] = [];
  const max: string[] = [];
  const nulls: string[] = [];
  for (const { name, type } of schema) {
    const column = columns.get(name);
    if (!column) continue;
    const key = JSON.stringify(name);
    const nullCount = column.get('null_count');
    if (nullCount !== undefined) nulls.push(`${key}:${nullCount}`);
    if (column.get('has_nan') === 'true') continue; // NaN has no place in the order of JSON numbers.
    const low = boundJson(type, column.get('min'), 'min');
    const high = boundJson(type, column.get('max'), 'max');
    if (low === undefined || high === undefined) continue;
    min.push(`${key}:${low}`);
    max.push(`${key}:${high}`);
  }
  return `{"numRecords":${rowCount},"minValues":{${min.join()}},"maxValues":{${max.join()}},"nullCount":{${nulls.join()}}}`;
}

function boundJson(type: DeltaType, text: string | undefined, side: 'min' | 'max'): string | undefined {
  if (text === undefined || type === 'boolean' || type === 'binary') return undefined;
  if (type === 'string') return textBound(text, side);
  if (type === 'date') return fourDigitDate.test(text) ? JSON.stringify(text) : undefined;
  if (type === 'timestamp') return timestampBound(text, side);
  if (isDecimal(type) || jsonNumber.test(text)) return jsonNumber.test(text) ? text : undefined;
  return undefined;
}

/** A prefix is a lower bound; with the last code point appended it is an upper bound. */
function textBound(text: string, side: 'min' | 'max'): string {
  const characters = [...text];
  if (characters.length <= maxTextCharacters) return JSON.stringify(text);
  return JSON.stringify(
    characters.slice(0, maxTextCharacters).join('') + (side === 'max' ? '\u{10FFFF}' : ''),
  );
}

/** Milliseconds in UTC, rounded outwards, as the protocol keeps timestamps in statistics. */
function timestampBound(text: string, side: 'min' | 'max'): string | undefined {
  const [, date, time, fraction = ''] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const micros = fraction.padEnd(6, '0');
  const wholeMs = Date.parse(`${date}T${time}Z`) + Number(micros.slice(0, 3));
  return JSON.stringify(
    new Date(wholeMs + (side === 'max' && micros.slice(3) !== '000' ? 1 : 0)).toISOString(),
  );
}

/** Bounds of a set of keys, in a form that compares with statistics. */
export interface KeyBounds {
  min: string | number;
  max: string | number;
}

/** Whether a file may hold a key within the bounds; true whenever the statistics do not rule it out. */
export function mayHoldKeys(file: AddFile, key: Field, bounds: KeyBounds | undefined): boolean {
  const statistics = statisticsOf(file);
  if (statistics?.numRecords === 0) return false;
  const { low, high } = boundsOf(statistics, key);
  if (bounds === undefined || low === undefined || high === undefined) return true;
  return compareBounds(low, bounds.max) <= 0 && compareBounds(bounds.min, high) <= 0;
}

/** The bounds of a file's values in a column; undefined where the statistics do not say. */
export function boundsOf(
  statistics: FileStatistics | undefined,
  { name, type }: Field,
): { low: string | number | undefined; high: string | number | undefined } {
  const low = comparable(type, statistics?.minValues?.[name]);
  const high = comparable(type, statistics?.maxValues?.[name]);
  // Spark cuts microseconds off its maxima.
  return { low, high: type === 'timestamp' && typeof high === 'number' ? high + 1 : high };
}

/**
 * A bound as a number or text. 64-bit integers are rounded to doubles here and in the keys' bounds alike;
 * rounding keeps order, so no file that holds a key is ever left out.
 */
export function comparable(type: DeltaType, value: unknown): string | number | undefined {
  if (type === 'string') return typeof value === 'string' ? value : undefined;
  if (type === 'date') return typeof value === 'string' && fourDigitDate.test(value) ? value : undefined;
  if (type === 'timestamp') {
    const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(ms) ? undefined : ms;
  }
  const number = typeof value === 'string' ? Number(value) : value; // A partition's value is a text.
  if (typeof number !== 'number' || Number.isNaN(number)) return undefined;
  return type === 'float' ? Math.fround(number) : number; // 0.1 in JSON is the float nearest to it.
}

/** Texts compare by their UTF-8 bytes, as Parquet and DuckDB do; JavaScript's order differs above U+FFFF. */
export function compareBounds(a: string | number, b: string | number): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}
