import { describe, expect, test } from 'vitest';
import { append, DeltaTable, overwrite, planUpsert, scanSql, sqlType, upsert } from '../src/index.ts';
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

describe('a type whose values have no equal double', () => {
  const exact = '9007199254740992';
  const inexact = '9007199254740993';
  const wide = fields(['id', 'long'], ['n', 'double']);
  const tableOf = async (type: DeltaType, value: string): Promise<DeltaTable> => {
    const table = await DeltaTable.create(testFolder(), { schema: fields(['id', 'long'], ['n', type]) });
    await append(connection, table, { source: `(SELECT 1 AS id, ${value}::${sqlType(type)} AS n)` });
    await append(connection, table, { source: `(SELECT 2 AS id, NULL AS n)` });
    return table;
  };
  const changes: [string, (table: DeltaTable, value: string) => Promise<unknown>][] = [
    [
      'an append',
      (table, value) =>
        append(connection, table, { source: `(SELECT 3 AS id, ${value} AS n)`, schema: wide }),
    ],
    [
      'an upsert',
      (table, value) =>
        upsert(connection, table, {
          key: 'id',
          compare: ['n'],
          source: `(SELECT 2 AS id, ${value} AS n)`,
          schema: wide,
        }),
    ],
    [
      'a planned upsert',
      async (table, value) =>
        planUpsert(connection, table, await table.snapshot(), {
          key: 'id',
          compare: ['n'],
          source: `(SELECT 2 AS id, ${value} AS n)`,
          schema: wide,
        }),
    ],
  ];
  test.each(changes)('is not widened by %s where that would round', async (_, change) => {
    for (const [type, stored, given, said] of [
      [
        'long',
        inexact,
        '0.5',
        `from BIGINT to double: 1 of its values, such as ${inexact}, would be rounded`,
      ],
      ['long', '9223372036854775807', '0.5', 'such as 9223372036854775807'],
      ['decimal(20,3)', '12345678901234567.891', '0.5', 'from DECIMAL(20,3) to double: 1 of its values'],
      ['long', '1', inexact, `from BIGINT to double: 1 of the new values, such as ${inexact}`],
      ['long', '1', `${inexact}.5::DECIMAL(20,1)`, 'from DECIMAL(20,1) to double: 1 of the new values'],
    ] as const) {
      const table = await tableOf(type, stored);
      const files = (await table.store.list('')).length;
      await expect(change(table, given), `${type} ${stored} ${given}`).rejects.toMatchObject({
        code: 'schema_mismatch',
        message: expect.stringContaining(said) as unknown,
      });
      expect((await table.snapshot()).version).toBe(2);
      expect((await table.store.list('')).length).toBe(files);
    }
  });

  test.each(changes.slice(0, 2))('is widened by %s where every value survives', async (_, change) => {
    for (const [type, stored, given] of [
      ['long', exact, '0.5'],
      ['long', '(-9223372036854775808)', `${exact}::BIGINT`],
      ['decimal(10,2)', '12345678.91', '0.1::DECIMAL(30,1)'],
      ['decimal(20,3)', '0.1', '0.5'],
    ] as const) {
      const table = await tableOf(type, stored);
      await change(table, given);
      const snapshot = await table.snapshot();
      expect(snapshot.schema[1]?.type).toBe('double');
      const [row] = await rowsOf(
        connection,
        `SELECT n = ${stored}::${sqlType(type)} AND CAST(n AS ${sqlType(type)}) = ${stored}::${sqlType(type)} AS same FROM ${scanSql(table, snapshot)} WHERE id = 1`,
      );
      expect(row, `${type} ${stored}`).toEqual({ same: true });
    }
  });

  test('an overwrite does not keep the old values, so only its own are looked at', async () => {
    const table = await tableOf('long', inexact);
    const source = (value: string) => `(SELECT 1 AS id, ${value} AS n)`;
    await expect(
      overwrite(connection, table, { source: source(inexact), schema: wide }),
    ).rejects.toMatchObject({ code: 'schema_mismatch' });
    await overwrite(connection, table, { source: source('0.5'), schema: wide });
    expect(await tableRows(connection, table)).toEqual([{ id: '1', n: 0.5 }]);
  });
});

test('a decimal becomes a wider one, and none that could not hold its values', async () => {
  const decimal = (type: DeltaType) => fields(['id', 'long'], ['n', type]);
  const table = await DeltaTable.create(testFolder(), { schema: decimal('decimal(10,2)') });
  await append(connection, table, { source: `(SELECT 1 AS id, 12345678.91 AS n)` });
  for (const type of ['decimal(10,3)', 'decimal(11,1)', 'decimal(9,2)', 'decimal(39,2)', 'long'] as const)
    await expect(
      append(connection, table, { source: `(SELECT 2 AS id, 1 AS n)`, schema: decimal(type) }),
      type,
    ).rejects.toMatchObject({ code: expect.stringMatching(/schema_mismatch|invalid_schema/) as unknown });
  await append(connection, table, {
    source: `(SELECT 2 AS id, 0.1234 AS n)`,
    schema: decimal('decimal(12,4)'),
  });
  await append(connection, table, {
    source: `(SELECT 3 AS id, '-1000000000000000000000000000000'::DECIMAL(38,4) AS n)`,
    schema: decimal('decimal(38,4)'),
  });
  expect(await tableRows(connection, table)).toEqual([
    { id: '1', n: '12345678.9100' },
    { id: '2', n: '0.1234' },
    { id: '3', n: '-1000000000000000000000000000000.0000' },
  ]);
  expect(await tableRows(connection, table, 1)).toEqual([{ id: '1', n: '12345678.91' }]);
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
