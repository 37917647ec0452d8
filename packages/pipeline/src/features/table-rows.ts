import { scanSql, type DeltaTable, type Snapshot } from '@kaefer/deltalake';
import { provenance } from '../lake/column-types.ts';
import { quoteName } from '../sql/quote.ts';
import { digestSql, inHoldoutSql, inValidationSql, type Split } from './split.ts';

/** Rows of a table version with their digest, and SQL that says which part a row belongs to. */
export interface SplitRows {
  readonly relation: string;
  readonly key: string;
  readonly digest: string;
  readonly inHoldout: string;
  readonly inValidation: string;
}

/** Reads only the named columns and the key; the rows come in the table's own order. */
export function splitRows(
  table: DeltaTable,
  snapshot: Snapshot,
  split: Split,
  key: string | null,
  columns: readonly string[],
): SplitRows {
  const keyName = key ?? provenance.row;
  const needed = [...new Set([...columns, keyName, provenance.upload])];
  const digest = '"row digest"';
  return {
    relation: `(SELECT *, ${digestSql(split, quoteName(keyName))} AS ${digest} FROM (${scanSql(table, snapshot, { columns: needed })}))`,
    key: quoteName(keyName),
    digest,
    inHoldout: inHoldoutSql(split, digest),
    inValidation: inValidationSql(split, digest),
  };
}
