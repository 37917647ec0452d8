import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { rejectedColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
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
/** … unless nearly all rows have the same outcome anyway. */
const mostOfOneOutcome = 0.98;
/** Rows, spread over the file, whose numbers and dates are put into ranges … */
const sampledRows = 20_000;
/** … of so many rows or more. */
const rowsPerRange = 10;
const mostRanges = 200;
/** A range may lie across the border between two outcomes; of the rarer outcomes' rows so many may be told wrongly. */
const rareMissed = 0.1;
/** A number whose order is that of the target, or its reverse, to so much (Spearman) is the target in another unit. */
const sameOrder = 0.999;

/**
 * What is worth a word about the columns of a project's first file: texts that name each row, and columns that alone
 * tell the outcome, which are often known only after it. Later files are not looked at in this way.
 */
export async function lookAtColumns(
  connection: DuckDBConnection,
  stagedPath: string,
  columns: readonly Pick<StagedColumn, 'index' | 'name' | 'type'>[],
  expectations: Expectations,
): Promise<StoredProblem[]> {
  const features = columns.filter(({ name }) => roleOf(expectations, name) === 'feature');
  const { target, task } = expectations;
  if (features.length === 0 || target === null) return [];
  const rows = `(SELECT * FROM read_parquet(${quoteText(stagedPath)}, file_row_number = true) WHERE NOT ${rejectedColumn})`;
  const counts = features.flatMap(({ index, name, type }) => [
    `count(${quoteName(name)}) AS given_${index}`,
    `${mayBeFew(type) ? `count(DISTINCT ${quoteName(name)})` : 'NULL'} AS distinct_${index}`,
  ]);
  const seen = await oneRow(connection, `SELECT count(*) AS n, ${counts.join(', ')} FROM ${rows}`);
  const total = toCount(seen['n']);
  if (total < fewestRows) return [];
  const step = Math.max(1, Math.floor(total / sampledRows));
  const sample = `(SELECT * FROM ${rows} WHERE file_row_number % ${step} = 0)`;
  const problems: StoredProblem[] = [];
  const add = (code: 'looks_like_identifier' | 'repeats_target', column: string): void =>
    void problems.push({ code, parameters: { column }, column, count: 1 });
  for (const { index, name, type } of features) {
    const given = toCount(seen[`given_${index}`]);
    const distinct = mayBeFew(type) ? toCount(seen[`distinct_${index}`]) : Infinity;
    const isGivenEnough = given >= fewestRows;
    if (isGivenEnough && type === 'text' && distinct >= given * identifierShare)
      add('looks_like_identifier', name);
    if (
      (isGivenEnough &&
        (await tells(connection, { name, type, distinct }, rows, sample, { target, task }))) ||
      (given < total &&
        task !== 'regression' &&
        (await tellsByAbsence(connection, name, distinct, rows, target)))
    )
      add('repeats_target', name);
  }
  return problems;
}

const mayBeFew = (type: ColumnType): boolean => ['text', 'boolean', 'integer'].includes(type);

/** Whether a column alone tells the target: by its values, or by ranges of its numbers or dates. */
async function tells(
  connection: DuckDBConnection,
  { name, type, distinct }: { readonly name: string; readonly type: ColumnType; readonly distinct: number },
  rows: string,
  sample: string,
  { target, task }: { readonly target: string; readonly task: Expectations['task'] },
): Promise<boolean> {
  const hasOrder = type !== 'text' && type !== 'boolean';
  if (task === 'regression') return hasOrder && hasOrderOf(connection, sample, name, target);
  const column = quoteName(name);
  if (distinct <= mostValues) return tellsOutcome(connection, rows, column, target, 0);
  if (!hasOrder) return false;
  const ranges = `least(${mostRanges}, greatest(1, count(*) OVER () // ${rowsPerRange}))`;
  const range = `floor(percent_rank() OVER (ORDER BY ${column}) * ${ranges})`;
  return tellsOutcome(
    connection,
    `(SELECT * FROM ${sample} WHERE ${column} IS NOT NULL)`,
    range,
    target,
    rowsPerRange / 2,
  );
}

/** Whether the outcome can be told when a missing value counts as a value: what is filled in only after a failure. */
async function tellsByAbsence(
  connection: DuckDBConnection,
  name: string,
  distinct: number,
  rows: string,
  target: string,
): Promise<boolean> {
  const column = quoteName(name);
  const value = distinct <= mostValues ? `coalesce(${column}::VARCHAR, '')` : `${column} IS NULL`;
  return tellsOutcome(connection, rows, value, target, 0);
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
): Promise<boolean> {
  const valued = `SELECT ${value} AS x, ${quoteName(target)} AS y FROM ${rows}`;
  const pairs = `SELECT x, y, count(*) AS n FROM (${valued}) WHERE x IS NOT NULL GROUP BY ALL`;
  const found = await oneRow(
    connection,
    `WITH pairs AS (${pairs}) SELECT (SELECT sum(n) FROM pairs) AS rows, (SELECT sum(most) FROM (SELECT max(n) AS most FROM pairs GROUP BY x)) AS told, ` +
      `(SELECT max(n) FROM (SELECT sum(n) AS n FROM pairs GROUP BY y)) AS commonest`,
  );
  const [total, told, commonest] = [
    toCount(found['rows']),
    toCount(found['told']),
    toCount(found['commonest']),
  ];
  const wrong = total - told;
  if (commonest > total * mostOfOneOutcome || wrong > (total - commonest) * rareMissed) return false;
  return wrong <= Math.max(total * (1 - tellingShare), spared);
}

/** Whether the rows have the same order, or the reverse one, by the column as by the target. */
async function hasOrderOf(
  connection: DuckDBConnection,
  rows: string,
  column: string,
  target: string,
): Promise<boolean> {
  const [x, y] = [quoteName(column), quoteName(target)];
  const ranks = `SELECT rank() OVER (ORDER BY ${x}) AS x, rank() OVER (ORDER BY ${y}) AS y FROM ${rows} WHERE ${x} IS NOT NULL`;
  const { similarity } = await oneRow(connection, `SELECT corr(x, y) AS similarity FROM (${ranks})`);
  return typeof similarity === 'number' && Math.abs(similarity) >= sameOrder;
}
