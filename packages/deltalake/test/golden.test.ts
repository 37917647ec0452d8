import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { canonicalRows } from '../conformance/canonical-rows.mjs';
import { DeltaTable, scanSql } from '../src/index.ts';
import { testConnection } from './workspace.ts';

/** Tables that delta-rs and Spark wrote; golden/make.py and make_spark.py say with what. Dropping one more in makes one more test. */
const folder = fileURLToPath(new URL('../golden/tables', import.meta.url));
const tablesOf = (place: string) =>
  readdirSync(place).flatMap((name) => /^(.*)\.expected\.json$/.exec(name)?.[1] ?? []);
const tables = [folder, fileURLToPath(new URL('../golden/spark', import.meta.url))].flatMap((place) =>
  tablesOf(place).map((name) => [name, place] as const),
);
const connection = await testConnection();

test.each(tables)('the table %s reads equal in every version', async (name, place) => {
  const expected = JSON.parse(readFileSync(join(place, `${name}.expected.json`), 'utf8')) as {
    newest: number;
    versions: Record<string, string[]>;
  };
  const table = await DeltaTable.open(join(place, name));
  expect((await table.snapshot()).version).toBe(expected.newest);
  for (const [version, rows] of Object.entries(expected.versions)) {
    const snapshot = await table.snapshot(Number(version));
    expect(await canonicalRows(connection, scanSql(table, snapshot), snapshot.schema)).toEqual(
      [...rows].sort(),
    );
    expect(snapshot.rowCount).toBe(rows.length);
  }
  const history = await table.history();
  expect(history.at(-1)?.rows).toBe(expected.versions[expected.newest]?.length);
});

test('a log whose first commits were cleaned up refuses their versions by name', async () => {
  const table = await DeltaTable.open(join(folder, 'cleaned_log'));
  await expect(table.snapshot(2)).rejects.toMatchObject({ code: 'version_not_found' });
});
