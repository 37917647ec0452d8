import type { ColumnType } from '@kaefer/contracts';

/** How each of our types is called in DuckDB and in Delta's schema. Times are instants in UTC. */
const typeNames = {
  integer: { duckdb: 'BIGINT', delta: 'long' },
  number: { duckdb: 'DOUBLE', delta: 'double' },
  boolean: { duckdb: 'BOOLEAN', delta: 'boolean' },
  date: { duckdb: 'DATE', delta: 'date' },
  timestamp: { duckdb: 'TIMESTAMPTZ', delta: 'timestamp' },
  text: { duckdb: 'VARCHAR', delta: 'string' },
} as const satisfies Record<ColumnType, { duckdb: string; delta: string }>;

export type DeltaTypeName = (typeof typeNames)[ColumnType]['delta'];

export const duckdbType = (type: ColumnType): string => typeNames[type].duckdb;
export const deltaType = (type: ColumnType): DeltaTypeName => typeNames[type].delta;

export function columnTypeOfDelta(delta: string): ColumnType {
  for (const [type, names] of Object.entries(typeNames)) if (names.delta === delta) return type as ColumnType;
  throw new Error(`a table of ours has a column of the foreign type ${delta}`);
}

/** The columns that Käfer adds to a project's table. */
export const provenance = {
  /** Id of the upload that last set the row. */
  upload: '_upload',
  /** Line of that file, the header being 1 (where no cell holds a line break). */
  line: '_line',
  /** Projects without a key: MD5 of the row's content as it arrived; identifies the row for ever. */
  row: '_row',
  /** Sources that several columns tell the rows apart of: those columns' texts, joined. */
  key: '_key',
  /** What the row is for: `holdout`, `validation` or `training`. Follows from its key, and never changes. */
  part: '_part',
} as const;

/** In staged files only: the row stays out of the table. */
export const rejectedColumn = '_rejected';

/** DuckDB gives every Parquet file a column of this name. */
const fileRowNumber = 'file_row_number';

export const reservedColumns: ReadonlySet<string> = new Set([
  ...Object.values(provenance),
  rejectedColumn,
  fileRowNumber,
]);

/** A column of a project's table, without those that Käfer adds. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** The type that holds the values of both; a number and a text meet as text. */
export function widerType(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b) return a;
  const pair = new Set([a, b]);
  if (pair.has('integer') && pair.has('number')) return 'number';
  if (pair.has('date') && pair.has('timestamp')) return 'timestamp';
  return 'text';
}

/** The user's columns of a table's schema, without those that Käfer adds. */
export function columnsOfSchema(
  schema: readonly { readonly name: string; readonly type: string }[],
): TableColumn[] {
  return schema
    .filter(({ name }) => !reservedColumns.has(name))
    .map(({ name, type }) => ({ name, type: columnTypeOfDelta(type) }));
}
