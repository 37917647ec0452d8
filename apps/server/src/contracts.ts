import { isDeepStrictEqual } from 'node:util';
import { KaeferError, type Contract, type ContractState, type ContractVersion } from '@kaefer/contracts';
import {
  changeContract,
  columnsOfSchema,
  contractOf,
  contractVersions,
  effectiveContract,
  expectationsOf,
  findCurrentTable,
  heldContractOf,
  latestContract,
  publishContract,
  requireSensibleContract,
  roleOf,
  sourceExpectations,
  type CheckReport,
  type Db,
  type Expectations,
  type HeldContract,
  type ProjectRecord,
  type StoredContract,
  type TableColumn,
} from '@kaefer/pipeline';
import type { Context } from './context.ts';

/** What a contract is of: the project's own files, or those of one of its reports. */
interface Place {
  readonly source: string | null;
  readonly expectations: Expectations;
  readonly table: readonly TableColumn[];
}

/** @throws KaeferError `source_not_found` */
async function placeOf(context: Context, project: ProjectRecord, source: string | null): Promise<Place> {
  const { id, sources } = project.definition;
  const folder = context.folder(id);
  const columnsAt = async (place: string): Promise<TableColumn[]> => {
    const current = await findCurrentTable(place);
    return current === undefined ? [] : columnsOfSchema(current.snapshot.schema);
  };
  if (source === null && sources.length === 0)
    return { source, expectations: expectationsOf(project), table: await columnsAt(folder.table) };
  const found = sources.find(({ name }) => name === source);
  if (found === undefined)
    throw new KaeferError('source_not_found', {
      source: (source ?? '').slice(0, 100),
      sources: sources.map(({ name }) => name).join(', '),
    });
  const { table } = folder.source(found.name);
  return { source, expectations: sourceExpectations(found), table: await columnsAt(table) };
}

/** A contract as it is now: what was stored, and of the data what is not in it; before anything was stored, the data's. */
export async function contractState(
  context: Context,
  project: ProjectRecord,
  source: string | null,
): Promise<ContractState> {
  const { expectations, table } = await placeOf(context, project, source);
  const stored = await latestContract(context.db, project.definition.id, source);
  const held: HeldContract =
    stored === undefined
      ? { version: 0, isInferred: true, contract: contractOf(table, expectations) }
      : heldContractOf(stored);
  const contract = effectiveContract(held, table);
  return {
    source,
    version: held.version,
    isInferred: held.isInferred,
    contract,
    columns: contract.columns.map(({ name }) => ({
      name,
      role: roleOf(expectations, name),
      tableType: table.find((column) => column.name === name)?.type ?? null,
    })),
    note: stored?.note ?? null,
    changedBy: stored?.changed_by ?? null,
    changedAt: stored?.changed_at ?? null,
  };
}

/**
 * Stores a new version of a contract. One that changes nothing is not recorded.
 *
 * @param edited the version that the change began with; undefined: whichever there is
 * @returns whether it was changed
 * @throws KaeferError `contract_changed`, `source_not_found`, those of `requireSensibleContract`
 */
export async function saveContract(
  context: Context,
  project: ProjectRecord,
  source: string | null,
  contract: Contract,
  why: { readonly note: string | null; readonly by: string },
  edited: number | undefined,
): Promise<boolean> {
  const { expectations, table } = await placeOf(context, project, source);
  requireSensibleContract(contract, expectations, table);
  const { id } = project.definition;
  const before = await contractState(context, project, source);
  if (edited !== undefined && edited !== before.version)
    throw new KaeferError('contract_changed', { now: before.version, edited });
  if (!before.isInferred && isDeepStrictEqual(before.contract, contract)) return false;
  const at = context.now();
  const stored = await changeContract(context.db, id, source, contract, { ...why, at }, before.version);
  publishContract(context.folder(id), stored);
  return true;
}

/** Every version that a contract had, the newest first. */
export async function contractHistory(
  context: Context,
  project: ProjectRecord,
  source: string | null,
): Promise<ContractVersion[]> {
  await placeOf(context, project, source);
  const versions = await contractVersions(context.db, project.definition.id, source);
  return versions.reverse().map((stored) => ({
    ...heldContractOf(stored),
    note: stored.note,
    changedBy: stored.changed_by,
    changedAt: stored.changed_at,
  }));
}

/** The contracts that a project's files are checked by, by their source; the project's own has the empty name. */
export async function heldContracts(
  context: Context,
  project: ProjectRecord,
): Promise<Record<string, HeldContract>> {
  const { sources, id } = project.definition;
  const names = sources.length === 0 ? [null] : sources.map(({ name }) => name);
  const held: Record<string, HeldContract> = {};
  for (const source of names) {
    const stored = await latestContract(context.db, id, source);
    if (stored === undefined) continue;
    const { table } = await placeOf(context, project, source);
    const contract = heldContractOf(stored);
    // What was taken from a file binds nobody as long as no file is in the data: the next file may be the right one.
    if (contract.isInferred && table.length === 0) continue;
    held[source ?? ''] = { ...contract, contract: effectiveContract(contract, table) };
  }
  return held;
}

/**
 * Stores what the first file of a project, or of one of its reports, suggests as the contract. Where that file was thrown
 * away and nobody has edited what it suggested, the next one is the first.
 */
export async function storeSuggestedContract(
  db: Db,
  upload: { readonly id: string; readonly project: string; readonly replaces: string | undefined },
  report: CheckReport,
  at: string,
): Promise<StoredContract | undefined> {
  const { suggestedContract: contract, source = null } = report;
  if (contract === undefined) return undefined;
  const stored = await latestContract(db, upload.project, source);
  if (stored !== undefined) {
    if (stored.changed_by !== null) return undefined;
    const others = await db
      .selectFrom('uploads')
      .select('id')
      .where('project', '=', upload.project)
      .where('source', source === null ? 'is' : '=', source)
      .where('id', 'not in', [upload.id, upload.replaces ?? ''])
      .where('status', 'in', ['valid', 'merged', 'undone'])
      .limit(1)
      .execute();
    if (others.length > 0 || isDeepStrictEqual(JSON.parse(stored.contract), contract)) return undefined;
  }
  return changeContract(db, upload.project, source, contract, { note: null, by: null, at });
}

/** For each column of a project's own files the other names that files have for it. */
export async function otherNames(
  context: Context,
  { definition }: ProjectRecord,
): Promise<Record<string, readonly string[]>> {
  const stored = await latestContract(context.db, definition.id, null);
  const columns = stored === undefined ? [] : heldContractOf(stored).contract.columns;
  return Object.fromEntries(columns.map(({ name, synonyms }) => [name, synonyms]));
}
