import { describe, expect, test } from 'vitest';
import type { CheckReport } from '../../src/check/report.ts';
import { formatsOfFiles } from '../../src/understand/proven-formats.ts';
import { TestProject } from '../project.ts';
import { rowsOf, testConnection, testFolder } from '../workspace.ts';

const connection = await testConnection();
const codes = ({ problems }: CheckReport): string[] => problems.map(({ code }) => code);

const file = (mark: string, names: string, ...rows: string[]): string =>
  [names, ...rows].map((row) => row.replaceAll('|', mark)).join('\n');
/** Weeks whose second is open: days up to the 12th, three digits after the point. */
const telling = file(';', 'id|day|weight|y', '1|31/01/2026|1.234,5|a', '2|01/02/2026|2.000|b');
const open = file(';', 'id|day|weight|y', '3|03/02/2026|1.234|a', '4|04/02/2026|2.500|b');

async function project(...before: string[]): Promise<TestProject> {
  const made = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
  for (const [index, content] of before.entries()) await made.add(`b${index}`, content);
  return made;
}

async function read(
  of: TestProject,
  content: string,
): Promise<{ report: CheckReport; values: [string, unknown][] }> {
  const report = await of.check('u', content);
  const rows = await rowsOf(
    connection,
    `SELECT day::VARCHAR AS day, weight FROM read_parquet('${of.folder.upload('u').staged}') ORDER BY id`,
  );
  return { report, values: rows.map(({ day, weight }) => [String(day), weight]) };
}

describe('what a file leaves open', () => {
  test('is decided as merged files have proven it, and that is said', async () => {
    const { report, values } = await read(await project(telling), open);
    expect(codes(report)).toEqual([]);
    expect(values).toEqual([
      ['2026-02-03', 1234],
      ['2026-02-04', 2500],
    ]);
    expect(report.dialect?.asBefore?.toSorted()).toEqual(['dates', 'decimal']);
    expect(report.proven).toBeUndefined();
  });

  test('is assumed where nothing was proven, and what was assumed proves nothing', async () => {
    const first = await read(await project(), open);
    expect(codes(first.report).sort()).toEqual(['ambiguous_point', 'date_order_assumed']);
    const second = await read(await project(open), open.replace('3|', '5|'));
    expect(codes(second.report).sort()).toEqual(['ambiguous_point', 'date_order_assumed']);
    expect(second.report.dialect?.asBefore).toBeUndefined();
  });

  test('is decided by the file itself or a person first', async () => {
    const other = file(';', 'id|day|weight|y', '5|01/31/2026|1.234|a', '6|02/03/2026|0.5|b');
    const own = await read(await project(telling), other);
    expect(own.report.dialect?.asBefore).toBeUndefined();
    expect(own.values).toEqual([
      ['2026-01-31', 1.234],
      ['2026-02-03', 0.5],
    ]);
    const told = new TestProject(testFolder(), {
      task: 'binary',
      target: 'y',
      key: 'id',
      reading: { decimal: 'point', dates: 'month_first' },
    });
    await told.add('b0', telling);
    const { report, values } = await read(told, open);
    expect([report.dialect?.asBefore, report.dialect?.remembered]).toEqual([undefined, ['decimal', 'dates']]);
    expect(values[0]).toEqual(['2026-03-02', 1.234]);
  });

  test('is not made of points between commas', async () => {
    const { report, values } = await read(await project(telling), open.replaceAll(';', ','));
    expect(values.map(([, weight]) => weight)).toEqual([1.234, 2.5]);
    expect(report.dialect?.asBefore).toEqual(['dates']);
  });
});

test('files that prove both ways tell nothing; a column goes before the others', () => {
  const earlier = formatsOfFiles([
    { proven: { a: 'comma', d: 'day_first' }, offsets: { t: 'with', u: 'with' } },
    { proven: { b: 'point', d: 'day_first' }, offsets: { t: 'with', u: 'without' } },
    { proven: { c: 'point' } },
    { proven: { c: 'comma' } },
  ]);
  expect(earlier).toMatchObject({ mark: undefined, dates: 'day_first' });
  expect(['t', 'u'].map((name) => earlier.columns.get(name)?.offsets)).toEqual(['with', undefined]);
  expect(['a', 'b', 'c', 'd'].map((name) => earlier.columns.get(name))).toEqual([
    { mark: 'comma' },
    { mark: 'point' },
    {},
    { dates: 'day_first' },
  ]);
});

test('whole numbers prove no decimal point for other columns', async () => {
  const { report } = await read(
    await project(),
    file(';', 'id|day|weight|pieces|y', '1|2026-01-31|1.234|12345|a', '2|2026-02-01|2.500|23456|b'),
  );
  expect(codes(report)).toEqual(['ambiguous_point']);
});
