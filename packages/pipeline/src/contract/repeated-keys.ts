import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName } from '../sql/quote.ts';
import type { Expectations } from '../state/expectations.ts';
import { leaveOut, leavesOut, remaining } from './left-out-rows.ts';

/**
 * Leaves out rows that repeat a key: of rows that are the same all but the last; of rows that contradict each other all but
 * the last, too, or all of them, as the contract says.
 */
export async function leaveOutRepeatedKeys(
  connection: DuckDBConnection,
  staged: string,
  columns: readonly TableColumn[],
  expectations: Expectations,
): Promise<void> {
  const { key } = expectations;
  if (key === null) return;
  const rows = remaining(staged);
  const k = quoteName(key);
  const counts = await oneRow(connection, `SELECT count(*) AS n, count(DISTINCT ${k}) AS keys FROM ${rows}`);
  if (toCount(counts['n']) === toCount(counts['keys'])) return;
  const whole = `struct_pack(${columns.map(({ name }, index) => `c${index} := ${quoteName(name)}`).join(', ')})`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE repeated AS SELECT position, place, variants > 1 AS differs FROM (` +
      `SELECT file_row_number AS position, row_number() OVER (PARTITION BY ${k} ORDER BY file_row_number DESC) AS place, ` +
      `count(DISTINCT ${whole}) OVER (PARTITION BY ${k}) AS variants FROM ${rows} ` +
      `WHERE ${k} IN (SELECT ${k} FROM ${rows} GROUP BY 1 HAVING count(*) > 1))`,
  );
  await leaveOut(
    connection,
    '(SELECT position FROM repeated WHERE NOT differs AND place > 1)',
    'duplicate_key',
    null,
  );
  if (leavesOut(expectations, 'contradicting_key'))
    await leaveOut(connection, '(SELECT position FROM repeated WHERE differs)', 'contradicting_rows', null);
  else
    await leaveOut(
      connection,
      '(SELECT position FROM repeated WHERE differs AND place > 1)',
      'contradicting_key',
      null,
    );
}
