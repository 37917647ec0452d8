import type { DuckDBConnection } from '@duckdb/node-api';
import { provenance, rejectedColumn } from '../lake/column-types.ts';
import { shiftPositions } from '../lake/skipped-lines.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

/**
 * The rows of a staged file that are to be merged, in its order, with where each came from.
 *
 * @param part SQL of what a row is for; undefined for rows of a source, which are for nothing yet
 */
export async function stagedRelation(
  connection: DuckDBConnection,
  path: string,
  uploadId: string,
  skippedLines: readonly number[],
  part: string | undefined,
): Promise<string> {
  const last = part === undefined ? '' : `, ${part} AS ${quoteName(provenance.part)}`;
  const rows = `read_parquet(${quoteText(path)}, file_row_number = true)`;
  const select = (line: string, from: string): string =>
    `SELECT * EXCLUDE (${rejectedColumn}, file_row_number), ${quoteText(uploadId)} AS ${quoteName(provenance.upload)}, ` +
    `(${line})::BIGINT AS ${quoteName(provenance.line)}${last} FROM ${from} WHERE NOT ${rejectedColumn}`;
  if (skippedLines.length === 0) return `(${select('file_row_number + 2', rows)})`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE skipped AS SELECT first_position, count(*) OVER (ORDER BY first_position) AS lines ` +
      `FROM (SELECT unnest([${shiftPositions(skippedLines).join(', ')}]::BIGINT[]) AS first_position) QUALIFY row_number() OVER (PARTITION BY first_position) = 1`,
  );
  const shifted = `(SELECT r.*, coalesce(skipped.lines, 0) AS "lines before" FROM ${rows} r ASOF LEFT JOIN skipped ON r.file_row_number >= skipped.first_position)`;
  return `(SELECT * EXCLUDE ("lines before") FROM (${select(`file_row_number + 2 + "lines before"`, shifted)}) ORDER BY ${quoteName(provenance.line)})`;
}
