import type { AddFile } from './actions.ts';
import { deletedRows } from './deleted-rows.ts';
import { DeltaError } from './delta-error.ts';
import type { DeltaTable } from './delta-table.ts';
import { storePathOf } from './file-location.ts';
import { shownSql } from './hidden-rows-sql.ts';
import type { RowGroup } from './parquet-footer.ts';
import { partitionSql } from './partitions.ts';
import { columnsOfPredicate, mayMatch, predicateSql } from './predicate.ts';
import type { Predicate } from './predicate.ts';
import { sqlType } from './schema.ts';
import type { Field } from './schema.ts';
import type { RowBits } from './row-bits.ts';
import type { Snapshot } from './snapshot.ts';
import { quoteName, quoteText, unusedName } from './sql-quote.ts';

export interface ScanOptions {
  /** Columns to read, in this order. Default all of the schema. */
  columns?: readonly string[];
  /** Files of the snapshot to read, in this order. Default all. */
  files?: readonly AddFile[];
  /** Rows to read; files whose statistics rule them out are not opened. Default all. */
  where?: Predicate;
  /** Adds the data file's address, under this name or as `filename`. */
  filename?: boolean | string;
  /** Adds the file's position among the files read, from 0 (without those that `where` rules out), under this name or as `file_index`. */
  fileIndex?: boolean | string;
  /** Adds the row's position in its file, from 0, under this name or as `row_number`. */
  rowNumber?: boolean | string;
  /** Where DuckDB finds a file, if it is not the whole one. */
  addresses?: ReadonlyMap<AddFile, string>;
  /** Rows of a file that are left out, instead of those that its deletion vector takes away. */
  hiddenRows?: (file: AddFile) => RowBits | undefined;
  /** Reads with this schema instead of the snapshot's: columns that no file has yet, or wider types. */
  schema?: readonly Field[];
}

/**
 * A parenthesised SELECT over a version's rows, to stand after FROM or as a query of its own. Rows come in
 * the order of the files and within them, as long as DuckDB's `preserve_insertion_order` is on. Columns that
 * an older file lacks are NULL; an empty table gives typed columns and no rows.
 *
 * @param snapshot its own files are passed as `options.files`, not copies of them
 * @throws DeltaError `schema_mismatch` for a column that the schema lacks, `invalid_argument` for a value in `where`
 *   that is not of its column's type; `data_file_missing`, `deletion_vector_corrupt` for a deletion vector
 */
export function scanSql(table: DeltaTable, snapshot: Snapshot, options: ScanOptions = {}): string {
  const schema = options.schema ?? snapshot.schema;
  const fields = options.columns ? options.columns.map((name) => fieldOf(schema, name)) : schema;
  const { where = { and: [] } } = options;
  const files = filesToScan(snapshot, options);
  const condition = predicateSql(where, schema);
  const asked = columnsOfPredicate(where).map((name) => fieldOf(schema, name));
  const extras = extraColumns(options, schema);
  const selected = [
    ...fields.map(({ name, type }) => `CAST(${quoteName(name)} AS ${sqlType(type)}) AS ${quoteName(name)}`),
    ...extras.map(({ inner, outer }) => `${quoteName(inner)} AS ${quoteName(outer)}`),
  ];
  const typed = [
    ...[...new Set([...fields, ...asked])].map(
      ({ name, type }) => `CAST(NULL AS ${sqlType(type)}) AS ${quoteName(name)}`,
    ),
    ...extras.map(({ inner, type }) => `CAST(NULL AS ${type}) AS ${quoteName(inner)}`),
  ];
  const empty = `SELECT ${(typed.length > 0 ? typed : ['1']).join()} WHERE false`;
  if (selected.length === 0) throw new DeltaError('invalid_argument', 'A scan needs at least one column.');
  if (files.length === 0) return `(SELECT ${selected.join()} FROM (${empty}))`;
  const uris = `[${files.map((file) => quoteText(options.addresses?.get(file) ?? table.uriOf(file))).join()}]`;
  const position = filePosition(schema);
  const partitions = snapshot.metadata.partitionColumns.map((name) => fieldOf(schema, name));
  const shown = shownSql(files.map(options.hiddenRows ?? deletedRows), position.sql(uris));
  const usesPosition = partitions.length > 0 || shown !== undefined;
  const usesPath = [...extras, ...(usesPosition ? [position] : [])].some(({ needs }) => needs === 'filename');
  const filename = usesPath ? `, filename = ${quoteText(innerName(schema, 'path'))}` : '';
  const read = `read_parquet(${uris}, union_by_name = true, hive_partitioning = false${filename})`;
  const all = [
    storedColumns(partitions),
    ...partitions.map(
      (field) => `${partitionSql(field, files, position.sql(uris))} AS ${quoteName(field.name)}`,
    ),
    ...extras.map(({ sql, inner }) => `${sql(uris)} AS ${quoteName(inner)}`),
  ].join();
  return `(SELECT ${selected.join()} FROM (${empty} UNION ALL BY NAME SELECT ${all} FROM ${read}${shown === undefined ? '' : ` WHERE ${shown}`}) WHERE ${condition})`;
}

/**
 * Fetches what `scanSql` needs of its files, for tables in an object store: the columns that are read, of the row groups that
 * their statistics do not rule out. In a folder nothing needs doing.
 *
 * @returns what `scanSql` gives; it is good until other files that are fetched need the space
 * @throws DeltaError as `scanSql`; `data_file_missing`
 */
export async function fetchScan(
  table: DeltaTable,
  snapshot: Snapshot,
  options: ScanOptions = {},
): Promise<string> {
  const files = filesToScan(snapshot, options);
  const schema = options.schema ?? snapshot.schema;
  const { where } = options;
  const asked = where ? columnsOfPredicate(where) : [];
  const columns = [...new Set([...(options.columns ?? schema.map(({ name }) => name)), ...asked])];
  const addresses = await table.store.fetchColumns(
    files.map((file) => ({
      path: storePathOf(file),
      sizeBytes: file.size,
      columns,
      // Row groups that are left out would change the numbers of rows.
      ...(where &&
        !file.deletionVector &&
        options.rowNumber === undefined && {
          mayHold: (group: RowGroup) =>
            mayMatch(
              { stats: group.statistics(schema), partitionValues: file.partitionValues },
              where,
              schema,
            ),
        }),
    })),
  );
  return scanSql(table, snapshot, {
    ...options,
    addresses: new Map(files.map((file, index) => [file, addresses[index] ?? ''])),
  });
}

function filesToScan(
  snapshot: Snapshot,
  { files = snapshot.files, where, schema = snapshot.schema }: ScanOptions,
): readonly AddFile[] {
  return where ? files.filter((file) => mayMatch(file, where, schema)) : files;
}

interface ExtraColumn {
  /** The column's expression over the Parquet reader, given the SQL list of addresses. */
  sql: (uris: string) => string;
  /** Whether the reader must give the address under the unused name 'path'. */
  needs?: 'filename';
  type: string;
  /** A name that no column of the table has. */
  inner: string;
  outer: string;
}

const innerName = (schema: readonly Field[], purpose: string): string =>
  unusedName(
    schema.map(({ name }) => name),
    `__delta_${purpose}`,
  );

function extraColumns(options: ScanOptions, schema: readonly Field[]): ExtraColumn[] {
  const has = (name: string): boolean =>
    schema.some((field) => field.name.toLowerCase() === name.toLowerCase());
  const extras: ExtraColumn[] = [];
  const add = (
    wanted: boolean | string | undefined,
    byDefault: string,
    extra: Pick<ExtraColumn, 'sql' | 'type' | 'needs'>,
  ): void => {
    if (wanted === undefined || wanted === false) return;
    const outer = wanted === true ? byDefault : wanted;
    if (has(outer)) throw new DeltaError('invalid_argument', `The table already has a column '${outer}'.`);
    extras.push({ ...extra, inner: innerName(schema, byDefault), outer });
  };
  const path = quoteName(innerName(schema, 'path'));
  add(options.filename, 'filename', { sql: () => path, needs: 'filename', type: 'VARCHAR' });
  add(options.fileIndex, 'file_index', filePosition(schema));
  add(options.rowNumber, 'row_number', { sql: () => 'file_row_number', type: 'BIGINT' });
  return extras;
}

/** A column of the data hides the reader's virtual column of the same name. */
function filePosition(schema: readonly Field[]): Pick<ExtraColumn, 'sql' | 'type' | 'needs'> {
  const path = quoteName(innerName(schema, 'path'));
  return schema.some(({ name }) => name.toLowerCase() === 'file_index')
    ? {
        sql: (uris) => `CAST(list_position(${uris}, ${path}) - 1 AS UBIGINT)`,
        needs: 'filename',
        type: 'UBIGINT',
      }
    : { sql: () => 'file_index', type: 'UBIGINT' };
}

/** The log says a partition's values; some writers store them in the files as well. */
function storedColumns(partitions: readonly Field[]): string {
  if (partitions.length === 0) return '*';
  const names = partitions.map(({ name }) => quoteText(name.toLowerCase())).join();
  return `COLUMNS(lambda c: lower(c) NOT IN (${names}))`;
}

function fieldOf(schema: readonly Field[], name: string): Field {
  const field = schema.find((candidate) => candidate.name === name);
  if (!field) throw new DeltaError('schema_mismatch', `The table has no column '${name}'.`);
  return field;
}
