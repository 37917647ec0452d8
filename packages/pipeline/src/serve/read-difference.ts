import type { DuckDBConnection } from '@duckdb/node-api';
import { changesSql } from '@kaefer/deltalake';
import type { DatasetDifference, RowChange } from '@kaefer/contracts';
import { KaeferError } from '@kaefer/contracts/messages';
import { columnsOfSchema, type TableColumn } from '../lake/column-types.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { findTable } from '../lake/project-table.ts';
import { allRows, toCount, type Row } from '../sql/connection.ts';
import { quoteName } from '../sql/quote.ts';
import { cellSql, toCell } from './read-record.ts';

/** Rows that are shown of each kind. */
const shownRows = 50;

/**
 * The rows in which a version differs from the one before: how many, and the first by key. Where Käfer noted where a row
 * came from is no difference.
 *
 * @throws KaeferError `no_data`, `dataset_version_not_found` also when files of one of the two are gone
 */
export async function readDifference(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  version: number,
  key: string | null,
): Promise<DatasetDifference> {
  const table = await findTable(folder.table);
  if (table === undefined) throw new KaeferError('no_data');
  try {
    const [before, after] = [await table.snapshot(version - 1), await table.snapshot(version)];
    const known = new Map(
      [...columnsOfSchema(before.schema), ...columnsOfSchema(after.schema)].map((c) => [c.name, c]),
    );
    const columns = [...known.values()];
    const changes = changesSql(table, before, after, key === null ? {} : { key });
    await connection.run(`CREATE OR REPLACE TEMP TABLE changes AS SELECT * FROM ${changes}`);
    const kinds =
      key === null ? await rowsOnTheirOwn(connection, columns) : await pairsByKey(connection, columns, key);
    const { changed, removed, added } = kinds;
    return {
      version,
      added: added.count,
      changed: changed.count,
      removed: removed.count,
      rows: [...changed.rows, ...removed.rows, ...added.rows],
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isGone = error instanceof Error && error.message.includes('No files found');
    if (code === 'version_not_found' || isGone)
      throw new KaeferError('dataset_version_not_found', { version }, { cause: error });
    throw error;
  }
}

interface Kind {
  readonly count: number;
  readonly rows: RowChange[];
}
type Kinds = Readonly<Record<RowChange['kind'], Kind>>;

async function pairsByKey(
  connection: DuckDBConnection,
  columns: readonly TableColumn[],
  key: string,
): Promise<Kinds> {
  const k = quoteName(key);
  const side = (name: string, type: string): string =>
    `(SELECT * FROM changes WHERE _change_type = '${type}') ${name}`;
  const differs = columns.map(({ name }) => `b.${quoteName(name)} IS DISTINCT FROM a.${quoteName(name)}`);
  const pairs = `${side('b', 'update_preimage')} JOIN ${side('a', 'update_postimage')} ON b.${k} = a.${k} WHERE ${differs.join(' OR ')}`;
  const read = async (kind: RowChange['kind'], from: string, order: string): Promise<Kind> => {
    const cells = columns.flatMap(({ name, type }, index) => [
      kind === 'added' ? `NULL AS b${index}` : `${cellSql(`b.${quoteName(name)}`, type)} AS b${index}`,
      kind === 'removed' ? `NULL AS a${index}` : `${cellSql(`a.${quoteName(name)}`, type)} AS a${index}`,
    ]);
    const rows = await allRows(
      connection,
      `SELECT ${cells.join(', ')}, (${order})::VARCHAR AS k FROM ${from} ORDER BY ${order} LIMIT ${shownRows}`,
    );
    const [counted] = await allRows(connection, `SELECT count(*) AS n FROM ${from}`);
    return { count: toCount(counted?.['n']), rows: rows.map((row) => rowChange(kind, columns, row)) };
  };
  return {
    changed: await read('changed', pairs, `b.${k}`),
    removed: await read('removed', side('b', 'delete'), `b.${k}`),
    added: await read('added', side('a', 'insert'), `a.${k}`),
  };
}

/** Without a key nothing says which row became which: rows come and go. */
async function rowsOnTheirOwn(connection: DuckDBConnection, columns: readonly TableColumn[]): Promise<Kinds> {
  const read = async (kind: 'added' | 'removed', type: string): Promise<Kind> => {
    const cells = columns.map(
      ({ name, type: columnType }, index) =>
        `${cellSql(quoteName(name), columnType)} AS ${kind === 'added' ? 'a' : 'b'}${index}`,
    );
    const from = `changes WHERE _change_type = '${type}'`;
    const rows = await allRows(connection, `SELECT ${cells.join(', ')} FROM ${from} LIMIT ${shownRows}`);
    const [counted] = await allRows(connection, `SELECT count(*) AS n FROM ${from}`);
    return { count: toCount(counted?.['n']), rows: rows.map((row) => rowChange(kind, columns, row)) };
  };
  return {
    changed: { count: 0, rows: [] },
    removed: await read('removed', 'delete'),
    added: await read('added', 'insert'),
  };
}

function rowChange(kind: RowChange['kind'], columns: readonly TableColumn[], row: Row): RowChange {
  const cells = columns.map(({ name }, index) => ({
    column: name,
    before: toCell(row[`b${index}`]),
    after: toCell(row[`a${index}`]),
  }));
  const key = row['k'];
  return {
    kind,
    key: typeof key === 'string' ? key : null,
    cells: kind === 'changed' ? cells.filter(({ before, after }) => before !== after) : cells,
  };
}
