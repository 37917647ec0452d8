import { randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { AddFile } from './actions.ts';
import type { ReadsFile } from './conflict-checks.ts';
import { DeltaError } from './delta-error.ts';
import type { DeltaTable } from './delta-table.ts';
import type { RowPositions } from './mark-rows.ts';
import { mayHoldKeys } from './file-statistics.ts';
import type { KeyBounds } from './file-statistics.ts';
import { checkColumns, checkTimeZone, columnsOf } from './query-columns.ts';
import { fetchScan } from './scan-sql.ts';
import { sqlType } from './schema.ts';
import type { Field } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import { quoteName, unusedName } from './sql-quote.ts';

export interface UpsertSource {
  /** Column that identifies a row. */
  key: string;
  /** SQL relation that can stand after FROM, with one row a key. It is read several times: give a table or file. */
  source: string;
  /** Columns whose change makes an update. */
  compare: readonly string[];
  /** The caller has made sure that every row has a key and none repeats; it is not looked at again. Default false. */
  keysAreUnique?: boolean;
  /** Also delete the table's rows whose key the source lacks, so that the table holds the source's keys alone. Default false. */
  deleteUnmatched?: boolean;
}

export interface SourceMatch {
  sourceColumns: string[];
  inserted: number;
  updated: number;
  unchanged: number;
  deleted: number;
  /** Files with a changed row or one that goes, in the table's order, and how many. */
  hits: ReadonlyMap<AddFile, number>;
  /** Where those rows are. */
  positions: readonly RowPositions[];
  /** Whether a file may hold a key of the source, so that its rows matter here. */
  reads: ReadsFile;
  /** Temporary table (key) of all source keys that the table has; undefined when there are none. */
  matchedKeys?: string;
  /** Temporary table (key `k`, position `i` of the file in `changedFiles`, row `r`) of those whose row changed; undefined when there are none. */
  changedKeys?: string;
  changedFiles?: readonly AddFile[];
  /** Temporary table (key) of those that the source lacks; undefined when none is to be deleted. */
  goneKeys?: string;
}

/**
 * Finds which source rows are new, changed or unchanged, and passes that to `use`; the temporary tables are
 * dropped afterwards. Files are ruled out by the key's statistics first, then only key columns are read, and
 * whole rows only of files that hold a source key.
 *
 * @param schema the table's schema as it will be, with which both sides are compared
 * @throws DeltaError `null_key`, `duplicate_key`, `schema_mismatch`, `time_zone_not_utc`
 */
export async function withMatch<T>(
  connection: DuckDBConnection,
  table: DeltaTable,
  snapshot: Snapshot,
  schema: readonly Field[],
  source: UpsertSource,
  use: (match: SourceMatch) => Promise<T>,
): Promise<T> {
  const suffix = randomUUID().replaceAll('-', '');
  const names = {
    matchedKeys: `delta_matched_${suffix}`,
    changedKeys: `delta_changed_${suffix}`,
    goneKeys: `delta_gone_${suffix}`,
  };
  try {
    const found = await match(connection, table, snapshot, schema, source, names);
    const gone =
      source.deleteUnmatched === true
        ? await findGone(connection, table, snapshot, schema, source, names.goneKeys)
        : undefined;
    return await use(gone === undefined ? found : withGone(found, gone));
  } finally {
    for (const name of Object.values(names)) await connection.run(`DROP TABLE IF EXISTS temp.${name}`);
  }
}

interface GoneRows {
  goneKeys: string;
  deleted: number;
  files: readonly AddFile[];
  hits: ReadonlyMap<number, number>;
}

/** The table's rows whose key the source lacks. Reads the key column of every file. */
async function findGone(
  connection: DuckDBConnection,
  table: DeltaTable,
  snapshot: Snapshot,
  schema: readonly Field[],
  { key, source }: UpsertSource,
  goneKeys: string,
): Promise<GoneRows> {
  const field = schema.find(({ name }) => name === key);
  if (field === undefined || !snapshot.schema.some(({ name }) => name === key))
    throw new DeltaError('schema_mismatch', `The table has no column '${key}' to delete by.`);
  const { fileIndex, rowNumber } = positionNames(schema);
  const k = quoteName(key);
  const scan = await fetchScan(table, snapshot, { schema, columns: [key], fileIndex, rowNumber });
  await connection.run(
    `CREATE TEMP TABLE ${goneKeys} AS SELECT t.${k} AS k, t.${fileIndex} AS i, t.${rowNumber} AS r FROM ${scan} t
     ANTI JOIN (SELECT CAST(${k} AS ${sqlType(field.type)}) AS k FROM ${source}) s ON t.${k} = s.k`,
  );
  const { keys, hits } = await countKeys(connection, goneKeys);
  return { goneKeys, deleted: keys, files: snapshot.files, hits };
}

function withGone(found: SourceMatch, { goneKeys, deleted, files, hits }: GoneRows): SourceMatch {
  const both = files.map((file, i) => [file, (found.hits.get(file) ?? 0) + (hits.get(i) ?? 0)] as const);
  return {
    ...found,
    deleted,
    hits: new Map(both.filter(([, rows]) => rows > 0)),
    positions: [...found.positions, { sql: positionsIn(goneKeys), files }],
    // Whatever others add meanwhile might have to go, too.
    reads: () => true,
    ...(deleted > 0 && { goneKeys }),
  };
}

async function match(
  connection: DuckDBConnection,
  table: DeltaTable,
  snapshot: Snapshot,
  schema: readonly Field[],
  given: UpsertSource,
  names: { matchedKeys: string; changedKeys: string; goneKeys: string },
): Promise<SourceMatch> {
  const { key, source, compare } = given;
  await checkTimeZone(connection, schema);
  const sourceColumns = await columnsOf(connection, source);
  checkColumns(schema, sourceColumns);
  const keyField = fieldOf(schema, sourceColumns, key);
  const compared = compare.filter((name) => name !== key).map((name) => fieldOf(schema, sourceColumns, name));
  const { count, bounds } = await describeKeys(connection, keyField, given);
  const reads: ReadsFile = (file) => mayHoldKeys(file, keyField, bounds);
  const onlyNew = {
    reads,
    sourceColumns,
    inserted: count,
    updated: 0,
    unchanged: 0,
    deleted: 0,
    ...noHits,
  };
  const knowsKey = snapshot.schema.some(({ name }) => name === key);
  const candidates = knowsKey && count > 0 ? snapshot.files.filter(reads) : [];
  if (candidates.length === 0) return onlyNew;

  const k = quoteName(key);
  const { fileIndex, rowNumber } = positionNames(schema);
  const scan = (columns: string[], files: readonly AddFile[]) =>
    fetchScan(table, snapshot, { schema, columns, files, fileIndex, rowNumber });
  const keyOf = (alias: string) => `CAST(${alias}.${k} AS ${sqlType(keyField.type)})`;
  await connection.run(
    `CREATE TEMP TABLE ${names.matchedKeys} AS SELECT t.${k} AS k, t.${fileIndex} AS i FROM ${await scan([key], candidates)} t JOIN (SELECT * FROM ${source}) s ON t.${k} = ${keyOf('s')}`,
  );
  const matched = await countKeys(connection, names.matchedKeys);
  if (matched.keys === 0) return onlyNew;
  const base = {
    reads,
    sourceColumns,
    inserted: count - matched.keys,
    deleted: 0,
    matchedKeys: names.matchedKeys,
  };
  if (compared.length === 0) return { ...base, updated: 0, unchanged: matched.keys, ...noHits };

  const files = candidates.filter((_, i) => matched.hits.has(i));
  // With few matches a small hash table lets DuckDB skip most row groups by their key statistics.
  const relevant =
    matched.keys * 2 < count
      ? `(SELECT * FROM ${source}) s WHERE ${keyOf('s')} IN (SELECT k FROM temp.${names.matchedKeys})`
      : source;
  const differs = compared
    .map(
      ({ name, type }) =>
        `t.${quoteName(name)} IS DISTINCT FROM CAST(s.${quoteName(name)} AS ${sqlType(type)})`,
    )
    .join(' OR ');
  await connection.run(
    `CREATE TEMP TABLE ${names.changedKeys} AS SELECT t.${k} AS k, t.${fileIndex} AS i, t.${rowNumber} AS r
     FROM ${await scan([key, ...compared.map(({ name }) => name)], files)} t JOIN (SELECT * FROM ${relevant}) s ON t.${k} = ${keyOf('s')} WHERE ${differs}`,
  );
  const changed = await countKeys(connection, names.changedKeys);
  if (changed.keys === 0) return { ...base, updated: 0, unchanged: matched.keys, ...noHits };
  return {
    ...base,
    updated: changed.keys,
    unchanged: matched.keys - changed.keys,
    hits: new Map(
      files.flatMap((file, i) => {
        const rows = changed.hits.get(i);
        return rows === undefined ? [] : [[file, rows] as const];
      }),
    ),
    positions: [{ sql: positionsIn(names.changedKeys), files }],
    changedKeys: names.changedKeys,
    changedFiles: files,
  };
}

const noHits: Pick<SourceMatch, 'hits' | 'positions'> = { hits: new Map(), positions: [] };

const positionsIn = (rows: string): string => `SELECT i, r FROM temp.${rows}`;

function positionNames(schema: readonly Field[]): { fileIndex: string; rowNumber: string } {
  const names = schema.map(({ name }) => name);
  return {
    fileIndex: unusedName(names, '__delta_file_position'),
    rowNumber: unusedName(names, '__delta_row_position'),
  };
}

function fieldOf(schema: readonly Field[], sourceColumns: readonly string[], name: string): Field {
  const field = schema.find((candidate) => candidate.name === name);
  if (!field) throw new DeltaError('schema_mismatch', `The table has no column '${name}'.`);
  if (!sourceColumns.includes(name))
    throw new DeltaError('schema_mismatch', `The source has no column '${name}'.`);
  return field;
}

/** Rows and key bounds of the source; a key that is missing or occurs twice would break the table. */
async function describeKeys(
  connection: DuckDBConnection,
  { name, type }: Field,
  { source, keysAreUnique = false }: UpsertSource,
): Promise<{ count: number; bounds: KeyBounds | undefined }> {
  const bound = {
    string: '%',
    // Other years have texts that do not compare like dates.
    date: `CASE WHEN % BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN CAST(% AS VARCHAR) END`,
    timestamp: 'epoch_us(%) / 1000.0',
    boolean: 'NULL',
    binary: 'NULL',
  } as Partial<Record<string, string>>;
  const of = (sql: string): string => (bound[type] ?? 'CAST(% AS DOUBLE)').replaceAll('%', sql);
  const keys = keysAreUnique ? 'count(k)' : 'count(DISTINCT k)';
  const reader = await connection.runAndReadAll(
    `SELECT count(*), count(k), ${keys}, ${of('min(k)')}, ${of('max(k)')} FROM (SELECT CAST(${quoteName(name)} AS ${sqlType(type)}) AS k FROM ${source})`,
  );
  const [rows, withKey, distinct, min, max] = reader.getRows()[0] ?? [];
  const count = Number(rows);
  if (Number(withKey) < count)
    throw new DeltaError(
      'null_key',
      `${count - Number(withKey)} rows of the source have no value in the key column '${name}'.`,
    );
  if (Number(distinct) < count)
    throw new DeltaError(
      'duplicate_key',
      `${count - Number(distinct)} rows of the source repeat a key of the column '${name}'.`,
    );
  return { count, bounds: isBound(min) && isBound(max) ? { min, max } : undefined };
}

const isBound = (value: unknown): value is string | number =>
  typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));

/** Distinct keys of a match, and how many of its rows each file holds, by the file's position. */
async function countKeys(
  connection: DuckDBConnection,
  matches: string,
): Promise<{ keys: number; hits: Map<number, number> }> {
  const counted = await connection.runAndReadAll(`SELECT count(DISTINCT k) FROM temp.${matches}`);
  const [keys] = counted.getRows()[0] ?? [];
  const hits = await connection.runAndReadAll(
    `SELECT CAST(i AS INTEGER), count(*) FROM temp.${matches} GROUP BY 1 ORDER BY 1`,
  );
  return {
    keys: Number(keys),
    hits: new Map(hits.getRows().map(([i, rows]) => [Number(i), Number(rows)])),
  };
}
