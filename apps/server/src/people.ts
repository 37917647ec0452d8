import { KaeferError, type Invitation, type Person, type PersonCreation } from '@kaefer/contracts';
import { addPerson, findPerson, foldedName, publishPerson, removePerson } from '@kaefer/pipeline';
import { automaticActor } from './accept-automatically.ts';
import type { Context } from './context.ts';
import { localUser, type Sessions } from './http/sessions.ts';

/**
 * Lets a person in: nobody else ever has their name.
 *
 * @throws KaeferError `person_exists`
 */
export async function invitePerson(
  context: Context,
  sessions: Sessions,
  { name, role }: PersonCreation,
  by: string,
): Promise<Invitation> {
  const taken = ['token', 'unknown', automaticActor, localUser()].map(foldedName);
  const person: Person = {
    id: context.newId('person'),
    name: name.replace(/\s+/g, ' '),
    role,
    createdAt: context.now(),
    createdBy: by,
    removedAt: null,
    removedBy: null,
  };
  if (taken.includes(foldedName(name)) || !(await addPerson(context.db, person)))
    throw new KaeferError('person_exists', { name });
  publishPerson(context.lake, person);
  return inviteAgain(context, sessions, person.id);
}

/** @throws KaeferError `person_not_found` */
export async function inviteAgain(context: Context, sessions: Sessions, id: string): Promise<Invitation> {
  const person = await findPerson(context.db, id);
  if (person === undefined || person.removedAt !== null)
    throw new KaeferError('person_not_found', { person: id });
  const { secret, expiresAt } = await sessions.invite(id);
  return { person, path: `/sign-in?token=${secret}`, expiresAt };
}

/**
 * Ends a person's access at once. Decisions keep the name.
 *
 * @throws KaeferError `person_not_found`
 */
export async function dismissPerson(context: Context, id: string, by: string): Promise<Person> {
  const person = await removePerson(context.db, id, by, context.now());
  if (person === undefined) throw new KaeferError('person_not_found', { person: id });
  publishPerson(context.lake, person);
  return person;
}
