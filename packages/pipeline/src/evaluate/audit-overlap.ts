import type { DuckDBConnection } from '@duckdb/node-api';
import type { ProjectFolder } from '../lake/layout.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';

/**
 * Looks every key that a model, or one that it continued, was trained on up among the holdout's keys.
 *
 * @param lineage versions: the model and those that it continued
 * @param holdout a table with a column `key`
 */
export async function auditOverlap(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  lineage: readonly number[],
  holdout: string,
): Promise<{ overlap: number; trainingRows: number }> {
  const files = lineage.map((version) => quoteText(folder.model(version).trainingKeys)).join(', ');
  const keys = `read_parquet([${files}])`;
  // One model lists each key once; a lineage lists those of its validation rows again and again.
  const trainedOn = lineage.length === 1 ? `SELECT key FROM ${keys}` : `SELECT DISTINCT key FROM ${keys}`;
  const counts = await oneRow(
    connection,
    `SELECT count(*) AS rows, count(*) FILTER (key IN (SELECT key FROM ${holdout})) AS overlap FROM (${trainedOn})`,
  );
  return { overlap: toCount(counts['overlap']), trainingRows: toCount(counts['rows']) };
}
