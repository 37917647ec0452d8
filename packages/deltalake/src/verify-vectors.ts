import { createHash } from 'node:crypto';
import type { Action, AddFile } from './actions.ts';
import { rowsOfVector, vectorPath } from './deletion-vector.ts';
import type { LogDamage } from './file-digest.ts';
import { vectorDigestTag } from './mark-rows.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Reads all deletion vectors that actions name, with their checksums, and their files against the SHA-256 that the log says.
 *
 * @param isNeeded whether a file of vectors must be there; others may have been vacuumed
 */
export async function verifyVectors(
  store: ObjectStore,
  actions: readonly Action[],
  isNeeded: (path: string) => boolean,
): Promise<LogDamage[]> {
  const files = new Map<string, AddFile[]>();
  const damages: LogDamage[] = [];
  for (const { add } of actions) {
    if (!add?.deletionVector) continue;
    const path = vectorPath(add.deletionVector, store.address);
    if (path === undefined) {
      if (!canBeRead(add)) damages.push({ path: add.path, problem: 'altered' });
      continue;
    }
    const group = files.get(path);
    if (group) group.push(add);
    else files.set(path, [add]);
  }
  for (const [path, group] of files) {
    const data = (await store.read(path))?.data;
    if (data === undefined) {
      if (isNeeded(path)) damages.push({ path, problem: 'missing' });
      continue;
    }
    const digest = createHash('sha256').update(data).digest('hex');
    const isAltered = group.some(({ tags }) => {
      // A writer who does not know the tag keeps it beside a vector of its own, which is in another file.
      const [stated, of] = tags?.[vectorDigestTag]?.split(' ') ?? [];
      return of === path && stated !== digest;
    });
    if (isAltered || !group.every((add) => canBeRead(add, data))) damages.push({ path, problem: 'altered' });
  }
  return damages;
}

function canBeRead({ deletionVector }: AddFile, data?: Buffer): boolean {
  try {
    return !deletionVector || rowsOfVector(deletionVector, data).length >= 0;
  } catch {
    return false;
  }
}
