import { describe, expect, test } from 'vitest';
import { append, DeltaTable } from '../src/index.ts';
import type { DeltaType, Field } from '../src/index.ts';
import { testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const fields = (...list: [string, DeltaType][]): Field[] =>
  list.map(([name, type]) => ({ name, type, nullable: true }));
const schema = fields(['id', 'long'], ['a', 'string']);
const row = (id: number, a = 'x') => `(SELECT ${id} AS id, '${a}' AS a)`;

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
