import { DeltaError, DeltaTable, type Field, type Snapshot } from '@kaefer/deltalake';

/** The project's table as it is now. */
export interface CurrentTable {
  readonly table: DeltaTable;
  readonly snapshot: Snapshot;
}

/** A project's table; undefined before its first merge. */
export async function findTable(folder: string): Promise<DeltaTable | undefined> {
  try {
    return await DeltaTable.open(folder);
  } catch (error) {
    if (error instanceof DeltaError && error.code === 'table_not_found') return undefined;
    throw error;
  }
}

export async function findCurrentTable(folder: string): Promise<CurrentTable | undefined> {
  const table = await findTable(folder);
  return table === undefined ? undefined : { table, snapshot: await table.snapshot() };
}

export async function openOrCreateTable(folder: string, schema: readonly Field[]): Promise<DeltaTable> {
  return (await findTable(folder)) ?? DeltaTable.create(folder, { schema });
}
