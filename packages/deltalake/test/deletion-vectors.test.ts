import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  append,
  changesSql,
  deleteWhere,
  DeltaTable,
  optimize,
  overwrite,
  replaceWhere,
  upsert,
  verifyLog,
} from '../src/index.ts';
import { looseStatistics } from '../src/file-statistics.ts';
import type { Action, DeletionVector, Field, Snapshot } from '../src/index.ts';
import { RivalStore, rowsOf, tableRows, testConnection, testFolder, unsealedCommit } from './workspace.ts';

const connection = await testConnection();
const schema: Field[] = [
  { name: 'id', type: 'long', nullable: false },
  { name: 'a', type: 'string', nullable: true },
  { name: 'b', type: 'long', nullable: true },
];
const configuration = { 'delta.enableDeletionVectors': 'true' };
const range = (from: number, to: number, a = 'x') =>
  `(SELECT i AS id, '${a}' AS a, i * 10 AS b FROM range(${from}, ${to}) r(i))`;

/** Ids 0 to 9 and 10 to 19, in a file each. */
async function twoFiles(options: { checkpointInterval?: number } = {}): Promise<DeltaTable> {
  const table = await DeltaTable.create(testFolder(), { schema, configuration, ...options });
  await append(connection, table, { source: range(0, 10) });
  await append(connection, table, { source: range(10, 20) });
  return table;
}
const ids = async (table: DeltaTable, version?: number) =>
  (await tableRows(connection, table, version)).map(({ id }) => Number(id));
const without = (...gone: number[]) =>
  Array.from({ length: 20 }, (_, id) => id).filter((id) => !gone.includes(id));
const deletedIn = ({ files }: Snapshot) =>
  files.map(({ deletionVector }) => deletionVector?.cardinality ?? 0);
const deleteIds = (table: DeltaTable, ...values: number[]) =>
  deleteWhere(connection, table, { where: { column: 'id', in: values } });
const parquetFiles = async (table: DeltaTable) =>
  (await table.store.list('')).filter(({ path }) => path.endsWith('.parquet') && !path.startsWith('_'))
    .length;
const vectorsOf = (table: DeltaTable) =>
  readdirSync(table.store.uri('')).filter((name) => name.endsWith('.bin'));

describe('a table with deletion vectors', () => {
  test('marks deleted rows, more of them later, and writes no file of rows', async () => {
    const table = await twoFiles();
    const before = await table.snapshot();
    expect(await deleteIds(table, 3, 12, 13)).toMatchObject({ deleted: 3 });
    expect(await ids(table)).toEqual(without(3, 12, 13));
    expect(await deleteIds(table, 3, 4, 12)).toMatchObject({ deleted: 1 });
    const after = await table.snapshot();
    expect(await ids(table)).toEqual(without(3, 4, 12, 13));
    expect(deletedIn(after)).toEqual([2, 2]);
    expect(after.files.map(({ path }) => path)).toEqual(before.files.map(({ path }) => path));
    expect(after.rowCount).toBe(16);
    expect((await table.history()).map(({ rows }) => rows)).toEqual([0, 10, 20, 17, 16]);
    expect(await parquetFiles(table)).toBe(2);
    expect(JSON.parse(after.files[0]!.stats!)).toMatchObject({
      numRecords: 10,
      tightBounds: false,
      minValues: { id: 0 },
      maxValues: { id: 9 },
    });
    for (const [version, gone] of [
      [3, [3, 12, 13]],
      [2, []],
    ] as const)
      expect(await ids(await DeltaTable.open(table.store), version)).toEqual(without(...gone));
  });

  test('drops files that lose all rows, and writes those anew that would lose most', async () => {
    const table = await twoFiles();
    await deleteIds(table, 0, 1, 10, 11, 12);
    await deleteIds(table, 2, 3, 4, 5);
    expect(deletedIn(await table.snapshot())).toEqual([3, 0]);
    expect(await ids(table)).toEqual([13, 14, 15, 16, 17, 18, 19, 6, 7, 8, 9]);
    await deleteIds(table, 13, 14, 15, 16, 17, 18, 19);
    expect((await table.snapshot()).files).toHaveLength(1);
    expect(await ids(table)).toEqual([6, 7, 8, 9]);
  });

  test('an upsert marks changed rows and appends them with the new ones, in the order of the source', async () => {
    const table = await twoFiles();
    const source = `(SELECT * FROM (VALUES (25, 'new'), (14, 'c'), (2, 'c'), (5, 'x')) v(id, a))`;
    expect(await upsert(connection, table, { key: 'id', compare: ['a'], source })).toMatchObject({
      inserted: 1,
      updated: 2,
      unchanged: 1,
    });
    expect(deletedIn(await table.snapshot())).toEqual([1, 1, 0]);
    expect((await tableRows(connection, table)).slice(-4)).toEqual([
      { id: '19', a: 'x', b: '190' },
      { id: '25', a: 'new', b: null },
      { id: '14', a: 'c', b: '140' },
      { id: '2', a: 'c', b: '20' },
    ]);
    const only = { key: 'id', compare: ['a'], source: range(2, 16, 'c'), deleteUnmatched: true };
    expect(await upsert(connection, table, only)).toMatchObject({ inserted: 0, updated: 12, deleted: 7 });
    expect((await tableRows(connection, table)).every(({ a }) => a === 'c')).toBe(true);
    expect((await ids(table)).sort((x, y) => x - y)).toEqual(without(0, 1, 16, 17, 18, 19));
  });

  test('grows, widens, replaces and overwrites without bringing a deleted row back', async () => {
    const table = await twoFiles();
    await deleteIds(table, 1, 11);
    const grown = [...schema, { name: 'c', type: 'string', nullable: true } as const];
    await append(connection, table, { source: range(20, 21), schema: grown });
    expect(await ids(table)).toEqual([...without(1, 11), 20]);
    const wider = grown.map((field) => (field.name === 'b' ? { ...field, type: 'double' as const } : field));
    await upsert(connection, table, { key: 'id', compare: ['a'], source: range(2, 3, 'y'), schema: wider });
    expect((await ids(table)).sort((x, y) => x - y)).toEqual([...without(1, 11), 20]);
    expect(deletedIn(await table.snapshot())).toEqual([0]);
    await replaceWhere(connection, table, {
      where: { column: 'id', is: '=', value: 2 },
      source: () => range(30, 31),
    });
    expect((await ids(table)).sort((x, y) => x - y)).toEqual([...without(1, 2, 11), 20, 30]);
    await overwrite(connection, table, { source: range(1, 2) });
    expect(await ids(table)).toEqual([1]);
  });

  test('is restored to any version, also before and after its files lost rows', async () => {
    const table = await twoFiles();
    await deleteIds(table, 1);
    await deleteIds(table, 2);
    await table.restore(2);
    expect(await ids(table)).toEqual(without());
    await table.restore(4);
    expect(await ids(table)).toEqual(without(1, 2));
    await table.restore(3);
    expect(await ids(table)).toEqual(without(1));
    expect(await ids(await DeltaTable.open(table.store))).toEqual(without(1));
    expect(await verifyLog(table.store)).toEqual([]);
  });

  test('tells what changed between versions, reading only rows that differ', async () => {
    const table = await twoFiles();
    await deleteIds(table, 1, 15);
    await upsert(connection, table, { key: 'id', compare: ['a'], source: range(2, 4, 'y') });
    const [first, middle, last] = [await table.snapshot(2), await table.snapshot(3), await table.snapshot()];
    const changed = async (from: Snapshot, to: Snapshot, key?: string) =>
      (
        await rowsOf(
          connection,
          `SELECT id, _change_type AS t FROM ${changesSql(table, from, to, key === undefined ? {} : { key })} ORDER BY id, t`,
        )
      ).map(({ id, t }) => `${String(id)} ${String(t)}`);
    expect(await changed(first, middle, 'id')).toEqual(['1 delete', '15 delete']);
    expect(await changed(middle, first)).toEqual(['1 insert', '15 insert']);
    expect(await changed(middle, last, 'id')).toEqual(
      [2, 3].flatMap((id) => [`${id} update_postimage`, `${id} update_preimage`]),
    );
    expect(await changed(first, last)).toEqual(
      ['1 delete', '15 delete', '2 delete', '2 insert', '3 delete', '3 insert'].sort(
        (x, y) => parseInt(x) - parseInt(y),
      ),
    );
  });

  test('optimize writes the rows that are left anew, and then finds nothing more to do', async () => {
    const table = await twoFiles();
    await deleteIds(table, 1, 15);
    const purge = { targetFileBytes: 1 };
    expect(await optimize(connection, table, { ...purge, maxDeletedShare: 0.2 })).toMatchObject({
      removed: 0,
    });
    expect(await optimize(connection, table, purge)).toMatchObject({ removed: 2, added: 2 });
    expect(deletedIn(await table.snapshot())).toEqual([0, 0]);
    expect(await ids(table)).toEqual(without(1, 15));
    expect(await optimize(connection, table, purge)).toMatchObject({ removed: 0 });
    expect(
      await rowsOf(connection, `FROM ${changesSql(table, await table.snapshot(3), await table.snapshot())}`),
    ).toEqual([]);
  });

  test('is vacuumed of vectors that no version needs, and of those of changes that never came', async () => {
    const table = await twoFiles();
    await deleteIds(table, 1);
    const [first] = vectorsOf(table);
    await deleteIds(table, 2);
    await table.store.put('deletion_vector_orphan.bin', Buffer.from('x'));
    const later = await DeltaTable.open(table.store, { clock: () => Date.now() + 120_000 });
    expect(await later.vacuum({ retentionMs: 60_000 })).toEqual([first, 'deletion_vector_orphan.bin'].sort());
    expect(await ids(await DeltaTable.open(table.store))).toEqual(without(1, 2));
    const old = await DeltaTable.open(table.store);
    expect((await old.snapshot(3)).rowCount).toBe(19);
    await expect(ids(old, 3)).rejects.toMatchObject({ code: 'data_file_missing' });
    await expect(old.restore(3)).rejects.toMatchObject({ code: 'data_file_missing' });
    expect(await verifyLog(table.store)).toEqual([]);
  });

  test('opens from a checkpoint with its vectors', async () => {
    const table = await twoFiles({ checkpointInterval: 4 });
    await deleteIds(table, 1);
    await deleteIds(table, 12);
    for (let version = 0; version < 4; version++)
      rmSync(table.store.uri(`_delta_log/${String(version).padStart(20, '0')}.json`));
    const opened = await DeltaTable.open(table.store);
    expect(await ids(opened)).toEqual(without(1, 12));
    expect(opened.store).toBe(table.store);
    await deleteIds(opened, 13);
    expect(deletedIn(await opened.snapshot())).toEqual([1, 2]);
  });

  test('starts over when a rival marked a row of the same file', async () => {
    for (const [mine, expected] of [
      [(own: DeltaTable) => deleteIds(own, 2), without(1, 2)],
      [(own: DeltaTable) => optimize(connection, own), without(1)],
      [
        (own: DeltaTable) => upsert(connection, own, { key: 'id', compare: ['a'], source: range(1, 2, 'y') }),
        [...without(1), 1],
      ],
    ] as const) {
      const table = await twoFiles();
      const rival = new RivalStore(table.store.uri(''), () => deleteIds(table, 1));
      expect(await mine(await DeltaTable.open(rival))).toMatchObject({ version: 4 });
      expect(await ids(table)).toEqual(expected);
    }
  });

  test('keeps no vector of an attempt that failed', async () => {
    const table = await twoFiles();
    const change = { key: 'id', compare: ['a'], source: `(SELECT 1 AS id, 'y' AS a, 'no number' AS b)` };
    await expect(upsert(connection, table, change)).rejects.toThrow();
    expect(vectorsOf(table)).toEqual([]);
    expect(await ids(table)).toEqual(without());
  });

  test('is damaged when a vector changes: read of it is refused, and verifyLog names it', async () => {
    const table = await twoFiles();
    await deleteIds(table, 1, 2);
    const [name] = vectorsOf(table);
    const path = join(table.store.uri(''), name!);
    const whole = readFileSync(path);
    expect(await verifyLog(table.store)).toEqual([]);
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ 4;
      writeFileSync(path, bytes);
      expect(await verifyLog(table.store)).toEqual([{ path: name, problem: 'altered' }]);
      await expect(ids(await DeltaTable.open(table.store))).rejects.toMatchObject({
        code: expect.stringMatching(/deletion_vector_corrupt|unsupported_feature/) as unknown,
      });
    }
    rmSync(path);
    expect(await verifyLog(table.store)).toEqual([{ path: name, problem: 'missing' }]);
    const opened = await DeltaTable.open(table.store);
    expect((await opened.history()).at(-1)?.rows).toBe(18);
    await expect(ids(opened)).rejects.toMatchObject({ code: 'data_file_missing' });
  });
});

describe('enabling deletion vectors', () => {
  test('is one version of a table that had none; before, files are written anew', async () => {
    const table = await DeltaTable.create(testFolder(), { schema });
    await append(connection, table, { source: range(0, 20) });
    await deleteIds(table, 1);
    expect(vectorsOf(table)).toEqual([]);
    expect((await table.snapshot()).protocol).toEqual({ minReaderVersion: 1, minWriterVersion: 2 });
    expect(await table.enableDeletionVectors({ by: 'me' })).toEqual({ version: 3 });
    expect(await table.enableDeletionVectors()).toEqual({ version: 3 });
    const { protocol, metadata } = await table.snapshot();
    expect(protocol).toEqual({
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: ['deletionVectors'],
      writerFeatures: ['appendOnly', 'invariants', 'deletionVectors'],
    });
    expect(metadata.configuration).toEqual(configuration);
    await deleteIds(table, 2);
    expect(vectorsOf(table)).toHaveLength(1);
    expect(await ids(table)).toEqual(without(1, 2));
    expect((await table.history()).at(-2)).toMatchObject({
      operation: 'SET TBLPROPERTIES',
      userMetadata: { by: 'me' },
    });
    await table.restore(2);
    await deleteIds(table, 5);
    expect(vectorsOf(table)).toHaveLength(1);
    expect(await ids(table)).toEqual(without(1, 5));
  });
});

test('vectors in the log itself, with absolute addresses, and after bounds that Spark calls tight', async () => {
  const table = await twoFiles();
  await deleteIds(table, 1);
  const log = table.store.uri('_delta_log/00000000000000000003.json');
  const actions = unsealedCommit(readFileSync(log, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Action);
  const [name] = vectorsOf(table);
  const withVector = (vector: Partial<DeletionVector>) => {
    const changed = actions.map(({ add, ...others }) =>
      add ? { add: { ...add, deletionVector: { ...add.deletionVector, ...vector } } } : others,
    );
    writeFileSync(log, changed.map((action) => `${JSON.stringify(action)}\n`).join(''));
    return DeltaTable.open(table.store);
  };
  const pathOrInlineDv = `file://${table.store.uri(name!)}`;
  expect(await ids(await withVector({ storageType: 'p', pathOrInlineDv }))).toEqual(without(1));
  const inline = '^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L';
  const own = { storageType: 'i', pathOrInlineDv: inline, sizeInBytes: 44, cardinality: 6 };
  expect(await ids(await withVector(own))).toEqual(without(3, 4, 7));
  for (const [stats, expected] of [
    [
      '{"numRecords":10,"minValues":{"id":0},"tightBounds":true}',
      '{"numRecords":10,"minValues":{"id":0},"tightBounds":false}',
    ],
    ['{"tightBounds":true,"numRecords":10}', '{"numRecords":10,"tightBounds":false}'],
    ['{"numRecords":10,"tightBounds":false}', '{"numRecords":10,"tightBounds":false}'],
  ] as const) {
    expect(looseStatistics(stats)).toBe(expected);
  }
});
