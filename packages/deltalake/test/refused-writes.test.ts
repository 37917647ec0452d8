import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { append, deleteWhere, DeltaTable, FolderStore, optimize, overwrite, upsert } from '../src/index.ts';
import type { Field } from '../src/index.ts';
import { tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const schema: Field[] = [
  { name: 'id', type: 'long', nullable: true },
  { name: 'a', type: 'string', nullable: true },
];
const values = (rows: string) => `(SELECT * FROM (VALUES ${rows}) v(id, a))`;

/** A folder whose n-th write from now on is refused, as a full disk or a read-only one does. */
class RefusingStore extends FolderStore {
  writesLeft = Number.POSITIVE_INFINITY;
  code = 'ENOSPC';

  #write(): void {
    if (this.writesLeft-- > 0) return;
    throw Object.assign(new Error(`${this.code}: the system refused`), { code: this.code });
  }

  override async putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    this.#write();
    return super.putIfAbsent(path, data);
  }

  override async put(path: string, data: Uint8Array): Promise<void> {
    this.#write();
    return super.put(path, data);
  }

  override async flush(paths: readonly string[]): Promise<void> {
    this.#write();
    return super.flush(paths);
  }

  override async prepare(): Promise<void> {
    this.#write();
    return super.prepare();
  }
}

/** A folder on a disk that is full as soon as DuckDB writes a data file: the system's own device for that. */
class FullDisk extends FolderStore {
  isFull = false;

  override uri(path: string): string {
    return this.isFull && path.endsWith('.parquet') ? '/dev/full' : super.uri(path);
  }

  override async delete(path: string): Promise<void> {
    if (!this.isFull) await super.delete(path);
  }
}

type Change = (table: DeltaTable) => Promise<unknown>;
const upsertion: Change = (table) =>
  upsert(connection, table, { key: 'id', source: values(`(1, 'z'), (9, 'z')`), compare: ['a'] });
const deletion: Change = (table) =>
  deleteWhere(connection, table, { where: { column: 'id', is: '=', value: 1 } });
const marking = { 'delta.enableDeletionVectors': 'true' };
const changes: readonly [string, Change, Record<string, string>?][] = [
  ['an append', (table) => append(connection, table, { source: values(`(9, 'z')`) })],
  ['an upsert', upsertion],
  ['a delete', deletion],
  ['an upsert that marks rows', upsertion, marking],
  ['a delete that marks rows', deletion, marking],
  ['an overwrite', (table) => overwrite(connection, table, { source: values(`(9, 'z')`) })],
  ['an optimize', (table) => optimize(connection, table)],
  ['a restore', (table) => table.restore(1)],
];

async function filledTable(store: FolderStore, configuration = {}): Promise<DeltaTable> {
  const table = await DeltaTable.create(store, { schema, checkpointInterval: 1, configuration });
  await append(connection, table, { source: values(`(1, 'a'), (2, 'b')`) });
  await append(connection, table, { source: values(`(3, 'c')`) });
  return table;
}

const rowsIn = async (folder: string): Promise<unknown[]> =>
  tableRows(connection, await DeltaTable.open(folder));
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(parquet|json|tmp)$/.test(name))
    .sort();

describe.each([
  ['full', 'ENOSPC', 'storage_full'],
  ['read-only', 'EROFS', 'storage_not_writable'],
])('a disk that is %s', (_, code, expected) => {
  test.each(changes)(
    'at any write of %s: a clear error, and the table as it was or as it should be',
    async (_name, change, configuration) => {
      let refused = 0;
      for (let writes = 0; ; writes++) {
        const folder = testFolder();
        const store = new RefusingStore(folder);
        const table = await filledTable(store, configuration);
        const before = await rowsIn(folder);
        const { version } = await table.snapshot();
        store.code = code;
        store.writesLeft = writes;
        const outcome = await change(table).catch((error: unknown) => error);
        const reopened = await DeltaTable.open(folder);
        const now = (await reopened.snapshot()).version;
        if (!(outcome instanceof Error)) {
          // Only the checkpoint, which nobody needs, or nothing at all was refused.
          expect(now).toBe(version + 1);
          if (store.writesLeft >= 0) break;
          continue;
        }
        refused++;
        expect(outcome).toMatchObject({
          code: expected,
          message: expect.stringContaining(folder) as unknown,
        });
        expect(now).toBe(version);
        expect(await rowsIn(folder)).toEqual(before);
        // What was refused once works when there is space again.
        store.writesLeft = Number.POSITIVE_INFINITY;
        await change(table);
        expect((await (await DeltaTable.open(folder)).snapshot()).version).toBe(version + 1);
      }
      expect(refused).toBeGreaterThan(0);
    },
  );
});

test('a disk that is full while DuckDB writes a data file', async () => {
  const folder = testFolder();
  const store = new FullDisk(folder);
  const table = await filledTable(store);
  const [rows, files] = [await rowsIn(folder), filesIn(folder)];
  store.isFull = true;
  const full = append(connection, table, {
    source: `(SELECT range AS id, md5(range::VARCHAR) AS a FROM range(200000))`,
  });
  await expect(full).rejects.toMatchObject({ code: 'storage_full' });
  store.isFull = false;
  expect(await rowsIn(folder)).toEqual(rows);
  expect(filesIn(folder)).toEqual(files);
});

test('a folder that nobody may write to is named', async () => {
  await expect(DeltaTable.create('/sys/kernel/no-table-here', { schema })).rejects.toMatchObject({
    code: 'storage_not_writable',
    message: expect.stringContaining('/sys/kernel/no-table-here') as unknown,
  });
});

test('a log cut at any byte is refused, and the file named; the version before it can still be read', async () => {
  const folder = testFolder();
  await filledTable(new FolderStore(folder));
  const logs = join(folder, '_delta_log');
  for (const name of readdirSync(logs)) if (name.includes('checkpoint')) rmSync(join(logs, name));
  const name = `${'2'.padStart(20, '0')}.json`;
  const whole = readFileSync(join(logs, name));
  const before = await tableRows(connection, await DeltaTable.open(folder), 1);
  const after = await rowsIn(folder);
  const table = await DeltaTable.open(folder);
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(join(logs, name), whole.subarray(0, length));
    await expect(DeltaTable.open(folder), `${length} bytes`).rejects.toMatchObject({
      code: 'log_corrupt',
      message: expect.stringContaining(name) as unknown,
    });
    if (length % 100 === 0) expect(await tableRows(connection, table, 1)).toEqual(before);
  }
  writeFileSync(join(logs, name), whole);
  expect(await rowsIn(folder)).toEqual(after);
});
