import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { append, DeltaTable, scanSql, upsert, writeFiles } from '../src/index.ts';
import type { DeltaType, Field } from '../src/index.ts';
import { rowsOf, tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const fields = (...list: [string, DeltaType][]): Field[] =>
  list.map(([name, type]) => ({ name, type, nullable: true }));
const schema = fields(['id', 'long'], ['a', 'string']);
const row = (id: number, a = 'x') => `(SELECT ${id} AS id, '${a}' AS a)`;
const logFile = (folder: string, version: number) =>
  join(folder, '_delta_log', `${String(version).padStart(20, '0')}.json`);

describe('creating and opening', () => {
  test('creating again with the same schema opens, with another is refused', async () => {
    const folder = testFolder();
    const first = await DeltaTable.create(folder, {
      schema,
      name: 't',
      description: 'd',
      configuration: { 'kaefer.note': 'x' },
    });
    await append(connection, first, { source: row(1) });
    expect((await (await DeltaTable.create(folder, { schema })).snapshot()).rowCount).toBe(1);
    expect((await first.snapshot()).metadata).toMatchObject({
      name: 't',
      description: 'd',
      configuration: { 'kaefer.note': 'x' },
    });
    await expect(DeltaTable.create(folder, { schema: fields(['id', 'string']) })).rejects.toMatchObject({
      code: 'table_exists',
    });
  });

  test('a folder without a table, and a version that is not there, are typed errors', async () => {
    await expect(DeltaTable.open(testFolder())).rejects.toMatchObject({ code: 'table_not_found' });
    const table = await DeltaTable.create(testFolder(), { schema });
    await expect(table.snapshot(1)).rejects.toMatchObject({ code: 'version_not_found' });
    await expect(table.snapshot(-1)).rejects.toMatchObject({ code: 'version_not_found' });
  });

  test.each([
    ['no columns', []],
    ['names equal but for case', fields(['a', 'long'], ['A', 'long'])],
    ['an empty name', fields(['', 'long'])],
    ['the reserved name', fields(['file_row_number', 'long'])],
  ])('a schema with %s is refused', async (_, bad) => {
    await expect(DeltaTable.create(testFolder(), { schema: bad })).rejects.toMatchObject({
      code: 'invalid_schema',
    });
  });
});

describe('a damaged or foreign log', () => {
  test('a truncated log file names itself and its line', async () => {
    const folder = testFolder();
    const table = await DeltaTable.create(folder, { schema });
    await append(connection, table, { source: row(1) });
    const text = readFileSync(logFile(folder, 1), 'utf8');
    truncateSync(logFile(folder, 1), Buffer.byteLength(text) - 20);
    await expect(DeltaTable.open(folder)).rejects.toMatchObject({
      code: 'log_corrupt',
      message: expect.stringContaining('00000000000000000001.json') as unknown,
    });
    truncateSync(logFile(folder, 1), 0);
    await expect(DeltaTable.open(folder)).rejects.toMatchObject({
      code: 'log_corrupt',
      message: expect.stringContaining('empty') as unknown,
    });
  });

  test('a gap in the log is named', async () => {
    const folder = testFolder();
    const table = await DeltaTable.create(folder, { schema });
    await append(connection, table, { source: row(1) });
    writeFileSync(logFile(folder, 3), readFileSync(logFile(folder, 1)));
    await expect(DeltaTable.open(folder)).rejects.toMatchObject({
      code: 'log_corrupt',
      message: expect.stringContaining('gap') as unknown,
    });
  });

  test.each([
    [
      'deletionVectors',
      {
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: ['deletionVectors'],
        writerFeatures: ['deletionVectors'],
      },
    ],
    [
      'timestampNtz',
      {
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: ['timestampNtz'],
        writerFeatures: ['timestampNtz'],
      },
    ],
    ['reader version 4', { minReaderVersion: 4, minWriterVersion: 7 }],
  ])('a table that needs %s is refused by that name', async (name, protocol) => {
    const folder = testFolder();
    await DeltaTable.create(folder, { schema });
    writeFileSync(logFile(folder, 1), `${JSON.stringify({ protocol })}\n`);
    await expect(DeltaTable.open(folder)).rejects.toMatchObject({
      code: 'unsupported_feature',
      message: expect.stringContaining(name) as unknown,
    });
  });

  test.each([
    ['checkConstraints', { minReaderVersion: 1, minWriterVersion: 3 }],
    ['generatedColumns', { minReaderVersion: 1, minWriterVersion: 4 }],
    [
      'rowTracking',
      { minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ['appendOnly', 'rowTracking'] },
    ],
  ])('a table that asks writers for %s is read but not written', async (name, protocol) => {
    const folder = testFolder();
    await append(connection, await DeltaTable.create(folder, { schema }), { source: row(1) });
    writeFileSync(logFile(folder, 2), `${JSON.stringify({ protocol })}\n`);
    const table = await DeltaTable.open(folder);
    expect(await tableRows(connection, table)).toHaveLength(1);
    await expect(append(connection, table, { source: row(2) })).rejects.toMatchObject({
      code: 'unsupported_feature',
      message: expect.stringContaining(name) as unknown,
    });
    expect((await table.store.list('')).filter(({ path }) => path.endsWith('.parquet'))).toHaveLength(1);
  });

  test('partition columns, column mapping and unknown types are refused by name', async () => {
    const text = async (change: (line: string) => string) => {
      const folder = testFolder();
      await DeltaTable.create(folder, { schema });
      writeFileSync(logFile(folder, 0), change(readFileSync(logFile(folder, 0), 'utf8')));
      return DeltaTable.open(folder).then(
        () => 'opened',
        (error: Error) => error.message,
      );
    };
    expect(await text((line) => line.replace('"partitionColumns":[]', '"partitionColumns":["a"]'))).toContain(
      'partition columns (a)',
    );
    expect(
      await text((line) =>
        line
          .replace('"minReaderVersion":1', '"minReaderVersion":2')
          .replace('"configuration":{}', '"configuration":{"delta.columnMapping.mode":"name"}'),
      ),
    ).toContain('columnMapping');
    expect(
      await text((line) => line.replace('\\"type\\":\\"string\\"', '\\"type\\":\\"variant\\"')),
    ).toContain("'variant'");
    expect(await text((line) => `${line}{"somethingNew":{"a":1}}\n`)).toBe('opened');
  });

  test('an append-only table takes appends and refuses removals', async () => {
    const table = await DeltaTable.create(testFolder(), {
      schema,
      configuration: { 'delta.appendOnly': 'true' },
    });
    await append(connection, table, { source: row(1) });
    await expect(
      upsert(connection, table, { key: 'id', compare: ['a'], source: row(1, 'other') }),
    ).rejects.toMatchObject({ code: 'append_only' });
    expect((await table.store.list('')).filter(({ path }) => path.endsWith('.parquet'))).toHaveLength(1);
  });
});

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
      reason: 'same_transaction',
    });
    expect(await table.commit(base, { remove: base.files, operation })).toMatchObject({
      committed: false,
      reason: 'table_read_changed',
    });
    expect(await table.commit(base, { remove: base.files, operation, readsTable: false })).toEqual({
      committed: true,
      version: 4,
    });
    expect(await table.commit(base, { remove: base.files, operation, readsTable: false })).toMatchObject({
      committed: false,
      reason: 'file_removed_by_other',
    });
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

  test('upserts of two writers on one table both hold', async () => {
    const folder = testFolder();
    const one = await DeltaTable.create(folder, { schema });
    const two = await DeltaTable.open(folder);
    await append(connection, one, { source: row(1) });
    const other = await testConnection();
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
    const elsewhere = await testConnection();
    await elsewhere.run(`SET TimeZone = 'Europe/Berlin'`);
    await expect(append(elsewhere, table, { source: `(SELECT 1 AS id, NULL AS at)` })).rejects.toMatchObject({
      code: 'time_zone_not_utc',
    });
  });
});
