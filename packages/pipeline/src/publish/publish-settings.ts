import { existsSync, mkdirSync } from 'node:fs';
import { writeJsonDurably } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import type { Db } from '../state/open-database.ts';
import type { SettingsChange } from '../state/settings.ts';

/** Writes a change of the settings into the lake, unless it is there. */
export function publishSettings(folder: ProjectFolder, change: SettingsChange): void {
  const path = folder.settingsRevision(change.revision);
  if (existsSync(path)) return;
  mkdirSync(folder.settings, { recursive: true });
  writeJsonDurably(path, change);
}

/** After a crash between a change's transaction and its file: writes the files that are missing. */
export async function publishMissingSettings(
  db: Db,
  folderOf: (project: string) => ProjectFolder,
): Promise<void> {
  const changes = await db.selectFrom('settings').selectAll().execute();
  for (const change of changes) publishSettings(folderOf(change.project), change);
}
