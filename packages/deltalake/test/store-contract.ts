import { describe, expect, onTestFinished, test } from 'vitest';
import {
  append,
  deleteWhere,
  DeltaTable,
  fetchChanges,
  fetchScan,
  optimize,
  quoteText,
  upsert,
} from '../src/index.ts';
import type { Field, ObjectStore } from '../src/index.ts';
import { rowsOf, testConnection } from './workspace.ts';

/** Opens stores on one new, empty place, as several machines would. */
export type OpenStore = () => ObjectStore & { dispose?: () => Promise<void> };

const schema: Field[] = [
  { name: 'id', type: 'long', nullable: false },
  { name: 'a', type: 'string', nullable: true },
];
const row = (id: number, a = 'x') => `(SELECT ${id} AS id, '${a}' AS a)`;

/**
 * What every store must do (object-store.ts).
 *
 * @param newPlace makes an empty place, and returns what opens a store there
 */
export function storeContract(name: string, newPlace: () => OpenStore): void {
  const opener = (): OpenStore => {
    const open = newPlace();
    return () => {
      const store = open();
      onTestFinished(() => store.dispose?.());
      return store;
    };
  };
  const names = async (store: ObjectStore, prefix = '') => {
    const paths = await store.names(prefix);
    expect((await store.list(prefix)).map(({ path }) => path)).toEqual(paths);
    return paths;
  };

  describe(`${name}: objects`, async () => {
    const connection = await testConnection();

    test('of many that create one at a time one wins, and its bytes are complete', async () => {
      const open = opener();
      const stores = [open(), open()];
      const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(10_000));
      const won = await Promise.all(
        texts.map((text, i) => stores[i % 2]!.putIfAbsent('a/b/object', Buffer.from(text))),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await open().read('a/b/object'))?.data.toString()).toBe(texts[won.indexOf(true)]);
      expect(await names(open())).toEqual(['a/b/object']);
      expect(await open().putIfAbsent('a/b/object', Buffer.from('late'))).toBe(false);
    });

    test('they are replaced, listed below a prefix in order, sized and deleted', async () => {
      const open = opener();
      const store = open();
      const before = Date.now();
      for (const path of ['x/2', 'x/10', 'y', 'x/1/deep', 'x/größe 1%20+é'])
        await store.put(path, Buffer.from('old'));
      await store.put('y', Buffer.from('newer'));
      expect(await names(open(), 'x/')).toEqual(['x/1/deep', 'x/10', 'x/2', 'x/größe 1%20+é']);
      expect(await open().size('y')).toBe(5);
      const [listed] = (await open().list('')).filter(({ path }) => path === 'y');
      expect(listed?.sizeBytes).toBe(5);
      // Stores may round times to seconds.
      for (const time of [listed?.modifiedMs, (await open().read('y'))?.modifiedMs])
        expect(Math.abs((time ?? 0) - before)).toBeLessThan(60_000);
      expect((await open().read('x/größe 1%20+é'))?.data.toString()).toBe('old');
      await store.delete('y');
      await store.delete('y');
      expect(await open().size('y')).toBeUndefined();
      expect(await open().read('y')).toBeUndefined();
      expect(await names(open(), 'nothing/')).toEqual([]);
    });

    test.each(['../outside', '/absolute', 'a/../../b'])('the path %s is refused', async (path) => {
      const store = opener()();
      for (const use of [
        () => store.read(path),
        () => store.put(path, Buffer.from('x')),
        () => store.putIfAbsent(path, Buffer.from('x')),
        () => store.size(path),
        () => store.delete(path),
      ])
        await expect(use()).rejects.toMatchObject({ code: 'invalid_argument' });
    });

    test.each([
      ['small', 10],
      ['of several parts', 3_000_000],
    ])('DuckDB reads elsewhere what it wrote: %s', async (_, rows) => {
      const open = opener();
      const [here, there] = [open(), open()];
      const path = 'some folder/rows é.parquet';
      await here.put('some folder/other', Buffer.from(''));
      await here.prepare();
      await here.fetch(['some folder/other']);
      await connection.run(
        `COPY (SELECT i, hash(i) AS h FROM range(${rows}) r(i)) TO ${quoteText(here.uri(path))} (FORMAT parquet, COMPRESSION uncompressed)`,
      );
      await here.flush([path]);
      await there.fetch([path, path]);
      const sum = `sum(i) AS i, count(DISTINCT h) AS h`;
      expect(
        await rowsOf(connection, `SELECT ${sum} FROM read_parquet(${quoteText(there.uri(path))})`),
      ).toEqual(
        await rowsOf(connection, `SELECT ${sum} FROM (SELECT i, hash(i) AS h FROM range(${rows}) r(i))`),
      );
      expect((await there.list('some folder/')).at(-1)?.sizeBytes).toBe(await here.size(path));
    });
  });

  describe(`${name}: tables`, async () => {
    const connection = await testConnection();
    const other = await testConnection();
    const rowsIn = async (store: ObjectStore, version?: number) => {
      const table = await DeltaTable.open(store);
      return rowsOf(
        connection,
        `SELECT * FROM ${await fetchScan(table, await table.snapshot(version))} ORDER BY id`,
      );
    };

    test('a whole life reads the same elsewhere', async () => {
      const open = opener();
      const table = await DeltaTable.create(open(), { schema, checkpointInterval: 3 });
      await append(connection, table, { source: row(1) });
      await append(connection, table, { source: row(2) });
      await upsert(connection, table, {
        key: 'id',
        compare: ['a'],
        source: `(SELECT i AS id, 'y' AS a FROM range(2, 5) r(i))`,
      });
      const elsewhere = await DeltaTable.open(open());
      await upsert(connection, elsewhere, { key: 'id', compare: ['a'], source: row(1, 'z') });
      await deleteWhere(connection, elsewhere, { where: { column: 'id', is: '=', value: 3 } });
      await optimize(connection, elsewhere);
      const expected = [
        { id: '1', a: 'z' },
        { id: '2', a: 'y' },
        { id: '4', a: 'y' },
      ];
      expect(await rowsIn(open())).toEqual(expected);
      expect(await rowsIn(open(), 2)).toEqual([row1, { id: '2', a: 'x' }]);
      await table.restore(2);
      expect(await rowsIn(open())).toEqual([row1, { id: '2', a: 'x' }]);
      const there = await DeltaTable.open(open());
      const changes = await fetchChanges(there, await there.snapshot(6), await there.snapshot(7), {
        key: 'id',
      });
      expect(await rowsOf(connection, `SELECT _change_type AS t FROM ${changes} ORDER BY t`)).toEqual(
        ['delete', 'update_postimage', 'update_postimage', 'update_preimage', 'update_preimage'].map((t) => ({
          t,
        })),
      );
      expect((await table.history()).map(({ operation }) => operation)).toEqual([
        'CREATE TABLE',
        'WRITE',
        'WRITE',
        'MERGE',
        'MERGE',
        'DELETE',
        'OPTIMIZE',
        'RESTORE',
      ]);
      const late = await DeltaTable.open(open(), { clock: () => Date.now() + 120_000 });
      expect((await late.vacuum({ retentionMs: 60_000 })).length).toBeGreaterThan(0);
      expect(await rowsIn(open())).toEqual([row1, { id: '2', a: 'x' }]);
      const { files } = await table.snapshot();
      expect((await open().list('')).filter(({ path }) => !path.startsWith('_delta_log/'))).toHaveLength(
        files.length,
      );
    });

    test('two writers race: no version is missing, no row lost or doubled', async () => {
      const open = opener();
      await DeltaTable.create(open(), { schema });
      const write = async (from: number, use: typeof connection) => {
        const table = await DeltaTable.open(open());
        for (let id = from; id < from + 8; id++) await append(use, table, { source: row(id) });
      };
      await Promise.all([write(0, connection), write(8, other)]);
      const table = await DeltaTable.open(open());
      expect((await table.history()).map(({ version }) => version)).toEqual(
        Array.from({ length: 17 }, (_, i) => i),
      );
      expect((await rowsIn(open())).map(({ id }) => Number(id))).toEqual(
        Array.from({ length: 16 }, (_, i) => i),
      );
    });
  });
}

const row1 = { id: '1', a: 'x' };
