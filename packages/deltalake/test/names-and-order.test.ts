import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { append, DeltaTable, scanSql, upsert } from '../src/index.ts';
import type { DeltaType, Field } from '../src/index.ts';
import { rowsOf, tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const elsewhere = await testConnection();
const fields = (...list: [string, DeltaType][]): Field[] =>
  list.map(([name, type]) => ({ name, type, nullable: true }));
const schema = fields(['id', 'long'], ['a', 'string']);
const row = (id: number, a = 'x') => `(SELECT ${id} AS id, '${a}' AS a)`;

describe('names and values', () => {
  const nasty = [
    'a b',
    'q"uote',
    "'; DROP TABLE t; --",
    'naïve 列 😀',
    'dot.ted',
    '`back`',
    'a,b;c{d}(e)=f',
    'line\nbreak',
    'filename',
    'file_index',
    'row_number',
    '__delta_path',
    '%41',
  ];

  test('columns and folders may have any name', async () => {
    const folder = join(testFolder(), "it's [a] *? folder=1 ä%20", 't');
    const table = await DeltaTable.create(folder, {
      schema: nasty.map((name) => ({ name, type: 'string' as const, nullable: true })),
    });
    const select = (suffix: string) =>
      `(SELECT ${nasty.map((name, i) => `'${i}${suffix}' AS "${name.replaceAll('"', '""')}"`).join()})`;
    const key = "'; DROP TABLE t; --";
    await upsert(connection, table, { key, compare: nasty, source: select('x') });
    await upsert(connection, table, {
      key,
      compare: nasty,
      source: select('x').replace(`'0x'`, `'changed'`),
    });
    await upsert(connection, table, { key: 'filename', compare: nasty, source: select('z') });
    const rows = await tableRows(connection, table);
    expect(rows.map((found) => nasty.map((name) => found[name]))).toEqual([
      nasty.map((_, i) => (i === 0 ? 'changed' : `${i}x`)),
      nasty.map((_, i) => `${i}z`),
    ]);
    const places = await tableRows(connection, table, undefined, {
      columns: ['a b'],
      filename: 'from',
      rowNumber: 'at',
      fileIndex: 'nr',
    });
    expect(places.map(({ at, nr }) => [at, nr])).toEqual([
      ['0', '0'],
      ['0', '1'],
    ]);
    expect(places[0]?.from).toContain(folder);
  });

  test('an empty table is typed and has no rows; empty appends add versions, not files', async () => {
    const table = await DeltaTable.create(testFolder(), { schema });
    expect(await rowsOf(connection, `DESCRIBE ${scanSql(table, await table.snapshot())}`)).toMatchObject([
      { column_type: 'BIGINT' },
      { column_type: 'VARCHAR' },
    ]);
    expect(await tableRows(connection, table)).toEqual([]);
    expect(await append(connection, table, { source: `(FROM ${row(1)} WHERE false)` })).toEqual({
      version: 1,
      inserted: 0,
      alreadyDone: false,
    });
    expect((await table.snapshot()).files).toEqual([]);
  });

  test('rows keep the order of the source and are split over files', async () => {
    const table = await DeltaTable.create(testFolder(), { schema: fields(['id', 'long']) });
    await append(connection, table, {
      source: `(SELECT (i * 7919) % 500000 AS id FROM range(500000) r(i))`,
      targetRowsPerFile: 150_000,
    });
    const { files } = await table.snapshot();
    expect(files.map(({ stats }) => (JSON.parse(stats!) as { numRecords: number }).numRecords)).toEqual([
      166_666, 166_667, 166_667,
    ]);
    await upsert(connection, table, {
      key: 'id',
      compare: [],
      source: `(SELECT 900000 - i AS id FROM range(450000) r(i))`,
    });
    const scan = scanSql(table, await table.snapshot());
    const [wrong] = await rowsOf(
      connection,
      `SELECT count(*) AS n FROM (SELECT id, row_number() OVER () - 1 AS n FROM ${scan}) WHERE id <> CASE WHEN n < 500000 THEN n * 7919 % 500000 ELSE 900000 - (n - 500000) END`,
    );
    expect(wrong).toEqual({ n: '0' });
  });

  test('a required column without a value is refused, as is a time zone that is not UTC', async () => {
    const table = await DeltaTable.create(testFolder(), {
      schema: [
        { name: 'id', type: 'long', nullable: false },
        { name: 'at', type: 'timestamp', nullable: true },
      ],
    });
    await expect(
      append(connection, table, { source: `(SELECT NULL AS id, NULL AS at)` }),
    ).rejects.toMatchObject({ code: 'null_in_required_column' });
    await elsewhere.run(`SET TimeZone = 'Europe/Berlin'`);
    await expect(append(elsewhere, table, { source: `(SELECT 1 AS id, NULL AS at)` })).rejects.toMatchObject({
      code: 'time_zone_not_utc',
    });
  });
});
