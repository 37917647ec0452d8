import type { DuckDBConnection } from '@duckdb/node-api';
import { scanSql } from '@kaefer/deltalake';
import { KaeferError } from '@kaefer/contracts/messages';
import { columnsOfSchema, provenance } from '../lake/column-types.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { findTable } from '../lake/project-table.ts';
import { safeCell, safeCellSql, type CellSafety } from '../lake/safe-cell.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { timestampTextSql } from './timestamp-text.ts';

/**
 * Writes the project's table, as a version had it, as CSV: its own columns, ordered by key (without one by the rows'
 * digests). For people, cells that a spreadsheet program would carry out are made safe.
 *
 * @throws KaeferError `no_data`, `dataset_version_not_found`
 */
export async function exportDataset(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  version: number | null,
  key: string | null,
  output: string,
  cells: CellSafety = 'safe',
): Promise<number> {
  const table = await findTable(folder.table);
  if (table === undefined) throw new KaeferError('no_data');
  const newest = await table.snapshot();
  if (version !== null && version > newest.version)
    throw new KaeferError('dataset_version_not_found', { version });
  const snapshot = version === null ? newest : await table.snapshot(version);
  const columns = columnsOfSchema(snapshot.schema).map(({ name, type }) => {
    const column = quoteName(name);
    const as = quoteName(cells === 'safe' ? safeCell(name) : name);
    if (type === 'timestamp') return `${timestampTextSql(column)} AS ${as}`;
    return `${type === 'text' && cells === 'safe' ? safeCellSql(column) : column} AS ${as}`;
  });
  const needed = [
    ...columnsOfSchema(snapshot.schema).map(({ name }) => name),
    ...(key === null ? [provenance.row] : []),
  ];
  await connection.run(
    `COPY (SELECT ${columns.join(', ')} FROM (${scanSql(table, snapshot, { columns: needed })}) AS source ORDER BY source.${quoteName(key ?? provenance.row)}) ` +
      `TO ${quoteText(output)} (FORMAT csv, HEADER true)`,
  );
  return snapshot.rowCount;
}
