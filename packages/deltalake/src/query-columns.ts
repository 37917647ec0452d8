import type { DuckDBConnection } from '@duckdb/node-api';
import { DeltaError } from './delta-error.ts';
import { sqlType } from './schema.ts';
import type { Field } from './schema.ts';
import { quoteName } from './sql-quote.ts';

/** Names of a relation's columns, without running it. `relation` stands after FROM. */
export async function columnsOf(connection: DuckDBConnection, relation: string): Promise<string[]> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${relation}`);
  return described.getRows().map(([name]) => String(name));
}

/** Throws `schema_mismatch`, naming columns that the schema lacks and required ones that are not given. */
export function checkColumns(schema: readonly Field[], given: readonly string[]): void {
  const unknown = given
    .filter((name) => !schema.some((field) => field.name === name))
    .map((name) => `'${name}' is not in the schema`);
  const missing = schema
    .filter(({ name, nullable }) => !nullable && !given.includes(name))
    .map(({ name }) => `'${name}' is required and missing`);
  const problems = [...unknown, ...missing];
  if (problems.length > 0)
    throw new DeltaError('schema_mismatch', `The rows do not fit the table: ${problems.join('; ')}.`);
}

/** A select list that gives every column of the schema, in its order and type; those not given are NULL. */
export function conformedColumns(schema: readonly Field[], given: readonly string[], qualifier = ''): string {
  return schema
    .map(
      ({ name, type }) =>
        `CAST(${given.includes(name) ? qualifier + quoteName(name) : 'NULL'} AS ${sqlType(type)}) AS ${quoteName(name)}`,
    )
    .join();
}

/** A timestamp without a zone becomes an instant by the session's zone: only UTC keeps tables portable. */
export async function checkTimeZone(connection: DuckDBConnection, schema: readonly Field[]): Promise<void> {
  if (!schema.some(({ type }) => type === 'timestamp')) return;
  const [row] = (await connection.runAndReadAll(`SELECT current_setting('TimeZone')`)).getRows();
  const zone = String(row?.[0]);
  if (!['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT', 'Zulu', 'Etc/Zulu', 'UCT', 'Etc/UCT'].includes(zone))
    throw new DeltaError(
      'time_zone_not_utc',
      `The DuckDB connection's time zone is '${zone}'. Run SET TimeZone = 'UTC' before writing timestamps.`,
    );
}
