import type { DuckDBConnection } from '@duckdb/node-api';
import { actionOf, type StoredProblem } from '@kaefer/contracts/messages';
import type { TableColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName } from '../sql/quote.ts';
import { keyColumnsOf, type Expectations } from '../state/expectations.ts';
import { describePlaces, leaveOut, leavesOut, remaining } from './left-out-rows.ts';

/**
 * Values of columns in which each may occur once: that of another row of the file, or of a row of the data with another key.
 *
 * @param lake SQL of the data's rows with the given columns
 */
export async function repeatedValues(
  connection: DuckDBConnection,
  staged: string,
  columns: readonly TableColumn[],
  expectations: Expectations,
  lake: ((columns: readonly string[]) => Promise<string>) | undefined,
): Promise<StoredProblem[]> {
  const contract = expectations.contract?.contract;
  const keys = keyColumnsOf(expectations);
  const unique = (contract?.columns ?? []).filter(
    ({ name, unique: isUnique }) =>
      isUnique && !keys.includes(name) && columns.some((column) => column.name === name),
  );
  const problems: StoredProblem[] = [];
  for (const { name } of unique) {
    if (actionOf(contract, 'not_unique', name) === 'ignore') continue;
    const column = quoteName(name);
    const rows = remaining(staged);
    const inFile = `${column} IN (SELECT ${column} FROM ${rows} WHERE ${column} IS NOT NULL GROUP BY 1 HAVING count(*) > 1)`;
    const inData = await inDataSql(expectations.key, name, lake);
    const atFault = `(SELECT * FROM ${rows} AS f WHERE ${inFile}${inData === undefined ? '' : ` OR ${inData}`})`;
    const count = toCount((await oneRow(connection, `SELECT count(*) AS n FROM ${atFault}`))['n']);
    if (count === 0) continue;
    if (leavesOut(expectations, 'not_unique', name)) {
      // Written down first: the table that they go into says which rows remain.
      await connection.run(`CREATE OR REPLACE TEMP TABLE at_fault AS SELECT file_row_number FROM ${atFault}`);
      await leaveOut(connection, 'at_fault', 'value_repeated', name);
    } else
      problems.push(
        await describePlaces(connection, atFault, {
          code: 'value_repeated',
          column: name,
          count,
          parameters: {},
        }),
      );
  }
  return problems;
}

async function inDataSql(
  key: string | null,
  name: string,
  lake: ((columns: readonly string[]) => Promise<string>) | undefined,
): Promise<string | undefined> {
  if (lake === undefined) return undefined;
  const column = quoteName(name);
  const data = await lake(key === null ? [name] : [name, key]);
  const other = key === null ? '' : ` AND d.${quoteName(key)} IS DISTINCT FROM f.${quoteName(key)}`;
  return `EXISTS (SELECT 1 FROM ${data} AS d WHERE d.${column} = f.${column}${other})`;
}
