import type { DuckDBConnection } from '@duckdb/node-api';
import { allRows, toCount, type Row } from '../sql/connection.ts';

/** A column whose cells are stacked, and which of the kinds of column it is that are asked different things. */
export interface StackedColumn {
  readonly cell: string;
  /** From 0. Default 0 */
  readonly kind?: number;
}

/**
 * Asks the same of several columns: their cells are put under one another, so that DuckDB plans what is asked once, and not
 * once for each column, which takes longer than reading a small file.
 *
 * @param relation that has the cells as columns
 * @param steps of reading a cell: SQL, `… AS name`, over `cell`, `kind` and what the steps before read
 * @param answers aggregates, `… AS name`, over the same
 * @returns for each column the answers and, as `n`, the rows of the relation; undefined for all where it has no row
 */
export async function askStacked(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly StackedColumn[],
  steps: readonly (readonly string[])[],
  answers: readonly string[],
): Promise<(Row | undefined)[]> {
  const list = (of: (column: StackedColumn, place: number) => string | number): string =>
    `unnest([${columns.map(of).join(', ')}])`;
  const stacked =
    `(SELECT ${list((_, place) => place)} AS place, ${list(({ kind = 0 }) => kind)} AS kind, ` +
    `${list(({ cell }) => cell)} AS cell FROM ${relation})`;
  const read = steps.reduce(
    (below, step) => (step.length === 0 ? below : `(SELECT *, ${step.join(', ')} FROM ${below})`),
    stacked,
  );
  const rows = await allRows(
    connection,
    `SELECT place, count(*) AS n, ${answers.join(', ')} FROM ${read} GROUP BY place`,
  );
  const byPlace = new Map(rows.map((row) => [toCount(row['place']), row]));
  return columns.map((_, place) => byPlace.get(place));
}

/** Columns that are asked different things: a kind for each list of things, and SQL that is for some kinds. */
export class StackedKinds<T> {
  readonly #nameOf: (thing: T) => string;
  /** By kind what is asked of its columns. */
  readonly asked: readonly (readonly T[])[];

  /** @param nameOf what tells two things apart */
  constructor(columns: readonly (readonly T[])[], nameOf: (thing: T) => string) {
    this.#nameOf = nameOf;
    this.asked = [...new Map(columns.map((asked) => [this.#keyOf(asked), asked])).values()];
  }

  kindOf(asked: readonly T[]): number {
    const key = this.#keyOf(asked);
    return this.asked.findIndex((kind) => this.#keyOf(kind) === key);
  }

  /** All that is asked of any column, each once. */
  get things(): T[] {
    return [...new Map(this.asked.flat().map((thing) => [this.#nameOf(thing), thing])).values()];
  }

  /** SQL that is NULL in columns of which something is not asked. */
  where(thing: T, sql: string): string {
    const name = this.#nameOf(thing);
    const kinds = this.asked.flatMap((asked, kind) =>
      asked.some((each) => this.#nameOf(each) === name) ? [kind] : [],
    );
    if (kinds.length === 0) return 'NULL';
    return kinds.length === this.asked.length
      ? sql
      : `(CASE WHEN kind IN (${kinds.join(', ')}) THEN ${sql} END)`;
  }

  #keyOf(asked: readonly T[]): string {
    return asked.map(this.#nameOf).join('\u001f');
  }
}
