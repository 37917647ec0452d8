import type { ColumnType } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { duckdbType, type TableColumn } from '../lake/column-types.ts';
import { quoteName } from '../sql/quote.ts';
import type { Expectations } from '../state/expectations.ts';

/** A column that a query yields, as DuckDB describes it. */
export interface QueryColumn {
  readonly name: string;
  readonly type: string;
}

/** A column of the training table, and the SQL that makes it of the query's column. */
export interface ResultColumn extends TableColumn {
  readonly sql: string;
}

const integerTypes = /^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|HUGEINT|UBIGINT)$/;

/** Which of our types a column of a query is; undefined for what no table of ours holds. */
function typeOf(type: string): ColumnType | undefined {
  if (integerTypes.test(type)) return 'integer';
  if (/^(FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type)) return 'number';
  if (type === 'BOOLEAN' || type === 'DATE') return type === 'DATE' ? 'date' : 'boolean';
  if (/^TIMESTAMP/.test(type)) return 'timestamp';
  if (type === 'VARCHAR' || type === 'UUID' || type.startsWith('ENUM(')) return 'text';
  return undefined;
}

/**
 * The columns of the training table that a query yields: the key is text, the target text or, in a regression, a number,
 * and what the table has already keeps its type or widens it.
 */
export function resultColumns(
  yielded: readonly QueryColumn[],
  table: readonly TableColumn[],
  { key, target, task }: Expectations,
): { readonly columns: ResultColumn[]; readonly problems: StoredProblem[] } {
  const problems: StoredProblem[] = [];
  const columns = yielded.flatMap(({ name, type: found }): ResultColumn[] => {
    const own = typeOf(found);
    const column = quoteName(name);
    if (own === undefined) {
      problems.push({
        code: 'recipe_column_type',
        parameters: { column: name, type: found },
        column: name,
        count: 1,
      });
      return [];
    }
    const wanted =
      name === key ? 'text' : name === target ? (task === 'regression' ? 'number' : 'text') : undefined;
    const known = table.find((other) => other.name === name)?.type;
    const type = wanted ?? joined(known, own);
    if (type === undefined) {
      const parameters = { column: name, before: known ?? '', after: own };
      problems.push({ code: 'recipe_column_changed', parameters, column: name, count: 1 });
      return [];
    }
    return [{ name, type, sql: `${cleaned(column, found, type)} AS ${column}` }];
  });
  return { columns, problems };
}

/** The type that holds a column's values of before and of now. */
function joined(known: ColumnType | undefined, own: ColumnType): ColumnType | undefined {
  if (known === undefined || known === own) return own;
  const pair = new Set([known, own]);
  if (pair.has('integer') && pair.has('number')) return 'number';
  if (pair.has('date') && pair.has('timestamp')) return 'timestamp';
  return undefined;
}

/** Texts without characters and numbers that are none are missing values, as they are in a file. */
function cleaned(column: string, found: string, type: ColumnType): string {
  const isFloat = found === 'FLOAT' || found === 'DOUBLE';
  const value = isFloat ? `CASE WHEN isfinite(${column}) THEN ${column} END` : column;
  const cast = `CAST(${value} AS ${duckdbType(type)})`;
  return type === 'text' ? `nullif(${cast}, '')` : cast;
}
