import type { ColumnType } from '@kaefer/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBadCellSql, readCellSql } from '../../src/understand/cell-sql.ts';
import { createCodesSql, featureSql } from '../../src/features/encoder.ts';
import { notUnderstood, parseCell } from '../../src/features/parse-cell.ts';
import { textRelation } from '../../src/sql/connection.ts';
import { rowsOf, testConnection } from '../workspace.ts';

const connection = await testConnection();

/** What the check stage makes of cells, as the feature's number (text as it is): null missing, `bad` refused. */
async function readBySql(type: ColumnType, cells: readonly string[]): Promise<unknown[]> {
  const value = type === 'text' ? 'read' : featureSql({ name: 'read', type });
  for (const statement of createCodesSql([])) await connection.run(statement);
  const rows = await rowsOf(
    connection,
    `SELECT ${isBadCellSql(type, 'v', 'read')} AS bad, read IS NULL AS missing, ${value} AS value
     FROM (SELECT v, ${readCellSql(type, 'v')} AS read FROM ${textRelation(cells)})`,
  );
  return rows.map(({ bad, missing, value: read }) =>
    bad === true ? 'bad' : missing === true ? null : type === 'text' ? read : number(read),
  );
}

/** DuckDB's JSON writes what JSON cannot hold as text. */
const number = (value: unknown): number => (typeof value === 'number' ? value : Number(value));

function readByParser(type: ColumnType, cell: string): unknown {
  const value = parseCell(type, cell);
  if (value === notUnderstood) return 'bad';
  if (typeof value !== 'number') return value;
  const single = Math.fround(value);
  return Number.isFinite(single) ? single : Number.NaN;
}

const space = fc.constantFrom('', '', '', ' ', '\t', '\u00a0', '  ', '\n', '\v', '\u2003', '\u200b');
const padded = (cell: fc.Arbitrary<string>) =>
  fc.tuple(space, cell, space).map(([before, text, after]) => before + text + after);
const digits = (most: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: 0, maxLength: most }).map((list) => list.join(''));
const numberText = fc
  .tuple(
    fc.constantFrom('', '-', '+', '--', 'x'),
    digits(22),
    fc.constantFrom('', '.', ',', '..'),
    digits(6),
    fc.constantFrom('', 'e', 'E', 'e-', 'E+', 'd'),
    digits(4),
  )
  .map((parts) => parts.join(''));
const two = fc.oneof(fc.integer({ min: 0, max: 61 }), fc.constantFrom(1, 2, 12, 28, 29, 30, 31));
const pad = (value: number) => String(value).padStart(2, '0');
const dateText = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(0, 1, 99, 100, 400, 1582, 1900, 1969, 1970, 2000, 2024, 2026, 9999),
      fc.nat(9999),
    ),
    two,
    two,
  )
  .map(([year, month, day]) => `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`);
const timeText = fc
  .tuple(
    dateText,
    fc.constantFrom(' ', 'T', '  ', '', ', '),
    fc.oneof(two.map(pad), fc.constantFrom('0', '1', '9', '12', '00', '012')),
    two,
    fc.option(two, { nil: undefined }),
    fc.oneof(
      fc.constant(''),
      digits(10).map((list) => `.${list}`),
    ),
    fc.constantFrom(
      '',
      '',
      ' AM',
      ' pm',
      'PM',
      '\u202fPM',
      '\u00a0am',
      ' a.m.',
      ' p. m.',
      ' p.m',
      ' xm',
      '  PM',
    ),
    fc.oneof(
      fc.constantFrom(
        '',
        'Z',
        'z',
        '+03',
        '-03:30',
        '+0300',
        ' +05:30',
        ' UTC',
        'UTC',
        '+99:99',
        '-15:59',
        '+5',
      ),
      fc.tuple(two, two).map(([hour, minute]) => `+${pad(hour)}:${pad(minute)}`),
    ),
  )
  .map(([date, gap, hour, minute, second, fraction, half, zone]) =>
    [
      date,
      gap,
      hour,
      ':',
      pad(minute),
      second === undefined ? '' : `:${pad(second)}${fraction}`,
      half,
      zone,
    ].join(''),
  );
const oddText = fc.oneof(
  fc.constantFrom(
    'true',
    'FALSE',
    'True',
    'VERDADEIRO',
    'Falso',
    '#DIV/0!',
    'yes',
    'No',
    'N',
    'NÃO',
    'não',
    'nao',
    'Sim',
    'SİM',
    's',
    'V',
    'f',
    't',
    'On',
    'OFF',
    'ativo',
    '1',
    '0',
    'constructor',
    '__proto__',
    'valueOf',
    'infinity',
  ),
  fc.constantFrom(
    'na',
    'N/A',
    'NaN',
    'null',
    'None',
    '-',
    '#N/A',
    '#n/d',
    '',
    '.',
    'e5',
    '+',
    '1_000',
    '0x10',
  ),
  // The driver drops a byte order mark at a text's start.
  fc.string({ unit: 'binary' }).filter((text) => !/^\ufeff|\0/.test(text)),
);
const cell = padded(fc.oneof(numberText, dateText, timeText, oddText));

const sameFor = async (type: ColumnType, cells: readonly string[]): Promise<void> => {
  const bySql = await readBySql(type, cells);
  cells.forEach((text, index) => {
    expect([text, readByParser(type, text)]).toEqual([text, bySql[index]]);
  });
};

const many = fc.array(cell, { minLength: 40, maxLength: 120 });

describe('a cell of a file and the same text in a record', () => {
  for (const type of ['number', 'boolean', 'timestamp', 'text'] as const) {
    test(`are read alike: ${type}`, async () => {
      await fc.assert(
        fc.asyncProperty(many, (cells) => sameFor(type, cells)),
        { numRuns: 100 },
      );
    });
  }

  /** A record may give a narrower column what a file would have widened it for. */
  for (const [narrow, wide] of [
    ['integer', 'number'],
    ['date', 'timestamp'],
  ] as const) {
    test(`are read alike: ${narrow}, and where a file's column would become ${wide}`, async () => {
      await fc.assert(
        fc.asyncProperty(many, async (cells) => {
          const asNarrow = await readBySql(narrow, cells);
          const asWide = await readBySql(wide, cells);
          cells.forEach((text, index) => {
            const parsed = readByParser(narrow, text);
            if (asNarrow[index] !== 'bad') expect([text, parsed]).toEqual([text, asNarrow[index]]);
            else expect([text, parsed === 'bad']).toEqual([text, asWide[index] === 'bad']);
          });
        }),
        { numRuns: 100 },
      );
    });
  }

  test('times are the moment that a person means, to the microsecond', async () => {
    const moments: Record<string, string> = {
      '2026-06-30 02:15:33 pm': '2026-06-30 14:15:33',
      '2026-06-30 2:15PM': '2026-06-30 14:15:00',
      '2026-06-30, 12:00:00 a.m.': '2026-06-30 00:00:00',
      '2026-06-30 12:00\u202fPM': '2026-06-30 12:00:00',
      '2026-06-30 12:59:59.999999999 PM': '2026-06-30 12:59:59.999999',
      '2026-12-31 23:59:59.999999999': '2026-12-31 23:59:59.999999',
      '1969-12-31T23:59:59.9999999Z': '1969-12-31 23:59:59.999999',
      '2026-06-30T10:00Z': '2026-06-30 10:00:00',
      '2026-06-30 10:00:00 UTC': '2026-06-30 10:00:00',
      '2026-06-30T10:00:00.5-0300': '2026-06-30 13:00:00.5',
      '2026-06-30 02:00:00 AM +05:30': '2026-06-29 20:30:00',
      '2026-12-31 11:00 PM -02': '2027-01-01 01:00:00',
      '2026-06-30 9:05': '2026-06-30 09:05:00',
    };
    const cells = Object.keys(moments);
    const rows = await rowsOf(
      connection,
      `SELECT strftime(${readCellSql('timestamp', 'v')}, '%Y-%m-%d %H:%M:%S.%f') AS read, epoch_us(${readCellSql('timestamp', 'v')}) AS us FROM ${textRelation(cells)}`,
    );
    cells.forEach((text, index) => {
      const moment = moments[text] ?? '';
      const wanted = moment.includes('.') ? moment.padEnd(26, '0') : `${moment}.000000`;
      expect([text, rows[index]?.['read']]).toEqual([text, wanted]);
      expect([text, Math.round(Number(parseCell('timestamp', text)) * 86_400_000_000)]).toEqual([
        text,
        Number(rows[index]?.['us']),
      ]);
    });
    for (const text of [
      '2026-06-30 14:15 PM',
      '2026-06-30 0:15 AM',
      '2026-06-30 24:00',
      '2026-06-30 10:00+25:00',
    ])
      expect(parseCell('timestamp', text)).toBe(notUnderstood);
  });

  test('a whole number has no sign at 0, as in the data; another number keeps its own', async () => {
    for (const type of ['integer', 'number'] as const)
      expect(['-0', '+0', '0'].map((cell) => readByParser(type, cell))).toEqual(
        await readBySql(type, ['-0', '+0', '0']),
      );
    expect(parseCell('integer', '-0')).toBe(0);
    expect(parseCell('number', '-0')).toBe(-0);
  });

  test('JSON values are read as what they are', () => {
    expect(parseCell('number', 5)).toBe(5);
    expect(parseCell('integer', 5.5)).toBe(5.5);
    expect(parseCell('boolean', true)).toBe(1);
    expect(parseCell('boolean', false)).toBe(0);
    expect(parseCell('text', 5)).toBe('5');
    expect(parseCell('text', true)).toBe('true');
    expect(parseCell('date', 5)).toBe(notUnderstood);
    expect(parseCell('number', true)).toBe(notUnderstood);
    expect(parseCell('boolean', 1)).toBe(notUnderstood);
    for (const type of ['integer', 'number', 'boolean', 'date', 'timestamp', 'text'] as const) {
      expect(parseCell(type, null)).toBeNull();
      expect(parseCell(type, undefined)).toBeNull();
      expect(parseCell(type, '')).toBeNull();
    }
  });
});
