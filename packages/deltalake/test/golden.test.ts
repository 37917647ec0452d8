import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { canonicalRows } from '../conformance/canonical-rows.mjs';
import { DeltaTable, scanSql } from '../src/index.ts';
import { testConnection, testFolder } from './workspace.ts';

/** Tables that delta-rs and Spark wrote; golden/make.py and make_spark.py say with what. Dropping one more in makes one more test. */
const folder = fileURLToPath(new URL('../golden/tables', import.meta.url));
const tablesOf = (place: string) =>
  readdirSync(place).flatMap((name) => /^(.*)\.expected\.json$/.exec(name)?.[1] ?? []);
const tables = [folder, fileURLToPath(new URL('../golden/spark', import.meta.url))].flatMap((place) =>
  tablesOf(place).map((name) => [name, place] as const),
);
const connection = await testConnection();

/** What a table's writer itself says of it. */
interface Expected {
  newest: number;
  history: [version: number, operation: string][];
  partitionColumns: string[];
  /** By version. */
  schemas: Record<string, [name: string, type: string, nullable: boolean][]>;
  versions: Record<string, string[]>;
}

test.each(tables)('the table %s reads equal in every version', async (name, place) => {
  const expected = JSON.parse(readFileSync(join(place, `${name}.expected.json`), 'utf8')) as Expected;
  const table = await DeltaTable.open(join(place, name));
  const { version: newest, metadata } = await table.snapshot();
  expect(newest).toBe(expected.newest);
  expect(metadata.partitionColumns).toEqual(expected.partitionColumns);
  for (const [version, rows] of Object.entries(expected.versions)) {
    const snapshot = await table.snapshot(Number(version));
    expect(await canonicalRows(connection, scanSql(table, snapshot), snapshot.schema)).toEqual(
      [...rows].sort(),
    );
    expect(snapshot.rowCount).toBe(rows.length);
    const schema = snapshot.schema.map(({ name: column, type, nullable }) => [column, type, nullable]);
    expect(schema).toEqual(expected.schemas[version]);
  }
  const history = await table.history();
  expect(history.map(({ version, operation }) => [version, operation])).toEqual(expected.history);
  expect(history.at(-1)?.rows).toBe(expected.versions[expected.newest]?.length);
});

test('a log whose first commits were cleaned up refuses their versions by name', async () => {
  const table = await DeltaTable.open(join(folder, 'cleaned_log'));
  await expect(table.snapshot(2)).rejects.toMatchObject({ code: 'version_not_found' });
});

test('a checkpoint in several parts is used when all are there, and passed over when one is missing', async () => {
  const whole = fileURLToPath(new URL('../golden/spark/spark_multipart_checkpoint', import.meta.url));
  const copy = testFolder();
  cpSync(whole, copy, { recursive: true });
  const logs = join(copy, '_delta_log');
  const parts = readdirSync(logs).filter((name) => /\.checkpoint\.\d+\.\d+\.parquet$/.test(name));
  const newest = parts.at(-1)!.slice(0, 20);
  const ofNewest = parts.filter((name) => name.startsWith(newest));
  expect(ofNewest.length).toBeGreaterThan(1);
  const rows = async () => {
    const table = await DeltaTable.open(copy);
    const snapshot = await table.snapshot();
    return canonicalRows(connection, scanSql(table, snapshot), snapshot.schema);
  };
  const expected = await rows();
  // With all commits up to it gone only the checkpoint tells what is in the table.
  for (const name of readdirSync(logs))
    if (name.endsWith('.json') && name.slice(0, 20) <= newest) rmSync(join(logs, name));
  expect(await rows()).toEqual(expected);
  rmSync(join(logs, ofNewest[0]!));
  await expect(rows()).rejects.toMatchObject({ code: 'log_corrupt' });
  // What is left of it counts for nothing: the commits, or the checkpoint before, do.
  for (const name of readdirSync(whole + '/_delta_log'))
    if (name.endsWith('.json')) cpSync(join(whole, '_delta_log', name), join(logs, name));
  expect(await rows()).toEqual(expected);
  for (const name of ofNewest.slice(1)) writeFileSync(join(logs, name), 'no Parquet file');
  expect(await rows()).toEqual(expected);
});
