import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { rejectedColumn } from '../lake/column-types.ts';
import { allRows, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

/** Keys, spread over the file, that are looked at. */
const sampledKeys = 2000;

/** Different lengths of the data's keys with leading zeros to which digits are filled up. */
const mostLengths = 5;

/** Spaces of every kind, tabs, and what has no width. */
const invisible = String.raw`[\s\x{00A0}\x{1680}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}]+`;

const isDigits = `regexp_full_match(k, '[0-9]+')`;

/** A key without what programs add to it: signs that nobody sees, an apostrophe or `="…"` against Excel, decimals. */
const plainKey =
  `regexp_replace(regexp_replace(regexp_replace(k, '^${invisible}|${invisible}$', '', 'g'), ` +
  `'^(?:="([^"]*)"|''(.*))$', '\\1\\2'), '^([0-9]+)[.,]0+$', '\\1')`;

/** Other ways of writing a key `k`, as SQL of a list. */
function otherWays(lengths: readonly number[]): string {
  const filled = lengths.map(
    (length) => `CASE WHEN ${isDigits} AND length(k) < ${length} THEN lpad(k, ${length}, '0') END`,
  );
  const without = `CASE WHEN ${isDigits} THEN ltrim(k, '0') END`;
  const ways = ['k', 'upper(k)', 'lower(k)', without, `CASE WHEN ${isDigits} THEN k || '.0' END`, ...filled];
  return `[${ways.join(', ')}]`;
}

/**
 * Keys of a file that the data does not have, but has in another writing: 42 for 0042, or with a tab behind it. Their rows
 * would become new ones beside those that they are meant for.
 *
 * @param stagedPath rows of the file
 * @param data SQL of the data's rows with some columns
 */
export async function findNearlyKnownKeys(
  connection: DuckDBConnection,
  stagedPath: string,
  key: string,
  data: (columns: readonly string[]) => Promise<string>,
): Promise<StoredProblem[]> {
  const k = quoteName(key);
  const staged = `read_parquet(${quoteText(stagedPath)}, file_row_number = true)`;
  const [counted] = await allRows(connection, `SELECT count(*) AS n FROM ${staged}`);
  const step = Math.max(1, Math.floor(toCount(counted?.['n']) / sampledKeys));
  const known = `(SELECT ${k} AS old FROM ${await data([key])})`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE new_keys AS SELECT DISTINCT given FROM (SELECT ${k} AS given FROM ${staged} ` +
      `WHERE NOT ${rejectedColumn} AND file_row_number % ${step} = 0) ANTI JOIN ${known} ON given = old`,
  );
  const plain = `(SELECT given, ${plainKey.replaceAll(/\bk\b/g, 'given')} AS k FROM new_keys)`;
  const [digits] = await allRows(connection, `SELECT count(*) AS n FROM ${plain} WHERE ${isDigits}`);
  const lengths =
    toCount(digits?.['n']) === 0
      ? []
      : await allRows(
          connection,
          `SELECT DISTINCT length(old) AS n FROM ${known} WHERE starts_with(old, '0') ORDER BY n LIMIT ${mostLengths}`,
        );
  const ways = otherWays(lengths.map(({ n }) => toCount(n)));
  const found = await allRows(
    connection,
    `SELECT given, min(way) AS way, count(*) OVER () AS n FROM (SELECT DISTINCT given, unnest(${ways}) AS way FROM ${plain}) ` +
      `SEMI JOIN ${known} ON way = old GROUP BY given ORDER BY given LIMIT 1`,
  );
  return found.map(({ given, way, n }) => {
    const value = String(given).slice(0, 100);
    const count = toCount(n);
    const parameters = { column: key, value, known: String(way).slice(0, 100), keys: count };
    return { code: 'keys_nearly_known', parameters, column: key, value, count };
  });
}
