import type { DuckDBConnection } from '@duckdb/node-api';
import type { AddFile } from './actions.ts';
import { DeltaError } from './delta-error.ts';
import { isDecimal, sqlType } from './schema.ts';
import type { DeltaType, Field } from './schema.ts';
import { quoteName, quoteText } from './sql-quote.ts';

/** The value of each partition column that all rows of a file share, as text; null where they have none. */
export type PartitionValues = AddFile['partitionValues'];

const supportedTypes: readonly DeltaType[] = [
  'string',
  'long',
  'integer',
  'short',
  'byte',
  'boolean',
  'date',
];

/** Whether a column may be one of partitions: its values must be one text each, for every writer. */
export const mayPartition = (type: DeltaType): boolean => supportedTypes.includes(type) || isDecimal(type);

/** @throws DeltaError `invalid_schema`, naming all that is wrong */
export function checkPartitionColumns(schema: readonly Field[], columns: readonly string[]): void {
  const problems = columns.flatMap((name) => {
    const field = schema.find((candidate) => candidate.name === name);
    if (!field) return [`'${name}' is not in the schema`];
    return mayPartition(field.type) ? [] : [`'${name}' is of type ${field.type}`];
  });
  if (new Set(columns).size < columns.length) problems.push('a column is named twice');
  if (columns.length >= schema.length) problems.push('no column is left for the files');
  if (problems.length > 0)
    throw new DeltaError('invalid_schema', `The table cannot be partitioned so: ${problems.join('; ')}.`);
}

/** A file's value in a partition column; Delta takes an empty text for none. */
export const partitionValue = (
  { partitionValues }: Pick<AddFile, 'partitionValues'>,
  name: string,
): string | null => partitionValues?.[name] || null;

/** The expression that gives the partition column's value for the file at a position, counted from 0. */
export function partitionSql({ name, type }: Field, files: readonly AddFile[], position: string): string {
  const values = files.map((file) => {
    const value = partitionValue(file, name);
    return value === null ? 'NULL' : quoteText(value);
  });
  return `list_extract(CAST([${values.join()}] AS ${sqlType(type)}[]), CAST(${position} AS BIGINT) + 1)`;
}

/** Files of the same partition, in their order; all in one where there are no partition columns. */
export function byPartition(files: readonly AddFile[], columns: readonly string[]): AddFile[][] {
  const groups = new Map<string, AddFile[]>();
  for (const file of files) {
    const key = JSON.stringify(columns.map((name) => partitionValue(file, name)));
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return [...groups.values()];
}

export interface PartitionOfQuery {
  values: PartitionValues;
  /** The query's rows of this partition, without the partition columns. */
  sql: string;
}

/**
 * The partitions of a query whose columns are those of the schema.
 *
 * @throws DeltaError `null_in_required_column`; `schema_mismatch` for an empty text, which others would read as NULL
 */
export async function partitionsOf(
  connection: DuckDBConnection,
  query: string,
  schema: readonly Field[],
  columns: readonly string[],
): Promise<PartitionOfQuery[]> {
  if (columns.length === 0) return [{ values: {}, sql: query }];
  const fields = columns.flatMap((name) => schema.find((field) => field.name === name) ?? []);
  const texts = fields.map(({ name }) => `CAST(${quoteName(name)} AS VARCHAR)`).join();
  const names = fields.map(({ name }) => quoteName(name)).join();
  const reader = await connection.runAndReadAll(
    `SELECT ${texts} FROM (${query}) GROUP BY ${names} ORDER BY ${names}`,
  );
  return reader.getRows().map((row) => {
    const values = fields.map((field, index) => checkedValue(field, row[index]));
    const conditions = fields.map(({ name, type }, index) => {
      const value = values[index] ?? null;
      const literal = value === null ? 'NULL' : `CAST(${quoteText(value)} AS ${sqlType(type)})`;
      return `${quoteName(name)} IS NOT DISTINCT FROM ${literal}`;
    });
    return {
      values: Object.fromEntries(fields.map(({ name }, index) => [name, values[index] ?? null])),
      sql: `SELECT * EXCLUDE (${names}) FROM (${query}) WHERE ${conditions.join(' AND ')}`,
    };
  });
}

function checkedValue({ name, nullable }: Field, value: unknown): string | null {
  if (value === '')
    throw new DeltaError(
      'schema_mismatch',
      `The partition column '${name}' has an empty text, which Delta cannot tell from no value.`,
    );
  if (typeof value === 'string') return value;
  if (!nullable)
    throw new DeltaError(
      'null_in_required_column',
      `The column '${name}' is required, but some of the rows have no value in it.`,
    );
  return null;
}
