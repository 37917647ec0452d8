import type { Dataset, DatasetChange } from '@kaefer/contracts';
import {
  columnsOfSchema,
  expectationsOf,
  recipeOf,
  roleOf,
  rowChanges,
  undoneUploadOf,
  uploadEffects,
  type HistoryEntry,
  type ProjectRecord,
} from '@kaefer/pipeline';
import type { Context } from '../context.ts';

/** A project's data and its history, newest first; before the first merge an empty version 0. */
export async function datasetView(context: Context, project: ProjectRecord): Promise<Dataset> {
  const table = await context.tables.table(project.definition.id);
  if (table === undefined) return { version: 0, rows: 0, columns: [], history: [] };
  const snapshot = await table.snapshot();
  const expectations = expectationsOf(project);
  const restorers = await restorersOf(context, project.definition.id);
  const entries = await table.history();
  const effects = uploadEffects(entries).get(snapshot.version);
  const reports = await reportsOf(context, project);
  const history = entries.map((entry): DatasetChange => {
    const { filename, rejected, by } = entry.userMetadata ?? {};
    const operation = operationOf(entry);
    const upload = undoneUploadOf(entry) ?? entry.userMetadata?.['upload'];
    const restored = Number(entry.parameters['version']);
    return {
      version: entry.version,
      at: entry.timestamp.toISOString(),
      operation,
      rows: entry.rows ?? 0,
      ...(operation === 'merge' || operation === 'undo' ? rowChanges(entry.metrics) : noChanges),
      upload:
        typeof upload === 'string'
          ? {
              id: upload,
              filename: String(filename),
              rejected: Number(rejected ?? 0),
              isPresent: effects?.merged.has(upload) === true && !effects.undone.has(upload),
            }
          : null,
      reports: reports(entry),
      restoredFrom: operation === 'restore' && Number.isInteger(restored) ? restored : null,
      by: typeof by === 'string' ? by : (restorers.get(entry.version) ?? null),
    };
  });
  return {
    version: snapshot.version,
    rows: snapshot.rowCount,
    columns: columnsOfSchema(snapshot.schema).map(({ name, type }) => ({
      name,
      type,
      role: roleOf(expectations, name),
    })),
    history: history.reverse(),
  };
}

/** For a version the reports that came into the table with it. */
async function reportsOf(
  { db }: Context,
  { definition }: ProjectRecord,
): Promise<(entry: HistoryEntry) => DatasetChange['reports']> {
  if (definition.sources.length === 0) return () => [];
  const rows = await db
    .selectFrom('uploads')
    .select(['id', 'filename', 'source', 'status'])
    .where('project', '=', definition.id)
    .execute();
  const known = new Map(rows.map((row) => [row.id, row]));
  return (entry) =>
    (recipeOf(entry)?.uploads ?? []).flatMap((upload) => {
      const { id, filename, source, status } = known.get(upload) ?? {};
      if (id === undefined || filename === undefined) return [];
      return [{ id, filename, source: source ?? '', isPresent: status === 'merged' }];
    });
}

const noChanges = { new: null, updated: null, unchanged: null, removed: null };

function operationOf(entry: HistoryEntry): DatasetChange['operation'] {
  if (entry.version === 0) return 'create';
  if (entry.operation === 'RESTORE') return 'restore';
  return undoneUploadOf(entry) === undefined ? 'merge' : 'undo';
}

/** Who went back to an older version, by the version that it made; the table's log does not say. */
async function restorersOf({ db }: Context, project: string): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('audit')
    .select(['actor', 'detail'])
    .where('project', '=', project)
    .where('action', '=', 'restore')
    .execute();
  return new Map(
    rows.map(({ actor, detail }) => [(JSON.parse(detail) as { version: number }).version, actor]),
  );
}
