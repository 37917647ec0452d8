import { mkdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Person } from '@kaefer/contracts';
import { readJson, writeJsonDurably } from '../lake/durable.ts';
import { peopleOf, personFile } from '../lake/layout.ts';
import type { Db } from '../state/open-database.ts';
import { allPeople } from '../state/people.ts';

/** Writes a person's file into the lake, unless it is there as it is. */
export function publishPerson(lake: string, person: Person): void {
  const path = personFile(lake, person.id);
  if (isDeepStrictEqual(readJson(path), person)) return;
  mkdirSync(peopleOf(lake), { recursive: true });
  writeJsonDurably(path, person);
}

/** After a crash between a person's change and its file: writes the files that lag behind. */
export async function publishMissingPeople(db: Db, lake: string): Promise<void> {
  for (const person of await allPeople(db)) publishPerson(lake, person);
}
