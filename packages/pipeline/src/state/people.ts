import type { Person } from '@kaefer/contracts';
import type { Selectable } from 'kysely';
import type { Db } from './open-database.ts';
import type { AuditTable, PeopleTable } from './schema.ts';

/** Two names that differ in case, accents' form or spaces alone would be read as one. */
export const foldedName = (name: string): string =>
  name.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();

export async function allPeople(db: Db): Promise<Person[]> {
  return (await db.selectFrom('people').selectAll().orderBy('created_at').execute()).map(toPerson);
}

export async function findPerson(db: Db, id: string): Promise<Person | undefined> {
  const row = await db.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toPerson(row);
}

/** Adds a person with the audit entry. @returns whether the name was free; it never is again, so that it names one person */
export async function addPerson(db: Db, person: Person): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    if (!(await restorePerson(transaction, person))) return false;
    for (const entry of auditOfPerson(person)) await transaction.insertInto('audit').values(entry).execute();
    return true;
  });
}

/** Ends a person's access: sessions and invitations go, the name stays. @returns undefined when that was done before */
export async function removePerson(db: Db, id: string, by: string, at: string): Promise<Person | undefined> {
  return db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('people')
      .set({ removed_at: at, removed_by: by })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return undefined;
    for (const table of ['sessions', 'invitations'] as const)
      await transaction.deleteFrom(table).where('person', '=', id).execute();
    const person = (await findPerson(transaction, id)) as Person;
    const [, removal] = auditOfPerson(person);
    if (removal !== undefined) await transaction.insertInto('audit').values(removal).execute();
    return person;
  });
}

/** Inserts a person as the lake has it; does nothing when the name is taken. */
export async function restorePerson(db: Db, person: Person): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('people')
    .values({
      id: person.id,
      name: person.name,
      folded_name: foldedName(person.name),
      role: person.role,
      created_at: person.createdAt,
      created_by: person.createdBy,
      removed_at: person.removedAt,
      removed_by: person.removedBy,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** What the audit says of a person: when they came, and when they were removed, if they were. */
export function auditOfPerson(person: Person): Omit<Selectable<AuditTable>, 'id'>[] {
  const { id, name, role } = person;
  const entry = (action: string, at: string, actor: string) => ({
    at,
    actor,
    action,
    project: null,
    detail: JSON.stringify({ id, name, role }),
  });
  const { createdAt, createdBy, removedAt, removedBy } = person;
  return [
    entry('person_added', createdAt, createdBy),
    ...(removedAt === null ? [] : [entry('person_removed', removedAt, removedBy ?? 'unknown')]),
  ];
}

function toPerson(row: Selectable<PeopleTable>): Person {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    createdAt: row.created_at,
    createdBy: row.created_by,
    removedAt: row.removed_at,
    removedBy: row.removed_by,
  };
}
