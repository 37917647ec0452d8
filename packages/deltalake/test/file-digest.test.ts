import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { append, DeltaTable, deleteWhere, digestOfFile, digestTag, upsert, verifyLog } from '../src/index.ts';
import type { Field } from '../src/index.ts';
import { testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const schema: Field[] = [
  { name: 'id', type: 'long', nullable: true },
  { name: 'a', type: 'string', nullable: true },
];
const values = (rows: string) => `(SELECT * FROM (VALUES ${rows}) v(id, a))`;

async function busyTable(): Promise<{ folder: string; table: DeltaTable }> {
  const folder = testFolder();
  const table = await DeltaTable.create(folder, { schema, checkpointInterval: 4 });
  await append(connection, table, { source: values(`(1, 'a'), (2, 'b')`), txn: { appId: 't', version: 1 } });
  await append(connection, table, { source: values(`(3, 'c')`), info: { by: 'me' } });
  await upsert(connection, table, {
    key: 'id',
    source: values(`(1, 'x')`),
    compare: ['a'],
    txn: { appId: 't', version: 2 },
  });
  await deleteWhere(connection, table, { where: { column: 'id', is: '=', value: 2 } });
  await table.restore(2);
  return { folder, table };
}

const logOf = (folder: string): string[] =>
  readdirSync(join(folder, '_delta_log')).filter((name) => name !== '_last_checkpoint');

describe('digests', () => {
  test('every data file has the SHA-256 that the log says, through rewrites, checkpoints and restore', async () => {
    const { folder, table } = await busyTable();
    for (let version = 0; version <= 5; version++)
      for (const file of (await table.snapshot(version)).files)
        expect(file.tags?.[digestTag], file.path).toBe(await digestOfFile(join(folder, file.path)));
    const reopened = await DeltaTable.open(folder);
    for (const file of (await reopened.snapshot()).files)
      expect(file.tags?.[digestTag]).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a whole log has no damage; each byte of a commit that is changed is found', async () => {
    const { folder, table } = await busyTable();
    expect(logOf(folder).some((name) => name.endsWith('.checkpoint.parquet'))).toBe(true);
    expect(await verifyLog(table.store)).toEqual([]);
    const name = '00000000000000000003.json';
    const path = join(folder, '_delta_log', name);
    const whole = readFileSync(path);
    let tried = 0;
    for (let at = 0; at < whole.length; at += 7) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ 1;
      writeFileSync(path, bytes);
      const found = await verifyLog(table.store).catch((error: unknown) => error);
      expect(found, `byte ${at}`).toEqual([{ path: `_delta_log/${name}`, problem: 'altered' }]);
      const opened = await DeltaTable.open(folder); // From the checkpoint after it.
      await expect(opened.snapshot(3), `byte ${at}`).rejects.toMatchObject({ code: 'log_corrupt' });
      tried++;
    }
    expect(tried).toBeGreaterThan(50);
    writeFileSync(path, whole);
    expect(await verifyLog(table.store)).toEqual([]);
  });

  test('a checkpoint that is not what its commits make is found', async () => {
    const { folder, table } = await busyTable();
    const other = await busyTable();
    const name = logOf(folder).find((entry) => entry.endsWith('.checkpoint.parquet'))!;
    writeFileSync(join(folder, '_delta_log', name), readFileSync(join(other.folder, '_delta_log', name)));
    expect(await verifyLog(table.store)).toEqual([{ path: `_delta_log/${name}`, problem: 'differs' }]);
  });
});
