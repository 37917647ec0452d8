import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '@kaefer/contracts';
import { areOneAnswer } from '../features/boolean-words.ts';
import type { CsvSource } from './csv-source.ts';
import {
  allTypes,
  countFirstTypes,
  countTypes,
  typesAsked,
  type TypeCounts,
  type TypeQuestion,
} from './type-counts.ts';

/** Rows of which a first guess is made, which the others then confirm, or else are asked themselves. */
const guessedFrom = 1000;

/** Largest share of cells that may be no numbers in a column of numbers. */
const mostSlips = 0.01;

/** A type, and whether every cell that was looked at is a value of it or stands for a missing one. */
export interface InferredType {
  readonly type: ColumnType;
  readonly isClean: boolean;
}

/**
 * The types of columns, from the first `rows` rows of the file or from all of it. A column with no value at all is
 * text. Whole numbers with leading zeros, such as 00042, or with more than 18 digits are identifiers and stay text.
 */
export async function inferTypes(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly number[],
  rows?: number,
): Promise<Map<number, InferredType>> {
  const first = await countFirstTypes(connection, source, columns, guessedFrom);
  const guesses = typesFrom(first.counts);
  if (first.rows < guessedFrom) return guesses;
  // What the first rows rule out is ruled out; what they suggest has to hold for all.
  const types = new Map<number, InferredType>();
  const checks: TypeQuestion[] = [];
  for (const [index, { type, isClean }] of guesses) {
    if (isClean) checks.push({ index, types: [type] });
    else if (isTextForSure(first.counts.get(index), rows)) types.set(index, { type: 'text', isClean: false });
  }
  const { counts } = await countTypes(connection, source, checks, rows);
  for (const {
    index,
    types: [type],
  } of checks) {
    const seen = counts.get(index);
    if (type !== undefined && seen !== undefined && isOf(type, seen))
      types.set(index, { type, isClean: true });
  }
  const open = columns.filter((index) => !types.has(index));
  return new Map([
    ...types,
    ...typesFrom((await countTypes(connection, source, allTypes(open), rows)).counts),
  ]);
}

/** No type fits the first rows, and there are more slips among them than all rows may have. */
const isTextForSure = (first: TypeCounts | undefined, rows: number | undefined): boolean =>
  first !== undefined &&
  (first.identifiers > 0 || (rows !== undefined && (first.bad.get('number') ?? 0) > rows * mostSlips)) &&
  [...first.bad.values()].every((bad) => bad > 0);

function typesFrom(counted: ReadonlyMap<number, TypeCounts>): Map<number, InferredType> {
  const types = new Map<number, InferredType>();
  for (const [index, counts] of counted) {
    const fits = typesAsked.find((type) => fitsAll(type, counts));
    const isClean = fits !== undefined && !isIdentifier(fits, counts);
    types.set(index, { type: isClean ? fits : mostlyNumbers(counts), isClean });
  }
  return types;
}

const fitsAll = (type: ColumnType, { read, bad, truths }: TypeCounts): boolean =>
  (read.get(type) ?? 0) > 0 && bad.get(type) === 0 && (type !== 'boolean' || areOneAnswer(truths));

const isIdentifier = (type: ColumnType, counts: TypeCounts): boolean =>
  counts.identifiers > 0 && (type === 'integer' || type === 'number') && fitsAll(type, counts);

const isOf = (type: ColumnType, counts: TypeCounts): boolean =>
  fitsAll(type, counts) && !isIdentifier(type, counts);

/** A few slips in a column of numbers are slips: the rows are rejected, and the column stays a number. */
function mostlyNumbers({ given, identifiers, bad }: TypeCounts): ColumnType {
  const slips = bad.get('number') ?? 0;
  const areFew = identifiers === 0 && given >= 200 && slips > 0 && slips <= given * mostSlips;
  if (!areFew) return 'text';
  return bad.get('integer') === slips ? 'integer' : 'number';
}
