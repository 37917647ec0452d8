import { expect, test } from 'vitest';
import { append, DeltaTable } from '../src/index.ts';
import type { DeltaType, Field, Predicate, PredicateValue } from '../src/index.ts';
import { tableRows, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();

/** A column's type, SQL values (a file each), and a value that is the first of them; the others are above it. */
const examples: [DeltaType, [string, ...string[]], PredicateValue][] = [
  ['string', [`'a'`, `'b'`, `'\u{10000}'`], 'a'],
  ['long', ['-9223372036854775807', '9007199254740993', '9223372036854775807'], -9223372036854775807n],
  ['long', ['9007199254740993', '9007199254740995'], '9007199254740993'],
  ['integer', ['-2147483648', '0'], -2147483648],
  ['short', ['-32768', '7'], -32768],
  ['byte', ['-128', '7'], -128],
  ['double', ['0.1', '0.5', `'nan'`], 0.1],
  ['double', [`'-infinity'`, `'infinity'`], Number.NEGATIVE_INFINITY],
  ['float', ['0.1', '0.5', `'nan'`], 0.1],
  ['boolean', ['false', 'true'], false],
  ['date', [`DATE '1969-12-31'`, `DATE '2024-02-29'`], '1969-12-31'],
  [
    'timestamp',
    [`'2024-02-29 12:00:00.123456+00'`, `'2024-02-29 12:00:00.1235+00'`],
    '2024-02-29T13:00:00.123456+01:00',
  ],
  [
    'timestamp',
    [`'2024-02-29 12:00:00+00'`, `'2024-02-29 12:00:00.1235+00'`],
    new Date('2024-02-29T12:00:00Z'),
  ],
  ['decimal(18,2)', ['-1.25', '9007199254740993.25'], '-1.25'],
];

test.each(examples)(
  'a column of type %s compares with values of its type (%s)',
  async (type, given, value) => {
    const schema: Field[] = [
      { name: 'n', type: 'integer', nullable: true },
      { name: 'x', type, nullable: true },
    ];
    const table = await DeltaTable.create(testFolder(), { schema });
    for (const [n, x] of given.entries())
      await append(connection, table, { source: `(SELECT ${n} AS n, ${x} AS x)` });
    await append(connection, table, { source: `(SELECT -1 AS n, NULL AS x)` });
    const seen = async (where: Predicate) =>
      (await tableRows(connection, table, undefined, { where, columns: ['n'] })).map(({ n }) => n);
    const others = given.slice(1).map((_, index) => index + 1);
    expect(await seen({ column: 'x', is: '=', value })).toEqual([0]);
    expect(await seen({ column: 'x', in: [value] })).toEqual([0]);
    expect(await seen({ column: 'x', is: '<=', value })).toEqual([0]);
    expect(await seen({ column: 'x', is: '<', value })).toEqual([]);
    expect(await seen({ column: 'x', is: '>=', value })).toEqual([0, ...others]);
    expect(await seen({ column: 'x', is: '>', value })).toEqual(others);
    expect(await seen({ column: 'x', is: '<>', value })).toEqual(others);
    expect(await seen({ column: 'x', isNull: true })).toEqual([-1]);
  },
);

test.each<[DeltaType, PredicateValue]>([
  ['string', 5],
  ['long', 1.5],
  ['long', 2 ** 53],
  ['long', '9223372036854775808'],
  ['long', '1; DROP TABLE t'],
  ['byte', 128],
  ['integer', true],
  ['double', 'abc'],
  ['double', '1e400'],
  ['boolean', 'true'],
  ['date', '2023-02-29'],
  ['date', new Date(0)],
  ['timestamp', '2024-02-29T12:00:00'],
  ['timestamp', '2023-02-29T12:00:00Z'],
  ['timestamp', new Date(Number.NaN)],
  ['decimal(4,2)', '1.005'],
  ['decimal(4,2)', '100'],
  ['binary', 'a'],
])('a column of type %s refuses %s', async (type, value) => {
  const table = await DeltaTable.create(testFolder(), { schema: [{ name: 'x', type, nullable: true }] });
  await expect(
    tableRows(connection, table, undefined, { where: { column: 'x', is: '=', value } }),
  ).rejects.toMatchObject({
    code: 'invalid_argument',
    message: expect.stringContaining(`'x' (${type})`) as unknown,
  });
});

test('names are quoted, and unknown columns refused by name', async () => {
  const name = `"; DROP TABLE t; --`;
  const table = await DeltaTable.create(testFolder(), { schema: [{ name, type: 'string', nullable: true }] });
  await append(connection, table, { source: `(SELECT 'it''s' AS """; DROP TABLE t; --")` });
  expect(
    await tableRows(connection, table, undefined, { where: { column: name, is: '=', value: "it's" } }),
  ).toHaveLength(1);
  await expect(
    tableRows(connection, table, undefined, { where: { column: 'other', isNull: true } }),
  ).rejects.toMatchObject({
    code: 'schema_mismatch',
    message: expect.stringContaining(`'other'`) as unknown,
  });
});
