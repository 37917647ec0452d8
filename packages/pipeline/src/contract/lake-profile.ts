import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { fetchScan, type Snapshot } from '@kaefer/deltalake';
import type { ColumnType } from '@kaefer/contracts';
import { columnsOfSchema, provenance, type TableColumn } from '../lake/column-types.ts';
import { readJson, writeJsonDurably } from '../lake/durable.ts';
import type { CurrentTable } from '../lake/project-table.ts';
import { allRows, oneRow, textRelation, toCount } from '../sql/connection.ts';
import { quoteName } from '../sql/quote.ts';

/** So many rows tell what a table's columns hold; of a larger table whole files are read, spread over its history. */
const sampledRows = 1_000_000;
/** So many of them, drawn by where they came from, say where a column's ranges end: sorting more takes long. */
const sortedRows = 200_000;
/** Ranges of numbers that hold about as many rows each. */
const ranges = 10;
/** A column of texts with more values has no categories. */
export const mostCategories = 200;
/** Columns that one query asks about. */
const batchSize = 40;

/** The values of a column, counted in cells that another file's can be counted in, too. */
export type ProfileCells =
  | {
      /** Upper ends of ranges, ascending; what is above the last is the last cell. */
      readonly edges: readonly number[];
    }
  | {
      /** The most frequent values as text; the last cell holds all others. */
      readonly values: readonly string[];
      /** Whether there are no others. */
      readonly isComplete: boolean;
    };

export interface ColumnProfile {
  readonly name: string;
  readonly type: ColumnType;
  readonly missing: number;
  readonly cells: ProfileCells;
  /** Rows a cell. */
  readonly counts: readonly number[];
}

/** What a table's columns hold, in short. */
export interface LakeProfile {
  readonly version: number;
  /** Of the table at that version. */
  readonly rows: number;
  /** Rows that were looked at. */
  readonly sampled: number;
  readonly columns: readonly ColumnProfile[];
}

/**
 * The profile of a table as it is now: the one that is kept at `path` when it is of this version, else a new one, which is
 * kept there. So a version is read once, and at most about a million of its rows.
 */
export async function profileOf(
  connection: DuckDBConnection,
  { table, snapshot }: CurrentTable,
  path: string,
): Promise<LakeProfile> {
  const kept = existsSync(path) ? readJson<LakeProfile>(path) : undefined;
  if (kept?.version === snapshot.version) return kept;
  const files = spreadFiles(snapshot);
  const columns = columnsOfSchema(snapshot.schema);
  const origin = [provenance.upload, provenance.line].filter((name) =>
    snapshot.schema.some((field) => field.name === name),
  );
  const sql = await fetchScan(table, snapshot, {
    columns: [...columns.map(({ name }) => name), ...origin],
    files,
  });
  const sampled = toCount((await oneRow(connection, `SELECT count(*) AS n FROM ${sql}`))['n']);
  const step = Math.floor(sampled / sortedRows);
  const drawn = `(SELECT * FROM ${sql} WHERE hash(${origin.join(', ')}) % ${step} = 0)`;
  const sorted = step > 1 && origin.length > 0 ? drawn : sql;
  const profiles: ColumnProfile[] = [];
  for (let start = 0; start < columns.length; start += batchSize)
    profiles.push(
      ...(await profileColumns(connection, sql, columns.slice(start, start + batchSize), sorted)),
    );
  if (files.length < snapshot.files.length) {
    const all = await fetchScan(table, snapshot, { columns: columns.map(({ name }) => name) });
    for (const [index, profile] of profiles.entries())
      profiles[index] = await withRareValues(connection, all, profile);
  }
  const profile = {
    version: snapshot.version,
    rows: snapshot.rowCount,
    sampled,
    columns: profiles,
  };
  writeJsonDurably(path, profile);
  return profile;
}

/** A category counts as known however rare it is: of a large table every row is asked for those that the sample lacks. */
async function withRareValues(
  connection: DuckDBConnection,
  relation: string,
  profile: ColumnProfile,
): Promise<ColumnProfile> {
  const { name, cells, counts } = profile;
  if (!('values' in cells) || !cells.isComplete) return profile;
  const rows = await allRows(
    connection,
    `SELECT DISTINCT ${quoteName(name)}::VARCHAR AS v FROM ${relation} WHERE ${quoteName(name)} IS NOT NULL ` +
      `AND ${quoteName(name)}::VARCHAR NOT IN (FROM ${textRelation(cells.values)}) ORDER BY 1 LIMIT ${mostCategories + 1}`,
  );
  const others = rows.map((row) => String(row['v']));
  const isComplete = cells.values.length + others.length <= mostCategories;
  if (!isComplete) return { ...profile, cells: { values: cells.values, isComplete } };
  const known = counts.slice(0, -1);
  return {
    ...profile,
    cells: { values: [...cells.values, ...others], isComplete },
    counts: [...known, ...others.map(() => 0), counts.at(-1) ?? 0],
  };
}

function spreadFiles({ files, rowCount }: Snapshot): Snapshot['files'] {
  const step = Math.max(1, Math.floor(rowCount / sampledRows));
  const newest = files.length - 1;
  return files.filter((_, index) => (newest - index) % step === 0);
}

/**
 * Profiles of columns of a relation.
 *
 * @param sorted rows of it that say where ranges end
 */
export async function profileColumns(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly TableColumn[],
  sorted: string = relation,
): Promise<ColumnProfile[]> {
  const cells = await cellsOf(connection, relation, columns, sorted);
  return countCells(
    connection,
    relation,
    columns.map((column, index) => ({ ...column, cells: cells[index] as ProfileCells })),
  );
}

async function cellsOf(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly TableColumn[],
  sorted: string,
): Promise<ProfileCells[]> {
  const ordered = columns.flatMap((column, index) => (hasOrder(column.type) ? [{ ...column, index }] : []));
  const shares = Array.from({ length: ranges - 1 }, (_, index) => (index + 1) / ranges);
  const quantiles =
    ordered.length === 0
      ? {}
      : await oneRow(
          connection,
          `SELECT ${ordered.map((column) => `to_json(quantile_disc(${numberSql(column)}, [${shares.join(', ')}])) AS q${column.index}`).join(', ')} FROM ${sorted}`,
        );
  const found: ProfileCells[] = [];
  for (const [index, { name, type }] of columns.entries()) {
    if (hasOrder(type)) {
      const text = quantiles[`q${index}`];
      const edges = typeof text === 'string' ? (JSON.parse(text) as (number | null)[]) : [];
      found.push({ edges: [...new Set(edges.filter((edge) => edge !== null))] });
      continue;
    }
    const column = `${quoteName(name)}::VARCHAR`;
    const top = await allRows(
      connection,
      `SELECT ${column} AS v FROM ${relation} WHERE ${quoteName(name)} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${mostCategories + 1}`,
    );
    const isComplete = top.length <= mostCategories;
    found.push({ values: top.slice(0, mostCategories).map((row) => String(row['v'])), isComplete });
  }
  return found;
}

/** Counts a relation's values in the cells of a profile. */
export async function countCells(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly (TableColumn & { readonly cells: ProfileCells })[],
): Promise<ColumnProfile[]> {
  if (columns.length === 0) return [];
  const missing = await oneRow(
    connection,
    `SELECT count(*) AS n, ${columns.map(({ name }, index) => `count(${quoteName(name)}) AS g${index}`).join(', ')} FROM ${relation}`,
  );
  const ordered = columns.flatMap((column, index) =>
    'edges' in column.cells ? [{ ...column, index, edges: column.cells.edges }] : [],
  );
  const histograms =
    ordered.length === 0
      ? {}
      : await oneRow(
          connection,
          `SELECT ${ordered.map((column) => `to_json(map_values(histogram(${numberSql(column)}, [${[...column.edges.map(doubleSql), `'infinity'::DOUBLE`].join(', ')}]))) AS h${column.index}`).join(', ')} FROM ${relation}`,
        );
  const found: ColumnProfile[] = [];
  for (const [index, { name, type, cells }] of columns.entries()) {
    const given = toCount(missing[`g${index}`]);
    found.push({
      name,
      type,
      missing: toCount(missing['n']) - given,
      cells,
      counts:
        'edges' in cells
          ? countsOf(histograms[`h${index}`], cells.edges.length + 1)
          : await countValues(connection, relation, name, cells.values, given),
    });
  }
  return found;
}

function countsOf(text: unknown, cells: number): number[] {
  const counts = typeof text === 'string' ? (JSON.parse(text) as number[]) : [];
  return Array.from({ length: cells }, (_, index) => counts[index] ?? 0);
}

async function countValues(
  connection: DuckDBConnection,
  relation: string,
  name: string,
  values: readonly string[],
  given: number,
): Promise<number[]> {
  const rows = await allRows(
    connection,
    `SELECT ${quoteName(name)}::VARCHAR AS v, count(*) AS n FROM ${relation} WHERE ${quoteName(name)}::VARCHAR IN (FROM ${textRelation(values)}) GROUP BY 1`,
  );
  const counts = new Map(rows.map((row) => [String(row['v']), toCount(row['n'])]));
  const known = values.map((value) => counts.get(value) ?? 0);
  return [...known, Math.max(0, given - known.reduce((sum, count) => sum + count, 0))];
}

const hasOrder = (type: ColumnType): boolean => type !== 'text' && type !== 'boolean';

/** Dates and times as seconds. */
const numberSql = ({ name, type }: TableColumn): string =>
  type === 'date' || type === 'timestamp' ? `epoch(${quoteName(name)})` : `${quoteName(name)}::DOUBLE`;

const doubleSql = (value: number): string => `${value}::DOUBLE`;
