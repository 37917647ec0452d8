import { renameSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import {
  actionOf,
  type RuleName,
  type StoredProblem,
  type UploadProblemCode,
} from '@kaefer/contracts/messages';
import { rejectedColumn } from '../lake/column-types.ts';
import { allRows, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { Expectations } from '../state/expectations.ts';

/** Rows that are left out, by their place among the staged ones, with the finding and its column. */
export const leftOutTable = 'left_out';

/** Places that are shown of one finding. */
const shownExamples = 5;

export async function createLeftOut(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${leftOutTable} (position BIGINT, code VARCHAR, "column" VARCHAR)`,
  );
}

/** Rows of the staged file that nothing has spoken against so far. */
export function remaining(staged: string): string {
  return `(SELECT * FROM ${staged} WHERE NOT ${rejectedColumn} AND file_row_number NOT IN (SELECT position FROM ${leftOutTable}))`;
}

/** Leaves rows out for a reason. @param positions SQL of a relation with one column, their places */
export async function leaveOut(
  connection: DuckDBConnection,
  positions: string,
  code: UploadProblemCode,
  column: string | null,
): Promise<void> {
  await connection.run(
    `INSERT INTO ${leftOutTable} SELECT *, ${quoteText(code)}, ${column === null ? 'NULL' : quoteText(column)} FROM ${positions}`,
  );
}

/** Whether rows at fault are left out by a rule. */
export function leavesOut({ contract }: Expectations, rule: RuleName, column?: string): boolean {
  const action = actionOf(contract?.contract, rule, column);
  return action === 'reject_file' || action === 'reject_rows';
}

/** Marks the rows of {@link leftOutTable} as rejected in the staged file. */
export async function markLeftOut(connection: DuckDBConnection, path: string): Promise<void> {
  const rewritten = `${path}.part`;
  await connection.run(
    `COPY (SELECT * EXCLUDE (file_row_number) REPLACE (${rejectedColumn} OR file_row_number IN (SELECT position FROM ${leftOutTable}) AS ${rejectedColumn}) ` +
      `FROM read_parquet(${quoteText(path)}, file_row_number = true)) TO ${quoteText(rewritten)} (FORMAT parquet, COMPRESSION lz4_raw)`,
  );
  renameSync(rewritten, path);
}

/**
 * A finding with the first places of some of its values. Its lines are places among the staged rows, from 0.
 *
 * @param atFault SQL of the staged rows that it concerns
 */
export async function describePlaces(
  connection: DuckDBConnection,
  atFault: string,
  found: Pick<StoredProblem, 'code' | 'count' | 'parameters'> & { readonly column: string },
): Promise<StoredProblem> {
  const rows = await allRows(
    connection,
    `SELECT min(file_row_number) AS place, coalesce(left(${quoteName(found.column)}::VARCHAR, 100), '') AS v FROM ${atFault} GROUP BY 2 ORDER BY 1 LIMIT ${shownExamples}`,
  );
  const examples = rows.map((row) => ({ line: toCount(row['place']), value: String(row['v']) }));
  const [first] = examples;
  return {
    ...found,
    parameters: { ...found.parameters, column: found.column, value: first?.value ?? '' },
    line: first?.line,
    value: first?.value,
    ...(examples.length > 1 ? { examples } : {}),
  };
}
