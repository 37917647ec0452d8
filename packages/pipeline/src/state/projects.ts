import type { Selectable } from 'kysely';
import type { Db } from './open-database.ts';
import { readDefinition, type ProjectDefinition, type ProjectRecord } from './project-definition.ts';
import type { ProjectsTable } from './schema.ts';

/** A project by its id or, as people write it, by its name. */
export async function findProject(db: Db, idOrName: string): Promise<ProjectRecord | undefined> {
  const row =
    (await db.selectFrom('projects').selectAll().where('id', '=', idOrName).executeTakeFirst()) ??
    (await db.selectFrom('projects').selectAll().where('name', '=', idOrName).executeTakeFirst());
  return row && fromRow(row);
}

export async function allProjects(db: Db): Promise<ProjectRecord[]> {
  return (await db.selectFrom('projects').selectAll().orderBy('created_at').execute()).map(fromRow);
}

/** @returns whether it was inserted; false when the id or the name is taken */
export async function insertProject(
  db: Db,
  definition: ProjectDefinition,
  status: ProjectRecord['status'],
): Promise<boolean> {
  const result = await db
    .insertInto('projects')
    .values({
      id: definition.id,
      name: definition.name,
      definition: JSON.stringify(definition),
      classes: '[]',
      champion: null,
      simulated: definition.simulated ? 1 : 0,
      status,
      created_at: definition.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function setClasses(db: Db, project: string, classes: readonly string[]): Promise<void> {
  await db
    .updateTable('projects')
    .set({ classes: JSON.stringify(classes) })
    .where('id', '=', project)
    .execute();
}

export async function setProjectReady(db: Db, project: string): Promise<void> {
  await db.updateTable('projects').set({ status: 'ready' }).where('id', '=', project).execute();
}

function fromRow(row: Selectable<ProjectsTable>): ProjectRecord {
  return {
    definition: readDefinition(JSON.parse(row.definition) as ProjectDefinition),
    classes: JSON.parse(row.classes) as string[],
    champion: row.champion,
    status: row.status,
  };
}
