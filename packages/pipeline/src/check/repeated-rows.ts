import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import type { TableColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName } from '../sql/quote.ts';
import { roleOf, type Expectations } from './report.ts';

/** Fewer rows that come again, or a smaller share of them, change no figure that is shown. */
const fewestRepeated = 10;
const repeatedShare = 0.01;
/** Of the pairs of rows with the same most varied number so many must be alike in everything: else they are alike by chance. */
const sameRowShare = 0.8;
const fewestColumns = 3;
/** A number by which rows are looked for in the data differs in so many of them. */
const varied = 0.5;

/** A file's rows as they were staged. */
export interface StagedRows {
  /** SQL of its accepted rows, and how many they are. */
  readonly rows: string;
  readonly total: number;
  /** A table of some of them, spread over the file. */
  readonly sample: string;
  readonly columns: readonly TableColumn[];
  readonly expectations: Expectations;
}

/** The data: its columns, and its rows with some of them, as SQL. */
export interface DataRows {
  readonly columns: readonly TableColumn[];
  readonly select: (columns: readonly string[]) => Promise<string>;
}

/**
 * Rows that are another row under another key: one of them may be tested on what the other one taught. Rows with few
 * possible values are alike by chance; those that come again are alike in everything wherever they are alike in the number
 * that differs most. Without a key equal rows are for the same purpose anyway.
 */
export async function findRepeatedRows(
  connection: DuckDBConnection,
  { rows, total, sample, columns, expectations }: StagedRows,
): Promise<StoredProblem[]> {
  const { key, target } = expectations;
  const features = featuresOf(columns, expectations);
  if (key === null || target === null || features.length < fewestColumns) return [];
  const number = (await mostVaried(connection, sample, features))?.column;
  if (number === undefined) return [];
  const content = [...features.map(({ name }) => name), target].map(quoteName).join(', ');
  const groupsBy = (value: string): string =>
    `(SELECT count(*) AS n, max(${quoteName(key)})::VARCHAR AS example FROM ${rows} WHERE ${quoteName(number)} IS NOT NULL GROUP BY ${value} HAVING count(*) > 1)`;
  const found = await oneRow(
    connection,
    `SELECT sum(n - 1) AS repeated, sum(n * (n - 1)) AS pairs, min(example) AS example FROM ${groupsBy(`hash(${content})`)}`,
  );
  const repeated = Number(found['repeated'] ?? 0);
  if (repeated < fewestOf(total)) return [];
  const { alike } = await oneRow(
    connection,
    `SELECT sum(n * (n - 1)) AS alike FROM ${groupsBy(quoteName(number))}`,
  );
  if (Number(found['pairs'] ?? 0) < Number(alike ?? 0) * sameRowShare) return [];
  return [problem('rows_repeated', key, repeated, total, found['example'])];
}

/**
 * Rows of a file that are rows of the data under another key. As a file's keys that the data knows are updates, only its other
 * rows are looked at. One column of the data is read; the others, where that one finds as many as matter.
 */
export async function findRowsInData(
  connection: DuckDBConnection,
  { sample, columns, expectations }: StagedRows,
  data: DataRows,
): Promise<StoredProblem[]> {
  const { key, target } = expectations;
  const known = new Map(data.columns.map(({ name, type }) => [name, type]));
  const shared = columns.filter(({ name, type }) => known.get(name) === type);
  const features = featuresOf(shared, expectations);
  const isShared = (name: string | null): name is string => shared.some((column) => column.name === name);
  if (!isShared(key) || !isShared(target) || features.length < fewestColumns) return [];
  const number = await mostVaried(connection, sample, features);
  if (number === undefined || number.distinct < number.rows * varied) return [];
  const { column, rows } = number;
  const fewest = fewestOf(rows);
  const met = await oneRow(
    connection,
    `SELECT count(*) AS n FROM ${sample} SEMI JOIN ${await data.select([column])} AS old USING (${quoteName(column)})`,
  );
  if (toCount(met['n']) < fewest) return [];
  const content = [target, ...features.map(({ name }) => name)];
  const old = await data.select([key, ...content]);
  const isNew = `NOT EXISTS (SELECT 1 FROM ${await data.select([key])} AS known WHERE known.${quoteName(key)} = new.${quoteName(key)})`;
  const isAlike = content
    .map((name) => `old.${quoteName(name)} IS NOT DISTINCT FROM new.${quoteName(name)}`)
    .join(' AND ');
  const found = await oneRow(
    connection,
    `SELECT count(*) AS pairs, count(*) FILTER (alike) AS alike, count(DISTINCT key) FILTER (alike) AS repeated, min(key) FILTER (alike) AS example ` +
      `FROM (SELECT new.${quoteName(key)}::VARCHAR AS key, ${isAlike} AS alike FROM ${sample} AS new JOIN ${old} AS old ON old.${quoteName(column)} = new.${quoteName(column)} WHERE ${isNew})`,
  );
  const repeated = toCount(found['repeated']);
  if (repeated < fewest || toCount(found['alike']) < toCount(found['pairs']) * sameRowShare) return [];
  return [problem('rows_known', key, repeated, rows, found['example'])];
}

const featuresOf = (columns: readonly TableColumn[], expectations: Expectations): TableColumn[] =>
  columns.filter(({ name }) => roleOf(expectations, name) === 'feature');

const fewestOf = (rows: number): number => Math.max(fewestRepeated, rows * repeatedShare);

/** The number that differs most in the sample, how often, and the sample's rows; undefined where there is no number. */
async function mostVaried(
  connection: DuckDBConnection,
  sample: string,
  features: readonly TableColumn[],
): Promise<{ column: string; distinct: number; rows: number } | undefined> {
  const numbers = features.filter(({ type }) => type === 'number').map(({ name }) => name);
  if (numbers.length === 0) return undefined;
  const variety = await oneRow(
    connection,
    `SELECT count(*) AS n, ${numbers.map((name, index) => `count(DISTINCT ${quoteName(name)}) AS n${index}`).join(', ')} FROM ${sample}`,
  );
  const counts = numbers.map((_, index) => toCount(variety[`n${index}`]));
  const distinct = Math.max(...counts);
  return { column: numbers[counts.indexOf(distinct)] as string, distinct, rows: toCount(variety['n']) };
}

function problem(
  code: 'rows_repeated' | 'rows_known',
  key: string,
  repeated: number,
  rows: number,
  example: unknown,
): StoredProblem {
  const parameters = { repeated, rows, value: String(example).slice(0, 100) };
  return { code, parameters, column: key, value: parameters.value, count: repeated };
}
