import type { DuckDBConnection } from '@duckdb/node-api';
import type { Dictionary } from '../features/dictionary.ts';
import type { SplitRows } from '../features/table-rows.ts';
import type { TableColumn } from '../lake/column-types.ts';
import { toCount } from '../sql/connection.ts';
import { quoteName } from '../sql/quote.ts';

/** A text with more values than this is an identifier or prose, whatever the number of rows. */
const mostLevels = 10_000;
/** A text with few values is a category even when the rows are few. */
const alwaysCategory = 30;

/** Columns that a model can learn from, and the texts that occur in them. */
export interface ChosenColumns {
  readonly columns: readonly TableColumn[];
  readonly levels: Readonly<Record<string, readonly string[]>>;
}

/**
 * Chooses the columns with at least two values in the rows outside the holdout, without texts that differ in almost
 * every row, and lists the texts. One pass when the dictionary knows all text columns, else two.
 */
export async function chooseColumns(
  connection: DuckDBConnection,
  rows: SplitRows,
  candidates: readonly TableColumn[],
  dictionary: Dictionary,
): Promise<ChosenColumns> {
  if (candidates.length === 0) return { columns: [], levels: {} };
  const isKnown = ({ name }: TableColumn): boolean => Object.hasOwn(dictionary.columns, name);
  const facts = candidates.flatMap((column, index) => {
    const name = quoteName(column.name);
    const counts = [
      `count(${name}) AS given_${index}`,
      `min(${name}) IS NOT DISTINCT FROM max(${name}) AS constant_${index}`,
    ];
    if (column.type !== 'text') return counts;
    return [
      ...counts,
      isKnown(column)
        ? `${listSql(name)} AS levels_${index}`
        : `approx_count_distinct(${name}) AS distinct_${index}`,
    ];
  });
  const row = await firstRow(connection, rows, ['count(*) AS n', ...facts]);
  const total = toCount(row['n'] as bigint);
  const seen = new Map(candidates.map((column, index) => [column, textsOf(row[`levels_${index}`])]));
  const chosen = candidates.filter((column, index) => {
    const given = toCount(row[`given_${index}`] as bigint);
    if (given === 0 || (row[`constant_${index}`] === true && given === total)) return false;
    if (column.type !== 'text') return true;
    return isCategory(
      isKnown(column) ? (seen.get(column)?.length ?? 0) : toCount(row[`distinct_${index}`] as bigint),
      given,
    );
  });
  const open = chosen.filter((column) => column.type === 'text' && !isKnown(column));
  if (open.length > 0) {
    const lists = await firstRow(
      connection,
      rows,
      open.map(({ name }, index) => `${listSql(quoteName(name))} AS levels_${index}`),
    );
    open.forEach((column, index) => seen.set(column, textsOf(lists[`levels_${index}`])));
  }
  const texts = chosen.filter(({ type }) => type === 'text');
  return {
    columns: chosen,
    levels: Object.fromEntries(texts.map((column) => [column.name, seen.get(column) ?? []])),
  };
}

function isCategory(distinct: number, given: number): boolean {
  return distinct <= alwaysCategory || (distinct <= mostLevels && distinct <= given * 0.5);
}

function listSql(column: string): string {
  return `list(DISTINCT ${column}) FILTER (${column} IS NOT NULL)`;
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

async function firstRow(
  connection: DuckDBConnection,
  rows: SplitRows,
  expressions: readonly string[],
): Promise<Record<string, unknown>> {
  const reader = await connection.runAndReadAll(
    `SELECT ${expressions.join(', ')} FROM ${rows.relation} WHERE NOT (${rows.inHoldout})`,
  );
  return reader.getRowObjectsJS()[0] ?? {};
}
