import { KaeferError, type ColumnType } from '@kaefer/contracts';
import {
  columnsOfSchema,
  findCurrentTable,
  goTogether,
  readJson,
  widerType,
  type CheckReport,
} from '@kaefer/pipeline';
import type { Context } from '../context.ts';

/**
 * Makes sure that no column becomes text by a merge: each file was checked against the data as it was then, and not against the
 * files that go before it.
 *
 * @param uploads in the order in which they are merged; those that are not found valid are passed over
 * @throws KaeferError `upload_outdated`
 */
export async function requireSameKinds(
  context: Context,
  project: string,
  uploads: readonly string[],
): Promise<void> {
  const folder = context.folder(project);
  const known = new Map<string | undefined, Map<string, ColumnType>>();
  for (const upload of uploads) {
    const report = readJson<CheckReport>(folder.upload(upload).report);
    if (report?.status !== 'valid') continue;
    const place = report.source === undefined ? folder.table : folder.source(report.source).table;
    const columns = known.get(report.source) ?? (await columnsIn(place));
    known.set(report.source, columns);
    for (const { name, type } of report.columns) {
      if (report.empty?.includes(name) === true) continue;
      const other = columns.get(name) ?? type;
      if (!goTogether(other, type)) {
        const row = await context.db
          .selectFrom('uploads')
          .select('filename')
          .where('id', '=', upload)
          .executeTakeFirst();
        throw new KaeferError('upload_outdated', { file: row?.filename ?? upload, column: name });
      }
      columns.set(name, widerType(other, type));
    }
  }
}

async function columnsIn(table: string): Promise<Map<string, ColumnType>> {
  const current = await findCurrentTable(table);
  const columns = current === undefined ? [] : columnsOfSchema(current.snapshot.schema);
  return new Map(columns.map(({ name, type }) => [name, type]));
}
