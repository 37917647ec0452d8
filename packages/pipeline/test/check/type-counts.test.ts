import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMissingMarker, isMissingText, isWrittenAs } from '../../src/features/parse-cell.ts';
import { allRows, loadDuckdb } from '../../src/sql/connection.ts';
import { quoteText } from '../../src/sql/quote.ts';
import { isBadCellSql, readCellSql } from '../../src/understand/cell-sql.ts';
import { allTypes, countFirstTypes, countTypes, typesAsked } from '../../src/understand/type-counts.ts';

// The first rows are read here and not by DuckDB, which reads all the others: both must read the same.
let connection: DuckDBConnection;

beforeAll(async () => {
  const instance = await loadDuckdb().DuckDBInstance.create(':memory:', { threads: '2' });
  connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
});

afterAll(() => connection.closeSync());

const list = (texts: readonly string[]): string => `unnest([${texts.map(quoteText).join(', ')}])`;
const words = [
  'true',
  'Falso',
  ' sim ',
  'NÃO',
  'Nao',
  'yes',
  'no',
  'on',
  'off',
  's',
  'n',
  'V',
  'f',
  'İ',
  'ı',
];
const markers = [
  '',
  ' ',
  'NA',
  'n/a',
  'NaN',
  'nan',
  'NULL',
  'null',
  'None',
  '-',
  ' - ',
  '#N/A',
  '#n/d',
  '#DIV/0!',
];
const days = [
  '2026-12-31',
  ' 2024-02-29 ',
  '2026-02-29',
  '2026-13-01',
  '26-12-31',
  '0000-01-01',
  '9999-12-31',
];
const times = days.flatMap((day) =>
  ['T23:59', ' 7:05:01.123456789', ', 12:00 AM', ' 12:30 p.m. +02:30', ' 24:00', 'T10:00Z', ' 1:00-0300'].map(
    (time) => day + time,
  ),
);
const numbers = [
  ...[
    '0',
    '-0',
    '+5',
    '00042',
    '-007',
    '1.5',
    '.5',
    '5.',
    '1e5',
    '1E+400',
    '1_000',
    '1,5',
    ' 12\t',
    '\v3',
    '١',
  ],
  ...['123456789012345678', '1234567890123456789', '9007199254740993', '90071992547409930000', 'inf', '0x1F'],
];
const samples = [
  ...words,
  ...markers,
  ...days,
  ...times,
  ...numbers,
  'text',
  '12 kg',
  '\u00a07',
  '2026-12-31x',
];

test('a cell is of a type here where it is for DuckDB', async () => {
  const characters = [...'019.-+eE_ :/TZapm', '\t', '\n', '\v', '\u00a0'];
  await connection.run(`CREATE TABLE characters AS SELECT ${list([...characters, ''])} AS c`);
  await connection.run(
    `CREATE TABLE cells AS SELECT DISTINCT a.c || b.c || d.c || e.c AS c0 FROM characters a, characters b, characters d, characters e
     UNION SELECT ${list(samples)} UNION SELECT DISTINCT '2026-03-04' || a.c || b.c || d.c || ':0' || e.c FROM characters a, characters b, characters d, characters e`,
  );
  const asked = typesAsked.map((type) => {
    const read = readCellSql(type, 'c0');
    return `(${read}) IS NOT NULL AS ${type}, ${isBadCellSql(type, 'c0', read)} AS bad_${type}`;
  });
  const rows = await allRows(
    connection,
    `SELECT c0, (${readCellSql('text', 'c0')}) IS NOT NULL AS given, ${asked.join(', ')} FROM cells`,
  );
  expect(rows.length).toBeGreaterThan(100_000);
  const differing = rows.filter((row) => {
    const cell = String(row['c0']);
    if (row['given'] === isMissingText(cell)) return true;
    return typesAsked.some((type) => {
      const isOne = isWrittenAs(type, cell);
      return row[type] !== isOne || row[`bad_${type}`] !== (!isOne && !isMissingMarker(cell));
    });
  });
  expect(differing).toEqual([]);
});

test('columns of any cells are counted alike, those with long cells too', async () => {
  const cell = fc.oneof(
    fc.constantFrom(...samples),
    fc.constantFrom(...words),
    fc.constant(null),
    fc.constant('0'.repeat(500)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 30 }), async (rows) => {
      const values = rows.map(
        (row) => `(${row.map((text) => (text === null ? 'NULL' : quoteText(text))).join(', ')})`,
      );
      const source = {
        relation: `(SELECT * FROM (VALUES ${values.join(', ')}) t(c0, c1, c2))`,
        cell: (index: number) => `c${index}`,
      };
      const columns = [0, 1, 2];
      const here = await countFirstTypes(connection, source, columns, 1000);
      const there = await countTypes(connection, source, allTypes(columns), 1000);
      expect(here.rows).toBe(there.rows);
      for (const index of columns) {
        const [own, other] = [here.counts.get(index), there.counts.get(index)];
        const truths = (list: readonly string[] = []) => list.filter((word) => word !== '').sort();
        expect({ ...own, truths: truths(own?.truths) }).toEqual({ ...other, truths: truths(other?.truths) });
      }
    }),
    { numRuns: 60 },
  );
});
