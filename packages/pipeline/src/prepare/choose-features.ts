import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Feature } from '@kaefer/contracts';
import type { Dictionary } from '../features/dictionary.ts';
import { inTrainingSampleSql, type Split } from '../features/split.ts';
import type { SplitRows } from '../features/table-rows.ts';
import type { TableColumn } from '../lake/column-types.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName } from '../sql/quote.ts';

/** A text with more values than this is an identifier or prose, whatever the number of rows. */
const mostLevels = 10_000;
/** A text with few values is a category even when the rows are few. */
const alwaysCategory = 30;
/** Rows that the typical values of a form are taken from. */
const sampleRows = 50_000;

interface ColumnFacts {
  readonly column: TableColumn;
  readonly given: number;
  readonly constant: boolean;
  readonly distinct: number;
}

/**
 * The columns that a model can learn from: those with at least two values in the training rows, without texts that
 * differ in almost every row.
 */
export async function chooseColumns(
  connection: DuckDBConnection,
  rows: SplitRows,
  candidates: readonly TableColumn[],
): Promise<TableColumn[]> {
  if (candidates.length === 0) return [];
  const parts = candidates.flatMap(({ name, type }, index) => {
    const column = quoteName(name);
    return [
      `count(${column}) AS given_${index}`,
      `min(${column}) IS NOT DISTINCT FROM max(${column}) AS constant_${index}`,
      type === 'text' ? `approx_count_distinct(${column}) AS distinct_${index}` : `0 AS distinct_${index}`,
    ];
  });
  const row = await oneRow(
    connection,
    `SELECT count(*) AS n, ${parts.join(', ')} FROM ${rows.relation} WHERE NOT ${rows.inHoldout}`,
  );
  const total = toCount(row['n']);
  return candidates
    .map((column, index): ColumnFacts => ({
      column,
      given: toCount(row[`given_${index}`]),
      constant: row[`constant_${index}`] === true,
      distinct: toCount(row[`distinct_${index}`]),
    }))
    .filter(
      ({ given, constant, column, distinct }) =>
        given > 0 &&
        !(constant && given === total) &&
        (column.type !== 'text' || isCategory(distinct, given)),
    )
    .map(({ column }) => column);
}

function isCategory(distinct: number, given: number): boolean {
  return distinct <= alwaysCategory || (distinct <= mostLevels && distinct <= given * 0.5);
}

/** The texts that occur in the training rows, by column. */
export async function readLevels(
  connection: DuckDBConnection,
  rows: SplitRows,
  columns: readonly TableColumn[],
): Promise<Record<string, string[]>> {
  const texts = columns.filter(({ type }) => type === 'text');
  if (texts.length === 0) return {};
  const lists = texts.map(
    ({ name }, index) =>
      `list(DISTINCT ${quoteName(name)}) FILTER (${quoteName(name)} IS NOT NULL) AS levels_${index}`,
  );
  const reader = await connection.runAndReadAll(
    `SELECT ${lists.join(', ')} FROM ${rows.relation} WHERE NOT ${rows.inHoldout}`,
  );
  const [row = {}] = reader.getRowObjectsJS();
  return Object.fromEntries(
    texts.map(({ name }, index) => {
      const levels: unknown = row[`levels_${index}`];
      return [name, Array.isArray(levels) ? levels.map(String) : []];
    }),
  );
}

/** Describes the features as a model's card and the execution form need them, from a repeatable sample of training rows. */
export async function describeFeatures(
  connection: DuckDBConnection,
  rows: SplitRows,
  split: Split,
  columns: readonly TableColumn[],
  dictionary: Dictionary,
  totalRows: number,
): Promise<Feature[]> {
  const parts = columns.flatMap(({ name, type }, index) => {
    const number = numberSql(quoteName(name), type);
    const missing = `avg((${quoteName(name)} IS NULL)::INTEGER) AS missing_${index}`;
    if (number === undefined) return [missing, `mode(${quoteName(name)}) AS mode_${index}`];
    return [
      missing,
      `min(${number}) AS min_${index}`,
      `quantile_disc(${number}, 0.5) AS median_${index}`,
      `max(${number}) AS max_${index}`,
    ];
  });
  const sample = inTrainingSampleSql(
    split,
    rows.digest,
    sampleRows / Math.max(1, totalRows * (1 - split.holdoutShare)),
  );
  const row = await oneRow(connection, `SELECT ${parts.join(', ')} FROM ${rows.relation} WHERE ${sample}`);
  return columns.map(({ name, type }, index): Feature => {
    const base = { name, type, missingShare: numberOrNull(row[`missing_${index}`]) ?? 0 };
    if (type === 'text') {
      const mode = row[`mode_${index}`];
      return {
        ...base,
        levels: [...(dictionary.columns[name] ?? [])],
        mostFrequent: typeof mode === 'string' ? mode : null,
      };
    }
    return {
      ...base,
      minimum: numberOrNull(row[`min_${index}`]),
      median: numberOrNull(row[`median_${index}`]),
      maximum: numberOrNull(row[`max_${index}`]),
    };
  });
}

/** A column as the number that its feature is; undefined for texts. */
function numberSql(column: string, type: TableColumn['type']): string | undefined {
  switch (type) {
    case 'integer':
    case 'number':
      return `${column}::DOUBLE`;
    case 'boolean':
      return `${column}::INTEGER::DOUBLE`;
    case 'date':
      return `(${column} - DATE '1970-01-01')::DOUBLE`;
    case 'timestamp':
      return `(epoch_us(${column}) / 86400000000.0)`;
    case 'text':
      return undefined;
  }
}

function numberOrNull(value: DuckDBValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
