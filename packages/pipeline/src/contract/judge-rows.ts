import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { rejectedColumn, type TableColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';
import type { Expectations } from '../state/expectations.ts';
import { cellRules, type CellRule } from './cell-rules.ts';
import { contradictingLabels } from './contradicting-labels.ts';
import type { LakeProfile } from './lake-profile.ts';
import { createLeftOut, describePlaces, leaveOut, leftOutTable } from './left-out-rows.ts';
import { leaveOutRepeatedKeys } from './repeated-keys.ts';
import { repeatedValues } from './repeated-values.ts';

export interface JudgedRows {
  /** What was found and leaves its rows in. Their lines are places among the staged rows, from 0. */
  readonly problems: readonly StoredProblem[];
  /** For the sentence of a reason, by {@link reasonKey}. */
  readonly parametersOf: ReadonlyMap<string, StoredProblem['parameters']>;
  /** Rows that are left out, beside those that could not be read. */
  readonly leftOut: number;
}

export const reasonKey = (code: string, column: string | null): string => `${code} ${column ?? ''}`;

/**
 * Judges the staged rows of a file by the contract: their cells, keys that repeat, values that should not, and outcomes
 * that contradict each other. Rows to be left out are in the table `left_out` afterwards; the staged file stays as it is.
 *
 * @param profile what the data's columns hold, where there is data
 * @param lake SQL of the data's rows, for values that may occur once
 */
export async function judgeRows(
  connection: DuckDBConnection,
  stagedPath: string,
  columns: readonly TableColumn[],
  expectations: Expectations,
  profile: LakeProfile | undefined,
  lake: ((columns: readonly string[]) => Promise<string>) | undefined,
): Promise<JudgedRows> {
  await createLeftOut(connection);
  const staged = `read_parquet(${quoteText(stagedPath)}, file_row_number = true)`;
  const rules = cellRules(columns, expectations, profile?.columns ?? []);
  const problems = await judgeCells(connection, staged, rules);
  await leaveOutRepeatedKeys(connection, staged, columns, expectations);
  problems.push(...(await repeatedValues(connection, staged, columns, expectations, lake)));
  problems.push(...(await contradictingLabels(connection, staged, columns, expectations)));
  const counted = await oneRow(connection, `SELECT count(DISTINCT position) AS n FROM ${leftOutTable}`);
  return {
    problems,
    parametersOf: new Map(rules.map((rule) => [reasonKey(rule.code, rule.column), rule.parameters])),
    leftOut: toCount(counted['n']),
  };
}

async function judgeCells(
  connection: DuckDBConnection,
  staged: string,
  rules: readonly CellRule[],
): Promise<StoredProblem[]> {
  if (rules.length === 0) return [];
  const counts = await oneRow(
    connection,
    `SELECT ${rules.map(({ sql }, index) => `count(*) FILTER (${sql}) AS n${index}`).join(', ')} FROM ${staged} WHERE NOT ${rejectedColumn}`,
  );
  const problems: StoredProblem[] = [];
  for (const [index, { code, column, sql, action, parameters }] of rules.entries()) {
    const count = toCount(counts[`n${index}`]);
    if (count === 0) continue;
    const atFault = `(SELECT * FROM ${staged} WHERE NOT ${rejectedColumn} AND ${sql})`;
    if (action === 'warn')
      problems.push(await describePlaces(connection, atFault, { code, column, count, parameters }));
    else await leaveOut(connection, `(SELECT file_row_number FROM ${atFault})`, code, column);
  }
  return problems;
}
