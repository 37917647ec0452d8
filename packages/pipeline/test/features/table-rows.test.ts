import { expect, test } from 'vitest';
import { append, DeltaTable } from '@kaefer/deltalake';
import { partOf } from '../../src/features/split.ts';
import { splitRows } from '../../src/features/table-rows.ts';
import { allRows, type Row as SqlRow } from '../../src/sql/connection.ts';
import { simulateRows, TestProject } from '../project.ts';
import { fileFolder, testConnection } from '../workspace.ts';

const connection = await testConnection();
const project = new TestProject(fileFolder(), {
  task: 'binary',
  target: 'failed',
  key: 'id',
  positive: 'yes',
});
await project.add('u1', simulateRows(300, 0, 1));

async function parts(): Promise<{ sql: string; rows: SqlRow[] }> {
  const table = await DeltaTable.open(project.folder.table);
  const split = splitRows(table, await table.snapshot(), project.split, 'id', []);
  const rows = await allRows(
    connection,
    `SELECT ${split.key} AS id, ${split.inHoldout} AS holdout, ${split.inValidation} AS validation FROM ${split.relation}`,
  );
  return { sql: split.relation, rows };
}

function expectParts(rows: readonly SqlRow[]): void {
  for (const { id, holdout, validation } of rows) {
    const part = partOf(project.split, String(id));
    expect({ id, holdout, validation }).toEqual({
      id,
      holdout: part === 'holdout',
      validation: part === 'validation',
    });
  }
}

test('a row’s part is what the merge wrote beside it, and worked out where something else added rows', async () => {
  const written = await parts();
  expect(written.sql).not.toContain('md5');
  expect(written.rows).toHaveLength(300);
  expectParts(written.rows);

  const table = await DeltaTable.open(project.folder.table);
  await append(connection, table, {
    source: `(SELECT 'other ' || i AS id, 'yes' AS failed FROM range(200) AS r(i))`,
  });
  const mixed = await parts();
  expect(mixed.sql).toContain('md5');
  expect(mixed.rows).toHaveLength(500);
  expectParts(mixed.rows);
});
