import { describe, expect, test } from 'vitest';
import { append, DeltaTable, fetchScan, FolderStore, MemoryStore } from '../src/index.ts';
import { partialReads } from './partial-reads.ts';
import { storeContract } from './store-contract.ts';
import type { StagingOptions } from '../src/staged-store.ts';
import { testConnection, testFolder } from './workspace.ts';

/** Says how many bytes of data files were fetched. */
class CountingStore extends MemoryStore {
  fetchedBytes = 0;

  constructor(options: StagingOptions) {
    super(undefined, options);
  }

  protected override async readRange(
    path: string,
    from: number,
    length: number,
  ): Promise<Buffer | undefined> {
    const data = await super.readRange(path, from, length);
    this.fetchedBytes += data?.length ?? 0;
    return data;
  }

  protected override async download(path: string, file: string): Promise<boolean> {
    this.fetchedBytes += (await this.size(path)) ?? 0;
    return super.download(path, file);
  }
}

storeContract('a folder', () => {
  const folder = testFolder();
  return () => new FolderStore(folder);
});

storeContract('memory', () => {
  const store = new MemoryStore();
  return () => new MemoryStore(store);
});

partialReads('memory', (options) => {
  const store = new CountingStore(options);
  return { store, fetchedBytes: () => store.fetchedBytes };
});

describe('a store that is no folder', async () => {
  const connection = await testConnection();
  const schema = [{ name: 'id', type: 'long', nullable: true }] as const;

  test('names a data file that is gone, and fetches again what was disposed of', async () => {
    const store = new MemoryStore();
    const table = await DeltaTable.create(store, { schema });
    await append(connection, table, { source: '(SELECT 1 AS id)' });
    await append(connection, table, { source: '(SELECT 2 AS id)' });
    await store.dispose();
    const snapshot = await table.snapshot();
    const reader = await connection.runAndReadAll(`SELECT * FROM ${await fetchScan(table, snapshot)}`);
    expect(reader.getRowsJson()).toEqual([['1'], ['2']]);
    const [first, second] = snapshot.files;
    await store.delete(first!.path);
    await expect(fetchScan(table, snapshot)).rejects.toMatchObject({
      code: 'data_file_missing',
      message: expect.stringContaining(first!.path) as unknown,
    });
    await fetchScan(table, snapshot, { where: { column: 'id', is: '=', value: 2 } });
    await fetchScan(table, snapshot, { files: [second!] });
    await store.dispose();
  });
});
