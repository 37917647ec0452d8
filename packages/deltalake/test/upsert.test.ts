import { describe, expect, test } from 'vitest';
import { append, DeltaTable, planUpsert, scanSql, upsert } from '../src/index.ts';
import type { Field } from '../src/index.ts';
import { RivalStore, rowsOf, tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const schema: Field[] = [
  { name: 'id', type: 'long', nullable: false },
  { name: 'name', type: 'string', nullable: true },
  { name: 'upload', type: 'string', nullable: true },
];
const source = (rows: string, columns = 'id, name, upload') =>
  `(SELECT * FROM (VALUES ${rows}) v(${columns}))`;

describe('upsert', () => {
  test('appends new keys, replaces changed rows in place, and leaves unchanged rows wholly alone', async () => {
    const table = await DeltaTable.create(testFolder(), { schema });
    await append(connection, table, { source: source("(1,'a','u1'),(2,'b','u1'),(3,NULL,'u1')") });
    await append(connection, table, { source: source("(10,'x','u1')") });
    const first = await table.snapshot();
    const change = {
      key: 'id',
      compare: ['name'],
      source: source("(5,'new','u2'),(2,'B','u2'),(1,'a','u2'),(3,NULL,'u2'),(4,'n','u2')"),
    };
    const plan = await planUpsert(connection, table, first, change);
    expect(plan).toEqual({
      inserted: 2,
      updated: 1,
      unchanged: 2,
      deleted: 0,
      filesToRewrite: [first.files[0]],
    });
    const result = await upsert(connection, table, {
      ...change,
      txn: { appId: 'u2', version: 1 },
      info: { upload: 'u2' },
    });
    expect(result).toEqual({
      version: 3,
      inserted: 2,
      updated: 1,
      unchanged: 2,
      deleted: 0,
      alreadyDone: false,
    });
    expect(await tableRows(connection, table)).toEqual([
      { id: '10', name: 'x', upload: 'u1' },
      { id: '1', name: 'a', upload: 'u1' },
      { id: '2', name: 'B', upload: 'u2' },
      { id: '3', name: null, upload: 'u1' },
      { id: '5', name: 'new', upload: 'u2' },
      { id: '4', name: 'n', upload: 'u2' },
    ]);
    expect(await upsert(connection, table, { ...change, txn: { appId: 'u2', version: 1 } })).toEqual({
      version: 3,
      inserted: 0,
      updated: 0,
      unchanged: 0,
      deleted: 0,
      alreadyDone: true,
    });
    expect((await table.snapshot()).rowCount).toBe(6);
    expect(await tableRows(connection, table, 2)).toHaveLength(4);
  });

  test('commits a version that changes no file when all rows are unchanged', async () => {
    const table = await DeltaTable.create(testFolder(), { schema });
    await append(connection, table, { source: source("(1,'a','u1')") });
    const files = (await table.snapshot()).files;
    const result = await upsert(connection, table, {
      key: 'id',
      compare: ['name'],
      source: source("(1,'a','u2')"),
      txn: { appId: 'u2', version: 1 },
    });
    expect(result).toEqual({
      version: 2,
      inserted: 0,
      updated: 0,
      unchanged: 1,
      deleted: 0,
      alreadyDone: false,
    });
    const snapshot = await table.snapshot();
    expect(snapshot.files).toEqual(files);
    expect(snapshot.transactions.get('u2')).toBe(1);
  });

  test('leaves no temporary tables behind', async () => {
    expect(await rowsOf(connection, `SELECT table_name FROM duckdb_tables() WHERE temporary`)).toEqual([]);
  });
});

test.each([
  ['another range is followed', 100, 1],
  ['its range makes the upsert start over', 2, 0],
])('rows that a rival adds in %s', async (_, key, inserted) => {
  const table = await DeltaTable.create(testFolder(), { schema });
  await append(connection, table, { source: source("(1,'a','u1'),(3,'c','u1')") });
  const rival = () => append(connection, table, { source: source(`(${key},'rival','r')`) });
  const mine = await DeltaTable.open(new RivalStore(table.store.uri(''), rival));
  const change = { key: 'id', compare: ['name'], source: source("(1,'A','u2'),(2,'B','u2'),(3,'c','u2')") };
  expect(await upsert(connection, mine, change)).toMatchObject({ version: 3, inserted });
  expect(new Set((await tableRows(connection, table)).map(({ id }) => id))).toEqual(
    new Set(['1', '2', '3', String(key)]),
  );
  expect(
    await rowsOf(connection, `SELECT count(*) AS n FROM ${scanSql(table, await table.snapshot())}`),
  ).toEqual([{ n: String(3 + inserted) }]);
});

test('a date key beyond the year 9999 hides no other from the statistics', async () => {
  const dated: Field[] = [
    { name: 'id', type: 'date', nullable: false },
    { name: 'name', type: 'string', nullable: true },
  ];
  const table = await DeltaTable.create(testFolder(), { schema: dated });
  const rows = (...days: string[]) =>
    source(days.map((day) => `(DATE '${day}', '${day}')`).join(), 'id, name');
  const change = { key: 'id', compare: ['name'] };
  await upsert(connection, table, { ...change, source: rows('2024-01-01') });
  await upsert(connection, table, { ...change, source: rows('10000-01-01') });
  const again = rows('2024-01-01', '10000-01-01', '0044-03-15 (BC)');
  expect(await upsert(connection, table, { ...change, source: again })).toMatchObject({
    inserted: 1,
    unchanged: 2,
  });
});
