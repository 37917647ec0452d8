import type { DuckDBConnection } from '@duckdb/node-api';
import { upsert } from '@kaefer/deltalake';
import { partSql, type Split } from '../features/split.ts';
import { provenance, type TableColumn } from '../lake/column-types.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { openOrCreateTable } from '../lake/project-table.ts';
import { recipeInfo, type RecipeCommit } from '../lake/recipe-commits.ts';
import { rowChanges } from '../lake/row-changes.ts';
import { grownSchema, schemaOf } from '../lake/table-schema.ts';
import { derivedRelation } from '../recipe/derived-relation.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

export interface MirrorResult {
  /** Dataset version that holds what the recipe made. */
  readonly version: number;
  readonly new: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Rows that the recipe no longer yields. */
  readonly removed: number;
}

/**
 * Makes the training table what a recipe yielded, in one commit that carries the run's id, so that doing it again after a
 * crash changes nothing.
 *
 * @param rows what `deriveRows` found valid and wrote
 */
export async function mirrorRows(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  rows: { readonly path: string; readonly columns: readonly TableColumn[] },
  { key, split }: { readonly key: string; readonly split: Split },
  commit: RecipeCommit,
  by: string,
): Promise<MirrorResult> {
  const { path, columns } = rows;
  const table = await openOrCreateTable(folder.table, schemaOf(columns, key));
  const snapshot = await table.snapshot();
  const { source, compare } = derivedRelation(path, columns, snapshot.schema, key);
  const own = [
    `${quoteText(commit.run)} AS ${quoteName(provenance.upload)}`,
    `CAST(NULL AS BIGINT) AS ${quoteName(provenance.line)}`,
    `${partSql(split, quoteName(key))} AS ${quoteName(provenance.part)}`,
  ];
  const merged = await upsert(connection, table, {
    key,
    source: `(SELECT *, ${own.join(', ')} FROM ${source})`,
    compare,
    keysAreUnique: true, // the recipe's result was looked at
    deleteUnmatched: true,
    txn: { appId: commit.run, version: 1 },
    schema: grownSchema(snapshot.schema, schemaOf(columns, key)),
    info: recipeInfo(commit, by),
  });
  const { version } = merged;
  if (!merged.alreadyDone) {
    const { inserted, updated, unchanged, deleted: removed } = merged;
    return { version, new: inserted, updated, unchanged, removed };
  }
  const entry = (await table.history()).find((candidate) => candidate.version === version);
  const counts = rowChanges(entry?.metrics ?? {});
  return {
    version,
    new: counts.new ?? 0,
    updated: counts.updated ?? 0,
    unchanged: counts.unchanged ?? 0,
    removed: counts.removed ?? 0,
  };
}
