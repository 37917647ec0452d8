import type { Selectable } from 'kysely';
import { ProjectSettings } from '@kaefer/contracts';
import type { Db } from './open-database.ts';
import { readDefinition, type ProjectDefinition } from './project-definition.ts';
import type { AuditTable, SettingsTable } from './schema.ts';

/** A change of a project's settings, as the database and the lake keep it. */
export type SettingsChange = Selectable<SettingsTable>;

/** Changes of a project's settings, the oldest first. */
export async function settingsChanges(db: Db, project: string): Promise<SettingsChange[]> {
  return db.selectFrom('settings').selectAll().where('project', '=', project).orderBy('revision').execute();
}

/** Records the next revision of a project's settings, with its audit entry, in one transaction. */
export async function changeSettings(
  db: Db,
  project: string,
  settings: ProjectSettings,
  { note, by, at }: { readonly note: string | null; readonly by: string; readonly at: string },
): Promise<SettingsChange> {
  return db.transaction().execute(async (transaction) => {
    const last = await transaction
      .selectFrom('settings')
      .select(({ fn }) => fn.max('revision').as('revision'))
      .where('project', '=', project)
      .executeTakeFirst();
    const change: SettingsChange = {
      project,
      revision: (last?.revision ?? 0) + 1,
      settings: JSON.stringify(settings),
      note,
      changed_by: by,
      changed_at: at,
    };
    await restoreSettings(transaction, change);
    await transaction.insertInto('audit').values(auditOfSettings(change)).execute();
    return change;
  });
}

/** Inserts a change as it is and makes it what holds now. */
export async function restoreSettings(db: Db, change: SettingsChange): Promise<void> {
  await db.insertInto('settings').values(change).execute();
  const { definition } = await db
    .selectFrom('projects')
    .select('definition')
    .where('id', '=', change.project)
    .executeTakeFirstOrThrow();
  const changed: ProjectDefinition = {
    ...readDefinition(JSON.parse(definition) as ProjectDefinition),
    ...ProjectSettings.parse(JSON.parse(change.settings)),
  };
  await db
    .updateTable('projects')
    .set({ definition: JSON.stringify(changed) })
    .where('id', '=', change.project)
    .execute();
}

export function auditOfSettings(change: SettingsChange): Omit<Selectable<AuditTable>, 'id'> {
  const { project, changed_by: actor, changed_at: at } = change;
  return { at, actor, action: 'settings', project, detail: JSON.stringify(change) };
}
