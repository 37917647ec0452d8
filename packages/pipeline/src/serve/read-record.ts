import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { scanSql } from '@kaefer/deltalake';
import type { Cell, ColumnType, LakeRecord } from '@kaefer/contracts';
import { KaeferError } from '@kaefer/contracts/messages';
import { columnsOfSchema, provenance } from '../lake/column-types.ts';
import type { CurrentTable } from '../lake/project-table.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { timestampTextSql } from './timestamp-text.ts';

/**
 * The row of the lake with a key, as a record that can be predicted.
 *
 * @throws KaeferError `record_not_found`
 */
export async function readRecord(
  connection: DuckDBConnection,
  { table, snapshot }: CurrentTable,
  key: string,
  value: string,
): Promise<LakeRecord> {
  const columns = columnsOfSchema(snapshot.schema);
  const cells = columns.map(({ name, type }) => cellSql(quoteName(name), type));
  const names = [...columns.map(({ name }) => name), provenance.upload];
  const reader = await connection.runAndReadAll(
    `SELECT ${[...cells, provenance.upload].join(', ')} FROM (${scanSql(table, snapshot, { columns: names })}) WHERE ${quoteName(key)} = ${quoteText(value.trim())} LIMIT 1`,
  );
  const [row] = reader.getRows();
  if (row === undefined) throw new KaeferError('record_not_found', { key: value });
  const upload = row.at(-1);
  return {
    key: value.trim(),
    values: Object.fromEntries(columns.map(({ name }, index) => [name, toCell(row[index])])),
    upload: typeof upload === 'string' ? upload : null,
  };
}

/** SQL for a value as {@link toCell} takes it. */
export function cellSql(value: string, type: ColumnType): string {
  if (type === 'date') return `strftime(${value}, '%Y-%m-%d')`;
  if (type === 'timestamp') return timestampTextSql(value);
  return value;
}

/** A value of the lake; a whole number that JavaScript's numbers do not hold exactly is its digits. */
export function toCell(value: DuckDBValue | undefined): Cell {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
