import type { Field } from '@kaefer/deltalake';
import {
  columnsOfSchema,
  columnTypeOfDelta,
  duckdbType,
  rejectedColumn,
  type TableColumn,
} from '../lake/column-types.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

/**
 * A recipe's rows as the training table is to have them: columns that the recipe no longer yields are empty.
 *
 * @param path what `deriveRows` wrote
 * @param before schema of the training table
 */
export function derivedRelation(
  path: string,
  columns: readonly TableColumn[],
  before: readonly Field[],
  key: string,
): { readonly source: string; readonly compare: string[] } {
  const yielded = new Set(columns.map(({ name }) => name));
  const known = columnsOfSchema(before);
  const dropped = known.filter(({ name }) => !yielded.has(name));
  const nulls = dropped.map(({ name }) => {
    const type = before.find((field) => field.name === name)?.type ?? 'string';
    return `, CAST(NULL AS ${duckdbType(columnTypeOfDelta(type))}) AS ${quoteName(name)}`;
  });
  return {
    source: `(SELECT * EXCLUDE (${rejectedColumn})${nulls.join('')} FROM read_parquet(${quoteText(path)}) WHERE NOT ${rejectedColumn})`,
    compare: [...yielded, ...dropped.map(({ name }) => name)].filter((name) => name !== key),
  };
}
