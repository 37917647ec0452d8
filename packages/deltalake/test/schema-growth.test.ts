import { expect, test } from 'vitest';
import { append, DeltaTable, scanSql, upsert } from '../src/index.ts';
import type { DeltaType, Field } from '../src/index.ts';
import { rowsOf, tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const fields = (...list: [string, DeltaType][]): Field[] =>
  list.map(([name, type]) => ({ name, type, nullable: true }));

test('a new column is NULL in older files, which are not rewritten', async () => {
  const table = await DeltaTable.create(testFolder(), { schema: fields(['id', 'long'], ['a', 'string']) });
  await append(connection, table, { source: `(SELECT 1 AS id, 'x' AS a)` });
  const [old] = (await table.snapshot()).files;
  const grown = fields(['id', 'long'], ['b', 'double'], ['a', 'string']);
  await upsert(connection, table, {
    key: 'id',
    compare: ['a', 'b'],
    schema: grown,
    source: `(SELECT 2 AS id, 'y' AS a, 2.5 AS b)`,
  });
  expect((await table.snapshot()).files[0]).toEqual(old);
  expect(await tableRows(connection, table)).toEqual([
    { id: '1', b: null, a: 'x' },
    { id: '2', b: 2.5, a: 'y' },
  ]);
  expect(await tableRows(connection, table, 1)).toEqual([{ id: '1', a: 'x' }]);
  // A scan of only the older file, and of only the new column, is typed all the same.
  const snapshot = await table.snapshot();
  const described = await rowsOf(
    connection,
    `DESCRIBE ${scanSql(table, snapshot, { files: [old!], columns: ['b'] })}`,
  );
  expect(described).toMatchObject([{ column_name: 'b', column_type: 'DOUBLE' }]);
});

test('a widened type rewrites all files in one commit, and older versions keep the old type', async () => {
  const table = await DeltaTable.create(testFolder(), {
    schema: fields(['id', 'long'], ['n', 'long'], ['code', 'double']),
  });
  await append(connection, table, { source: `(SELECT 1 AS id, 10 AS n, 1.5 AS code)` });
  await append(connection, table, { source: `(SELECT 2 AS id, NULL AS n, NULL AS code)` });
  const wide = fields(['id', 'long'], ['n', 'double'], ['code', 'string']);
  const result = await upsert(connection, table, {
    key: 'id',
    compare: ['n', 'code'],
    schema: wide,
    source: `(SELECT 2 AS id, 0.5 AS n, 'B' AS code)`,
  });
  expect(result).toEqual({
    version: 3,
    inserted: 0,
    updated: 1,
    unchanged: 0,
    deleted: 0,
    alreadyDone: false,
  });
  expect(await tableRows(connection, table)).toEqual([
    { id: '1', n: 10, code: '1.5' },
    { id: '2', n: 0.5, code: 'B' },
  ]);
  expect((await table.snapshot()).files).toHaveLength(1);
  expect((await table.snapshot(2)).schema[1]?.type).toBe('long');
  expect(await tableRows(connection, table, 2)).toMatchObject([{ n: '10' }, { n: null }]);
});

test('an append may widen, too, and the key itself may', async () => {
  const table = await DeltaTable.create(testFolder(), { schema: fields(['id', 'long']) });
  await append(connection, table, { source: `(SELECT 7 AS id)` });
  await append(connection, table, { source: `(SELECT 'x' AS id)`, schema: fields(['id', 'string']) });
  expect(
    await upsert(connection, table, { key: 'id', compare: [], source: `(SELECT '7' AS id)` }),
  ).toMatchObject({ unchanged: 1 });
  expect(await tableRows(connection, table)).toEqual([{ id: '7' }, { id: 'x' }]);
});

test('what does not fit is refused by name', async () => {
  const table = await DeltaTable.create(testFolder(), { schema: fields(['id', 'long'], ['a', 'string']) });
  const source = `(SELECT 1 AS id, 'x' AS a)`;
  await expect(
    append(connection, table, { source, schema: fields(['id', 'boolean']) }),
  ).rejects.toMatchObject({
    code: 'schema_mismatch',
    message: expect.stringMatching(/'a' is missing.*'id' cannot change from long to boolean/) as unknown,
  });
  await expect(append(connection, table, { source: `(SELECT 1 AS id, 2 AS other)` })).rejects.toMatchObject({
    code: 'schema_mismatch',
  });
  await expect(
    upsert(connection, table, { key: 'id', compare: [], source: `(SELECT NULL AS id)` }),
  ).rejects.toMatchObject({ code: 'null_key' });
  await expect(
    upsert(connection, table, { key: 'id', compare: [], source: `(SELECT 1 AS id FROM range(2))` }),
  ).rejects.toMatchObject({ code: 'duplicate_key' });
  expect((await table.snapshot()).version).toBe(0);
  expect((await table.store.list('')).filter(({ path }) => path.endsWith('.parquet'))).toEqual([]);
});
