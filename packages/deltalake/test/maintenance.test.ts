import { describe, expect, test } from 'vitest';
import { append, deleteWhere, DeltaTable, optimize, upsert } from '../src/index.ts';
import type { Field } from '../src/index.ts';
import { RivalStore, tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const schema: Field[] = [
  { name: 'id', type: 'long', nullable: true },
  { name: 'a', type: 'string', nullable: true },
];
const row = (id: number, a = 'x') => `(SELECT ${id} AS id, '${a}' AS a)`;
const hourMs = 3_600_000;
const commitOf = (version: number) => `_delta_log/${String(version).padStart(20, '0')}.json`;
const checkpointOf = (version: number) =>
  `_delta_log/${String(version).padStart(20, '0')}.checkpoint.parquet`;
const ids = async (table: DeltaTable) => (await tableRows(connection, table)).map(({ id }) => Number(id));

async function tableOf(
  rows: number,
  options: { clock?: () => number; checkpointInterval?: number; configuration?: Record<string, string> } = {},
): Promise<DeltaTable> {
  const table = await DeltaTable.create(testFolder(), { schema, ...options });
  for (let id = 1; id <= rows; id++) await append(connection, table, { source: row(id) });
  return table;
}

describe('travel in time', () => {
  test('a time gives the newest version committed until then', async () => {
    // The clock is set back by an hour before the third commit.
    const times = [10, 20, 30, -30, 40].map((minutes) => Date.UTC(2024, 0, 1) + minutes * 60_000);
    let commits = 0;
    const table = await tableOf(4, { clock: () => times[Math.min(commits, 4)]! });
    expect((await table.snapshotAt(new Date(times[0]!))).version).toBe(4);
    for (const time of times) {
      const clocked = await DeltaTable.open(table.store, { clock: () => time });
      await append(connection, clocked, { source: row(++commits) });
    }
    const at = async (minutes: number) =>
      (await table.snapshotAt(new Date(Date.UTC(2024, 0, 1) + minutes * 60_000))).version;
    expect(await Promise.all([10, 15, 20, 29, 30, 39, 40, 1000].map(at))).toEqual([5, 5, 6, 6, 8, 8, 9, 9]);
    await expect(at(9)).rejects.toMatchObject({
      code: 'version_not_found',
      message: expect.stringContaining('2024-01-01T00:10:00.000Z') as unknown,
    });
  });
});

describe('optimize', () => {
  test('joins small files without changing a row, then finds nothing more to do', async () => {
    const table = await tableOf(6);
    const [one] = (await table.snapshot()).files;
    const target = one!.size * 3 + 2;
    expect(await optimize(connection, table, { targetFileBytes: target, info: { by: 'night' } })).toEqual({
      version: 7,
      removed: 6,
      added: 2,
    });
    expect(await ids(table)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await table.history()).at(-1)).toMatchObject({
      operation: 'OPTIMIZE',
      rows: 6,
      userMetadata: { by: 'night' },
    });
    const log = (await table.store.read(commitOf(7)))?.data.toString() ?? '';
    expect(log.match(/"dataChange":false/g)).toHaveLength(8);
    expect(await optimize(connection, table, { targetFileBytes: one!.size })).toEqual({
      version: 7,
      removed: 0,
      added: 0,
    });
    expect(await optimize(connection, table, { targetRowsPerFile: 5 })).toMatchObject({ removed: 0 });
    expect(await optimize(connection, table)).toEqual({ version: 8, removed: 2, added: 1 });
    expect(await optimize(connection, table)).toEqual({ version: 8, removed: 0, added: 0 });
    expect(await tableRows(connection, table, 3)).toHaveLength(3);
  });

  test('makes files of no more rows than an upsert should rewrite', async () => {
    const table = await tableOf(7);
    expect(await optimize(connection, table, { targetRowsPerFile: 3 })).toMatchObject({
      removed: 6,
      added: 2,
    });
    expect(
      (await table.snapshot()).files.map(({ stats }) => /"numRecords":(\d+)/.exec(stats ?? '')?.[1]),
    ).toEqual(['1', '3', '3']);
    await expect(optimize(connection, table, { targetRowsPerFile: 0 })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  test('an append-only table may be laid out anew', async () => {
    const table = await tableOf(2, { configuration: { 'delta.appendOnly': 'true' } });
    expect(await optimize(connection, table)).toMatchObject({ removed: 2, added: 1 });
    await expect(
      deleteWhere(connection, table, { where: { column: 'id', is: '=', value: 1 } }),
    ).rejects.toMatchObject({ code: 'append_only' });
  });

  test('follows a rival that appends, and starts over when one rewrites its files', async () => {
    const appended = await tableOf(2);
    const first = new RivalStore(appended.store.uri(''), () =>
      append(connection, appended, { source: row(3) }),
    );
    expect(await optimize(connection, await DeltaTable.open(first))).toMatchObject({
      version: 4,
      removed: 2,
    });
    expect(await ids(appended)).toEqual([3, 1, 2]);

    const changed = await tableOf(2);
    const change = { key: 'id', compare: ['a'], source: row(1, 'changed') };
    const second = new RivalStore(changed.store.uri(''), () => upsert(connection, changed, change));
    expect(await optimize(connection, await DeltaTable.open(second))).toMatchObject({
      version: 4,
      removed: 2,
    });
    expect(await tableRows(connection, changed)).toEqual([
      { id: '2', a: 'x' },
      { id: '1', a: 'changed' },
    ]);
  });

  test('an upsert and a delete start over when their files were joined', async () => {
    for (const change of [
      (mine: DeltaTable) => upsert(connection, mine, { key: 'id', compare: ['a'], source: row(1, 'y') }),
      (mine: DeltaTable) => deleteWhere(connection, mine, { where: { column: 'id', is: '=', value: 1 } }),
    ]) {
      const table = await tableOf(3);
      const mine = await DeltaTable.open(
        new RivalStore(table.store.uri(''), () => optimize(connection, table)),
      );
      expect(await change(mine)).toMatchObject({ version: 5 });
      expect((await tableRows(connection, table)).filter(({ a }) => a === 'x')).toEqual([
        { id: '2', a: 'x' },
        { id: '3', a: 'x' },
      ]);
    }
  });
});

describe('cleaning the log', () => {
  const later = (ms: number) => ({ clock: () => Date.now() + ms });

  test('keeps the newest checkpoint that is old enough, and all after it', async () => {
    const table = await tableOf(10, { checkpointInterval: 4 });
    expect(await table.cleanLog({ retentionMs: hourMs })).toEqual([]);
    const old = await DeltaTable.open(table.store, later(2 * hourMs));
    const expected = [checkpointOf(4), ...[0, 1, 2, 3, 4, 5, 6, 7].map(commitOf)];
    expect(await old.cleanLog({ retentionMs: hourMs, dryRun: true })).toEqual(expected);
    expect(await ids(await DeltaTable.open(table.store))).toHaveLength(10);
    expect(await old.cleanLog({ retentionMs: hourMs })).toEqual(expected);
    expect(await old.cleanLog({ retentionMs: hourMs })).toEqual([]);

    const opened = await DeltaTable.open(table.store);
    expect(await ids(opened)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const version of [8, 9]) expect(await tableRows(connection, opened, version)).toHaveLength(version);
    await expect(opened.snapshot(7)).rejects.toMatchObject({ code: 'version_not_found' });
    expect((await opened.history()).map(({ version, rows }) => [version, rows])).toEqual([
      [8, 8],
      [9, 9],
      [10, 10],
    ]);
    expect((await opened.snapshotAt((await opened.history())[0]!.timestamp)).version).toBeGreaterThanOrEqual(
      8,
    );
    expect((await DeltaTable.create(table.store, { schema })).store).toBe(table.store);
    expect(await ids(opened)).toHaveLength(10);
  });

  test('cut short anywhere it leaves a table that reads, and old versions that refuse by name', async () => {
    const table = await tableOf(6, { checkpointInterval: 3 });
    const old = await DeltaTable.open(table.store, later(2 * hourMs));
    for (const path of await old.cleanLog({ retentionMs: hourMs, dryRun: true })) {
      await table.store.delete(path);
      const opened = await DeltaTable.open(table.store);
      expect(await ids(opened)).toHaveLength(6);
      for (let version = 0; version < 6; version++) {
        const rows = await tableRows(connection, opened, version).catch((error: unknown) => error);
        if (Array.isArray(rows)) expect(rows).toHaveLength(version);
        else expect(rows).toMatchObject({ code: 'version_not_found' });
      }
    }
  });

  test('one who opened the table before goes on after it, on the newest version', async () => {
    const table = await tableOf(2, { checkpointInterval: 3 });
    const idle = await DeltaTable.open(table.store);
    await idle.history();
    for (let id = 3; id <= 6; id++) await append(connection, table, { source: row(id) });
    await (await DeltaTable.open(table.store, later(2 * hourMs))).cleanLog({ retentionMs: hourMs });
    expect((await idle.history()).map(({ version }) => version)).toEqual([6]);
    expect(await append(connection, idle, { source: row(7) })).toMatchObject({ version: 7 });
    expect(await ids(idle)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('a short retention, and a log that cannot be read without its beginning, are left alone', async () => {
    const table = await tableOf(4, { checkpointInterval: 3 });
    const old = await DeltaTable.open(table.store, later(2 * hourMs));
    await expect(old.cleanLog({ retentionMs: 0 })).rejects.toMatchObject({ code: 'invalid_argument' });
    await table.store.put(checkpointOf(3), Buffer.from('damaged'));
    await expect(old.cleanLog({ retentionMs: hourMs })).rejects.toMatchObject({ code: 'log_corrupt' });
    await table.store.delete(checkpointOf(3));
    expect(await old.cleanLog({ retentionMs: hourMs })).toEqual([]);
    expect(await ids(table)).toHaveLength(4);
  });
});
