import type { Cell, ColumnType } from '@kaefer/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCodesSql, Encoder, featureSql, isUnseenSql } from '../../src/features/encoder.ts';
import { isMissingText } from '../../src/features/parse-cell.ts';
import { streamFloats } from '../../src/features/stream-floats.ts';
import { duckdbType } from '../../src/lake/column-types.ts';
import { quoteName, quoteText } from '../../src/sql/quote.ts';
import { rowsOf, testConnection } from '../workspace.ts';

const connection = await testConnection();

const oddNames = ['a', 'se lect', 'select', 'x.y', '"', "it's", 'ü 😀', 'order', '[0]', '%', 'codes 2 a'];
const levels = ['', ' ', 'a', 'A', "it's", '"', 'é', 'null', '😀'];

/** A value as the table holds it and as a record gives it. */
const valueOf: Record<ColumnType, fc.Arbitrary<{ cell: Cell; sql: string }>> = {
  integer: fc
    .oneof(fc.maxSafeInteger(), fc.integer())
    .map((value) => ({ cell: value, sql: `${value}::BIGINT` })),
  number: fc
    .oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(1e300, -1e300, 3.4028235677973366e38, 1e-320, -0, 16_777_217, 0.1),
    )
    .map((value) => ({ cell: value, sql: `${quoteText(sqlNumber(value))}::DOUBLE` })),
  boolean: fc.boolean().map((value) => ({ cell: value, sql: String(value) })),
  date: fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
    .map((text) => ({ cell: text, sql: `DATE ${quoteText(text)}` })),
  timestamp: fc
    .tuple(
      fc.date({ min: new Date('0002-01-01'), max: new Date('9998-12-31'), noInvalidDate: true }),
      fc.constantFrom('Z', '+00', '-03:30', '+14:00'),
    )
    .map(([date, zone]) => date.toISOString().replace('Z', zone))
    .map((text) => ({ cell: text, sql: `TIMESTAMPTZ ${quoteText(text)}` })),
  text: fc
    .oneof(fc.constantFrom(...levels), fc.string())
    .filter((text) => !isMissingText(text) && text.trim() !== '' && !text.includes('\0'))
    .map((text) => ({ cell: text, sql: quoteText(text) })),
};

const sqlNumber = (value: number): string => (Object.is(value, -0) ? '-0.0' : String(value));

const bytesOf = (values: Float32Array): string => Buffer.from(values.slice().buffer).toString('hex');

describe('encoding', () => {
  test('a text that a model has learned is no missing value to it, whatever it stands for in files by now', () => {
    const encoder = new Encoder([
      { name: 'old', type: 'text', levels: ['a', 'NULL'] },
      { name: 'new', type: 'text', levels: ['a'] },
    ]);
    const out = new Float32Array(2);
    expect(encoder.encode({ old: 'NULL', new: 'NULL' }, new Set(['old', 'new']), 1, out)).toEqual([]);
    expect([...out]).toEqual([1, Number.NaN]);
  });

  test('a record and a row of the table become the same bytes, whatever type, value and column name', async () => {
    const missing = { cell: null, sql: 'NULL' };
    const tables = fc
      .uniqueArray(
        fc.record({
          name: fc.constantFrom(...oddNames),
          type: fc.constantFrom<ColumnType>('integer', 'number', 'boolean', 'date', 'timestamp', 'text'),
          levels: fc.subarray(levels),
        }),
        { minLength: 1, maxLength: 6, selector: ({ name }) => name },
      )
      .chain((columns) =>
        fc.record({
          columns: fc.constant(columns),
          rows: fc.array(
            fc.tuple(
              ...columns.map(({ type }) =>
                fc.oneof({ weight: 4, arbitrary: valueOf[type] }, fc.constant(missing)),
              ),
            ),
            { minLength: 1, maxLength: 8 },
          ),
        }),
      );
    await fc.assert(
      fc.asyncProperty(tables, async ({ columns, rows }) => {
        const features = columns.map(({ name, type, levels: own }) =>
          type === 'text' ? { name, type, levels: own } : { name, type },
        );
        const declared = columns.map(({ name, type }) => `${quoteName(name)} ${duckdbType(type)}`);
        await connection.run(`CREATE OR REPLACE TABLE t (${declared.join(', ')})`);
        for (const row of rows)
          await connection.run(`INSERT INTO t VALUES (${row.map(({ sql }) => sql).join(', ')})`);
        for (const statement of createCodesSql(features)) await connection.run(statement);

        const bySql: string[] = [];
        await streamFloats(
          connection,
          `SELECT ${features.map(featureSql).join(', ')} FROM t`,
          (values, count) => {
            for (let row = 0; row < count; row++)
              bySql.push(bytesOf(Float32Array.from(values, (column) => column[row] ?? 0)));
          },
        );
        const unseenBySql = await rowsOf(
          connection,
          `SELECT ${features.map((feature, i) => `${isUnseenSql(feature)} AS u${i}`).join(', ')} FROM t`,
        );

        const encoder = new Encoder(features);
        const given = new Set(features.map(({ name }) => name));
        rows.forEach((row, index) => {
          const out = new Float32Array(features.length);
          const record: Record<string, Cell> = Object.fromEntries(
            row.map(({ cell }, column) => [features[column]?.name ?? '', cell]),
          );
          const unseen = encoder.encode(record, given, 1, out);
          expect(bytesOf(out)).toBe(bySql[index]);
          const expected = features.flatMap(({ name }, i) =>
            unseenBySql[index]?.[`u${i}`] === true ? [name] : [],
          );
          expect(unseen).toEqual(expected);
        });
      }),
      { numRuns: 120 },
    );
  });

  test('numbers that no float32 can hold are missing; NaN and infinity are refused', () => {
    const encoder = new Encoder([{ name: 'n', type: 'number' }]);
    const out = new Float32Array(1);
    const given = new Set(['n']);
    encoder.encode({ n: 1e300 }, given, 1, out);
    expect(out[0]).toBeNaN();
    for (const n of [Number.NaN, Number.POSITIVE_INFINITY, 'Infinity', '1e999']) {
      expect(() => encoder.encode({ n }, given, 7, out)).toThrow(
        expect.objectContaining({
          code: 'value_not_understood',
          parameters: { row: 7, column: 'n', value: String(n), type: 'number' },
        }),
      );
    }
  });

  test('a column that nobody gives is an error, an absent cell of one that others give is missing', () => {
    const encoder = new Encoder([{ name: 'constructor', type: 'number' }]);
    const out = new Float32Array(1);
    expect(() => encoder.encode({}, new Set(), 1, out)).toThrow(
      expect.objectContaining({ code: 'column_never_seen', parameters: { column: 'constructor' } }),
    );
    encoder.encode({}, new Set(['constructor']), 1, out);
    expect(out[0]).toBeNaN();
  });
});
