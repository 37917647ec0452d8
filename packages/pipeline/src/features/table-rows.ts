import { scanSql, type DeltaTable, type Snapshot } from '@kaefer/deltalake';
import { provenance } from '../lake/column-types.ts';
import { quoteName } from '../sql/quote.ts';
import { partSql, type Split } from './split.ts';

/** Rows of a table version, and SQL that says which part a row belongs to. */
export interface SplitRows {
  readonly relation: string;
  readonly key: string;
  readonly inHoldout: string;
  readonly inValidation: string;
}

/**
 * Reads only the named columns, the key and where a row came from; the rows come in the table's own order. The merge
 * wrote each row's part beside it; of rows that something else added it is worked out here.
 */
export function splitRows(
  table: DeltaTable,
  snapshot: Snapshot,
  split: Split,
  key: string | null,
  columns: readonly string[],
): SplitRows {
  const keyName = key ?? provenance.row;
  const written = snapshot.schema.some(({ name }) => name === provenance.part);
  const needed = new Set([...columns, keyName, provenance.upload, ...(written ? [provenance.part] : [])]);
  const computed = partSql(split, quoteName(keyName));
  const part = '"part of the row"';
  const rows = scanSql(table, snapshot, { columns: [...needed] });
  return {
    relation: `(SELECT *, ${written ? `coalesce(${provenance.part}, ${computed})` : computed} AS ${part} FROM (${rows}))`,
    key: quoteName(keyName),
    inHoldout: `${part} = 'holdout'`,
    inValidation: `${part} = 'validation'`,
  };
}
