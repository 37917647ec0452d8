import type { DuckDBConnection } from '@duckdb/node-api';
import { append, optimize, scanSql, type Field } from '@kaefer/deltalake';
import type { ProjectFolder } from '../lake/layout.ts';
import type { MadePrediction } from '../lake/made-prediction.ts';
import { findTable, openOrCreateTable } from '../lake/project-table.ts';
import { allRows, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

/** The table of predictions: one row each. */
const schema: readonly Field[] = [
  { name: 'key', type: 'string', nullable: false },
  { name: 'score', type: 'double', nullable: false },
  { name: 'label', type: 'string', nullable: false },
  { name: 'model', type: 'integer', nullable: false },
  { name: 'dataset_version', type: 'long', nullable: false },
  { name: 'predicted_at', type: 'timestamp', nullable: false },
];

const written: Readonly<Record<keyof MadePrediction, string>> = {
  key: 'VARCHAR',
  score: 'DOUBLE',
  label: 'VARCHAR',
  model: 'INTEGER',
  dataset_version: 'BIGINT',
  predicted_at: 'TIMESTAMPTZ',
};
const columns = Object.entries(written).map(([name, type]) => `${name}: '${type}'`);

/** Files of the table above which they are joined. */
const mostFiles = 64;

/**
 * Adds the predictions of a file to the project's table of them, in one commit that carries `id`, so that doing it again
 * after a crash adds nothing. Those of records whose key the data held already when they were made are left out: their
 * outcome was known.
 *
 * @param file lines of {@link MadePrediction}; one that a crash cut short is left out
 * @param key the project's key column
 * @returns how many were kept
 */
export async function keepPredictions(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  file: string,
  key: string,
  id: string,
): Promise<number> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE made AS SELECT * FROM read_json(${quoteText(file)}, format = 'newline_delimited', ignore_errors = true, columns = {${columns.join(', ')}}) WHERE key IS NOT NULL`,
  );
  const data = await findTable(folder.table);
  const versions = await allRows(connection, 'SELECT DISTINCT dataset_version AS version FROM made');
  for (const row of versions) {
    if (data === undefined) break;
    const version = toCount(row['version']);
    const known = scanSql(data, await data.snapshot(version), { columns: [key] });
    await connection.run(
      `DELETE FROM made WHERE dataset_version = ${version} AND key IN (SELECT ${quoteName(key)} FROM (${known}))`,
    );
  }
  const table = await openOrCreateTable(folder.predictions, schema);
  const { inserted } = await append(connection, table, { source: 'made', txn: { appId: id, version: 1 } });
  if ((await table.snapshot()).files.length > mostFiles) await optimize(connection, table);
  return inserted;
}
