import type { DuckDBConnection } from '@duckdb/node-api';
import { scanSql } from '@kaefer/deltalake';
import type { Source } from '@kaefer/contracts';
import type { CheckReport } from '../check/report.ts';
import {
  columnsOfSchema,
  duckdbType,
  rejectedColumn,
  widerType,
  type TableColumn,
} from '../lake/column-types.ts';
import { readJson } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { findCurrentTable } from '../lake/project-table.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { mergeKeyOf } from '../state/expectations.ts';

/** A checked file of a source. */
export interface SourceUpload {
  readonly id: string;
  readonly source: string;
}

export interface SourceViews {
  /** Sources that have neither rows nor files, so that nobody knows their columns. */
  readonly empty: readonly string[];
  /** Every file that the views read. */
  readonly files: readonly string[];
}

interface Relation {
  readonly sql: string;
  readonly columns: readonly TableColumn[];
}

/**
 * Makes a view of each source, by its name: the rows of its table as they would be once the given files were merged, in
 * their order. Merging a file again changes nothing, so that a file may be in the table already.
 */
export async function createSourceViews(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  sources: readonly Source[],
  uploads: readonly SourceUpload[],
): Promise<SourceViews> {
  const empty: string[] = [];
  const files: string[] = [];
  for (const source of sources) {
    const key = mergeKeyOf(source);
    const relations: Relation[] = [];
    const current = await findCurrentTable(folder.source(source.name).table);
    if (current !== undefined) {
      const { table, snapshot } = current;
      await table.fetch(snapshot.files);
      relations.push({ sql: scanSql(table, snapshot), columns: columnsOfSchema(snapshot.schema) });
      files.push(...snapshot.files.map((file) => table.uriOf(file)));
    }
    for (const { id } of uploads.filter((upload) => upload.source === source.name)) {
      const { report, staged } = folder.upload(id);
      const columns = readJson<CheckReport>(report)?.columns;
      if (columns === undefined) throw new Error(`the upload ${id} has no report`);
      relations.push({
        sql: `(SELECT * FROM read_parquet(${quoteText(staged)}) WHERE NOT ${rejectedColumn})`,
        columns: columns.map(({ name, type }) => ({ name, type })),
      });
      files.push(staged);
    }
    const merged = relations.reduce<Relation | undefined>(
      (before, added) => (before === undefined ? added : mergedRelation(before, added, key)),
      undefined,
    );
    if (merged === undefined) empty.push(source.name);
    else
      await connection.run(
        `CREATE VIEW ${quoteName(source.name)} AS SELECT ${merged.columns.map(({ name }) => quoteName(name)).join(', ')} FROM ${merged.sql}`,
      );
  }
  return { empty, files };
}

/** The rows of both: of a key that both have the later one's values, in the columns that it has. */
function mergedRelation(before: Relation, added: Relation, key: string): Relation {
  const types = new Map(before.columns.map(({ name, type }) => [name, type]));
  const given = new Map(added.columns.map(({ name, type }) => [name, type]));
  const columns = [...before.columns, ...added.columns.filter(({ name }) => !types.has(name))].map(
    ({ name, type }) => ({ name, type: widerType(type, given.get(name) ?? type) }),
  );
  const k = quoteName(key);
  const values = columns.map(({ name, type }) => {
    const n = quoteName(name);
    const sqlType = duckdbType(type);
    const [old, now] = [`CAST(b.${n} AS ${sqlType})`, `CAST(a.${n} AS ${sqlType})`];
    if (!types.has(name)) return `${now} AS ${n}`;
    if (!given.has(name)) return `${old} AS ${n}`;
    return `CASE WHEN a.${k} IS NULL THEN ${old} ELSE ${now} END AS ${n}`;
  });
  const isOwn = columns.some(({ name }) => name === key);
  const joinedKey = isOwn ? [] : [`coalesce(a.${k}, b.${k}) AS ${k}`];
  return {
    sql: `(SELECT ${[...values, ...joinedKey].join(', ')} FROM ${before.sql} b FULL JOIN ${added.sql} a ON a.${k} = b.${k})`,
    columns,
  };
}
