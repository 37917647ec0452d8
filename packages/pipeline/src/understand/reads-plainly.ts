import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { oneRow, toCount } from '../sql/connection.ts';
import { matchesSql } from './cell-looks.ts';
import { isBadCellSql, isGivenSql, readCellSql } from './cell-sql.ts';
import type { CsvSource } from './csv-source.ts';
import type { OpenColumn } from './infer-formats.ts';
import { isMeasureSql } from './measures.ts';
import { askStacked, StackedKinds } from './stacked-cells.ts';

/** Cells made of the characters of numbers and dates alone, but for how a time may end. */
const figures =
  '[-+0-9 .,/:TE]*[0-9][-+0-9 .,/:TE\u00a0\u202f]*([AaPp]\\.? ?[Mm]\\.?[-+0-9 :]*)?(Z|z|UTC)?[ \\t\\r\\n\\f]*';

/**
 * What the first rows of a column, or all of them, say: of a text column whether its cells are `figures` or numbers with a unit, `measures`; of
 * another whether cells read `badly`; else `well`.
 */
export async function readsPlainly(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly OpenColumn[],
  rows?: number,
): Promise<Map<number, 'figures' | 'measures' | 'badly' | 'well'>> {
  // What the table knows is looked at again only where cells do not fit, or where a comma may be the decimal mark.
  const asked = columns.filter(
    ({ type, isTypeSettled }) =>
      type !== 'boolean' && !(isTypeSettled && (type === 'text' || source.delimiter === ',')),
  );
  if (asked.length === 0) return new Map();
  const kinds = new StackedKinds(
    asked.map(({ type }) => [type]),
    (type) => type,
  );
  const read = kinds.things.filter((type) => type !== 'text');
  const count = (type: ColumnType, isOne: string): string => `count(*) FILTER (${kinds.where(type, isOne)})`;
  const most = (isOne: string): string =>
    `${count('text', isOne)} * 2 > ${count('text', `cell IS NOT NULL AND ${isGivenSql('cell')}`)}`;
  const answers = await askStacked(
    connection,
    rows === undefined ? source.relation : `(SELECT * FROM ${source.relation} LIMIT ${rows})`,
    asked.map(({ index, type }) => ({ cell: source.cell(index), kind: kinds.kindOf([type]) })),
    [read.map((type) => `${kinds.where(type, readCellSql(type, 'cell'))} AS ${type}`)],
    [
      `${most(matchesSql('cell', figures))} AS figures`,
      `${most(isMeasureSql('cell'))} AS measures`,
      ...read.map((type) => `${count(type, isBadCellSql(type, 'cell', type))} > 0 AS bad_${type}`),
    ],
  );
  return new Map(
    asked.map(({ index, type }, place) => {
      const answer = answers[place];
      if (type !== 'text') return [index, answer?.[`bad_${type}`] === true ? 'badly' : 'well'];
      if (answer?.['figures'] === true) return [index, 'figures'];
      return [index, answer?.['measures'] === true ? 'measures' : 'well'];
    }),
  );
}

/** Says of columns how many of their cells are numbers with a unit, of which one. */
export async function unitsInNumbers(
  connection: DuckDBConnection,
  source: CsvSource,
  columns: readonly OpenColumn[],
): Promise<StoredProblem[]> {
  if (columns.length === 0) return [];
  const counts = columns.flatMap(({ index }) => {
    const cell = source.cell(index);
    const isOne = isMeasureSql(cell);
    return [
      `count(*) FILTER (${isOne}) AS n${index}`,
      `min(left(${cell}, 100)) FILTER (${isOne}) AS example${index}`,
    ];
  });
  const row = await oneRow(connection, `SELECT ${counts.join(', ')} FROM ${source.relation}`);
  return columns.map(({ index, name: column }) => {
    const value = String(row[`example${index}`]);
    const parameters = { column, value };
    return { code: 'unit_in_numbers', parameters, column, value, count: toCount(row[`n${index}`]) };
  });
}
