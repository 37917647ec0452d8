import type { DuckDBConnection } from '@duckdb/node-api';
import { actionOf, type StoredProblem } from '@kaefer/contracts/messages';
import type { TableColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName } from '../sql/quote.ts';
import { keyColumnsOf, type Expectations } from '../state/expectations.ts';
import { describePlaces, leaveOut, leavesOut, remaining } from './left-out-rows.ts';

/** Columns that a first look goes by, and the types in which values repeat least. */
const [fewColumns, telling] = [4, ['number', 'timestamp', 'integer', 'date', 'text', 'boolean']];

/**
 * Rows that are the same in every column that models learn from, and differ in their outcome. Few columns tell which rows may be
 * the same at all, so that of a large file seldom all columns are read.
 */
export async function contradictingLabels(
  connection: DuckDBConnection,
  staged: string,
  columns: readonly TableColumn[],
  expectations: Expectations,
): Promise<StoredProblem[]> {
  const { target, task, date, exclude, contract } = expectations;
  if (target === null || task === 'regression') return [];
  if (actionOf(contract?.contract, 'contradicting_labels', target) === 'ignore') return [];
  const others = new Set([target, date, ...keyColumnsOf(expectations), ...exclude]);
  const used = columns.filter(({ name }) => !others.has(name));
  if (used.length === 0) return [];
  const features = used.map(({ name }) => quoteName(name));
  const first = [...used]
    .sort((a, b) => telling.indexOf(a.type) - telling.indexOf(b.type))
    .slice(0, fewColumns)
    .map(({ name }) => quoteName(name));
  const rows = remaining(staged);
  const y = quoteName(target);
  const hash = `hash(${first.join(', ')})`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE suspects AS SELECT h FROM (SELECT ${hash} AS h, ${y} AS y FROM ${rows}) GROUP BY h HAVING min(y) <> max(y)`,
  );
  if (toCount((await oneRow(connection, 'SELECT count(*) AS n FROM suspects'))['n']) === 0) return [];
  const isGiven = features.map((name) => `${name} IS NOT NULL`).join(' OR ');
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE at_fault AS SELECT file_row_number, ${y} FROM (` +
      `SELECT *, count(DISTINCT ${y}) OVER (PARTITION BY ${features.join(', ')}) AS "outcomes of the same" FROM ${rows} ` +
      `WHERE ${hash} IN (FROM suspects) AND (${isGiven})) WHERE "outcomes of the same" > 1`,
  );
  const count = toCount((await oneRow(connection, 'SELECT count(*) AS n FROM at_fault'))['n']);
  if (count === 0) return [];
  const found = { code: 'contradicting_labels', column: target, count, parameters: {} } as const;
  if (!leavesOut(expectations, 'contradicting_labels', target))
    return [await describePlaces(connection, 'at_fault', found)];
  await leaveOut(connection, '(SELECT file_row_number FROM at_fault)', found.code, target);
  return [];
}
