import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '@kaefer/contracts';
import { areOneAnswer } from '../features/boolean-words.ts';
import { toCount } from '../sql/connection.ts';
import type { CsvSource } from './csv-source.ts';
import { isBadCellSql, readCellSql } from './cell-sql.ts';
import { matchesSql, mayBeIdentifierSql, whereSql } from './cell-looks.ts';
import { askStacked, StackedKinds } from './stacked-cells.ts';

/** Narrowest first: a column gets the first type that all its values have. */
const candidates: readonly ColumnType[] = ['boolean', 'integer', 'number', 'date', 'timestamp'];

/** Rows of which a first guess is made, which the others then confirm, or else are asked themselves. */
const guessedFrom = 1000;

/** Largest share of cells that may be no numbers in a column of numbers. */
const mostSlips = 0.01;

/** A type, and whether every cell that was looked at is a value of it or stands for a missing one. */
export interface InferredType {
  readonly type: ColumnType;
  readonly isClean: boolean;
  /** Whether no cell that was looked at holds a value, so that the type says nothing. */
  readonly isEmpty: boolean;
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
  const first = await countTypes(connection, source, all(columns), guessedFrom);
  const guesses = typesFrom(first.counts);
  if (first.rows < guessedFrom) return guesses;
  // What the first rows rule out is ruled out; what they suggest has to hold for all.
  const types = new Map<number, InferredType>();
  const checks: TypeQuestion[] = [];
  for (const [index, { type, isClean }] of guesses) {
    if (isClean) checks.push({ index, types: [type] });
    else if (isTextForSure(first.counts.get(index), rows))
      types.set(index, { type: 'text', isClean: false, isEmpty: false });
  }
  const { counts } = await countTypes(connection, source, checks, rows);
  for (const {
    index,
    types: [type],
  } of checks) {
    const seen = counts.get(index);
    if (type !== undefined && seen !== undefined && isOf(type, seen))
      types.set(index, { type, isClean: true, isEmpty: false });
  }
  const open = columns.filter((index) => !types.has(index));
  return new Map([...types, ...typesFrom((await countTypes(connection, source, all(open), rows)).counts)]);
}

interface TypeQuestion {
  readonly index: number;
  readonly types: readonly ColumnType[];
}

const all = (columns: readonly number[]): TypeQuestion[] =>
  columns.map((index) => ({ index, types: candidates }));

/** No type fits the first rows, and there are more slips among them than all rows may have. */
const isTextForSure = (first: TypeCounts | undefined, rows: number | undefined): boolean =>
  first !== undefined &&
  (first.identifiers > 0 || (rows !== undefined && (first.bad.get('number') ?? 0) > rows * mostSlips)) &&
  [...first.bad.values()].every((bad) => bad > 0);

interface TypeCounts {
  readonly given: number;
  readonly identifiers: number;
  readonly read: ReadonlyMap<ColumnType, number>;
  readonly bad: ReadonlyMap<ColumnType, number>;
  /** The different words, in small letters, that are read as true or false. */
  readonly truths: readonly string[];
}

/** How many cells are values of each of the types, and how many are not and do not stand for a missing one either. */
async function countTypes(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly TypeQuestion[],
  rows: number | undefined,
): Promise<{ rows: number; counts: Map<number, TypeCounts> }> {
  if (columns.length === 0) return { rows: 0, counts: new Map() };
  const kinds = new StackedKinds(
    columns.map(({ types }) => types),
    (type) => type,
  );
  const asked = kinds.things;
  const seen = await askStacked(
    connection,
    rows === undefined ? source.relation : `(SELECT * FROM ${source.relation} LIMIT ${rows})`,
    columns.map(({ index, types }) => ({ cell: source.cell(index), kind: kinds.kindOf(types) })),
    [asked.map((type) => `${kinds.where(type, readCellSql(type, 'cell'))} AS ${type}`)],
    [
      `count(${readCellSql('text', 'cell')}) AS given`,
      `count(*) FILTER (${isNumberedNameSql(kinds.asked)}) AS identifiers`,
      asked.includes('boolean')
        ? `array_to_string(array_agg(DISTINCT lower(trim(cell))) FILTER (boolean IS NOT NULL), chr(31)) AS truths`
        : `NULL AS truths`,
      ...asked.map((type) => `count(${type}) AS read_${type}`),
      ...asked.map(
        (type) => `count(*) FILTER (${kinds.where(type, isBadCellSql(type, 'cell', type))}) AS bad_${type}`,
      ),
    ],
  );
  const byColumn = new Map(
    columns.map(({ index, types }, place) => {
      const answers = seen[place];
      const of = (name: string): number => (answers === undefined ? 0 : toCount(answers[name]));
      const counts: TypeCounts = {
        given: of('given'),
        identifiers: of('identifiers'),
        read: new Map(types.map((type) => [type, of(`read_${type}`)])),
        bad: new Map(types.map((type) => [type, of(`bad_${type}`)])),
        truths: String(answers?.['truths'] ?? '').split('\u001f'),
      };
      return [index, counts];
    }),
  );
  const [first] = seen;
  return { rows: first === undefined ? 0 : toCount(first['n']), counts: byColumn };
}

/** Digits like 00042, and so many that they are no quantity. */
const identifier = String.raw`\s*[+-]?(0[0-9]+.*|[0-9]{19,}\s*)`;

/** SQL that tells a stacked cell which is a number by its characters, but names something. */
function isNumberedNameSql(kinds: readonly (readonly ColumnType[])[]): string {
  const reads = kinds.flatMap((types, kind) => {
    const read = (['number', 'integer'] as const).find((type) => types.includes(type));
    return read === undefined ? [] : [`WHEN ${kind} THEN ${read} IS NOT NULL`];
  });
  if (reads.length === 0) return 'false';
  return `${whereSql(mayBeIdentifierSql('cell'), matchesSql('cell', identifier))} AND (CASE kind ${reads.join(' ')} ELSE false END)`;
}

function typesFrom(counted: ReadonlyMap<number, TypeCounts>): Map<number, InferredType> {
  const types = new Map<number, InferredType>();
  for (const [index, counts] of counted) {
    const fits = candidates.find((type) => fitsAll(type, counts));
    const isClean = fits !== undefined && !isIdentifier(fits, counts);
    types.set(index, {
      type: isClean ? fits : mostlyNumbers(counts),
      isClean,
      isEmpty: counts.given === 0,
    });
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
