import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { append, changesSql, deleteWhere, DeltaTable, optimize, overwrite, upsert } from '../src/index.ts';
import type { ChangesOptions, Field } from '../src/index.ts';
import { rowsOf, tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const schema: Field[] = [
  { name: 'id', type: 'long', nullable: true },
  { name: 'a', type: 'string', nullable: true },
];
const values = (rows: readonly (readonly [number | null, string | null])[]) =>
  rows.length === 0
    ? `(SELECT 0 AS id, '' AS a WHERE false)`
    : `(SELECT * FROM (VALUES ${rows.map(([id, a]) => `(${id ?? 'NULL'}::BIGINT, ${a === null ? 'NULL' : `'${a}'`})`).join()}) v(id, a))`;

/** The changes between two versions, in an order that does not depend on DuckDB's. */
async function changes(
  table: DeltaTable,
  from: number,
  to: number,
  options?: ChangesOptions,
): Promise<string[]> {
  const sql = changesSql(table, await table.snapshot(from), await table.snapshot(to), options);
  return (await rowsOf(connection, `SELECT * FROM ${sql}`)).map((row) => JSON.stringify(row)).sort();
}

const lines = (...rows: [number | null, string | null, string][]) =>
  rows
    .map(([id, a, type]) => JSON.stringify({ id: id === null ? null : String(id), a, _change_type: type }))
    .sort();

describe('changes between two versions', () => {
  test('are insertions, deletions and updates by key; without a key updates are both', async () => {
    const table = await DeltaTable.create(testFolder(), { schema });
    await append(connection, table, {
      source: values([
        [1, 'a'],
        [2, null],
        [3, 'c'],
        [null, 'n'],
      ]),
    });
    await upsert(connection, table, {
      key: 'id',
      compare: ['a'],
      source: values([
        [2, 'b'],
        [4, 'd'],
      ]),
    });
    await deleteWhere(connection, table, { where: { column: 'id', is: '=', value: 1 } });
    await optimize(connection, table);
    expect(await changes(table, 1, 4, { key: 'id' })).toEqual(
      lines(
        [1, 'a', 'delete'],
        [2, null, 'update_preimage'],
        [2, 'b', 'update_postimage'],
        [4, 'd', 'insert'],
      ),
    );
    expect(await changes(table, 1, 4)).toEqual(
      lines([1, 'a', 'delete'], [2, null, 'delete'], [2, 'b', 'insert'], [4, 'd', 'insert']),
    );
    expect(await changes(table, 4, 1, { key: 'id' })).toEqual(
      lines(
        [1, 'a', 'insert'],
        [2, 'b', 'update_preimage'],
        [2, null, 'update_postimage'],
        [4, 'd', 'delete'],
      ),
    );
    expect(await changes(table, 3, 4)).toEqual([]);
    expect(await changes(table, 3, 3, { key: 'id' })).toEqual([]);
    expect(await changes(table, 0, 1)).toHaveLength(4);
  });

  test('only read files that one of the versions lacks', async () => {
    const table = await DeltaTable.create(testFolder(), { schema });
    await append(connection, table, { source: values([[1, 'a']]) });
    await append(connection, table, { source: values([[2, 'b']]) });
    await table.store.delete((await table.snapshot()).files[0]!.path);
    expect(await changes(table, 1, 2, { key: 'id' })).toEqual(lines([2, 'b', 'insert']));
  });

  test('compare over a grown schema: a new column and a wider type alone change no row', async () => {
    const table = await DeltaTable.create(testFolder(), { schema });
    await append(connection, table, {
      source: values([
        [1, 'a'],
        [2, 'b'],
      ]),
    });
    const grown: Field[] = [
      { name: 'id', type: 'string', nullable: true },
      { name: 'a', type: 'string', nullable: true },
      { name: 'b', type: 'double', nullable: true },
    ];
    const source = `(SELECT '2' AS id, 'b' AS a, 'nan'::DOUBLE AS b)`;
    await upsert(connection, table, { key: 'id', compare: ['a', 'b'], schema: grown, source });
    const expected = (before: string, after: string) =>
      [
        `{"id":"2","a":"b","b":null,"_change_type":"${before}"}`,
        `{"id":"2","a":"b","b":"NaN","_change_type":"${after}"}`,
      ].sort();
    expect(await changes(table, 1, 2, { key: 'id' })).toEqual(
      expected('update_preimage', 'update_postimage'),
    );
    await table.restore(1);
    expect(await changes(table, 2, 3, { key: 'id' })).toEqual(
      expected('update_postimage', 'update_preimage'),
    );
    await optimize(connection, table, { targetFileBytes: 1 });
    expect(await changes(table, 1, 3)).toEqual([]);
  });

  test('name an unknown key and a column that stands in the way', async () => {
    const own = { name: '_change_type', type: 'string', nullable: true } as const;
    const table = await DeltaTable.create(testFolder(), { schema: [...schema, own] });
    const plain = await DeltaTable.create(testFolder(), { schema });
    await expect(changes(table, 0, 0)).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(changes(plain, 0, 0, { key: 'x' })).rejects.toMatchObject({ code: 'schema_mismatch' });
  });
});

const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom('x', 'y', null)), {
  selector: ([id]) => id,
  maxLength: 6,
});
const step = fc.oneof(
  fc.record({ do: fc.constant('upsert' as const), rows }),
  fc.record({ do: fc.constant('overwrite' as const), rows }),
  fc.record({ do: fc.constant('delete' as const), below: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ do: fc.constant('optimize' as const) }),
);

test('after any sequence of changes they lead from any version to any other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 6 }),
      fc.nat(),
      fc.nat(),
      fc.boolean(),
      async (steps, a, b, marks) => {
        const configuration = { 'delta.enableDeletionVectors': String(marks) };
        const table = await DeltaTable.create(testFolder(), { schema, configuration });
        for (const change of steps) {
          if (change.do === 'upsert')
            await upsert(connection, table, { key: 'id', compare: ['a'], source: values(change.rows) });
          else if (change.do === 'overwrite')
            await overwrite(connection, table, { source: values(change.rows) });
          else if (change.do === 'delete')
            await deleteWhere(connection, table, { where: { column: 'id', is: '<', value: change.below } });
          else await optimize(connection, table);
        }
        const { version: newest } = await table.snapshot();
        const [from, to] = [a % (newest + 1), b % (newest + 1)];
        const state = async (version: number) =>
          new Map((await tableRows(connection, table, version)).map(({ id, a: text }) => [String(id), text]));
        const [before, after] = [await state(from), await state(to)];
        const expected: [number, string | null, string][] = [];
        for (const [id, text] of before) {
          if (!after.has(id)) expected.push([Number(id), text as string, 'delete']);
          else if (after.get(id) !== text)
            expected.push(
              [Number(id), text as string, 'update_preimage'],
              [Number(id), after.get(id) as string, 'update_postimage'],
            );
        }
        for (const [id, text] of after)
          if (!before.has(id)) expected.push([Number(id), text as string, 'insert']);
        expect(await changes(table, from, to, { key: 'id' })).toEqual(lines(...expected));
      },
    ),
    { numRuns: 40 },
  );
});
