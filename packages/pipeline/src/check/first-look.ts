import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { rejectedColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { roleOf, type Expectations } from './report.ts';
import type { StagedColumn } from './stage-rows.ts';

/** Fewer rows say nothing for sure. */
const fewestRows = 100;
/** A text that differs in so many of its rows names them. */
const identifierShare = 0.95;
/** Columns with more values than this may tell the target by chance alone. */
const mostValues = 50;
/** A column whose values go with one outcome each in so many rows gives the result away … */
const tellingShare = 0.995;
/** … unless nearly all rows have the same outcome anyway. */
const mostOfOneOutcome = 0.98;

/**
 * What is worth a word about the columns of a project's first file: texts that name each row, and columns that alone
 * tell the outcome, which are often known only after it. Later files are not looked at in this way.
 */
export async function lookAtColumns(
  connection: DuckDBConnection,
  stagedPath: string,
  columns: readonly StagedColumn[],
  expectations: Expectations,
): Promise<StoredProblem[]> {
  const features = columns.filter(
    ({ name, type }) =>
      roleOf(expectations, name) === 'feature' && ['text', 'boolean', 'integer'].includes(type),
  );
  if (features.length === 0) return [];
  const rows = `(SELECT * FROM read_parquet(${quoteText(stagedPath)}) WHERE NOT ${rejectedColumn})`;
  const counts = features.flatMap(({ index, name }) => [
    `count(${quoteName(name)}) AS given_${index}`,
    `count(DISTINCT ${quoteName(name)}) AS distinct_${index}`,
  ]);
  const seen = await oneRow(connection, `SELECT ${counts.join(', ')} FROM ${rows}`);
  const problems: StoredProblem[] = [];
  const add = (code: 'looks_like_identifier' | 'repeats_target', column: string): void =>
    void problems.push({ code, parameters: { column }, column, count: 1 });
  for (const { index, name, type } of features) {
    const [given, distinct] = [toCount(seen[`given_${index}`]), toCount(seen[`distinct_${index}`])];
    if (given < fewestRows) continue;
    if (type === 'text' && distinct >= given * identifierShare) add('looks_like_identifier', name);
    const isClassified = expectations.task !== 'regression';
    if (
      isClassified &&
      distinct <= mostValues &&
      (await tellsTarget(connection, rows, name, expectations.target))
    )
      add('repeats_target', name);
  }
  return problems;
}

async function tellsTarget(
  connection: DuckDBConnection,
  rows: string,
  column: string,
  target: string,
): Promise<boolean> {
  const pairs = `SELECT ${quoteName(column)} AS x, ${quoteName(target)} AS y, count(*) AS n FROM ${rows} WHERE x IS NOT NULL GROUP BY ALL`;
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
  return told >= total * tellingShare && commonest <= total * mostOfOneOutcome;
}
