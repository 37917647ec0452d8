import { describe, expect, test } from 'vitest';
import {
  append,
  deleteWhere,
  DeltaTable,
  optimize,
  overwrite,
  scanSql,
  upsert,
  writeFiles,
} from '../src/index.ts';
import type { DeltaType, Field } from '../src/index.ts';
import { rowsOf, tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const other = await testConnection();
const fields = (...list: [string, DeltaType][]): Field[] =>
  list.map(([name, type]) => ({ name, type, nullable: true }));
const schema = fields(['id', 'long'], ['a', 'string']);
const row = (id: number, a = 'x') => `(SELECT ${id} AS id, '${a}' AS a)`;

describe('commits', () => {
  test('a change that lost the race follows an append, and conflicts by name otherwise', async () => {
    const table = await DeltaTable.create(testFolder(), { schema });
    await append(connection, table, { source: row(1) });
    const base = await table.snapshot();
    const file = async (id: number) => writeFiles(connection, table, `SELECT * FROM ${row(id)}`);
    const operation = 'WRITE';
    expect(
      await table.commit(base, { add: await file(2), operation, txn: { appId: 'a', version: 1 } }),
    ).toEqual({ committed: true, version: 2 });
    expect(await table.commit(base, { add: await file(3), operation })).toEqual({
      committed: true,
      version: 3,
    });
    expect(await table.commit(base, { add: [], operation, txn: { appId: 'a', version: 1 } })).toMatchObject({
      committed: false,
      reason: 'concurrent_transaction',
    });
    expect(await table.commit(base, { remove: base.files, operation })).toMatchObject({
      committed: false,
      reason: 'concurrent_append',
    });
    expect(await table.commit(base, { remove: base.files, operation, reads: () => false })).toEqual({
      committed: true,
      version: 4,
    });
    expect(await table.commit(base, { remove: base.files, operation, reads: () => false })).toMatchObject({
      committed: false,
      reason: 'concurrent_delete_delete',
    });
    expect(
      await table.commit(base, { add: await file(5), operation, reads: (read) => read === base.files[0] }),
    ).toMatchObject({ committed: false, reason: 'concurrent_delete_read' });
    const now = await table.snapshot();
    expect(await table.commit(now, { metadata: { ...now.metadata, description: 'new' }, operation })).toEqual(
      { committed: true, version: 5 },
    );
    expect(await table.commit(now, { add: await file(4), operation })).toMatchObject({
      committed: false,
      reason: 'metadata_changed',
      detail: expect.stringContaining('version 5') as unknown,
    });
    expect(await tableRows(connection, table)).toEqual([
      { id: '2', a: 'x' },
      { id: '3', a: 'x' },
    ]);
  });

  test('a change of the protocol by others is a conflict', async () => {
    const table = await DeltaTable.create(testFolder(), { schema });
    const base = await table.snapshot();
    const protocol = Buffer.from(
      `${JSON.stringify({ protocol: { minReaderVersion: 1, minWriterVersion: 2 } })}\n`,
    );
    expect(await table.store.putIfAbsent('_delta_log/00000000000000000001.json', protocol)).toBe(true);
    expect(await table.commit(base, { operation: 'WRITE' })).toMatchObject({
      committed: false,
      reason: 'protocol_changed',
    });
  });

  test('upserts of two writers on one table both hold', async () => {
    const folder = testFolder();
    const one = await DeltaTable.create(folder, { schema });
    const two = await DeltaTable.open(folder);
    await append(connection, one, { source: row(1) });
    await Promise.all([
      upsert(connection, one, { key: 'id', compare: ['a'], source: row(1, 'one') }),
      upsert(other, two, { key: 'id', compare: ['a'], source: row(2, 'two') }),
    ]);
    expect((await tableRows(connection, one)).sort((a, b) => Number(a.id) - Number(b.id))).toEqual([
      { id: '1', a: 'one' },
      { id: '2', a: 'two' },
    ]);
  });

  test('history says who did what, and how many rows there were', async () => {
    let now = Date.UTC(2024, 0, 1);
    const table = await DeltaTable.create(testFolder(), { schema, clock: () => (now += 1000) });
    await append(connection, table, {
      source: row(1),
      txn: { appId: 'u1', version: 3 },
      info: { user: 'Änne' },
    });
    await upsert(connection, table, {
      key: 'id',
      compare: ['a'],
      source: `(SELECT * FROM (VALUES (1, 'y'), (2, 'z')) v(id, a))`,
    });
    await table.restore(1);
    const history = await table.history();
    expect(history.map(({ operation, rows }) => [operation, rows])).toEqual([
      ['CREATE TABLE', 0],
      ['WRITE', 1],
      ['MERGE', 2],
      ['RESTORE', 1],
    ]);
    expect(history[1]).toMatchObject({
      userMetadata: { user: 'Änne' },
      txns: [{ appId: 'u1', version: 3 }],
      metrics: { numOutputRows: '1' },
    });
    expect(history[2]?.metrics).toMatchObject({ numTargetRowsInserted: '1', numTargetRowsUpdated: '1' });
    expect(history.map(({ timestamp }) => timestamp.getTime())).toEqual(
      [...history.map(({ timestamp }) => timestamp.getTime())].sort(),
    );
    expect((await table.snapshot(1)).timestamp).toEqual(history[1]?.timestamp);
  });

  test('restore brings back rows and schema, as a new version, unless files were vacuumed', async () => {
    let now = Date.now();
    const table = await DeltaTable.create(testFolder(), { schema, clock: () => now });
    await append(connection, table, { source: row(1) });
    const grown = [...schema, ...fields(['b', 'long'])];
    await upsert(connection, table, {
      key: 'id',
      compare: ['a'],
      schema: grown,
      source: `(SELECT 1 AS id, 'new' AS a, 5 AS b)`,
    });
    expect(await table.restore(1)).toEqual({ version: 3 });
    expect(await tableRows(connection, table)).toEqual([{ id: '1', a: 'x' }]);
    expect((await table.snapshot()).schema).toHaveLength(2);
    expect(await tableRows(connection, table, 2)).toEqual([{ id: '1', a: 'new', b: '5' }]);
    expect(await table.vacuum({ retentionMs: 60_000 })).toEqual([]);
    now += 3_600_000;
    expect(await table.vacuum({ retentionMs: 60_000, dryRun: true })).toHaveLength(1);
    expect(await table.vacuum({ retentionMs: 60_000 })).toHaveLength(1);
    await expect(table.restore(2)).rejects.toMatchObject({ code: 'data_file_missing' });
    expect(await tableRows(connection, table)).toEqual([{ id: '1', a: 'x' }]);
  });

  test('a checkpoint stands for the log before it, in the same order', async () => {
    const folder = testFolder();
    const table = await DeltaTable.create(folder, {
      schema,
      checkpointInterval: 3,
      name: 'n',
      configuration: { 'my.key': 'v' },
    });
    for (let id = 1; id <= 5; id++)
      await append(connection, table, { source: row(id), txn: { appId: `u${id}`, version: id } });
    await upsert(connection, table, { key: 'id', compare: ['a'], source: row(2, 'y') });
    const before = await table.snapshot();
    for (let version = 0; version <= 6; version++)
      await table.store.delete(`_delta_log/${String(version).padStart(20, '0')}.json`);
    const opened = await DeltaTable.open(folder);
    const after = await opened.snapshot();
    expect(after.files.map(({ path, stats }) => ({ path, stats }))).toEqual(
      before.files.map(({ path, stats }) => ({ path, stats })),
    );
    expect({ ...after, files: [], timestamp: 0 }).toEqual({ ...before, files: [], timestamp: 0 });
    await append(connection, opened, { source: row(9) });
    expect(await tableRows(connection, opened)).toHaveLength(6);
    expect(
      await upsert(connection, opened, {
        key: 'id',
        compare: [],
        source: row(9),
        txn: { appId: 'u5', version: 5 },
      }),
    ).toMatchObject({ alreadyDone: true });
  });
});

test('a snapshot that is held while others write stays what it was, and readable until a vacuum', async () => {
  const folder = testFolder();
  const table = await DeltaTable.create(folder, { schema, checkpointInterval: 2 });
  const rival = await DeltaTable.open(folder, { checkpointInterval: 2 });
  await append(connection, table, { source: `(SELECT range AS id, 'old' AS a FROM range(10))` });
  const hourMs = 60 * 60 * 1000;
  const later = await DeltaTable.open(folder, { clock: () => Date.now() + 2 * hourMs });
  const held = await table.snapshot();
  const [kept, before] = [JSON.stringify(held), await rowsOf(connection, scanSql(table, held))];
  const changed = (a: string) => `(SELECT range AS id, '${a}' AS a FROM range(5, 15))`;
  const changes: (() => Promise<unknown>)[] = [
    () => append(other, rival, { source: row(20) }),
    () => upsert(other, rival, { key: 'id', compare: ['a'], source: changed('new') }),
    () => deleteWhere(other, rival, { where: { column: 'id', is: '<', value: 8 } }),
    () =>
      upsert(other, rival, {
        key: 'id',
        compare: ['b'],
        source: `(SELECT 9 AS id, 1.5 AS b)`,
        schema: [...schema, ...fields(['b', 'double'])],
      }),
    () => rival.enableDeletionVectors(),
    () => deleteWhere(other, rival, { where: { column: 'id', is: '=', value: 9 } }),
    () => optimize(other, rival),
    () => overwrite(other, rival, { source: row(30) }),
    () => later.cleanLog({ retentionMs: hourMs }),
  ];
  for (const change of changes) {
    await change();
    await table.snapshot(); // The table itself goes on; what was held does not.
    expect(await rowsOf(connection, scanSql(table, held))).toEqual(before);
    expect(await rowsOf(connection, scanSql(rival, held))).toEqual(before);
    expect(JSON.stringify(held)).toBe(kept);
  }
  expect(await tableRows(connection, table)).toEqual([{ id: '30', a: 'x', b: null }]);
  await rival.vacuum({ retentionMs: 0 });
  await expect(rowsOf(connection, scanSql(table, held))).rejects.toThrow(
    /No files found|does not exist|Cannot open/,
  );
  expect(await tableRows(connection, table)).toEqual([{ id: '30', a: 'x', b: null }]);
});
