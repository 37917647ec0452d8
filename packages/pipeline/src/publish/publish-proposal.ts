import { mkdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Selectable } from 'kysely';
import { readJson, writeJsonDurably } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import type { Db } from '../state/open-database.ts';
import type { ProposalsTable } from '../state/schema.ts';

/** Writes a proposal's file into the lake, unless it is there as it is. */
export function publishProposal(folder: ProjectFolder, proposal: Selectable<ProposalsTable>): void {
  const path = folder.proposal(proposal.id, proposal.round);
  if (isDeepStrictEqual(readJson(path), proposal)) return;
  mkdirSync(folder.proposals, { recursive: true });
  writeJsonDurably(path, proposal);
}

/** After a crash between a proposal's change and its file: writes the files that lag behind. */
export async function publishMissingProposals(
  db: Db,
  folderOf: (project: string) => ProjectFolder,
): Promise<void> {
  const proposals = await db.selectFrom('proposals').selectAll().execute();
  for (const proposal of proposals) publishProposal(folderOf(proposal.project), proposal);
}
