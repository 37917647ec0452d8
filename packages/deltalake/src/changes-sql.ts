import { deletedRows } from './deleted-rows.ts';
import { fileKey } from './deletion-vector.ts';
import type { DeltaTable } from './delta-table.ts';
import { DeltaError } from './delta-error.ts';
import { storedRowCount } from './file-statistics.ts';
import { allRows, withoutRows } from './row-bits.ts';
import { scanSql } from './scan-sql.ts';
import type { ScanOptions } from './scan-sql.ts';
import { widens } from './schema-growth.ts';
import type { Field } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import { quoteName, unusedName } from './sql-quote.ts';

/** The column that says what happened to a row, as in Delta's change data feed. */
const changeColumn = '_change_type';

export interface ChangesOptions {
  /** Column without repeated values in either version. With it changed rows are updates, else a deletion and an insertion. */
  key?: string;
}

/**
 * A parenthesised SELECT of the rows in which two versions differ, in no particular order: all columns of both,
 * and `_change_type`: `insert`, `delete`, and for an update `update_preimage` and `update_postimage`. Only files
 * that one of the versions lacks, or has with other deletion vectors, are read, so both must not have been vacuumed; rows that were merely rewritten
 * are no change. A column that one version lacks is NULL there; of two types the wider one is compared.
 *
 * @param from may also be the later version: then the changes are those that lead back
 * @throws DeltaError `schema_mismatch` for an unknown key or types that do not compare, `invalid_argument` when the
 *   table has a column `_change_type`
 */
export function changesSql(
  table: DeltaTable,
  from: Snapshot,
  to: Snapshot,
  { key }: ChangesOptions = {},
): string {
  const schema = commonSchema(from.schema, to.schema);
  if (schema.some(({ name }) => name.toLowerCase() === changeColumn))
    throw new DeltaError('invalid_argument', `The table has a column '${changeColumn}' of its own.`);
  if (key !== undefined && !schema.some(({ name }) => name === key))
    throw new DeltaError('schema_mismatch', `The table has no column '${key}'.`);
  const before = scanSql(table, from, { schema, ...rowsMissingIn(to, from) });
  const after = scanSql(table, to, { schema, ...rowsMissingIn(from, to) });
  return key === undefined ? differenceOfRows(before, after) : differenceByKey(before, after, key, schema);
}

/**
 * Fetches the files that `changesSql` names, for tables in an object store; in a folder nothing needs doing.
 *
 * @returns what `changesSql` gives
 * @throws DeltaError as `changesSql`; `data_file_missing`
 */
export async function fetchChanges(
  table: DeltaTable,
  from: Snapshot,
  to: Snapshot,
  options: ChangesOptions = {},
): Promise<string> {
  const sql = changesSql(table, from, to, options);
  await table.fetch([...filesMissingIn(to, from), ...filesMissingIn(from, to)]);
  return sql;
}

const filesMissingIn = (other: Snapshot, { files }: Snapshot): Snapshot['files'] => {
  const keys = new Set(other.files.map(fileKey));
  return files.filter((file) => !keys.has(fileKey(file)));
};

/** Of a data file that both versions have, with other deletion vectors, only the rows that the other version lacks. */
function rowsMissingIn(
  other: Snapshot,
  one: Snapshot,
): Pick<ScanOptions, 'files'> & Required<Pick<ScanOptions, 'hiddenRows'>> {
  const others = new Map(other.files.map((file) => [file.path, file]));
  return {
    files: filesMissingIn(other, one),
    hiddenRows: (file) => {
      const [here, counterpart, rows] = [deletedRows(file), others.get(file.path), storedRowCount(file)];
      if (counterpart === undefined || rows === undefined) return here;
      const gone = withoutRows(deletedRows(counterpart) ?? new Uint8Array(), here ?? new Uint8Array());
      return withoutRows(allRows(rows), gone);
    },
  };
}

function differenceOfRows(before: string, after: string): string {
  const only = (rows: string, others: string, type: string): string =>
    `SELECT *, '${type}' AS ${changeColumn} FROM (SELECT * FROM ${rows} EXCEPT ALL SELECT * FROM ${others})`;
  return `(${only(before, after, 'delete')} UNION ALL ${only(after, before, 'insert')})`;
}

/** Rows travel as structs, so that each file is read once and a missing row differs from one of NULLs. */
function differenceByKey(before: string, after: string, key: string, schema: readonly Field[]): string {
  const k = quoteName(key);
  // Where a column is called as a table is, its name means the column.
  const names = schema.map(({ name }) => name);
  const [o, n] = [unusedName(names, '__delta_old'), unusedName(names, '__delta_new')];
  const pairs = `SELECT o, n FROM (SELECT ${o} AS o FROM ${before} ${o}) FULL JOIN (SELECT ${n} AS n FROM ${after} ${n})
    ON o.${k} IS NOT DISTINCT FROM n.${k} WHERE o IS DISTINCT FROM n`;
  return `(SELECT unnest(r), t AS ${changeColumn} FROM (
    SELECT unnest([o, n]) AS r, unnest(CASE WHEN o IS NULL THEN [NULL, 'insert'] WHEN n IS NULL THEN ['delete', NULL]
      ELSE ['update_preimage', 'update_postimage'] END) AS t FROM (${pairs})) WHERE t IS NOT NULL)`;
}

function commonSchema(from: readonly Field[], to: readonly Field[]): Field[] {
  const common = to.map((field): Field => {
    const other = from.find(({ name }) => name === field.name);
    if (!other || other.type === field.type || widens(other.type, field.type)) return field;
    if (widens(field.type, other.type)) return { ...field, type: other.type };
    if (widens(field.type, 'string') && widens(other.type, 'string')) return { ...field, type: 'string' };
    throw new DeltaError(
      'schema_mismatch',
      `The column '${field.name}' is ${other.type} in one version and ${field.type} in the other, which do not compare.`,
    );
  });
  return [...common, ...from.filter(({ name }) => !to.some((field) => field.name === name))];
}
