import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  append,
  changesSql,
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
const schema: Field[] = [
  { name: 'id', type: 'long', nullable: false },
  { name: 'plant', type: 'string', nullable: true },
  { name: 'day', type: 'date', nullable: true },
  { name: 'a', type: 'string', nullable: true },
];
const source = (rows: string) => `(SELECT * FROM (VALUES ${rows}) v(id, plant, day, a))`;
const partitionColumns = ['plant', 'day'];
const january = `DATE '2024-01-31'`;
const newTable = () => DeltaTable.create(testFolder(), { schema, partitionColumns });
const sorted = async (table: DeltaTable, version?: number) =>
  (await tableRows(connection, table, version)).sort((x, y) => Number(x.id) - Number(y.id));

describe('a partitioned table', () => {
  test('has the values in the log, not in the files, and reads as any other', async () => {
    const table = await newTable();
    await append(connection, table, {
      source: source(
        `(1, 'Emden', ${january}, 'x'), (2, NULL, NULL, 'y'), (3, 'it''s', ${january}, 'z'), (4, 'Emden', ${january}, NULL)`,
      ),
    });
    const { files } = await table.snapshot();
    expect(files.map(({ partitionValues }) => partitionValues)).toEqual([
      { plant: 'Emden', day: '2024-01-31' },
      { plant: "it's", day: '2024-01-31' },
      { plant: null, day: null },
    ]);
    const columns = await rowsOf(
      connection,
      `DESCRIBE SELECT * FROM read_parquet('${table.uriOf(files[0]!)}')`,
    );
    expect(columns.map(({ column_name: name }) => name)).toEqual(['id', 'a']);
    expect(await sorted(table)).toEqual([
      { id: '1', plant: 'Emden', day: '2024-01-31', a: 'x' },
      { id: '2', plant: null, day: null, a: 'y' },
      { id: '3', plant: "it's", day: '2024-01-31', a: 'z' },
      { id: '4', plant: 'Emden', day: '2024-01-31', a: null },
    ]);
    expect(
      await tableRows(connection, table, undefined, {
        columns: ['plant'],
        files: [files[2]!],
        fileIndex: true,
      }),
    ).toEqual([{ plant: null, file_index: '0' }]);
  });

  test('opens only the files of the partitions that a condition asks for', async () => {
    const table = await newTable();
    await append(connection, table, {
      source: source(`(1, 'Emden', ${january}, 'x'), (2, 'Kassel', ${january}, 'y'), (3, NULL, NULL, 'z')`),
    });
    const { files } = await table.snapshot();
    await table.store.delete(files[0]!.path);
    const ids = async (where: Parameters<typeof deleteWhere>[2]['where']) =>
      (await tableRows(connection, table, undefined, { where })).map(({ id }) => id);
    expect(await ids({ column: 'plant', is: '>', value: 'F' })).toEqual(['2']);
    expect(await ids({ column: 'day', isNull: true })).toEqual(['3']);
    expect(await ids({ not: { column: 'plant', is: '<', value: 'F' } })).toEqual(['2']);
    await expect(ids({ column: 'plant', is: '=', value: 'Emden' })).rejects.toThrow('No files found');
    expect(
      await deleteWhere(connection, table, { where: { column: 'plant', is: '=', value: 'Kassel' } }),
    ).toMatchObject({ deleted: 1 });
  });

  test('keeps its partitions through optimize, checkpoints, restore and overwrite', async () => {
    const table = await newTable();
    for (let id = 1; id <= 6; id++)
      await append(connection, table, {
        source: source(`(${id}, ${id % 2 ? `'Emden'` : 'NULL'}, ${january}, 'x')`),
      });
    const before = await sorted(table);
    expect(await optimize(connection, table)).toEqual({ version: 7, removed: 6, added: 2 });
    expect(await optimize(connection, table)).toMatchObject({ removed: 0 });
    expect(await sorted(table)).toEqual(before);
    await table.checkpoint();
    for (let version = 0; version <= 7; version++)
      await table.store.delete(`_delta_log/${String(version).padStart(20, '0')}.json`);
    const opened = await DeltaTable.open(table.store);
    expect((await opened.snapshot()).files.map(({ partitionValues }) => partitionValues)).toEqual([
      { plant: 'Emden', day: '2024-01-31' },
      { plant: null, day: '2024-01-31' },
    ]);
    await overwrite(connection, opened, { source: source(`(9, 'Kassel', NULL, 'x')`) });
    expect(await sorted(opened)).toEqual([{ id: '9', plant: 'Kassel', day: null, a: 'x' }]);
    await opened.restore(7);
    expect(await sorted(opened)).toEqual(before);
    const changes = changesSql(opened, await opened.snapshot(8), await opened.snapshot(9), { key: 'id' });
    expect(await rowsOf(connection, `SELECT count(*) AS n FROM ${changes}`)).toEqual([{ n: '7' }]);
  });

  test('reads files in which others stored the partition columns as well', async () => {
    const table = await newTable();
    await append(connection, table, { source: source(`(1, 'Emden', ${january}, 'x')`) });
    const whole = await writeFiles(
      connection,
      table,
      `SELECT * FROM ${source(`(2, 'wrong', ${january}, 'y')`)}`,
      {
        partitionColumns: [],
      },
    );
    const add = whole.map((file) => ({ ...file, partitionValues: { plant: '', day: '2024-02-29' } }));
    await table.commit(await table.snapshot(), { add, operation: 'WRITE' });
    expect((await sorted(table))[1]).toEqual({ id: '2', plant: null, day: '2024-02-29', a: 'y' });
  });

  test('refuses an empty text, which would come back as NULL, and leaves no file', async () => {
    const table = await newTable();
    await expect(
      append(connection, table, {
        source: source(`(1, 'Emden', ${january}, 'x'), (2, '', ${january}, 'y')`),
      }),
    ).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringContaining(`'plant'`) as unknown,
    });
    expect((await table.store.list('')).filter(({ path }) => path.endsWith('.parquet'))).toEqual([]);
  });

  test.each<[string, string[], string]>([
    ['an unknown column', ['x'], `'x' is not in the schema`],
    ['a double', ['size'], `'size' is of type double`],
    ['a column twice', ['plant', 'plant'], 'twice'],
    ['all columns', ['id', 'plant', 'day', 'a', 'size'], 'no column is left'],
  ])('by %s is refused', async (_, columns, message) => {
    const wider: Field[] = [...schema, { name: 'size', type: 'double', nullable: true }];
    await expect(
      DeltaTable.create(testFolder(), { schema: wider, partitionColumns: columns }),
    ).rejects.toMatchObject({ code: 'invalid_schema', message: expect.stringContaining(message) as unknown });
  });

  test('grows, but not to a partition column of another kind', async () => {
    const table = await newTable();
    await append(connection, table, { source: source(`(1, 'Emden', ${january}, 'x')`) });
    const grown = (type: DeltaType): Field[] => [
      ...schema.map((field) => (field.name === 'day' ? { ...field, type } : field)),
      { name: 'b', type: 'long', nullable: true },
    ];
    const change = { source: `(SELECT 2 AS id, '2024-02-29' AS day, 7 AS b)` };
    await expect(append(connection, table, { ...change, schema: grown('timestamp') })).rejects.toMatchObject({
      code: 'invalid_schema',
      message: expect.stringContaining(`'day' is of type timestamp`) as unknown,
    });
    await append(connection, table, { ...change, schema: grown('string') });
    expect(await sorted(table)).toEqual([
      { id: '1', plant: 'Emden', day: '2024-01-31', a: 'x', b: null },
      { id: '2', plant: null, day: '2024-02-29', a: null, b: '7' },
    ]);
    expect((await table.snapshot()).files.map(({ partitionValues }) => partitionValues)).toEqual([
      { plant: 'Emden', day: '2024-01-31' },
      { plant: null, day: '2024-02-29' },
    ]);
  });

  test('is not the same table as one without partitions, and a required partition needs a value', async () => {
    const folder = testFolder();
    await DeltaTable.create(folder, { schema, partitionColumns });
    await expect(DeltaTable.create(folder, { schema })).rejects.toMatchObject({ code: 'table_exists' });
    expect((await (await DeltaTable.create(folder, { schema, partitionColumns })).snapshot()).version).toBe(
      0,
    );
    const required = schema.map((field) => ({ ...field, nullable: false }));
    const table = await DeltaTable.create(testFolder(), { schema: required, partitionColumns });
    await expect(
      append(connection, table, { source: source(`(1, NULL, ${january}, 'x')`) }),
    ).rejects.toMatchObject({
      code: 'null_in_required_column',
      message: expect.stringContaining(`'plant'`) as unknown,
    });
  });
});

test.each<[DeltaType, string, string]>([
  ['long', '-9223372036854775807', '-9223372036854775807'],
  ['byte', '-7', '-7'],
  ['boolean', 'true', 'true'],
  ['decimal(10,2)', '1.5', '1.50'],
  ['date', `DATE '1969-12-31'`, '1969-12-31'],
  ['string', `'ä/b=c %20 😀'`, 'ä/b=c %20 😀'],
])('a partition of type %s keeps its value', async (type, sql, text) => {
  const fields: Field[] = [
    { name: 'file_index', type: 'long', nullable: true },
    { name: 'P p', type, nullable: true },
  ];
  const table = await DeltaTable.create(testFolder(), { schema: fields, partitionColumns: ['P p'] });
  await append(connection, table, {
    source: `(SELECT 1 AS file_index, ${sql} AS "P p" UNION ALL SELECT 2, NULL)`,
  });
  expect((await table.snapshot()).files[0]?.partitionValues).toEqual({ 'P p': text });
  expect(
    await rowsOf(
      connection,
      `SELECT count(*) AS n FROM ${scanSql(table, await table.snapshot())} WHERE "P p" = ${sql}`,
    ),
  ).toEqual([{ n: '1' }]);
});

test('any sequence of upserts and deletes gives the rows that it gives without partitions', async () => {
  const plant = fc.constantFrom('Emden', 'Kassel', null);
  const rows = fc.uniqueArray(
    fc.record({ id: fc.integer({ min: 0, max: 9 }), plant, a: fc.constantFrom('x', 'y', null) }),
    {
      selector: ({ id }) => id,
      minLength: 1,
      maxLength: 6,
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(rows, plant), { minLength: 1, maxLength: 4 }), async (steps) => {
      const plain = await DeltaTable.create(testFolder(), { schema });
      const parted = await newTable();
      const text = (value: string | null) => (value === null ? 'NULL' : `'${value}'`);
      for (const [given, gone] of steps) {
        const values = given
          .map((row) => `(${row.id}, ${text(row.plant)}, ${january}, ${text(row.a)})`)
          .join();
        const where =
          gone === null
            ? ({ column: 'plant', isNull: true } as const)
            : ({ column: 'plant', is: '=', value: gone } as const);
        const results = [];
        for (const table of [plain, parted]) {
          const upserted = await upsert(connection, table, {
            key: 'id',
            compare: ['plant', 'a'],
            source: source(values),
          });
          results.push([upserted, await deleteWhere(connection, table, { where })]);
        }
        expect(results[1]).toEqual(results[0]);
        expect(await sorted(parted)).toEqual(await sorted(plain));
      }
    }),
    { numRuns: 20 },
  );
});
