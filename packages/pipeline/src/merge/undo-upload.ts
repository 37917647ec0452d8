import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DeltaError, replaceWhere, scanSql, type DeltaTable, type Snapshot } from '@kaefer/deltalake';
import { KaeferError } from '@kaefer/contracts/messages';
import type { CheckReport } from '../check/report.ts';
import { columnTypeOfDelta, duckdbType, provenance } from '../lake/column-types.ts';
import { readJson } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { findTable } from '../lake/project-table.ts';
import { undoTransaction, uploadEffects, type UploadEffects } from '../lake/upload-effects.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { stagedRelation } from './staged-relation.ts';

/** A table, the project's own or a source's, and the files that were merged into it. */
export type UndoPlace = Pick<ProjectFolder, 'table' | 'upload'>;

/** What undoing an upload does to the rows, or would do. */
export interface UndoCounts {
  /** Rows that the upload had added: they go. */
  readonly removed: number;
  /** Rows that it had changed: they are again what they were. */
  readonly restored: number;
  /** Rows that it had added or changed and that are no longer its own: a later change stays. */
  readonly kept: number;
}

export interface UndoResult extends UndoCounts {
  /** Dataset version without the upload. */
  readonly version: number;
}

const restoredTable = '"rows as before"';
const keysTable = '"keys to look up"';
/** Column of {@link restoredTable}: the version that a row was read from. */
const asOf = '"as of version"';

/**
 * What {@link undoUpload} would do now. Writes nothing.
 *
 * @throws KaeferError as {@link undoUpload}
 */
export async function planUndo(
  connection: DuckDBConnection,
  folder: UndoPlace,
  upload: string,
  key: string | null,
): Promise<UndoCounts> {
  const { table, effects } = await requireMerged(folder, upload);
  const snapshot = await table.snapshot();
  return explained(upload, () => prepareUndo(connection, folder, table, snapshot, effects, upload, key));
}

/**
 * Makes the data what it would be without an upload, as one new version: rows that it added go, rows that it changed are
 * what they were before it (and before every other upload that was undone), and what later uploads changed, or found as
 * it was, stays as they left it. Columns that it brought stay, empty. Done again after a crash it finds nothing left to undo.
 *
 * @throws KaeferError `no_data`, `nothing_to_undo` when no row of the data is the upload's, `version_vacuumed` when files
 * of the version before the upload are gone, `lake_busy`
 */
export async function undoUpload(
  connection: DuckDBConnection,
  folder: UndoPlace,
  upload: string,
  filename: string,
  key: string | null,
  by: string,
): Promise<UndoResult> {
  const { table, effects, undoings } = await requireMerged(folder, upload);
  let counts: UndoCounts = { removed: 0, restored: 0, kept: 0 };
  const { version } = await explained(upload, () =>
    replaceWhere(connection, table, {
      where: { column: provenance.upload, is: '=', value: upload },
      source: async (snapshot) => {
        counts = await prepareUndo(connection, folder, table, snapshot, effects, upload, key);
        return `(SELECT * EXCLUDE (${asOf}) FROM ${restoredTable})`;
      },
      txn: undoTransaction(upload, undoings + 1),
      info: { undo: upload, filename, by },
    }),
  );
  return { version, ...counts };
}

async function requireMerged(
  folder: UndoPlace,
  upload: string,
): Promise<{ table: DeltaTable; effects: UploadEffects; undoings: number }> {
  const table = await findTable(folder.table);
  if (table === undefined) throw new KaeferError('no_data');
  const history = await table.history();
  const effects = uploadEffects(history).get(history.at(-1)?.version ?? -1);
  if (effects?.merged.has(upload) !== true) throw new KaeferError('nothing_to_undo', { upload });
  const { appId } = undoTransaction(upload, 1);
  const undoings = history.filter(({ txns }) => txns.some((txn) => txn.appId === appId)).length;
  return { table, effects, undoings };
}

/**
 * Fills {@link restoredTable} with the rows that take the place of the upload's. It begins with those, and as long as
 * there is a row of an upload that is undone, takes what was before that upload instead.
 */
async function prepareUndo(
  connection: DuckDBConnection,
  folder: UndoPlace,
  table: DeltaTable,
  snapshot: Snapshot,
  { merged, undone }: UploadEffects,
  upload: string,
  key: string | null,
): Promise<UndoCounts> {
  const own = (version: Snapshot): string =>
    scanSql(table, version, { where: { column: provenance.upload, is: '=', value: upload } });
  const count = async (relation: string): Promise<number> =>
    toCount((await oneRow(connection, `SELECT count(*) AS n FROM ${relation}`))['n']);
  const mergedIn = await table.snapshot(merged.get(upload));
  requireFiles(table, mergedIn, upload);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${restoredTable} AS SELECT *, ${snapshot.version} AS ${asOf} FROM ${own(snapshot)}`,
  );
  const present = await count(restoredTable);
  if (present === 0) throw new KaeferError('nothing_to_undo', { upload });
  const changedLater = (await count(own(mergedIn))) - present;
  if (key === null) {
    await connection.run(`DELETE FROM ${restoredTable}`);
    return { removed: present, restored: 0, kept: changedLater };
  }
  const gone = new Set([...undone, upload]);
  const staying = [...merged].filter(([id]) => !gone.has(id));
  for (;;) {
    const writer = await latestWriter(connection, gone, merged);
    if (writer === undefined) break;
    const since = merged.get(writer) as number;
    for (const [id, version] of staying)
      if (version > since) await handOver(connection, folder, snapshot, key, writer, { id, version });
    await takeBack(connection, writer, key);
    const before = await table.snapshot(since - 1);
    requireFiles(table, before, upload);
    await connection.run(
      `INSERT INTO ${restoredTable} SELECT *, ${before.version} FROM ${scanSql(table, before, { schema: snapshot.schema })} ` +
        `WHERE ${quoteName(key)} IN (FROM ${keysTable})`,
    );
  }
  const restored = await count(`${restoredTable} WHERE ${asOf} < ${snapshot.version}`);
  const confirmed = (await count(restoredTable)) - restored;
  return { removed: present - restored - confirmed, restored, kept: changedLater + confirmed };
}

/** What DuckDB says of a file that is not there nobody can act on. */
function requireFiles(table: DeltaTable, { files }: Snapshot, upload: string): void {
  if (files.some((file) => !existsSync(table.uriOf(file))))
    throw new KaeferError('version_vacuumed', { upload });
}

/** Of some uploads the one that was merged last and wrote a row of {@link restoredTable}. */
async function latestWriter(
  connection: DuckDBConnection,
  uploads: ReadonlySet<string>,
  merged: ReadonlyMap<string, number>,
): Promise<string | undefined> {
  const writers = await connection.runAndReadAll(
    `SELECT DISTINCT ${provenance.upload} FROM ${restoredTable}`,
  );
  const [latest] = writers
    .getRows()
    .map(([name]) => String(name))
    .filter((name) => uploads.has(name) && merged.has(name))
    .sort((a, b) => (merged.get(b) as number) - (merged.get(a) as number));
  return latest;
}

/** A row that an upload found as it was already is that upload's, too: it stays when the one that wrote it goes. */
async function handOver(
  connection: DuckDBConnection,
  folder: UndoPlace,
  { schema }: Snapshot,
  key: string,
  writer: string,
  to: { readonly id: string; readonly version: number },
): Promise<void> {
  const { report: reportPath, staged } = folder.upload(to.id);
  const report = readJson<CheckReport>(reportPath);
  if (report === undefined || !existsSync(staged))
    throw new KaeferError('version_vacuumed', { upload: writer });
  const type = duckdbType(columnTypeOfDelta(schema.find(({ name }) => name === key)?.type ?? 'string'));
  const rows = await stagedRelation(connection, staged, to.id, report.skippedLines, undefined);
  const { upload, line } = provenance;
  const k = quoteName(key);
  await connection.run(
    `UPDATE ${restoredTable} r SET ${upload} = s.${upload}, ${line} = s.${line} FROM ${rows} s ` +
      `WHERE r.${upload} = ${quoteText(writer)} AND r.${asOf} >= ${to.version} AND r.${k} = CAST(s.${k} AS ${type})`,
  );
}

/** Takes an upload's rows out of {@link restoredTable} and notes their keys. */
async function takeBack(connection: DuckDBConnection, writer: string, key: string): Promise<void> {
  const written = `${provenance.upload} = ${quoteText(writer)}`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${keysTable} AS SELECT ${quoteName(key)} FROM ${restoredTable} WHERE ${written}`,
  );
  await connection.run(`DELETE FROM ${restoredTable} WHERE ${written}`);
}

/** Runs something on the table and says in Käfer's words what stood in its way. */
async function explained<T>(upload: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DeltaError)) throw error;
    if (error.code === 'commit_conflict') throw new KaeferError('lake_busy', {}, { cause: error });
    if (error.code === 'version_not_found' || error.code === 'data_file_missing')
      throw new KaeferError('version_vacuumed', { upload }, { cause: error });
    throw error;
  }
}
