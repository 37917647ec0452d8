import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { append, deleteWhere, DeltaTable, overwrite, quoteText, replaceWhere } from '../src/index.ts';
import type { Field, Predicate, Snapshot } from '../src/index.ts';
import { RivalStore, tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const schema: Field[] = [
  { name: 'id', type: 'long', nullable: true },
  { name: 'a', type: 'string', nullable: true },
];
const values = (rows: string) => `(SELECT * FROM (VALUES ${rows}) v(id, a))`;
const ids = async (table: DeltaTable, where?: Predicate) =>
  (await tableRows(connection, table, undefined, where && { where })).map(({ id }) => id);

async function threeFiles(configuration: Record<string, string> = {}): Promise<DeltaTable> {
  const table = await DeltaTable.create(testFolder(), { schema, configuration });
  await append(connection, table, { source: values(`(1, 'a'), (2, 'b')`) });
  await append(connection, table, { source: values(`(11, 'a'), (NULL, 'n'), (12, 'b')`) });
  await append(connection, table, { source: values(`(21, NULL), (22, 'b')`) });
  return table;
}

describe('deleteWhere', () => {
  test('rewrites only files that hold some of the rows, and drops those that match wholly', async () => {
    const table = await threeFiles();
    const before = await table.snapshot();
    const where: Predicate = {
      or: [
        { column: 'id', is: '>=', value: 21 },
        { column: 'id', in: [11, 13] },
      ],
    };
    expect(await deleteWhere(connection, table, { where })).toEqual({
      version: 4,
      deleted: 3,
      alreadyDone: false,
    });
    const after = await table.snapshot();
    expect(after.files.map(({ path }) => path)).toEqual([before.files[0]?.path, expect.any(String)]);
    expect(await ids(table)).toEqual(['1', '2', null, '12']);
    expect((await table.history()).at(-1)).toMatchObject({
      operation: 'DELETE',
      metrics: { numDeletedRows: '3', numCopiedRows: '2', numRemovedFiles: '2', numAddedFiles: '1' },
    });
  });

  test('files that statistics rule out are not opened', async () => {
    const table = await threeFiles();
    const [first, , third] = (await table.snapshot()).files;
    await table.store.delete(first!.path);
    await table.store.delete(third!.path);
    expect(await ids(table, { column: 'id', is: '=', value: 12 })).toEqual(['12']);
    expect(
      await deleteWhere(connection, table, { where: { column: 'id', is: '=', value: 12 } }),
    ).toMatchObject({ deleted: 1 });
  });

  test('a transaction is done once, and a delete without a match is a version, too', async () => {
    const table = await threeFiles();
    const change = {
      where: { column: 'a', is: '=', value: 'a' },
      txn: { appId: 'd', version: 1 },
      info: { by: 'me' },
    } as const;
    expect(await deleteWhere(connection, table, change)).toMatchObject({ version: 4, deleted: 2 });
    expect(await deleteWhere(connection, table, change)).toEqual({
      version: 4,
      deleted: 0,
      alreadyDone: true,
    });
    expect(await deleteWhere(connection, table, { ...change, txn: { appId: 'd', version: 2 } })).toEqual({
      version: 5,
      deleted: 0,
      alreadyDone: false,
    });
    expect((await table.history()).at(-1)?.userMetadata).toEqual({ by: 'me' });
  });

  test('an append-only table refuses, and leaves no file behind', async () => {
    const table = await threeFiles({ 'delta.appendOnly': 'true' });
    await expect(
      deleteWhere(connection, table, { where: { column: 'id', is: '=', value: 1 } }),
    ).rejects.toMatchObject({ code: 'append_only' });
    expect((await table.store.list('')).filter(({ path }) => path.endsWith('.parquet'))).toHaveLength(3);
  });
});

describe('a rival commits first', () => {
  const where: Predicate = { column: 'id', is: '<', value: 2 };
  test.each([
    [
      'adds rows that cannot match: it is followed',
      `(100, 'late')`,
      1,
      ['2', '11', null, '12', '21', '22', '100'],
    ],
    ['adds rows that can match: they go, too', `(-5, 'late')`, 2, ['2', '11', null, '12', '21', '22']],
  ])('one that %s', async (_, added, deleted, left) => {
    const table = await threeFiles();
    const store = new RivalStore(table.store.uri(''), () =>
      append(connection, table, { source: values(added) }),
    );
    const mine = await DeltaTable.open(store);
    expect(await deleteWhere(connection, mine, { where })).toEqual({
      version: 5,
      deleted,
      alreadyDone: false,
    });
    expect((await ids(table)).sort()).toEqual([...left].sort());
  });

  test('one that deletes rows that match leaves the rest to delete', async () => {
    const table = await threeFiles();
    const store = new RivalStore(table.store.uri(''), () =>
      deleteWhere(connection, table, { where: { column: 'id', is: '=', value: 1 } }),
    );
    const mine = await DeltaTable.open(store);
    const both: Predicate = { column: 'id', in: [1, 2] };
    expect(await deleteWhere(connection, mine, { where: both })).toMatchObject({ version: 5, deleted: 1 });
    expect(await ids(table)).toEqual(['11', null, '12', '21', '22']);
  });

  test('one whose rows an overwrite did not see is overwritten', async () => {
    const table = await threeFiles();
    const store = new RivalStore(table.store.uri(''), () =>
      append(connection, table, { source: values(`(100, 'late')`) }),
    );
    const mine = await DeltaTable.open(store);
    expect(await overwrite(connection, mine, { source: values(`(1, 'x')`) })).toMatchObject({ version: 5 });
    expect(await ids(table)).toEqual(['1']);
    expect(
      (await store.list('')).filter(({ path }) => path.endsWith('.parquet')).length,
      'files of the lost attempt are gone',
    ).toBe(5);
  });

  test('one that makes the same transaction makes a repetition do nothing', async () => {
    const table = await threeFiles();
    const change = { where, txn: { appId: 'd', version: 1 } };
    const store = new RivalStore(table.store.uri(''), () => deleteWhere(connection, table, change));
    const mine = await DeltaTable.open(store);
    expect(await deleteWhere(connection, mine, change)).toEqual({
      version: 4,
      deleted: 0,
      alreadyDone: true,
    });
  });
});

describe('replaceWhere', () => {
  const where: Predicate = { column: 'a', is: '=', value: 'b' };

  test('puts the source in the place of the rows that match, in one version, and again does nothing', async () => {
    const table = await threeFiles();
    const change = {
      where,
      source: () => values(`(50, 'new'), (51, NULL)`),
      txn: { appId: 'r', version: 1 },
      info: { by: 'me' },
    };
    const expected = { version: 4, deleted: 3, inserted: 2 };
    expect(await replaceWhere(connection, table, change)).toEqual({ ...expected, alreadyDone: false });
    expect(await ids(table)).toEqual(['1', '11', null, '21', '50', '51']);
    expect((await table.history()).at(-1)).toMatchObject({
      operation: 'WRITE',
      parameters: { mode: 'Overwrite' },
      metrics: { numDeletedRows: '3', numOutputRows: '2' },
      userMetadata: { by: 'me' },
    });
    expect(await replaceWhere(connection, table, change)).toMatchObject({ version: 4, alreadyDone: true });
    const none = { where, source: () => `${values(`(1, 'x')`)} WHERE false` };
    expect(await replaceWhere(connection, table, none)).toMatchObject({ deleted: 0, inserted: 0 });
  });

  test('asks for its source anew when a rival commits first', async () => {
    const table = await threeFiles();
    const store = new RivalStore(table.store.uri(''), () =>
      append(connection, table, { source: values(`(100, 'b')`) }),
    );
    const mine = await DeltaTable.open(store);
    const source = (snapshot: Snapshot) => values(`(${snapshot.rowCount}, 'rows then')`);
    expect(await replaceWhere(connection, mine, { where, source })).toEqual({
      version: 5,
      deleted: 4,
      inserted: 1,
      alreadyDone: false,
    });
    expect((await ids(table)).at(-1)).toBe('8');
  });
});

describe('overwrite', () => {
  test('replaces all rows, may read the table itself, keeps older versions readable', async () => {
    const table = await threeFiles();
    const grown: Field[] = [...schema, { name: 'b', type: 'double', nullable: true }];
    const change = {
      source: `(SELECT 7 AS id, 'new' AS a, 1.5 AS b)`,
      schema: grown,
      txn: { appId: 'o', version: 1 },
    };
    expect(await overwrite(connection, table, change)).toEqual({
      version: 4,
      inserted: 1,
      alreadyDone: false,
    });
    expect(await overwrite(connection, table, change)).toMatchObject({ version: 4, alreadyDone: true });
    expect(await tableRows(connection, table)).toEqual([{ id: '7', a: 'new', b: 1.5 }]);
    expect(await tableRows(connection, table, 3)).toHaveLength(7);
    await expect(overwrite(connection, table, { source: `(SELECT 1 AS unknown)` })).rejects.toMatchObject({
      code: 'schema_mismatch',
    });
    expect(await overwrite(connection, table, { source: values(`(1, 'x')`) + ' WHERE false' })).toMatchObject(
      {
        version: 5,
        inserted: 0,
      },
    );
    expect(await ids(table)).toEqual([]);
  });
});

interface Row {
  id: number | null;
  a: string | null;
}

const text = fc.option(fc.constantFrom('', 'a', 'b', "it's", '\u{10000}', '\uffee', 'k'.repeat(40)), {
  nil: null,
});
const files = fc.array(
  fc.array(fc.record({ id: fc.option(fc.integer({ min: -5, max: 5 }), { nil: null }), a: text }), {
    minLength: 1,
    maxLength: 5,
  }),
  { minLength: 1, maxLength: 4 },
);
const comparison = fc.oneof(
  fc.record({
    column: fc.constant('id'),
    is: fc.constantFrom('=', '<>', '<', '<=', '>', '>=' as const),
    value: fc.integer({ min: -6, max: 6 }),
  }),
  fc.record({
    column: fc.constant('a'),
    is: fc.constantFrom('=', '<>', '<', '<=', '>', '>=' as const),
    value: fc.constantFrom('', 'a', "it's", '\u{10000}', '\uffee', `${'k'.repeat(40)}z`),
  }),
  fc.record({ column: fc.constant('id'), in: fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 3 }) }),
  fc.record({ column: fc.constantFrom('id', 'a'), isNull: fc.boolean() }),
) as fc.Arbitrary<Predicate>;
const { predicate } = fc.letrec<{ predicate: Predicate }>((tie) => ({
  predicate: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    fc.record({ and: fc.array(tie('predicate'), { maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('predicate'), { maxLength: 3 }) }),
    fc.record({ not: tie('predicate') }),
  ),
}));

/** SQL's three-valued logic, said once more: undefined is NULL. */
function holds(row: Row, condition: Predicate): boolean | undefined {
  if ('and' in condition) {
    const parts = condition.and.map((part) => holds(row, part));
    return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
  }
  if ('or' in condition) {
    const parts = condition.or.map((part) => holds(row, part));
    return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
  }
  if ('not' in condition) {
    const inner = holds(row, condition.not);
    return inner === undefined ? undefined : !inner;
  }
  const value = row[condition.column as keyof Row];
  if ('isNull' in condition) return (value === null) === condition.isNull;
  if ('in' in condition)
    return condition.in.length === 0 ? false : value === null ? undefined : condition.in.includes(value);
  if (value === null) return undefined;
  const order =
    typeof value === 'number'
      ? value - Number(condition.value)
      : Buffer.compare(Buffer.from(value), Buffer.from(String(condition.value)));
  return {
    '=': order === 0,
    '<>': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
  }[condition.is];
}

test('any predicate reads and deletes exactly the rows for which it is true', async () => {
  await fc.assert(
    fc.asyncProperty(files, predicate, async (content, where) => {
      const table = await DeltaTable.create(testFolder(), { schema });
      const literal = ({ id, a }: Row) => `(${id ?? 'NULL'}::BIGINT, ${a === null ? 'NULL' : quoteText(a)})`;
      for (const rows of content)
        await append(connection, table, { source: values(rows.map(literal).join()) });
      const plain = (rows: readonly Row[]) =>
        rows.map(({ id, a }) => JSON.stringify({ id: id === null ? null : String(id), a })).sort();
      const all = content.flat();
      const seen = async (options = {}) =>
        (await tableRows(connection, table, undefined, options)).map((row) => JSON.stringify(row)).sort();
      const matching = all.filter((row) => holds(row, where) === true);
      expect(await seen({ where })).toEqual(plain(matching));
      expect(await deleteWhere(connection, table, { where })).toMatchObject({ deleted: matching.length });
      expect(await seen()).toEqual(plain(all.filter((row) => holds(row, where) !== true)));
      expect((await table.snapshot()).rowCount).toBe(all.length - matching.length);
    }),
    { numRuns: 60 },
  );
});
