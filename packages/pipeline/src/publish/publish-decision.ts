import { existsSync, mkdirSync } from 'node:fs';
import type { Selectable } from 'kysely';
import { writeJsonDurably } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import type { Db } from '../state/open-database.ts';
import type { DecisionsTable } from '../state/schema.ts';

/** Writes a decision's file into the lake, unless it is there. */
export function publishDecision(folder: ProjectFolder, decision: Selectable<DecisionsTable>): void {
  const path = folder.decision(decision.id);
  if (existsSync(path)) return;
  mkdirSync(folder.decisions, { recursive: true });
  writeJsonDurably(path, decision);
}

/** After a crash between a decision's transaction and its file: writes the files that are missing. */
export async function publishMissingDecisions(
  db: Db,
  folderOf: (project: string) => ProjectFolder,
): Promise<void> {
  const decisions = await db.selectFrom('decisions').selectAll().execute();
  for (const decision of decisions) publishDecision(folderOf(decision.project), decision);
}
