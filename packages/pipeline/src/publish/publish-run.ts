import { mkdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { readJson, writeJsonDurably } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import type { Db } from '../state/open-database.ts';
import { allRuns, type RunRecord } from '../state/runs.ts';

/** Writes a run's record into the lake, unless it is there as it is. */
export function publishRun(folder: ProjectFolder, run: RunRecord): void {
  const path = folder.run(run.id);
  if (isDeepStrictEqual(readJson(path), run)) return;
  mkdirSync(folder.runs, { recursive: true });
  writeJsonDurably(path, run);
}

/** After a crash between a run's change and its file: writes the files that lag behind. */
export async function publishMissingRuns(
  db: Db,
  folderOf: (project: string) => ProjectFolder,
): Promise<void> {
  for (const run of await allRuns(db)) publishRun(folderOf(run.project), run);
}
