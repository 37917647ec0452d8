import type { DuckDBConnection } from '@duckdb/node-api';
import type { ProjectFolder } from '../lake/layout.ts';
import { allRows, toCount } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';

/** How many rows a model was trained on, and how many of them are in the holdout: anything but 0 forbids a comparison. */
export interface OverlapAudit {
  readonly trainingRows: number;
  readonly overlap: number;
}

/**
 * Looks every key that a model, or one that it continued, was trained on up among the holdout's keys.
 *
 * @param lineages for each model its version and those that it continued
 * @param holdout a table with a column `key`
 */
export async function auditOverlaps(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  lineages: readonly (readonly number[])[],
  holdout: string,
): Promise<OverlapAudit[]> {
  const trainedOn = lineages.map((lineage, model) => {
    const files = lineage.map((version) => quoteText(folder.model(version).trainingKeys)).join(', ');
    // One model lists each key once; a lineage lists those of its validation rows again and again.
    const distinct = lineage.length === 1 ? '' : 'DISTINCT ';
    return `SELECT ${distinct}${model} AS model, key FROM read_parquet([${files}])`;
  });
  const rows = await allRows(
    connection,
    `SELECT model, count(*) AS rows, count(*) FILTER (key IN (SELECT key FROM ${holdout})) AS overlap ` +
      `FROM (${trainedOn.join(' UNION ALL ')}) GROUP BY model`,
  );
  return lineages.map((_, model) => {
    const counted = rows.find((row) => Number(row['model']) === model);
    return { trainingRows: toCount(counted?.['rows'] ?? 0), overlap: toCount(counted?.['overlap'] ?? 0) };
  });
}
