import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql, type Selectable } from 'kysely';
import type { HistoryEntry } from '@kaefer/deltalake';
import type { Person } from '@kaefer/contracts';
import { auditOfProposal } from '../decide/propose.ts';
import { readJson, syncFolder } from '../lake/durable.ts';
import { databaseOf, lakeOf, peopleOf, ProjectFolder } from '../lake/layout.ts';
import { findTable } from '../lake/project-table.ts';
import { undoneUploadOf } from '../lake/upload-effects.ts';
import { rememberFeedFile } from '../state/feed-files.ts';
import { openDatabase, type Db } from '../state/open-database.ts';
import { auditOfPerson, restorePerson } from '../state/people.ts';
import { readDefinition, type ProjectDefinition } from '../state/project-definition.ts';
import { findProject, insertProject, setClasses } from '../state/projects.ts';
import { restoreRun, type RunRecord } from '../state/runs.ts';
import type { AuditTable, DecisionsTable, ProposalsTable } from '../state/schema.ts';
import { auditOfContract, restoreContract, type StoredContract } from '../state/contracts.ts';
import { auditOfSettings, restoreSettings, type SettingsChange } from '../state/settings.ts';
import { readModels } from './read-models.ts';
import { readFeedFiles, readUploads } from './read-uploads.ts';

type AuditEntry = Omit<Selectable<AuditTable>, 'id'>;
type DecisionRow = Selectable<DecisionsTable>;
type ProposalRow = Selectable<ProposalsTable>;

/** The projects that a lake holds, in the order of their ids. */
export function projectsInLake(lake: string): string[] {
  const place = join(lake, 'projects');
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => existsSync(join(place, name, 'project.json')))
    .sort();
}

/**
 * Makes the state database anew from the lake alone; it takes the old one's place when it is whole. Sign-ins are not in
 * the lake: whoever was signed in signs in again.
 *
 * @param dataFolder no process may be using it, see `lockDataFolder`
 * @returns how many projects were found
 */
export async function rebuildDatabase(dataFolder: string): Promise<number> {
  const lake = lakeOf(dataFolder);
  const place = databaseOf(dataFolder);
  const rebuilt = join(dataFolder, '.kaefer.db.part');
  removeDatabase(rebuilt);
  const projects = projectsInLake(lake);
  const db = await openDatabase(rebuilt);
  try {
    await db.transaction().execute(async (transaction) => {
      const audit: AuditEntry[] = [];
      for (const person of filesOf<Person>(peopleOf(lake))) {
        await restorePerson(transaction, person);
        audit.push(...auditOfPerson(person));
      }
      for (const project of projects)
        audit.push(...(await rebuildProject(transaction, new ProjectFolder(lake, project))));
      audit.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
      for (const entry of audit) await transaction.insertInto('audit').values(entry).execute();
    });
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db); // all of it into the one file that is renamed
  } finally {
    await db.destroy();
  }
  removeLog(rebuilt);
  removeDatabase(place);
  renameSync(rebuilt, place);
  syncFolder(dataFolder);
  return projects.length;
}

function removeDatabase(path: string): void {
  removeLog(path);
  rmSync(path, { force: true });
}

/** SQLite keeps a log beside the file, and the log's index. */
function removeLog(path: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
}

/** @returns what was audited */
async function rebuildProject(db: Db, folder: ProjectFolder): Promise<AuditEntry[]> {
  const definition = readDefinition(readJson<ProjectDefinition>(folder.description) as ProjectDefinition);
  const project = definition.id;
  const table = await findTable(folder.table);
  const history = (await table?.history()) ?? [];
  const decisions = filesOf<DecisionRow>(folder.decisions).sort((a, b) =>
    a.decided_at < b.decided_at ? -1 : 1,
  );
  const champion = decisions.at(-1)?.champion ?? null;
  const isReady = !definition.simulated || champion !== null;
  await insertProject(db, definition, isReady ? 'ready' : 'preparing');
  await db.updateTable('projects').set({ champion }).where('id', '=', project).execute();

  const changes = filesOf<SettingsChange>(folder.settings).sort((a, b) => a.revision - b.revision);
  for (const change of changes) await restoreSettings(db, change);

  const contracts = [folder, ...folder.sourceNames().map((name) => folder.source(name))]
    .flatMap(({ contract }) => filesOf<StoredContract>(contract))
    .sort((a, b) => a.version - b.version);
  for (const stored of contracts) await restoreContract(db, stored);

  const { sources } = (await findProject(db, project))?.definition ?? definition;
  const { uploads, classes } = await readUploads(folder, { ...definition, sources }, history);
  for (const upload of uploads) await db.insertInto('uploads').values(upload).execute();
  for (const file of readFeedFiles(folder)) await rememberFeedFile(db, project, file, file.sha256);
  await setClasses(db, project, classes);
  const models = readModels(folder);
  for (const model of models) await db.insertInto('models').values(model).execute();
  for (const run of filesOf<RunRecord>(folder.runs)) {
    // The file of a run that was under way may be older than its model.
    const candidate = run.candidate ?? models.find((model) => model.run === run.id)?.version ?? null;
    await restoreRun(db, { ...run, candidate });
  }
  for (const decision of decisions) await db.insertInto('decisions').values(decision).execute();
  const proposals = filesOf<ProposalRow>(folder.proposals);
  for (const proposal of proposals) await db.insertInto('proposals').values(proposal).execute();

  const restores = history.filter(({ operation }) => operation === 'RESTORE');
  const ofSources = await Promise.all(
    sources.map(async ({ name }) => (await findTable(folder.source(name).table))?.history() ?? []),
  );
  const undoings = [history, ...ofSources].flat().flatMap((entry) => auditOfUndo(project, entry) ?? []);
  return [
    ...changes.map(auditOfSettings),
    ...contracts.filter(({ changed_by: by }) => by !== null).map(auditOfContract),
    ...decisions.map((decision) => ({
      at: decision.decided_at,
      actor: decision.decided_by,
      action: decision.run === null ? 'champion' : 'decision',
      project,
      detail: JSON.stringify(decision),
    })),
    ...restores.map(({ version, timestamp, parameters, userMetadata }) => ({
      at: timestamp.toISOString(),
      actor: actorOf(userMetadata),
      action: 'restore',
      project,
      detail: JSON.stringify({ version, restoredFrom: Number(parameters['version']) }),
    })),
    ...undoings,
    ...proposals.flatMap(auditOfProposal),
  ];
}

/** What the audit says of a version that undid an upload; undefined for any other. */
export function auditOfUndo(project: string, entry: HistoryEntry): AuditEntry | undefined {
  const upload = undoneUploadOf(entry);
  if (upload === undefined) return undefined;
  const { version, timestamp, userMetadata } = entry;
  const detail = JSON.stringify({ version, upload });
  return { at: timestamp.toISOString(), actor: actorOf(userMetadata), action: 'undo', project, detail };
}

/** Every JSON file of a folder. */
function filesOf<T>(folder: string): T[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readJson<T>(join(folder, name)) as T);
}

/** Who made a version; tables that others wrote do not say. */
function actorOf(userMetadata: Readonly<Record<string, unknown>> | undefined): string {
  const by = userMetadata?.['by'];
  return typeof by === 'string' ? by : 'unknown';
}
