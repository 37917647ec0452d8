import { DeltaError } from './delta-error.ts';

/** Delta's primitive types (PROTOCOL.md, "Primitive Types"), without timestamp_ntz, which reader 1 lacks. */
export type DeltaType =
  | 'string'
  | 'long'
  | 'integer'
  | 'short'
  | 'byte'
  | 'double'
  | 'float'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'binary'
  | `decimal(${number},${number})`;

export interface Field {
  name: string;
  type: DeltaType;
  nullable: boolean;
  metadata?: Record<string, unknown>;
}

const sqlTypes: Record<Exclude<DeltaType, `decimal(${number},${number})`>, string> = {
  string: 'VARCHAR',
  long: 'BIGINT',
  integer: 'INTEGER',
  short: 'SMALLINT',
  byte: 'TINYINT',
  double: 'DOUBLE',
  float: 'FLOAT',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
  binary: 'BLOB',
};

const decimalPattern = /^decimal\(\s*(\d+)\s*,\s*(\d+)\s*\)$/i;

/** The digits of a decimal type, Delta's or DuckDB's, all of them and those after the point; undefined for others. */
export function decimalDigits(type: string): { precision: number; scale: number } | undefined {
  const [matched, precision, scale] = decimalPattern.exec(type) ?? [];
  return matched === undefined ? undefined : { precision: Number(precision), scale: Number(scale) };
}

export const isDecimal = (type: DeltaType): type is `decimal(${number},${number})` =>
  type.startsWith('decimal') && decimalPattern.test(type);

/** DuckDB's name of a Delta type. A timestamp is an instant, hence WITH TIME ZONE (Parquet: adjusted to UTC). */
export function sqlType(type: DeltaType): string {
  return isDecimal(type) ? type.toUpperCase() : sqlTypes[type];
}

export const isDeltaType = (type: unknown): type is DeltaType =>
  typeof type === 'string' && (type in sqlTypes || isDecimal(type as DeltaType));

/** Reserved: DuckDB's Parquet reader gives the row's position in its file under this name. */
const reservedName = 'file_row_number';

/** Throws `invalid_schema` when the fields cannot be a table: none, an empty name, or names equal but for case. */
export function checkSchema(schema: readonly Field[]): void {
  const problems: string[] = schema.length === 0 ? ['it has no columns'] : [];
  const seen = new Set<string>();
  for (const { name, type } of schema) {
    if (name === '') problems.push('a column has an empty name');
    if (name.includes('\0')) problems.push(`the column name ${JSON.stringify(name)} holds a NUL character`);
    if (name.toLowerCase() === reservedName) problems.push(`the column name '${name}' is reserved`);
    if (seen.has(name.toLowerCase()))
      problems.push(`the column name '${name}' occurs twice (case does not count)`);
    if (!isDeltaType(type)) problems.push(`the column '${name}' has the unknown type '${String(type)}'`);
    seen.add(name.toLowerCase());
  }
  if (problems.length > 0)
    throw new DeltaError('invalid_schema', `The schema cannot be used: ${problems.join('; ')}.`);
}

/** The schema as the log holds it (PROTOCOL.md, "Schema Serialization Format"). */
export function schemaToJson(schema: readonly Field[]): string {
  const fields = schema.map(({ name, type, nullable, metadata }) => ({
    name,
    type,
    nullable,
    metadata: metadata ?? {},
  }));
  return JSON.stringify({ type: 'struct', fields });
}

/** Reads a schema from the log; `unsupported_feature` names a type this package cannot read. */
export function schemaFromJson(json: string): Field[] {
  const { fields } = JSON.parse(json) as {
    fields: { name: string; type: unknown; nullable: boolean; metadata?: Record<string, unknown> }[];
  };
  return fields.map(({ name, type, nullable, metadata }) => {
    const read = type === 'timestamp_ntz' || !isDeltaType(type) ? undefined : type;
    if (!read) {
      const typeName =
        typeof type === 'string' ? type : ((type as { type?: string } | null)?.type ?? 'unknown');
      throw new DeltaError(
        'unsupported_feature',
        `The column '${name}' has the type '${typeName}', which this package cannot read.`,
      );
    }
    return { name, type: read.replaceAll(' ', '') as DeltaType, nullable, metadata: metadata ?? {} };
  });
}

/** Whether two schemas name the same columns with the same types, in the same order. */
export function schemasEqual(a: readonly Field[], b: readonly Field[]): boolean {
  const core = (schema: readonly Field[]) =>
    JSON.stringify(schema.map(({ name, type, nullable }) => [name, type, nullable]));
  return core(a) === core(b);
}
