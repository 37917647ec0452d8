import type { DuckDBConnection } from '@duckdb/node-api';
import { append, upsert, type DeltaTable } from '@kaefer/deltalake';
import { KaeferError } from '@kaefer/contracts/messages';
import { partSql, type Split } from '../features/split.ts';
import { columnsOfSchema, duckdbType, provenance, type TableColumn } from '../lake/column-types.ts';
import { readJson } from '../lake/durable.ts';
import type { UploadFolder } from '../lake/layout.ts';
import { openOrCreateTable } from '../lake/project-table.ts';
import { rowChanges } from '../lake/row-changes.ts';
import { grownSchema, schemaOf } from '../lake/table-schema.ts';
import type { CheckReport } from '../check/report.ts';
import { quoteName } from '../sql/quote.ts';
import { stagedRelation } from './staged-relation.ts';

export interface MergeResult {
  /** Dataset version that holds the upload. */
  readonly version: number;
  readonly new: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** The table that an upload is merged into. */
export interface MergeTarget {
  readonly table: string;
  /** Null: every row is appended. */
  readonly key: string | null;
  /** What the rows are for; undefined for those of a source, which are for nothing yet. */
  readonly split: Split | undefined;
}

/**
 * Merges a checked upload into a table in one commit that carries the upload's id, so that doing it
 * again after a crash changes nothing. Without a key every row is appended.
 *
 * @throws KaeferError `upload_not_usable` when the check did not find the file valid.
 */
export async function mergeUpload(
  connection: DuckDBConnection,
  upload: UploadFolder,
  { id: uploadId, filename }: { readonly id: string; readonly filename: string },
  { table: place, key, split }: MergeTarget,
  by: string,
): Promise<MergeResult> {
  const hasParts = split !== undefined;
  const report = readJson<CheckReport>(upload.report);
  if (report?.status !== 'valid') {
    throw new KaeferError('upload_not_usable', { upload: uploadId, status: report?.status ?? 'unchecked' });
  }
  const given = report.columns.map(({ name, type }) => ({ name, type }));
  const table = await openOrCreateTable(place, schemaOf(given, key, hasParts));
  const snapshot = await table.snapshot();
  const columns = withTypesOf(columnsOfSchema(snapshot.schema), given, report.empty ?? []);
  const txn = { appId: uploadId, version: 1 };
  const info = { upload: uploadId, filename, rejected: report.rows.rejected, by };
  const part = split && partSql(split, quoteName(key ?? provenance.row));
  const staged = await stagedRelation(connection, upload.staged, uploadId, report.skippedLines, part);
  const retyped = columns.filter(({ type }, place) => type !== given[place]?.type);
  const source = retyped.length === 0 ? staged : withoutValuesSql(staged, retyped);
  const schema = grownSchema(snapshot.schema, schemaOf(columns, key, hasParts));
  if (key === null) {
    const appended = await append(connection, table, { source, txn, schema, info });
    if (appended.alreadyDone) return mergedBefore(table, appended.version);
    return { version: appended.version, new: appended.inserted, updated: 0, unchanged: 0 };
  }
  const compare = columns.map(({ name }) => name).filter((name) => name !== key);
  const upserted = { key, source, compare, keysAreUnique: true }; // the check made sure
  const merged = await upsert(connection, table, { ...upserted, txn, schema, info });
  if (merged.alreadyDone) return mergedBefore(table, merged.version);
  return {
    version: merged.version,
    new: merged.inserted,
    updated: merged.updated,
    unchanged: merged.unchanged,
  };
}

/** A column without a value has whatever type the table's has. */
const withTypesOf = (
  table: readonly TableColumn[],
  columns: readonly TableColumn[],
  empty: readonly string[],
): TableColumn[] =>
  columns.map((column) =>
    empty.includes(column.name) ? (table.find(({ name }) => name === column.name) ?? column) : column,
  );

const withoutValuesSql = (relation: string, columns: readonly TableColumn[]): string =>
  `(SELECT * REPLACE (${columns.map(({ name, type }) => `NULL::${duckdbType(type)} AS ${quoteName(name)}`).join(', ')}) FROM ${relation})`;

/** What a merge that was committed before a crash had done, from its commit. */
async function mergedBefore(table: DeltaTable, version: number): Promise<MergeResult> {
  const entry = (await table.history()).find((candidate) => candidate.version === version);
  const counts = rowChanges(entry?.metrics ?? {});
  return { version, new: counts.new ?? 0, updated: counts.updated ?? 0, unchanged: counts.unchanged ?? 0 };
}
