import type { Selectable } from 'kysely';
import type { Contract } from '@kaefer/contracts';
import { KaeferError } from '@kaefer/contracts/messages';
import type { HeldContract } from './expectations.ts';
import type { Db } from './open-database.ts';
import type { AuditTable, ContractsTable } from './schema.ts';

/** A version of a contract, as the database and the lake keep it. */
export type StoredContract = Selectable<ContractsTable>;

/** In the database the project's own files have the empty source. */
const sourceKey = (source: string | null): string => source ?? '';

/** Every version of a contract, the oldest first. */
export async function contractVersions(
  db: Db,
  project: string,
  source: string | null,
): Promise<StoredContract[]> {
  return db
    .selectFrom('contracts')
    .selectAll()
    .where('project', '=', project)
    .where('source', '=', sourceKey(source))
    .orderBy('version')
    .execute();
}

/** The contract as it is now, if one was stored. */
export async function latestContract(
  db: Db,
  project: string,
  source: string | null,
): Promise<StoredContract | undefined> {
  return db
    .selectFrom('contracts')
    .selectAll()
    .where('project', '=', project)
    .where('source', '=', sourceKey(source))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export function heldContractOf(stored: StoredContract): HeldContract {
  return {
    version: stored.version,
    isInferred: stored.changed_by === null,
    contract: JSON.parse(stored.contract) as Contract,
  };
}

/**
 * Records the next version of a contract, with its audit entry, in one transaction.
 *
 * @param by null where Käfer took it from a file
 * @param edited the version that the change began with
 * @throws KaeferError `contract_changed` when there is another by now
 */
export async function changeContract(
  db: Db,
  project: string,
  source: string | null,
  contract: Contract,
  { note, by, at }: { readonly note: string | null; readonly by: string | null; readonly at: string },
  edited?: number,
): Promise<StoredContract> {
  const work = async (transaction: Db): Promise<StoredContract> => {
    const now = (await latestContract(transaction, project, source))?.version ?? 0;
    if (edited !== undefined && edited !== now) throw new KaeferError('contract_changed', { now, edited });
    const stored: StoredContract = {
      project,
      source: sourceKey(source),
      version: now + 1,
      contract: JSON.stringify(contract),
      note,
      changed_by: by,
      changed_at: at,
    };
    await restoreContract(transaction, stored);
    if (by !== null) await transaction.insertInto('audit').values(auditOfContract(stored)).execute();
    return stored;
  };
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}

/** Inserts a version as it is. */
export async function restoreContract(db: Db, stored: StoredContract): Promise<void> {
  await db.insertInto('contracts').values(stored).execute();
}

export function auditOfContract({
  project,
  source,
  version,
  note,
  changed_by: actor,
  changed_at: at,
}: StoredContract): Omit<Selectable<AuditTable>, 'id'> {
  const detail = JSON.stringify({ source: source === '' ? null : source, version, note });
  return { at, actor: actor ?? 'kaefer', action: 'contract', project, detail };
}
