import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '@kaefer/contracts';
import type { Parameters, StoredProblem } from '@kaefer/contracts/messages';
import { rejectedColumn } from '../lake/column-types.ts';
import { allRows, oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { findRepeatedRows, findRowsInData, type DataRows } from './repeated-rows.ts';
import { roleOf, type Expectations } from './report.ts';
import type { StagedColumn } from './stage-rows.ts';

/** Fewer rows, or fewer values, say nothing for sure. */
const fewestRows = 100;
/** A text that differs in so many of its rows names them. */
const identifierShare = 0.95;
/** Texts with more values than this may tell the target by chance alone; numbers and dates are put into ranges. */
const mostValues = 50;
/** A column whose values go with one outcome each in so many rows gives the result away … */
const tellingShare = 0.995;
/** … unless so few rows have another outcome than the commonest that a column may tell them apart by luck. */
const fewestRare = 10;
/** Rows, spread over the file, whose numbers and dates are put into ranges … */
const sampledRows = 20_000;
/** … of so many rows or more. */
const rowsPerRange = 10;
const mostRanges = 2000;
/** A range may lie across the border between two outcomes; of the rarer outcomes' rows so many may be told wrongly. */
const rareMissed = 0.1;
/** A number whose order is that of the target, or its reverse, to so much (Spearman) is the target in another unit. */
const sameOrder = 0.999;
/** A date that is later than the row's own in so many rows is written down afterwards. */
const laterShare = 0.95;

/**
 * What is worth a word about the columns of a file: texts and counters that name each row, columns that alone tell the
 * outcome or lie after the row's date, which are often known only after it, and rows that come again under another key.
 * Names of rows are looked for in `unknown` columns alone: those that the table does not have yet.
 *
 * @param data where there is some, its rows are looked at for those of the file, too
 */
export async function lookAtColumns(
  connection: DuckDBConnection,
  stagedPath: string,
  columns: readonly Pick<StagedColumn, 'index' | 'name' | 'type'>[],
  expectations: Expectations,
  isUnknown: (column: string) => boolean = () => true,
  data?: DataRows,
): Promise<StoredProblem[]> {
  const features = columns.filter(({ name }) => roleOf(expectations, name) === 'feature');
  const { key, target, task } = expectations;
  if (features.length === 0 || target === null) return [];
  const rows = `(SELECT * FROM read_parquet(${quoteText(stagedPath)}, file_row_number = true) WHERE NOT ${rejectedColumn})`;
  const { total, given, absences } = await countGiven(connection, rows, features, expectations);
  if (total < fewestRows && data === undefined) return [];
  const step = Math.max(1, Math.floor(total / sampledRows));
  const sample = 'sampled_rows';
  const looked = [...(key === null ? [] : [key]), target, ...features.map(({ name }) => name)]
    .map(quoteName)
    .join(', ');
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${sample} AS SELECT ${looked} FROM ${rows} WHERE file_row_number % ${step} = 0`,
  );
  const again = { rows, total, sample, columns, expectations };
  const inData = data === undefined ? [] : await findRowsInData(connection, again, data);
  if (total < fewestRows) return inData;
  const seen = await countDistinct(connection, { rows, sample }, features, given, isUnknown);
  const problems: StoredProblem[] = [];
  for (const { index, name, type } of features) {
    const column = { name, type, given: given.get(index) ?? 0, total, ...(seen.get(index) ?? manyValues) };
    const isGivenEnough = column.given >= fewestRows;
    const add = (code: ColumnFinding, parameters: Parameters): void =>
      void problems.push({ code, parameters: { column: name, ...parameters }, column: name, count: 1 });
    if (isGivenEnough && isUnknown(name)) {
      if (column.namesRows) add('looks_like_identifier', {});
      if (column.countsRows) add('counts_rows', { rows: column.given });
    }
    const told = await tellsTarget(connection, column, rows, sample, expectations, absences.get(index) ?? []);
    if (told !== undefined) add(task === 'regression' ? 'follows_target' : 'repeats_target', told);
    const later = await countLater(connection, rows, { name, type }, expectations.date);
    if (told === undefined && isGivenEnough && later >= column.given * laterShare)
      add('later_than_date', { rows: column.given, later, date: expectations.date ?? '' });
  }
  return [...problems, ...(await findRepeatedRows(connection, again)), ...inData];
}

type ColumnFinding =
  'looks_like_identifier' | 'counts_rows' | 'repeats_target' | 'follows_target' | 'later_than_date';

const mayBeFew = (type: ColumnType): boolean => ['text', 'boolean', 'integer'].includes(type);

type Feature = Pick<StagedColumn, 'index' | 'name' | 'type'>;

/** So many rows have a value or none, `isGiven`, and one outcome. */
interface Absence {
  readonly isGiven: boolean;
  readonly outcome: string;
  readonly rows: number;
}

/** The rows; and of each column, by its position, how many have a value, for classification by outcome too: one scan for all. */
async function countGiven(
  connection: DuckDBConnection,
  rows: string,
  features: readonly Feature[],
  { target, task }: Expectations,
): Promise<{ total: number; given: Map<number, number>; absences: Map<number, Absence[]> }> {
  const outcome =
    task === 'regression' || target === null ? `''` : `coalesce(${quoteName(target)}::VARCHAR, '')`;
  const counts = features.map(({ index, name }) => `count(${quoteName(name)}) AS given_${index}`);
  const groups = await allRows(
    connection,
    `SELECT ${outcome} AS outcome, count(*) AS n, ${counts.join(', ')} FROM ${rows} GROUP BY 1`,
  );
  const given = new Map<number, number>();
  const absences = new Map<number, Absence[]>();
  for (const { index } of features) {
    const pairs = groups.map((group) => {
      const [all, some] = [toCount(group['n']), toCount(group[`given_${index}`])];
      return { outcome: String(group['outcome']), some, none: all - some };
    });
    given.set(
      index,
      pairs.reduce((sum, { some }) => sum + some, 0),
    );
    absences.set(
      index,
      pairs.flatMap(({ outcome: of, some, none }) => [
        { isGiven: true, outcome: of, rows: some },
        { isGiven: false, outcome: of, rows: none },
      ]),
    );
  }
  return { total: groups.reduce((sum, group) => sum + toCount(group['n']), 0), given, absences };
}

interface Variety {
  /** How many values a column has; Infinity where they are many. */
  readonly distinct: number;
  /** A text that differs in nearly all rows. */
  readonly namesRows: boolean;
  /** Whole numbers without gaps and repeats. */
  readonly countsRows: boolean;
}

const manyValues: Variety = { distinct: Infinity, namesRows: false, countsRows: false };

/** How varied texts, booleans and whole numbers are, counted in all rows only where a sample leaves it open. */
async function countDistinct(
  connection: DuckDBConnection,
  { rows, sample }: { readonly rows: string; readonly sample: string },
  features: readonly Feature[],
  given: ReadonlyMap<number, number>,
  isUnknown: (column: string) => boolean,
): Promise<Map<number, Variety>> {
  const asked = features.filter(({ type }) => mayBeFew(type));
  if (asked.length === 0) return new Map();
  const sampled = await oneRow(
    connection,
    `SELECT ${asked.flatMap(({ index, name }) => [`count(${quoteName(name)}) AS given_${index}`, `count(DISTINCT ${quoteName(name)}) AS distinct_${index}`]).join(', ')} FROM ${sample}`,
  );
  const open = asked.filter(({ index, name, type }) => {
    const [all, distinct] = [toCount(sampled[`given_${index}`]), toCount(sampled[`distinct_${index}`])];
    // Values that repeat in a sample repeat in all rows; those of a sample of texts are more alike than those of all.
    const mayName = isUnknown(name) && type !== 'boolean' && distinct >= all * identifierShare;
    return distinct <= mostValues || mayName;
  });
  if (open.length === 0) return new Map();
  const counted = await oneRow(
    connection,
    `SELECT ${open.flatMap(({ index, name, type }) => [`count(DISTINCT ${quoteName(name)}) AS distinct_${index}`, `${type === 'integer' ? `max(${quoteName(name)})::HUGEINT - min(${quoteName(name)})` : 'NULL'} AS span_${index}`]).join(', ')} FROM ${rows}`,
  );
  return new Map(
    open.map(({ index, type }) => {
      const distinct = toCount(counted[`distinct_${index}`]);
      const all = given.get(index) ?? 0;
      const span = Number(counted[`span_${index}`]);
      return [
        index,
        {
          distinct,
          namesRows: type === 'text' && distinct >= all * identifierShare,
          countsRows: type === 'integer' && distinct === all && span + 1 === all,
        },
      ];
    }),
  );
}

interface SeenColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly distinct: number;
  /** Rows in which it has a value. */
  readonly given: number;
  readonly total: number;
}

/** How a column alone tells the target, as parameters of what is said of it; undefined when it does not. */
async function tellsTarget(
  connection: DuckDBConnection,
  column: SeenColumn,
  rows: string,
  sample: string,
  { target, task }: Expectations,
  absences: readonly Absence[],
): Promise<Parameters | undefined> {
  if (target === null) return undefined;
  const { name, given, total, distinct } = column;
  const own =
    given < fewestRows ? undefined : await tells(connection, column, rows, sample, { target, task });
  if (own !== undefined || given === total || task === 'regression') return own;
  // A missing value counts as a value: what is filled in only after a failure tells of it.
  if (distinct > mostValues) return toldByAbsence(absences);
  return tellsOutcome(connection, rows, `coalesce(${quoteName(name)}::VARCHAR, '')`, target, 0);
}

/** Whether a column alone tells the target: by its values, or by ranges of its numbers or dates. */
async function tells(
  connection: DuckDBConnection,
  { name, type, distinct }: SeenColumn,
  rows: string,
  sample: string,
  { target, task }: { readonly target: string; readonly task: Expectations['task'] },
): Promise<Parameters | undefined> {
  const hasOrder = type !== 'text' && type !== 'boolean';
  const column = quoteName(name);
  const ranges = `least(${mostRanges}, greatest(1, count(*) OVER () // ${rowsPerRange}))`;
  const range = `floor(percent_rank() OVER (ORDER BY ${column}) * ${ranges})`;
  const ranged = `(SELECT * FROM ${sample} WHERE ${column} IS NOT NULL)`;
  if (task === 'regression') {
    if (hasOrder) {
      const similarity = await orderSimilarity(connection, sample, name, target);
      if (similarity >= sameOrder) return { agreement: roundedDown(similarity) };
    }
    if (distinct > mostValues && !hasOrder) return undefined;
    const [from, value] = distinct <= mostValues ? [rows, column] : [ranged, range];
    const explained = await explainedShare(connection, from, value, target);
    return explained >= sameOrder ? { agreement: roundedDown(explained) } : undefined;
  }
  if (distinct <= mostValues) return tellsOutcome(connection, rows, column, target, 0);
  if (!hasOrder) return undefined;
  return tellsOutcome(connection, ranged, range, target, rowsPerRange / 2);
}

/** In per cent, so that it does not read as more than was found. */
const roundedDown = (share: number): number => Math.floor(share * 1000) / 10;

/** Whether the outcome can be told by there being a value or none. */
function toldByAbsence(absences: readonly Absence[]): Parameters | undefined {
  const most = (isGiven: boolean): number =>
    Math.max(0, ...absences.filter((absence) => absence.isGiven === isGiven).map(({ rows }) => rows));
  const outcomes = new Map<string, number>();
  for (const { outcome, rows } of absences) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + rows);
  const total = [...outcomes.values()].reduce((sum, rows) => sum + rows, 0);
  return judgeTold(total, most(true) + most(false), Math.max(0, ...outcomes.values()), 0);
}

/**
 * @param value SQL of the value, or the range of values, by which the rows are put together
 * @param spared rows that may be told wrongly however few there are
 */
async function tellsOutcome(
  connection: DuckDBConnection,
  rows: string,
  value: string,
  target: string,
  spared: number,
): Promise<Parameters | undefined> {
  const valued = `SELECT ${value} AS x, ${quoteName(target)} AS y FROM ${rows}`;
  const pairs = `SELECT x, y, count(*) AS n FROM (${valued}) WHERE x IS NOT NULL GROUP BY ALL`;
  const found = await oneRow(
    connection,
    `WITH pairs AS (${pairs}) SELECT (SELECT sum(n) FROM pairs) AS rows, (SELECT sum(most) FROM (SELECT max(n) AS most FROM pairs GROUP BY x)) AS told, ` +
      `(SELECT max(n) FROM (SELECT sum(n) AS n FROM pairs GROUP BY y)) AS commonest`,
  );
  return judgeTold(toCount(found['rows']), toCount(found['told']), toCount(found['commonest']), spared);
}

/** @param told rows of which the outcome is the commonest of their value */
function judgeTold(total: number, told: number, commonest: number, spared: number): Parameters | undefined {
  const [wrong, rare] = [total - told, total - commonest];
  if (rare < fewestRare || wrong > rare * rareMissed) return undefined;
  return wrong <= Math.max(total * (1 - tellingShare), spared) ? { told, rows: total } : undefined;
}

/** How much the order of the rows by the column is that by the target, or its reverse: Spearman's, without its sign. */
async function orderSimilarity(
  connection: DuckDBConnection,
  rows: string,
  column: string,
  target: string,
): Promise<number> {
  const [x, y] = [quoteName(column), quoteName(target)];
  const ranks = `SELECT rank() OVER (ORDER BY ${x}) AS x, rank() OVER (ORDER BY ${y}) AS y FROM ${rows} WHERE ${x} IS NOT NULL`;
  const { similarity } = await oneRow(connection, `SELECT corr(x, y) AS similarity FROM (${ranks})`);
  return typeof similarity === 'number' ? Math.abs(similarity) : 0;
}

/** The share of the target's variance that lies between values, or ranges of values: 1 where they alone determine it. */
async function explainedShare(
  connection: DuckDBConnection,
  rows: string,
  value: string,
  target: string,
): Promise<number> {
  const valued = `SELECT ${value} AS x, ${quoteName(target)}::DOUBLE AS y FROM ${rows}`;
  const { within, whole } = await oneRow(
    connection,
    `WITH valued AS (SELECT * FROM (${valued}) WHERE x IS NOT NULL AND y IS NOT NULL) SELECT ` +
      `(SELECT sum(n * v) / sum(n) FROM (SELECT count(*) AS n, var_pop(y) AS v FROM valued GROUP BY x)) AS within, ` +
      `(SELECT var_pop(y) FROM valued) AS whole`,
  );
  return typeof within === 'number' && typeof whole === 'number' && whole > 0 ? 1 - within / whole : 0;
}

/** Rows whose value, a date or a time, is of a later day than the row itself. */
async function countLater(
  connection: DuckDBConnection,
  rows: string,
  { name, type }: Pick<SeenColumn, 'name' | 'type'>,
  date: string | null,
): Promise<number> {
  if (date === null || (type !== 'date' && type !== 'timestamp')) return 0;
  // The row's own day may be no date in this file: one damaged cell of a first file makes its column a text.
  const later = `${quoteName(name)}::DATE > TRY_CAST(${quoteName(date)} AS DATE)`;
  const { n } = await oneRow(connection, `SELECT count(*) FILTER (${later}) AS n FROM ${rows}`);
  return toCount(n);
}
