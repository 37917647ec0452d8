import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, onTestFinished } from 'vitest';
import type { DeltaTable, ScanOptions } from '../src/index.ts';
import { FolderStore, scanSql } from '../src/index.ts';

/** A folder for one test; kept for a look when the test fails. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deltalake-test-'));
  onTestFinished(({ task }) => {
    if (task.result?.state === 'pass') rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** One DuckDB for a test file, closed after its last test. */
export async function testConnection(settings: Record<string, string> = {}): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '1GB',
    ...settings,
  });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  afterAll(() => {
    connection.closeSync();
    instance.closeSync();
  });
  return connection;
}

/** All rows of a query as plain JSON values. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

/** All rows of a table's version, in the table's order. */
export async function tableRows(
  connection: DuckDBConnection,
  table: DeltaTable,
  version?: number,
  options: ScanOptions = {},
) {
  return rowsOf(connection, scanSql(table, await table.snapshot(version), options));
}

/** The text of a commit of ours without the line of its `commitInfo`: another writer's, which has no seal. */
export const unsealedCommit = (text: string): string => text.slice(text.indexOf('\n') + 1);

/** A folder in which a rival commits just before the first commit that is made here. */
export class RivalStore extends FolderStore {
  #rival: (() => Promise<unknown>) | undefined;

  constructor(folder: string, rival: () => Promise<unknown>) {
    super(folder);
    this.#rival = rival;
  }

  override async putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    const rival = this.#rival;
    this.#rival = undefined;
    await rival?.();
    return super.putIfAbsent(path, data);
  }
}
