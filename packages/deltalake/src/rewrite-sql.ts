import type { AddFile } from './actions.ts';
import type { DeltaTable } from './delta-table.ts';
import type { SourceMatch, UpsertSource } from './match-source.ts';
import { fetchScan, scanSql } from './scan-sql.ts';
import { sqlType } from './schema.ts';
import type { Field } from './schema.ts';
import type { Snapshot } from './snapshot.ts';
import { quoteName, unusedName } from './sql-quote.ts';

/** What an upsert found out: where the new values are, and which rows they concern. */
export type Replacement = Pick<UpsertSource, 'key' | 'source'> &
  Pick<SourceMatch, 'matchedKeys' | 'changedKeys' | 'changedFiles' | 'goneKeys' | 'sourceColumns'>;

/** Consecutive files of which each group makes one new file, as long as their sizes do not exceed the limit. */
export function groupFiles(
  files: readonly AddFile[],
  limit: number,
  sizeOf: (file: AddFile) => number,
): AddFile[][] {
  const groups: AddFile[][] = [];
  let total = 0;
  for (const file of files) {
    if (groups.length === 0 || total + sizeOf(file) > limit) {
      groups.push([]);
      total = 0;
    }
    groups.at(-1)?.push(file);
    total += sizeOf(file);
  }
  return groups;
}

/**
 * The rows of some files, each changed one replaced where it stands, without those that go. The order is made explicit wherever
 * rows pass through a join: DuckDB's joins keep none.
 */
export function rewrittenRowsSql(
  table: DeltaTable,
  snapshot: Snapshot,
  files: readonly AddFile[],
  schema: readonly Field[],
  replacement: Replacement,
): string {
  const { key, source, changedKeys, goneKeys, sourceColumns } = replacement;
  const stays = (column: string): string =>
    goneKeys === undefined ? '' : `WHERE ${column} NOT IN (SELECT k FROM temp.${goneKeys})`;
  if (!changedKeys)
    return `SELECT * FROM ${scanSql(table, snapshot, { files, schema })} ${stays(quoteName(key))}`;
  const names = schema.map(({ name }) => name);
  const [index, row] = [unusedName(names, '__delta_file'), unusedName(names, '__delta_row')];
  const keyType = sqlType(schema.find(({ name }) => name === key)?.type ?? 'string');
  const k = quoteName(key);
  const newRows = `(SELECT * FROM ${source} WHERE CAST(${k} AS ${keyType}) IN (SELECT k FROM temp.${changedKeys}))`;
  const columns = schema.map(({ name, type }) => {
    const [n, t] = [quoteName(name), sqlType(type)];
    if (!sourceColumns.includes(name)) return `t.${n} AS ${n}`;
    return `CASE WHEN s.${k} IS NULL THEN t.${n} ELSE CAST(s.${n} AS ${t}) END AS ${n}`;
  });
  return `SELECT ${columns.join()} FROM ${scanSql(table, snapshot, { files, schema, fileIndex: index, rowNumber: row })} t
    LEFT JOIN ${newRows} s ON t.${k} = CAST(s.${k} AS ${keyType}) ${stays(`t.${k}`)} ORDER BY t.${quoteName(index)}, t.${quoteName(row)}`;
}

/**
 * The source's rows whose key the table lacks, and the new rows of those that were changed in marked files; in the source's
 * order.
 */
export async function newRowsSql(
  table: DeltaTable,
  snapshot: Snapshot,
  schema: readonly Field[],
  { source, key, matchedKeys, changedKeys, changedFiles = [], sourceColumns }: Replacement,
  marked: readonly AddFile[],
): Promise<string> {
  if (matchedKeys === undefined) return `SELECT * FROM ${source}`;
  const [k, keyType] = [quoteName(key), sqlType(schema.find(({ name }) => name === key)?.type ?? 'string')];
  const order = quoteName(unusedName(sourceColumns, '__delta_order'));
  const ordered = `(SELECT *, row_number() OVER () AS ${order} FROM ${source}) s`;
  const isNew = `CAST(s.${k} AS ${keyType}) NOT IN (SELECT k FROM temp.${matchedKeys})`;
  const given = sourceColumns.map((name) => `s.${quoteName(name)}`);
  const places = changedFiles.flatMap((file, i) => (marked.includes(file) ? [i] : []));
  if (changedKeys === undefined || places.length === 0)
    return `SELECT ${given.join()} FROM ${ordered} WHERE ${isNew} ORDER BY ${order}`;
  const changed = `(SELECT k FROM temp.${changedKeys} WHERE i IN (${places.join()}))`;
  const condition = `${isNew} OR CAST(s.${k} AS ${keyType}) IN ${changed}`;
  const kept = schema.map(({ name }) => name).filter((name) => !sourceColumns.includes(name));
  if (kept.length === 0) return `SELECT ${given.join()} FROM ${ordered} WHERE ${condition} ORDER BY ${order}`;
  const scan = await fetchScan(table, snapshot, {
    schema,
    columns: [key, ...kept],
    files: changedFiles.filter((file) => marked.includes(file)),
  });
  const columns = [...given, ...kept.map((name) => `t.${quoteName(name)}`)];
  return `SELECT ${columns.join()} FROM ${ordered} LEFT JOIN (SELECT * FROM ${scan} WHERE ${k} IN ${changed}) t
    ON t.${k} = CAST(s.${k} AS ${keyType}) WHERE ${condition} ORDER BY ${order}`;
}
