import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Reading } from '@kaefer/contracts';
import type { CheckReport } from '../../src/check/report.ts';
import { TestProject } from '../project.ts';
import { rowsOf, testConnection, testFolder } from '../workspace.ts';

const connection = await testConnection();

async function read(
  content: string | Uint8Array,
  reading: Reading,
  key: string | null = 'id',
  target = 'y',
): Promise<{ report: CheckReport; rows: Record<string, unknown>[] }> {
  const project = new TestProject(testFolder(), { task: 'binary', target, key, reading });
  const report = await project.check('u1', content);
  const staged = `FROM read_parquet('${project.folder.upload('u1').staged}')`;
  return { report, rows: report.status === 'valid' ? await rowsOf(connection, staged) : [] };
}
const codes = ({ problems }: CheckReport): string[] => problems.map(({ code }) => code);
const file = (header: string, ...rows: string[]): string =>
  [header, ...rows.map((row, place) => `${row},${place % 2 === 0 ? 'a' : 'b'}`)].join('\n');

describe('what a person said of how files are written', () => {
  const dates = file('id,day,y', '1,01/02/2026', '2,03/04/2026');

  test('decides the order of dates that the file leaves open, and is named', async () => {
    const alone = await read(dates, {});
    expect([codes(alone.report), alone.report.columns[1]]).toMatchObject([
      ['ambiguous_date'],
      { type: 'text' },
    ]);
    for (const [order, first] of [
      ['day_first', '2026-02-01'],
      ['month_first', '2026-01-02'],
    ] as const) {
      const { report, rows } = await read(dates, { dates: order });
      expect(codes(report)).toEqual([]);
      expect(report.columns[1]).toMatchObject({ type: 'date', format: order });
      expect(String(rows[0]?.['day'])).toBe(first);
      expect(report.dialect?.remembered).toEqual(['dates']);
    }
  });

  test('decides also where years have two digits and might stand first', async () => {
    const short = file('id,day,y', '1,01/02/26', '2,31/03/26');
    expect(codes((await read(short, {})).report)).toEqual(['ambiguous_date']);
    const { report, rows } = await read(short, { dates: 'day_first' });
    expect([codes(report), report.columns[1]]).toMatchObject([
      ['short_years'],
      { type: 'date', format: 'day_first' },
    ]);
    expect(rows.map(({ day }) => day)).toEqual(['2026-02-01', '2026-03-31']);
    const kept = await read(short, { dates: 'day_first', asText: ['day'] });
    expect([codes(kept.report), kept.rows[0]?.['day']]).toEqual([[], '01/02/26']);
  });

  test('gives way to what the file proves, and that is said', async () => {
    const { report, rows } = await read(file('id,day,y', '1,01/13/2026', '2,03/04/2026'), {
      dates: 'day_first',
    });
    expect(report.columns[1]).toMatchObject({ type: 'date', format: 'month_first' });
    expect(String(rows[0]?.['day'])).toBe('2026-01-13');
    expect(codes(report)).toEqual(['dates_contradicted']);
    expect(report.dialect?.remembered).toBeUndefined();
    const decimals = file('id,n,y', '1,1.5', '2,2.25');
    const point = await read(decimals, { decimal: 'comma' });
    expect([codes(point.report), point.rows.map(({ n }) => n)]).toEqual([
      ['decimal_contradicted'],
      [1.5, 2.25],
    ]);
  });

  test('decides what a comma and a point in numbers mean', async () => {
    const commas = file('id,n,y', '1,"1,234"', '2,"2,500"');
    expect(codes((await read(commas, {})).report)).toEqual(['ambiguous_comma']);
    const values = async (content: string, decimal: 'comma' | 'point') =>
      (await read(content, { decimal })).rows.map(({ n }) => Number(n));
    expect(await values(commas, 'comma')).toEqual([1.234, 2.5]);
    expect(await values(commas, 'point')).toEqual([1234, 2500]);
    const points = file('id,n,y', '1,1.234', '2,2.500');
    expect(await values(points, 'comma')).toEqual([1234, 2500]);
    expect(await values(points, 'point')).toEqual([1.234, 2.5]);
  });

  test('keeps codes that look like numbers as text', async () => {
    const { report, rows } = await read(file('id,code,y', '1,10', '2,20'), { asText: ['code'] });
    expect(report.columns[1]).toMatchObject({ name: 'code', type: 'text' });
    expect(rows.map(({ code }) => code)).toEqual(['10', '20']);
  });

  test('names the delimiter where two cut the rows alike', async () => {
    const content = 'y;size, inside, outside, y\na;3,1,2,b\nb;4,1,2,a\n';
    expect((await read(content, {}, null)).report.dialect?.delimiter).toBe(',');
    const { report, rows } = await read(content, { delimiter: ';' }, null);
    expect(report).toMatchObject({ status: 'valid', dialect: { delimiter: ';', remembered: ['delimiter'] } });
    expect(rows[0]).toMatchObject({ y: 'a', 'size, inside, outside, y': '3,1,2,b' });
    const other = await read('id,y,n\n1,a,2\n2,b,3\n', { delimiter: ';' });
    expect([other.report.status, codes(other.report)]).toEqual(['valid', ['layout_contradicted']]);
  });

  test('names the line of the header where two could be it', async () => {
    const content = 'Nummer,Wert,Ergebnis\nid,n,y\n1,2,a\n2,3,b\n';
    const found = await read(content, { headerLine: 2 });
    expect(found.report).toMatchObject({ status: 'valid', dialect: { headerLine: 2 }, rows: { total: 2 } });
    const keyless = 'y,n,x\ny,m,z\n1,2,3\n2,3,4\n';
    const first = await read(keyless, {}, null);
    const second = await read(keyless, { headerLine: 2 }, null);
    expect(first.report.columns.map(({ name }) => name)).toEqual(['y', 'n', 'x']);
    expect(second.report.columns.map(({ name }) => name)).toEqual(['y', 'm', 'z']);
    expect(second.report).toMatchObject({
      rows: { total: 2 },
      dialect: { headerLine: 2, remembered: ['headerLine'] },
    });
    const beyond = await read('id,n,y\n1,2,a\n2,3,b\n', { headerLine: 9 });
    expect([beyond.report.status, codes(beyond.report)]).toEqual(['valid', ['layout_contradicted']]);
  });

  test('names the sheet of a workbook', async () => {
    const path = fileURLToPath(new URL('../check-corpus/workbook-several-sheets.xlsx', import.meta.url));
    const bytes = readFileSync(path);
    const alone = await read(bytes, {}, 'id', 'failed');
    const { sheet, sheets = [] } = alone.report.dialect ?? {};
    expect(sheets.length).toBeGreaterThan(1);
    const other = sheets.find((name) => name !== sheet) ?? '';
    const named = await read(bytes, { sheet: other }, 'id', 'failed');
    expect(named.report.dialect).toMatchObject({ sheet: other });
    const gone = await read(bytes, { sheet: 'no such sheet' }, 'id', 'failed');
    expect(gone.report.dialect).toMatchObject({ sheet });
    expect(codes(gone.report)).toContain('layout_contradicted');
  });
});

describe('leading zeros', () => {
  const first = file('id,n,w,y', '1,42,1.5', '2,43,2.5');
  const later = file('id,n,w,y', '3,00042,1.5', '4, 007,02.5', '5,00042,3', '6,-08,0.5', '7,0,0.25');

  test('that a later file has in a column of numbers are told of, with how many and which', async () => {
    const project = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
    await project.add('u1', first);
    const report = await project.check('u2', later);
    expect([report.status, report.rows.rejected]).toEqual(['valid', 0]);
    expect(report.problems).toMatchObject([
      { code: 'leading_zeros', column: 'n', count: 3, examples: [{ value: ' 007' }, { value: '00042' }] },
      { code: 'leading_zeros', column: 'w', count: 1, value: '02.5' },
    ]);
    const staged = `FROM read_parquet('${project.folder.upload('u2').staged}')`;
    expect(await rowsOf(connection, `SELECT n::INTEGER AS n, w ${staged}`)).toEqual([
      { n: 42, w: 1.5 },
      { n: 7, w: 2.5 },
      { n: 42, w: 3 },
      { n: -8, w: 0.5 },
      { n: 0, w: 0.25 },
    ]);
  });

  test('make text of a column that is new', async () => {
    const { report, rows } = await read(file('id,n,y', '1,00042', '2,43'), {});
    expect([codes(report), rows.map(({ n }) => n)]).toEqual([[], ['00042', '43']]);
  });
});

describe('numbers that nobody wrote as a text', () => {
  test('are what they are, whatever was said of how files are written', async () => {
    const folder = testFolder();
    const rows = `(SELECT i::VARCHAR AS id, (i + 0.5)::DECIMAL(13, 3) AS n, i + 0.125 AS m, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS y FROM range(8) r(i))`;
    for (const format of ['parquet', 'json']) {
      const path = `${folder}/rows.${format}`;
      await connection.run(`COPY ${rows} TO '${path}' (FORMAT ${format})`);
      const { report, rows: found } = await read(readFileSync(path), { decimal: 'comma' });
      expect(codes(report), format).toEqual([]);
      const values = found.map(({ n, m }) => [Number(n), Number(m)]);
      expect(values, format).toEqual(Array.from({ length: 8 }, (_, i) => [i + 0.5, i + 0.125]));
    }
  });
});

describe('between commas', () => {
  test('a column that proves the decimal mark tells it of the others, also of those that could be read as they are', async () => {
    const comma = file('id,a,b,y', '1,"2.933","0,5"', '2,"1.845","2,5"');
    expect((await read(comma, {})).rows.map(({ a, b }) => [Number(a), b])).toEqual([
      [2933, 0.5],
      [1845, 2.5],
    ]);
    const point = file('id,a,e,y', '1,"1,234",0.5', '2,"2,500",0.25');
    const { report, rows } = await read(point, {});
    expect([codes(report), rows.map(({ a, e }) => [Number(a), e])]).toEqual([
      [],
      [
        [1234, 0.5],
        [2500, 0.25],
      ],
    ]);
  });
});

test('a column without a value in the first 20,000 rows is what its later values are', async () => {
  const rows = Array.from({ length: 21_000 }, (_, row) =>
    row < 20_500 ? `${row};;;` : `${row};${row % 7},5;25/01/2024;Sim`,
  );
  const content = [
    'id;n;day;told;y',
    ...rows.map((row, place) => `${row};${place % 2 === 0 ? 'a' : 'b'}`),
  ].join('\n');
  const { report } = await read(content, {});
  expect(report.columns.map(({ type }) => type).slice(1, 3)).toEqual(['number', 'date']);
  expect(report.status).toBe('valid');
});
