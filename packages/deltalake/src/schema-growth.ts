import { DeltaError } from './delta-error.ts';
import { checkSchema, decimalDigits, isDecimal, schemasEqual } from './schema.ts';
import type { DeltaType, Field } from './schema.ts';

/** What DuckDB's and Spark's decimals hold. */
const maxDecimalDigits = 38;

/** Types that the values of the key's type convert to. All of them also convert to string. */
const widerTypes: Partial<Record<DeltaType, readonly DeltaType[]>> = {
  byte: ['short', 'integer', 'long', 'float', 'double'],
  short: ['integer', 'long', 'float', 'double'],
  integer: ['long', 'double'],
  long: ['double'],
  float: ['double'],
  date: ['timestamp'],
};

/**
 * Whether a column may change from one type to another. Whole numbers above 2^53 and decimals of more than 15 digits may
 * have no equal double: `exact-widening.ts` looks at them.
 */
export function widens(from: DeltaType, to: DeltaType): boolean {
  if (to === 'string') return from !== 'binary';
  if (isDecimal(from)) return to === 'double' || isWiderDecimal(from, to);
  return widerTypes[from]?.includes(to) ?? false;
}

/** A decimal that has as many digits before the point, and after it, as the other. */
function isWiderDecimal(from: DeltaType, to: DeltaType): boolean {
  const [before, after] = [decimalDigits(from), decimalDigits(to)];
  if (!before || !after || after.precision > maxDecimalDigits) return false;
  return after.scale >= before.scale && after.precision - after.scale >= before.precision - before.scale;
}

export interface SchemaGrowth {
  schema: Field[];
  /** Whether the log needs a new metaData action. */
  changed: boolean;
  /** Names of columns whose type widened: every file must be rewritten, as protocol 1/2 has no type widening. */
  widened: string[];
}

/**
 * What must happen for a table to take a grown schema: new nullable columns, widened types, columns that
 * become nullable. Throws `schema_mismatch`, naming every column that does not fit.
 */
export function planGrowth(current: readonly Field[], wanted: readonly Field[] | undefined): SchemaGrowth {
  if (!wanted) return { schema: [...current], changed: false, widened: [] };
  checkSchema(wanted);
  const problems: string[] = [];
  const widened: string[] = [];
  const before = new Map(current.map((field) => [field.name, field]));
  for (const field of current)
    if (!wanted.some(({ name }) => name === field.name)) problems.push(`'${field.name}' is missing`);
  const schema = wanted.map((field): Field => {
    const old = before.get(field.name);
    if (!old) {
      if (!field.nullable) problems.push(`the new column '${field.name}' must be nullable`);
      return field;
    }
    if (old.nullable && !field.nullable) problems.push(`'${field.name}' cannot stop being nullable`);
    if (old.type !== field.type) {
      if (widens(old.type, field.type)) widened.push(field.name);
      else problems.push(`'${field.name}' cannot change from ${old.type} to ${field.type}`);
    }
    return { ...field, metadata: field.metadata ?? old.metadata ?? {} };
  });
  if (problems.length > 0)
    throw new DeltaError(
      'schema_mismatch',
      `The table's schema cannot become the one given: ${problems.join('; ')}.`,
    );
  return { schema, changed: !schemasEqual(current, schema), widened };
}
