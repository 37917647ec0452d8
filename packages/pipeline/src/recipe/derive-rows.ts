import { dirname } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { planUpsert } from '@kaefer/deltalake';
import type { RecipeResult, Source } from '@kaefer/contracts';
import { severityOf, type StoredProblem } from '@kaefer/contracts/messages';
import { findNameProblems } from '../check/check-header.ts';
import { lookAtColumns } from '../check/first-look.ts';
import { readOutcomes, resolveClasses, type Outcome } from '../check/outcomes.ts';
import { roleOf } from '../check/report.ts';
import { columnsOfSchema, rejectedColumn, type TableColumn } from '../lake/column-types.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { findCurrentTable, type CurrentTable } from '../lake/project-table.ts';
import { grownSchema, schemaOf } from '../lake/table-schema.ts';
import { allRows, oneRow, toCount, withConnection, type SqlLimits } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { Expectations } from '../state/expectations.ts';
import { knownSpelling } from '../understand/known-spelling.ts';
import { derivedRelation } from './derived-relation.ts';
import { findSqlProblem } from './inspect-sql.ts';
import { resultColumns, type QueryColumn } from './result-columns.ts';
import { createSourceViews, type SourceUpload } from './source-views.ts';

export interface RecipeRequest {
  readonly recipe: string | null;
  readonly sources: readonly Source[];
  /** Checked files that count as merged, in the order of merging. */
  readonly uploads: readonly SourceUpload[];
  /** Of the training table. */
  readonly expectations: Expectations;
}

/** What a recipe makes of the sources, before anyone's language is known. */
export interface DerivedRows extends Omit<RecipeResult, 'problems' | 'columns'> {
  readonly columns: readonly (TableColumn & { readonly role: RecipeResult['columns'][number]['role'] })[];
  readonly problems: readonly StoredProblem[];
  /** The project's outcomes with these rows; classification only. */
  readonly classes: readonly string[];
}

const previewRows = 20;
const noRows = { total: 0, new: 0, updated: 0, unchanged: 0, removed: 0, withoutTarget: 0 };

/** Ends a query that runs too long. */
export const trialSeconds = 120;

/**
 * Carries a recipe out over the sources as they would be with the given files, writes its rows to `output` in the order
 * of their keys, and says what they would change in the training table. Changes nothing in the lake.
 *
 * The recipe runs in a DuckDB of its own that can read the sources' files and write to `output`'s folder, which is the
 * caller's scratch, and nothing else; in one thread, so that sums have the same last digits each time.
 *
 * @param output a Parquet file; there only when the result is valid
 * @param seconds after which the recipe is stopped; default never
 */
export async function deriveRows(
  limits: SqlLimits,
  folder: ProjectFolder,
  request: RecipeRequest,
  output: string,
  seconds?: number,
): Promise<DerivedRows> {
  const { recipe, expectations } = request;
  if (recipe === null) return refused([{ code: 'recipe_missing', parameters: {}, count: 1 }]);
  const current = await findCurrentTable(folder.table);
  const table = current === undefined ? [] : columnsOfSchema(current.snapshot.schema);
  const carried = await withConnection({ ...limits, threads: 1 }, (connection) =>
    stoppedAfter(connection, seconds, () =>
      carryOut(connection, folder, { ...request, recipe }, table, output, seconds),
    ),
  );
  if ('problems' in carried) return refused(carried.problems);
  return withConnection(limits, (connection) =>
    judge(connection, carried.columns, expectations, current, output),
  );
}

type Carried = { readonly columns: readonly TableColumn[] } | { readonly problems: readonly StoredProblem[] };

async function carryOut(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  { recipe, sources, uploads, expectations }: RecipeRequest & { readonly recipe: string },
  table: readonly TableColumn[],
  output: string,
  seconds: number | undefined,
): Promise<Carried> {
  const names = sources.map(({ name }) => name);
  const form = await findSqlProblem(connection, recipe, names);
  if (form !== undefined) return { problems: [form] };
  const views = await createSourceViews(connection, folder, sources, uploads);
  await confine(connection, views.files, dirname(output));
  try {
    const described = await allRows(connection, `DESCRIBE SELECT * FROM (${recipe}\n)`);
    const yielded = described.map((row) => ({
      name: String(row['column_name']),
      type: String(row['column_type']),
    }));
    const found = usableColumns(yielded, table, expectations);
    if (found.problems.length > 0) return found;
    const { key, target } = expectations;
    const renamed = found.columns.map(({ from, name, sql }) => ({
      from: quoteName(from),
      name: quoteName(name),
      sql,
    }));
    const inner = `SELECT ${renamed.map(({ from, name }) => `${from} AS ${name}`).join(', ')} FROM (${recipe}\n)`;
    const rejected = target === null ? 'false' : `(${quoteName(target)} IS NULL)`;
    await connection.run(
      `COPY (SELECT *, ${rejected} AS ${rejectedColumn} FROM (SELECT ${renamed.map(({ sql }) => sql).join(', ')} FROM (${inner})) ` +
        `ORDER BY ${quoteName(key ?? '')}) TO ${quoteText(output)} (FORMAT parquet, COMPRESSION lz4_raw)`,
    );
    return { columns: found.columns.map(({ name, type }) => ({ name, type })) };
  } catch (error) {
    return { problems: [problemOfExecution(error, views.empty, seconds)] };
  }
}

/** From here on this DuckDB reads the given files, writes into a folder, and can be told nothing else. */
async function confine(
  connection: DuckDBConnection,
  files: readonly string[],
  folder: string,
): Promise<void> {
  await connection.run(`SET allowed_paths = [${files.map(quoteText).join(', ')}]`);
  await connection.run(`SET allowed_directories = [${quoteText(`${folder}/`)}]`);
  await connection.run(`SET enable_external_access = false`);
  await connection.run(`SET lock_configuration = true`);
}

function usableColumns(
  yielded: readonly QueryColumn[],
  table: readonly TableColumn[],
  expectations: Expectations,
): {
  readonly columns: readonly (TableColumn & { readonly from: string; readonly sql: string })[];
  readonly problems: readonly StoredProblem[];
} {
  const { target, key, date } = expectations;
  const needed = [key, target, date].filter((name) => name !== null);
  const given = yielded.map(({ name }) => name);
  const names = knownSpelling(given, [...needed, ...table.map(({ name }) => name)]);
  const missing = needed
    .filter((name) => !names.includes(name))
    .map((column): StoredProblem => {
      const columns = names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ');
      return { code: 'recipe_column_missing', parameters: { column, columns }, column, count: 1 };
    });
  const { columns, problems } = resultColumns(
    yielded.map(({ type }, place) => ({ name: names[place] ?? '', type })),
    table,
    expectations,
  );
  return {
    columns: columns.map((column) => ({ ...column, from: given[names.indexOf(column.name)] ?? column.name })),
    problems: [...findNameProblems(names), ...missing, ...problems],
  };
}

/** What DuckDB says of a query, for the one who wrote it. */
function problemOfExecution(error: unknown, empty: readonly string[], seconds = 0): StoredProblem {
  const text = error instanceof Error ? error.message : String(error);
  if (/^INTERRUPT/i.test(text)) return { code: 'recipe_too_slow', parameters: { seconds }, count: 1 };
  const absent = empty.find((name) => text.includes(`Table with name ${name} does not exist`));
  if (absent !== undefined) return { code: 'source_without_data', parameters: { source: absent }, count: 1 };
  const reason = text.split(/\n\nLINE |\nDid you mean/)[0] ?? text;
  return { code: 'recipe_failed', parameters: { reason: reason.slice(0, 500).trim() }, count: 1 };
}

/** Looks at the rows as at those of a file: keys, outcomes, columns that give the result away. */
async function judge(
  connection: DuckDBConnection,
  columns: readonly TableColumn[],
  expectations: Expectations,
  current: CurrentTable | undefined,
  output: string,
): Promise<DerivedRows> {
  const { key, target } = expectations;
  if (key === null || target === null) throw new Error('a recipe makes rows with a key and a target');
  const k = quoteName(key);
  const all = `read_parquet(${quoteText(output)})`;
  const counts = await oneRow(
    connection,
    `SELECT count(*) AS n, count(*) FILTER (${k} IS NULL) AS nameless, count(DISTINCT ${k}) AS keys, count(*) FILTER (${rejectedColumn}) AS open FROM ${all}`,
  );
  const [total, nameless, open] = [
    toCount(counts['n']),
    toCount(counts['nameless']),
    toCount(counts['open']),
  ];
  const repeated = total - nameless - toCount(counts['keys']);
  const problems: StoredProblem[] = [];
  if (total === 0) problems.push({ code: 'no_rows', parameters: {}, count: 1 });
  if (nameless > 0)
    problems.push({
      code: 'recipe_key_missing',
      parameters: { rows: nameless, column: key },
      column: key,
      count: nameless,
    });
  if (repeated > 0) {
    const row = await oneRow(
      connection,
      `SELECT min(k) AS value FROM (SELECT ${k} AS k FROM ${all} WHERE ${k} IS NOT NULL GROUP BY 1 HAVING count(*) > 1)`,
    );
    const value = String(row['value']);
    const parameters = { rows: repeated, column: key, value: value.slice(0, 100) };
    problems.push({ code: 'recipe_key_repeated', parameters, column: key, value, count: repeated });
  }
  if (open > 0)
    problems.push({ code: 'rows_without_target', parameters: { rows: open }, column: target, count: open });
  const outcomes = await readOutcomes(connection, output, target);
  const resolved = resolveClasses(outcomes, expectations);
  problems.push(...resolved.problems, ...foreignOutcomes(outcomes, expectations, target));
  if (total > 0)
    problems.push(
      ...(await lookAtColumns(
        connection,
        output,
        columns.map((column, index) => ({ ...column, index })),
        expectations,
        () => current === undefined,
      )),
    );
  const found = {
    columns: columns.map((column) => ({ ...column, role: roleOf(expectations, column.name) })),
    preview: await preview(connection, columns, all),
    problems,
    classes: resolved.classes,
  };
  const rows = { ...noRows, total: total - open, withoutTarget: open };
  if (problems.some((problem) => severityOf(problem) === 'error'))
    return { ...found, status: 'invalid', rows };
  return {
    ...found,
    status: 'valid',
    rows: { ...rows, ...(await changes(connection, columns, key, current, output, total - open)) },
  };
}

/** A file's rows with a third outcome are rejected; of a recipe's it is the recipe that is wrong. */
function foreignOutcomes(
  outcomes: readonly Outcome[],
  { task, classes }: Expectations,
  column: string,
): StoredProblem[] {
  if (task !== 'binary' || classes.length < 2) return [];
  const foreign = outcomes.filter(({ value }) => !classes.includes(value));
  if (foreign.length === 0) return [];
  const parameters = { column, classes: classes.length + foreign.length };
  const count = foreign.reduce((sum, outcome) => sum + outcome.count, 0);
  return [{ code: 'target_not_binary', parameters, column, value: foreign[0]?.value, count }];
}

async function preview(
  connection: DuckDBConnection,
  columns: readonly TableColumn[],
  relation: string,
): Promise<string[][]> {
  const texts = columns.map(({ name }) => `coalesce(${quoteName(name)}::VARCHAR, '')`);
  const rows = await connection.runAndReadAll(
    `SELECT ${texts.join(', ')} FROM ${relation} LIMIT ${previewRows}`,
  );
  return rows.getRows().map((row) => row.map(String));
}

async function changes(
  connection: DuckDBConnection,
  columns: readonly TableColumn[],
  key: string,
  current: CurrentTable | undefined,
  output: string,
  total: number,
): Promise<{ new: number; updated: number; unchanged: number; removed: number }> {
  if (current === undefined) return { new: total, updated: 0, unchanged: 0, removed: 0 };
  const { table, snapshot } = current;
  const { source, compare } = derivedRelation(output, columns, snapshot.schema, key);
  const schema = grownSchema(snapshot.schema, schemaOf(columns, key));
  const plan = await planUpsert(connection, table, snapshot, {
    key,
    source,
    compare,
    keysAreUnique: true,
    deleteUnmatched: true,
    schema,
  });
  return {
    new: plan.inserted,
    updated: plan.updated,
    unchanged: plan.unchanged,
    removed: plan.deleted,
  };
}

async function stoppedAfter<T>(
  connection: DuckDBConnection,
  seconds: number | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const timer = seconds === undefined ? undefined : setTimeout(() => connection.interrupt(), seconds * 1000);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

function refused(problems: readonly StoredProblem[]): DerivedRows {
  return { status: 'invalid', columns: [], preview: [], rows: noRows, problems, classes: [] };
}
