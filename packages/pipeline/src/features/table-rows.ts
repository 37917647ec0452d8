import { scanSql, type DeltaTable, type Snapshot } from '@kaefer/deltalake';
import { provenance } from '../lake/column-types.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { partSql, type Split } from './split.ts';

/** Rows of a table version, and SQL that says which part a row belongs to. */
export interface SplitRows {
  readonly relation: string;
  readonly key: string;
  readonly inHoldout: string;
  readonly inValidation: string;
}

/** Where rows are read: some of the snapshot's data files, or Parquet files that hold rows of them. Default all data files. */
export interface RowPlaces {
  readonly files?: Snapshot['files'];
  readonly pool?: readonly string[];
}

/** `typed` gives columns that an older file lacks, and the wider type where that has become wider. */
function poolSql(typed: string, columns: readonly string[], pool: readonly string[]): string {
  if (pool.length === 0) return typed;
  const files = `[${pool.map(quoteText).join(', ')}]`;
  return (
    `(SELECT ${columns.map(quoteName).join(', ')} FROM (SELECT * FROM ${typed} UNION ALL BY NAME ` +
    `SELECT * FROM read_parquet(${files}, union_by_name = true)))`
  );
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
  from: RowPlaces = {},
): SplitRows {
  const keyName = key ?? provenance.row;
  const written = snapshot.schema.some(({ name }) => name === provenance.part);
  const needed = new Set([...columns, keyName, provenance.upload, ...(written ? [provenance.part] : [])]);
  const files = from.files ?? snapshot.files;
  const isComplete = written && from.pool === undefined && files.every(isPartOfEveryRowWritten);
  const computed = partSql(split, quoteName(keyName));
  // DuckDB leaves rows out by a column while it reads them, by an expression only afterwards.
  const partOfRow = isComplete
    ? provenance.part
    : written
      ? `coalesce(${provenance.part}, ${computed})`
      : computed;
  const part = '"part of the row"';
  const rows =
    from.pool === undefined
      ? scanSql(table, snapshot, { columns: [...needed], ...(from.files && { files: from.files }) })
      : poolSql(scanSql(table, snapshot, { columns: [...needed], files: [] }), [...needed], from.pool);
  return {
    relation: `(SELECT *, ${partOfRow} AS ${part} FROM (${rows}))`,
    key: quoteName(keyName),
    inHoldout: `${part} = 'holdout'`,
    inValidation: `${part} = 'validation'`,
  };
}

/** By the file's statistics; where they do not say, not. */
function isPartOfEveryRowWritten({ stats }: Snapshot['files'][number]): boolean {
  if (stats === undefined) return false;
  try {
    const { nullCount } = JSON.parse(stats) as { nullCount?: Record<string, unknown> };
    return nullCount?.[provenance.part] === 0;
  } catch {
    return false; // Statistics of others may be anything.
  }
}
