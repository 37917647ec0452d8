import type { CellFormat, ColumnType } from '@kaefer/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatsOf, plainCell } from '../../src/features/cell-formats.ts';
import { featureSql } from '../../src/features/encoder.ts';
import { notUnderstood, parseCell } from '../../src/features/parse-cell.ts';
import { textRelation } from '../../src/sql/connection.ts';
import { isBadCellSql, readCellSql } from '../../src/understand/cell-sql.ts';
import { rowsOf, testConnection } from '../workspace.ts';

const connection = await testConnection();

async function readBySql(type: ColumnType, format: CellFormat, cells: readonly string[]): Promise<unknown[]> {
  const rows = await rowsOf(
    connection,
    `SELECT ${isBadCellSql(type, 'v', 'read')} AS bad, read IS NULL AS missing, ${featureSql({ name: 'read', type })} AS value
     FROM (SELECT v, ${readCellSql(type, 'v', format)} AS read FROM ${textRelation(cells)})`,
  );
  return rows.map(({ bad, missing, value }) =>
    bad === true ? 'bad' : missing === true ? null : Number(value),
  );
}

function readByParser(type: ColumnType, format: CellFormat, cell: string): unknown {
  const plain = plainCell(type, format, cell);
  const value =
    plain === undefined ? (parseCell(type, cell) === null ? null : notUnderstood) : parseCell(type, plain);
  return value === notUnderstood ? 'bad' : typeof value === 'number' ? Math.fround(value) : value;
}

const digits = (least: number, most: number) =>
  fc
    .array(fc.constantFrom(...'0123456789'), { minLength: least, maxLength: most })
    .map((list) => list.join(''));
const mark = fc.constantFrom('', '.', ',');
const numberText = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    digits(0, 4),
    mark,
    digits(0, 3),
    mark,
    digits(0, 3),
    mark,
    digits(0, 4),
  )
  .map((parts) => parts.join(''));
const small = fc.integer({ min: 0, max: 33 }).map(String);
const gap = fc.constantFrom('/', '-', '.', ' ', '');
const clock = fc.oneof(
  fc.constant(''),
  fc
    .tuple(
      fc.constantFrom(' ', 'T', ', ', ' '),
      small,
      small,
      fc.constantFrom('', ':07', ':59.25', ':61', ':59.999999999'),
      fc.constantFrom('', '', ' AM', ' PM', 'pm', '\u202fPM', ' p. m.', ' XM'),
      fc.constantFrom('', '', 'Z', '+02:00', '-0300', ' +05:30', ' UTC', '+24:00'),
    )
    .map(
      ([between, hour, minute, ...rest]) => `${between}${hour}:${minute.padStart(2, '0')}${rest.join('')}`,
    ),
);
const dateText = fc
  .tuple(small, gap, small, gap, fc.oneof(digits(4, 4), digits(2, 2)), clock)
  .map((parts) => parts.join(''));
const space = fc.constantFrom('', '', '', ' ', '\t', '\n', '\u00a0');
const cell = fc
  .tuple(
    space,
    fc.oneof(numberText, dateText, fc.constantFrom('', '-', 'NA', '5 kg', 'R$ 5,00', '#N/D')),
    space,
  )
  .map((parts) => parts.join(''));

describe('a cell that is not written plainly', () => {
  for (const type of ['integer', 'number', 'date', 'timestamp'] as const) {
    for (const format of formatsOf(type).filter((each) => each !== 'plain')) {
      test(`is read alike in a file and in a record: ${type}, ${format}`, async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(cell, { minLength: 60, maxLength: 120 }), async (cells) => {
            const bySql = await readBySql(type, format, cells);
            cells.forEach((text, index) =>
              expect([text, readByParser(type, format, text)]).toEqual([text, bySql[index]]),
            );
          }),
          { numRuns: 60 },
        );
      });
    }
  }

  test('is the value that a person means', () => {
    expect(plainCell('number', 'decimal_comma', '1.234.567,5')).toBe('1234567.5');
    expect(plainCell('number', 'decimal_comma', '1.5')).toBeUndefined();
    expect(plainCell('number', 'grouped_point', '-1,234.5')).toBe('-1234.5');
    expect(plainCell('number', 'grouped_point', '12,34')).toBeUndefined();
    expect(plainCell('date', 'day_first', ' 5/2/2026 ')).toBe('2026-02-05');
    expect(plainCell('date', 'month_first', '5/2/2026')).toBe('2026-05-02');
    expect(plainCell('timestamp', 'day_first', '31.12.2026 7:05:09')).toBe('2026-12-31 07:05:09');
    expect(plainCell('timestamp', 'month_first', '6/30/2026, 2:15 PM')).toBe('2026-06-30, 02:15 PM');
    expect(plainCell('timestamp', 'day_first', '30/06/2026 22:30 -03:00')).toBe('2026-06-30 22:30 -03:00');
    expect(plainCell('timestamp', 'day_first', '30/06/2026 22:30 PM')).toBeUndefined();
    expect(plainCell('date', 'day_first', '5/2/26')).toBe('2026-02-05');
    expect(plainCell('date', 'day_first', '5/2/68')).toBe('2068-02-05');
    expect(plainCell('date', 'day_first', '5/2/69')).toBe('1969-02-05');
    expect(plainCell('date', 'day_first', '5.2.26')).toBeUndefined();
  });
});
