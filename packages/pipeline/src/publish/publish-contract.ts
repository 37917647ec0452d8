import { existsSync, mkdirSync } from 'node:fs';
import { writeJsonDurably } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import type { StoredContract } from '../state/contracts.ts';
import type { Db } from '../state/open-database.ts';

/** Writes a version of a contract into the lake, unless it is there. */
export function publishContract(folder: ProjectFolder, stored: StoredContract): void {
  const place = stored.source === '' ? folder : folder.source(stored.source);
  const path = place.contractVersion(stored.version);
  if (existsSync(path)) return;
  mkdirSync(place.contract, { recursive: true });
  writeJsonDurably(path, stored);
}

/** After a crash between a version's transaction and its file: writes the files that are missing. */
export async function publishMissingContracts(
  db: Db,
  folderOf: (project: string) => ProjectFolder,
): Promise<void> {
  const versions = await db.selectFrom('contracts').selectAll().execute();
  for (const stored of versions) publishContract(folderOf(stored.project), stored);
}
