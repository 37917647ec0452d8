import type { DuckDBConnection } from '@duckdb/node-api';
import type { AddFile } from './actions.ts';
import { DeltaError } from './delta-error.ts';
import type { DeltaTable } from './delta-table.ts';
import { fetchScan } from './scan-sql.ts';
import type { SchemaGrowth } from './schema-growth.ts';
import { decimalDigits, sqlType } from './schema.ts';
import type { DeltaType } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import { quoteName } from './sql-quote.ts';

/** Decimal digits that a double keeps, whatever they are. */
const exactDigits = 15;
const wideIntegers = /^U?(BIGINT|HUGEINT)$/;

interface Suspect {
  name: string;
  /** DuckDB's type that its values have before. */
  sqlType: string;
}

/**
 * Throws `schema_mismatch` when values of files would change with the types that a grown schema widens: whole numbers
 * and decimals that have no double of the same value. Reads these columns of the files, and only where they can hold such.
 */
export async function checkExactFiles(
  connection: DuckDBConnection,
  table: DeltaTable,
  snapshot: Snapshot,
  files: readonly AddFile[],
  growth: SchemaGrowth,
): Promise<void> {
  const suspects = snapshot.schema.flatMap(({ name, type }): Suspect[] =>
    growth.widened.includes(name) && mayRound(sqlType(type), typeIn(growth, name))
      ? [{ name, sqlType: sqlType(type) }]
      : [],
  );
  if (suspects.length === 0 || files.length === 0) return;
  const scan = await fetchScan(table, snapshot, { files, columns: suspects.map(({ name }) => name) });
  await refuseRounded(connection, scan, suspects, growth, 'of its values');
}

/** The same for the values that a source brings into the columns that widen. */
export async function checkExactSource(
  connection: DuckDBConnection,
  source: string,
  growth: SchemaGrowth,
): Promise<void> {
  if (!growth.widened.some((name) => typeIn(growth, name) === 'double')) return;
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const suspects = described.getRows().flatMap(([column, type]): Suspect[] => {
    const name = String(column);
    return growth.widened.includes(name) && mayRound(String(type), typeIn(growth, name))
      ? [{ name, sqlType: String(type) }]
      : [];
  });
  if (suspects.length > 0) await refuseRounded(connection, source, suspects, growth, 'of the new values');
}

const typeIn = ({ schema }: SchemaGrowth, name: string): DeltaType | undefined =>
  schema.find((field) => field.name === name)?.type;

const mayRound = (from: string, to: DeltaType | undefined): boolean =>
  to === 'double' && (wideIntegers.test(from) || (decimalDigits(from)?.precision ?? 0) > exactDigits);

async function refuseRounded(
  connection: DuckDBConnection,
  relation: string,
  suspects: readonly Suspect[],
  growth: SchemaGrowth,
  whose: string,
): Promise<void> {
  const counted = suspects.map(({ name, sqlType: before }) => {
    const column = quoteName(name);
    const rounded = `TRY_CAST(CAST(${column} AS DOUBLE) AS ${before}) IS DISTINCT FROM ${column}`;
    return `count(*) FILTER (${rounded}), CAST(min(${column}) FILTER (${rounded}) AS VARCHAR)`;
  });
  const [row = []] = (
    await connection.runAndReadAll(`SELECT ${counted.join()} FROM ${relation} rounded`)
  ).getRows();
  const problems = suspects.flatMap(({ name, sqlType: before }, place) => {
    const [count, example] = [Number(row[place * 2]), String(row[place * 2 + 1])];
    if (count === 0) return [];
    return [
      `'${name}' cannot change from ${before} to ${typeIn(growth, name)}: ${count} ${whose}, such as ${example}, would be rounded`,
    ];
  });
  if (problems.length > 0)
    throw new DeltaError(
      'schema_mismatch',
      `The table's schema cannot become the one given: ${problems.join('; ')}. Keep the type, or make it string.`,
    );
}
