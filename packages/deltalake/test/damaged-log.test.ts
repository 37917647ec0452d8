import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { append, DeltaTable, upsert } from '../src/index.ts';
import type { DeltaType, Field } from '../src/index.ts';
import { tableRows, testConnection, testFolder, unsealedCommit } from './workspace.ts';

const connection = await testConnection();
const fields = (...list: [string, DeltaType][]): Field[] =>
  list.map(([name, type]) => ({ name, type, nullable: true }));
const schema = fields(['id', 'long'], ['a', 'string']);
const row = (id: number, a = 'x') => `(SELECT ${id} AS id, '${a}' AS a)`;
const logFile = (folder: string, version: number) =>
  join(folder, '_delta_log', `${String(version).padStart(20, '0')}.json`);

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

  test.each(['[]', 'null', '"text"', '7', 'true', '{"add":{"path":"x"'])(
    'a line of a log file that is %s is named',
    async (line) => {
      const folder = testFolder();
      const table = await DeltaTable.create(folder, { schema });
      await append(connection, table, { source: row(1) });
      const commit = unsealedCommit(readFileSync(logFile(folder, 1), 'utf8'));
      writeFileSync(logFile(folder, 1), `${commit}${line}\n`);
      await expect(DeltaTable.open(folder)).rejects.toMatchObject({
        code: 'log_corrupt',
        message: expect.stringMatching(
          /Line 2 of the log file _delta_log\/00000000000000000001\.json is no .*JSON/,
        ) as unknown,
      });
    },
  );

  test('a commit of ours without its seal is refused, one of another writer is read', async () => {
    const folder = testFolder();
    const table = await DeltaTable.create(folder, { schema });
    await append(connection, table, { source: row(1) });
    const sealed = readFileSync(logFile(folder, 1), 'utf8');
    const seal = /"sha256":"[0-9a-f]{64}",/;
    for (const damaged of [
      sealed.replace(seal, ''),
      sealed.replace('"size":', '"size":1'),
      `${sealed}{"txn":{}}\n`,
    ]) {
      writeFileSync(logFile(folder, 1), damaged);
      await expect(DeltaTable.open(folder)).rejects.toMatchObject({
        code: 'log_corrupt',
        message: expect.stringContaining('00000000000000000001.json') as unknown,
      });
    }
    const foreign = sealed
      .replace(seal, '')
      .replace('"engineInfo":"kaefer-deltalake/', '"engineInfo":"other/');
    writeFileSync(logFile(folder, 1), foreign);
    expect(await tableRows(connection, await DeltaTable.open(folder))).toEqual([{ id: '1', a: 'x' }]);
    writeFileSync(logFile(folder, 1), unsealedCommit(sealed));
    expect(await tableRows(connection, await DeltaTable.open(folder))).toEqual([{ id: '1', a: 'x' }]);
    // Our first tables had no digests.
    writeFileSync(logFile(folder, 1), sealed.replace(seal, '').replace(/,"tags":\{[^}]*\}/, ''));
    expect(await tableRows(connection, await DeltaTable.open(folder))).toEqual([{ id: '1', a: 'x' }]);
  });

  test('a commit of ours from another table is refused, be it whole; others may give a table a new id', async () => {
    const [folder, otherFolder] = [testFolder(), testFolder()];
    const grown = [...schema, ...fields(['b', 'long'])];
    const table = await DeltaTable.create(folder, { schema });
    const other = await DeltaTable.create(otherFolder, { schema });
    await append(connection, table, { source: row(1) });
    await append(connection, other, { source: row(2) });
    await append(connection, other, { source: row(3), schema: grown });
    const reader = await DeltaTable.open(folder);
    const foreign = readFileSync(logFile(otherFolder, 2), 'utf8');
    writeFileSync(logFile(folder, 2), foreign);
    const refusal = {
      code: 'log_corrupt',
      message: expect.stringMatching(/_delta_log\/00000000000000000002\.json is another table's/) as unknown,
    };
    await expect(DeltaTable.open(folder)).rejects.toMatchObject(refusal);
    await expect(append(connection, reader, { source: row(4) })).rejects.toMatchObject(refusal);
    expect(await tableRows(connection, reader, 1)).toEqual([{ id: '1', a: 'x' }]);
    const { metadata } = await other.snapshot();
    writeFileSync(logFile(folder, 2), `${JSON.stringify({ metaData: { ...metadata, id: 'new' } })}\n`);
    const opened = await DeltaTable.open(folder);
    expect((await opened.snapshot()).metadata.id).toBe('new');
    expect(await tableRows(connection, opened)).toEqual([{ id: '1', a: 'x', b: null }]);
    await append(connection, opened, { source: row(5) });
    await opened.restore(1);
    expect((await opened.snapshot()).metadata.id).toBe('new');
    expect(await tableRows(connection, await DeltaTable.open(folder))).toEqual([{ id: '1', a: 'x' }]);
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

  test('partitions by some types, column mapping and unknown types are refused by name', async () => {
    const text = async (change: (line: string) => string) => {
      const folder = testFolder();
      await DeltaTable.create(folder, { schema });
      const written = unsealedCommit(readFileSync(logFile(folder, 0), 'utf8'));
      writeFileSync(logFile(folder, 0), change(written));
      return DeltaTable.open(folder).then(
        () => 'opened',
        (error: Error) => error.message,
      );
    };
    expect(
      await text((line) =>
        line
          .replace('"partitionColumns":[]', '"partitionColumns":["a"]')
          .replace('\\"type\\":\\"string\\"', '\\"type\\":\\"timestamp\\"'),
      ),
    ).toContain("the partition column 'a' of type timestamp");
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
