import { existsSync, statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DeltaError, digestOfFile, digestTag, FolderStore, verifyLog, type AddFile } from '@kaefer/deltalake';
import { findTable } from '../lake/project-table.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';
import { unreadablePart, type Found } from './damage.ts';

/**
 * Reads every version's log and, once each, every data file that one of them names, to its last value, and compares them
 * with the SHA-256 that the log says.
 *
 * @param name of the table, for people
 */
export async function verifyTable(
  connection: DuckDBConnection,
  folder: string,
  name: string,
): Promise<{ versions: number; files: number; damages: Found[] }> {
  const damages: Found[] = [];
  /** Of each data file a name for people. */
  const files = new Map<string, { readonly file: AddFile; readonly part: string }>();
  let versions = 0;
  try {
    damages.push(...(await damagesOfLog(folder, name)));
    const table = await findTable(folder);
    for (const { version } of (await table?.history()) ?? []) {
      const snapshot = await table?.snapshot(version);
      versions++;
      for (const file of snapshot?.files ?? []) {
        const path = table?.uriOf(file) ?? '';
        if (!files.has(path))
          files.set(path, { file, part: `${name} version ${version}, file ${file.path}` });
      }
    }
  } catch (error) {
    damages.push(unreadablePart(name, error));
  }
  for (const [path, { file, part }] of files) {
    const damage = await verifyDataFile(connection, path, file).catch((error: unknown) =>
      unreadablePart(part, error),
    );
    if (damage !== undefined) damages.push({ part, ...damage });
  }
  return { versions, files: versions + files.size, damages };
}

/** Before the table is opened: a damaged commit, which is named here, keeps it from that. */
async function damagesOfLog(folder: string, name: string): Promise<Found[]> {
  try {
    const damages = await verifyLog(new FolderStore(folder));
    return damages.map(({ path, problem }) => ({ part: `${name}/${path}`, kind: problem, parameters: {} }));
  } catch (error) {
    if (error instanceof DeltaError && error.code === 'table_not_found') return [];
    throw error;
  }
}

async function verifyDataFile(
  connection: DuckDBConnection,
  path: string,
  { size: expected, stats, tags }: AddFile,
): Promise<Omit<Found, 'part'> | undefined> {
  if (!existsSync(path)) return { kind: 'missing', parameters: {} };
  const { size } = statSync(path);
  if (size !== expected) return { kind: 'wrong_size', parameters: { found: size, expected } };
  const digest = tags?.[digestTag];
  if (digest !== undefined && digest !== (await digestOfFile(path)))
    return { kind: 'altered', parameters: {} };
  const { n } = await oneRow(
    connection,
    `SELECT count(*) AS n, bit_xor(hash(r)) AS digest FROM read_parquet(${quoteText(path)}, hive_partitioning = false) AS r`,
  );
  const stated = (JSON.parse(stats ?? '{}') as { numRecords?: number }).numRecords ?? toCount(n);
  if (stated === toCount(n)) return undefined;
  return { kind: 'wrong_rows', parameters: { found: toCount(n), expected: stated } };
}
