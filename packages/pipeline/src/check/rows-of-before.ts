import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { rejectedColumn, type TableColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { roleOf, type Expectations } from './report.ts';

/** Rows of the file, spread over it, that are looked for in the data. */
const sampledRows = 20_000;
/** Fewer rows that come again, or a smaller share of them, change no figure that is shown. */
const fewestRepeated = 10;
const repeatedShare = 0.01;
/** A number tells rows apart when it differs in so many of them … */
const varied = 0.5;
/** … and of the pairs with the same one so many must be alike in everything: else they are alike by chance. */
const sameRowShare = 0.8;
const fewestColumns = 3;

/** The data: its columns, and its rows with some of them, as SQL. */
export interface DataRows {
  readonly columns: readonly TableColumn[];
  readonly select: (columns: readonly string[]) => Promise<string>;
}

/**
 * Rows of a file that are rows of the data under another key: one of them may be tested on what the other one taught. As
 * a file's keys that the data knows are updates, only its other rows are looked at. One column of the data is read; the
 * others, where that one finds as many as matter.
 */
export async function findRowsOfBefore(
  connection: DuckDBConnection,
  stagedPath: string,
  columns: readonly TableColumn[],
  expectations: Expectations,
  data: DataRows,
): Promise<StoredProblem[]> {
  const { key, target } = expectations;
  const known = new Map(data.columns.map(({ name, type }) => [name, type]));
  const shared = columns.filter(({ name, type }) => known.get(name) === type);
  const features = shared.filter(({ name }) => roleOf(expectations, name) === 'feature');
  const isShared = (name: string | null): name is string => shared.some((column) => column.name === name);
  if (!isShared(key) || !isShared(target) || features.length < fewestColumns) return [];
  const numbers = features.filter(({ type }) => type === 'number').map(({ name }) => quoteName(name));
  if (numbers.length === 0) return [];
  const accepted = `(SELECT * FROM read_parquet(${quoteText(stagedPath)}, file_row_number = true) WHERE NOT ${rejectedColumn})`;
  const { n } = await oneRow(connection, `SELECT count(*) AS n FROM ${accepted}`);
  const step = Math.max(1, Math.floor(toCount(n) / sampledRows));
  const content = [target, ...features.map(({ name }) => name)];
  const sample = 'rows_to_find';
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${sample} AS SELECT ${[key, ...content].map(quoteName).join(', ')} FROM ${accepted} WHERE file_row_number % ${step} = 0`,
  );
  const variety = await oneRow(
    connection,
    `SELECT count(*) AS n, ${numbers.map((name, index) => `count(DISTINCT ${name}) AS n${index}`).join(', ')} FROM ${sample}`,
  );
  const counts = numbers.map((_, index) => toCount(variety[`n${index}`]));
  const rows = toCount(variety['n']);
  const number = numbers[counts.indexOf(Math.max(...counts))] as string;
  if (Math.max(...counts) < rows * varied) return [];
  const fewest = Math.max(fewestRepeated, rows * repeatedShare);
  const column = features.find(({ name }) => quoteName(name) === number)?.name ?? '';
  const met = await oneRow(
    connection,
    `SELECT count(*) AS n FROM ${sample} SEMI JOIN ${await data.select([column])} AS old USING (${number})`,
  );
  if (toCount(met['n']) < fewest) return [];
  const old = await data.select([key, ...content]);
  const isNew = `NOT EXISTS (SELECT 1 FROM ${await data.select([key])} AS known WHERE known.${quoteName(key)} = new.${quoteName(key)})`;
  const isAlike = content
    .map((name) => `old.${quoteName(name)} IS NOT DISTINCT FROM new.${quoteName(name)}`)
    .join(' AND ');
  const found = await oneRow(
    connection,
    `SELECT count(*) AS pairs, count(*) FILTER (alike) AS alike, count(DISTINCT key) FILTER (alike) AS repeated, min(key) FILTER (alike) AS example ` +
      `FROM (SELECT new.${quoteName(key)}::VARCHAR AS key, ${isAlike} AS alike FROM ${sample} AS new JOIN ${old} AS old ON old.${number} = new.${number} WHERE ${isNew})`,
  );
  const repeated = toCount(found['repeated']);
  if (repeated < fewest || toCount(found['alike']) < toCount(found['pairs']) * sameRowShare) return [];
  const parameters = { repeated, rows, value: String(found['example']).slice(0, 100) };
  return [{ code: 'rows_known', parameters, column: key, value: parameters.value, count: repeated }];
}
