import fc from 'fast-check';
import { scanSql } from '@kaefer/deltalake';
import { describe, expect, test } from 'vitest';
import { partOf } from '../src/features/split.ts';
import { findCurrentTable, findTable } from '../src/lake/project-table.ts';
import { csvOf, TestProject, type Row } from './project.ts';
import { rowsOf, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();

async function tableRows(project: TestProject): Promise<Record<string, unknown>[]> {
  const current = await findCurrentTable(project.folder.table);
  return current === undefined ? [] : rowsOf(connection, scanSql(current.table, current.snapshot));
}

const keyed = (path: string) => new TestProject(path, { task: 'binary', target: 'y', key: 'id' });

interface StoredRow {
  readonly values: Readonly<Record<string, string | null>>;
  readonly upload: string;
  readonly line: number;
}

/** Uploads of random rows: some columns missing, keys repeated within and across files, ragged and empty lines between. */
const cell = fc.constantFrom('', '1', '2', 'a', 'b "q"', 'x,y');
const uploads = fc.array(
  fc.record({
    columns: fc.subarray(['p', 'q', 'r'], { minLength: 1 }),
    rows: fc.array(
      fc.record({
        id: fc.integer({ min: 0, max: 7 }),
        p: cell,
        q: cell,
        r: cell,
        before: fc.constantFrom('', '', '', 'broken', 'blank'),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Columns that a text is never mistaken for another type in: every value is a text for sure. */
const asText = (value: string): string | null => (value === '' ? null : `t${value}`);

function csvWithLines(
  columns: readonly string[],
  rows: readonly { id: number; before: string; p: string; q: string; r: string }[],
  keyName: string | null,
): { content: string; lineOf: number[] } {
  const names = [...(keyName === null ? [] : [keyName]), ...columns, 'y'];
  const lines = [names.join(',')];
  const lineOf = rows.map(({ id, before, ...cells }) => {
    if (before === 'broken') lines.push('broken');
    if (before === 'blank') lines.push('');
    const values = columns.map((column) => {
      const text = asText(cells[column as 'p' | 'q' | 'r']) ?? '';
      return `"${text.replaceAll('"', '""')}"`;
    });
    lines.push([...(keyName === null ? [] : [`k${id}`]), ...values, id % 2 === 0 ? 'no' : 'yes'].join(','));
    return lines.length;
  });
  return { content: `${lines.join('\n')}\n`, lineOf };
}

describe('merging by key', () => {
  test('a number of too many digits in a column of whole numbers is rejected, not rounded', async () => {
    const project = keyed(testFolder());
    await project.add('u1', 'id,n,y\n1,5,a\n2,6,b\n');
    const { report } = await project.add('u2', 'id,n,y\n3,1234567890123456789,a\n4,7,b\n5,8,a\n');
    expect(report.rows).toMatchObject({ new: 2, rejected: 1 });
    expect(report.problems).toMatchObject([{ code: 'too_many_digits', value: '1234567890123456789' }]);
    expect(report.columns[1]).toMatchObject({ name: 'n', type: 'integer' });
  });

  test('a later file may write its numbers and dates in another way', async () => {
    const project = keyed(testFolder());
    await project.add('u1', 'id,n,x,d,y\n1,5,1.5,2026-01-31,a\n2,6,2.25,2026-02-01,b\n');
    const { report } = await project.add(
      'u2',
      'id;n;x;d;y\n2;6;2,25;01/02/2026;b\n3;1.007;0,5;15/02/2026;a\n',
    );
    expect([report.problems, report.rows]).toMatchObject([[], { new: 1, unchanged: 1, rejected: 0 }]);
    const quoted = await project.add('u3', 'id,n,x,d,y\n4,8,"1,75",28/02/2026,a\n1,5,"1,5",31/01/2026,b\n');
    expect([quoted.report.problems, quoted.report.rows]).toMatchObject([
      [],
      { new: 1, updated: 1, rejected: 0 },
    ]);
    const rows = (await tableRows(project)).sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
    expect(rows.map(({ id, n, x, d }) => [id, Number(n), x, d])).toEqual([
      ['1', 5, 1.5, '2026-01-31'],
      ['2', 6, 2.25, '2026-02-01'],
      ['3', 1007, 0.5, '2026-02-15'],
      ['4', 8, 1.75, '2026-02-28'],
    ]);
  });

  test('does what a map does, counts it, and again changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(uploads, async (files) => {
        const project = keyed(testFolder());
        const model = new Map<string, StoredRow>();
        const known = new Set<string>();
        for (const [index, { columns, rows }] of files.entries()) {
          const id = `u${index}`;
          const { content, lineOf } = csvWithLines(columns, rows, 'id');
          const counts = { new: 0, updated: 0, unchanged: 0 };
          for (const column of columns) known.add(column);
          const last = new Map(rows.map((row, place) => [`k${row.id}`, place]));
          for (const [key, place] of last) {
            const row = rows[place];
            if (row === undefined) continue;
            const values: Record<string, string | null> = { y: row.id % 2 === 0 ? 'no' : 'yes' };
            for (const column of columns) values[column] = asText(row[column as 'p' | 'q' | 'r']);
            const before = model.get(key);
            const after = { ...before?.values, ...values };
            const differs = Object.entries(values).some(
              ([name, value]) => (before?.values[name] ?? null) !== value,
            );
            if (before === undefined) counts.new++;
            else if (differs) counts.updated++;
            else counts.unchanged++;
            if (before === undefined || differs)
              model.set(key, { values: after, upload: id, line: lineOf[place] ?? 0 });
          }
          const merged = await project.add(id, content);
          expect(merged.report.rows).toMatchObject(counts);
          expect(merged).toMatchObject(counts);
          const again = await project.merge(id);
          expect(again).toEqual({ version: merged.version, ...counts });
          const stored = (await tableRows(project)).map(({ id: key, _upload, _line, _part, ...values }) => [
            key,
            { values, upload: _upload, line: Number(_line), part: _part },
          ]);
          const expected = [...model].map(([key, row]) => [
            key,
            {
              ...row,
              part: partOf(project.split, key),
              values: Object.fromEntries([...known, 'y'].map((name) => [name, row.values[name] ?? null])),
            },
          ]);
          expect(new Map(stored as [string, unknown][])).toEqual(new Map(expected as [string, unknown][]));
          expect(stored).toHaveLength(expected.length);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('new columns grow the table, missing ones keep their values, integers and dates widen', async () => {
    const project = keyed(testFolder());
    await project.add('u1', 'id,n,d,y\n1,5,2026-01-01,a\n2,6,2026-01-02,b\n');
    const second = await project.add(
      'u2',
      'id,n,d,extra,y\n2,6.5,2026-01-02T03:00:00Z,new,b\n3,7,2026-01-03,,a\n',
    );
    expect(second.report.problems.map(({ code, column }) => [code, column])).toEqual([
      ['type_widened', 'n'],
      ['type_widened', 'd'],
      ['mixed_offsets', 'd'],
      ['new_column', 'extra'],
    ]);
    const third = await project.add('u3', 'id,y\n1,b\n');
    expect(third.report.problems.map(({ code }) => code)).toEqual([
      'target_constant',
      'missing_column',
      'missing_column',
      'missing_column',
    ]);
    const rows = (await tableRows(project)).sort((a, b) => String(a['id']).localeCompare(String(b['id'])));
    expect(rows).toMatchObject([
      { id: '1', n: 5, extra: null, y: 'b', _upload: 'u3', _line: '2' },
      { id: '2', n: 6.5, extra: 'new', y: 'b', _upload: 'u2', _line: '2' },
      { id: '3', n: 7, extra: null, y: 'a', _upload: 'u2', _line: '3' },
    ]);
    expect(rows.map(({ d }) => String(d))).toEqual([
      '2026-01-01 00:00:00+00',
      '2026-01-02 03:00:00+00',
      '2026-01-03 00:00:00+00',
    ]);
    expect((await findTable(project.folder.table)) !== undefined).toBe(true);
  });

  test('whole numbers that decimals would round stay whole numbers; rows with decimals are rejected', async () => {
    const project = keyed(testFolder());
    await project.add('u1', 'id,n,y\n1,9007199254740993,a\n2,6,b\n');
    const { report } = await project.add('u2', 'id,n,y\n2,6.5,b\n3,7,a\n');
    expect(report.rows).toMatchObject({ total: 2, rejected: 1 });
    expect(report.problems.map(({ code, column }) => [code, column])).toContainEqual(['not_an_integer', 'n']);
    const rows = (await tableRows(project)).sort((a, b) => String(a['id']).localeCompare(String(b['id'])));
    expect(rows.map(({ id, n }) => [id, String(n)])).toEqual([
      ['1', '9007199254740993'],
      ['2', '6'],
      ['3', '7'],
    ]);
  });

  test('an upload that is not valid, or that was never checked, is refused', async () => {
    const project = keyed(testFolder());
    await project.check('bad', 'id,x\n1,2\n');
    await expect(project.merge('bad')).rejects.toMatchObject({
      code: 'upload_not_usable',
      parameters: { upload: 'bad', status: 'invalid' },
    });
    await expect(project.merge('never')).rejects.toMatchObject({
      code: 'upload_not_usable',
      parameters: { status: 'unchecked' },
    });
    expect(await findTable(project.folder.table)).toBeUndefined();
  });
});

describe('merging without a key', () => {
  test('appends every row in its order, and again changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(uploads, async (files) => {
        const project = new TestProject(testFolder(), { task: 'multiclass', target: 'y' });
        const expected: unknown[] = [];
        for (const [index, { columns, rows }] of files.entries()) {
          const id = `u${index}`;
          const { content, lineOf } = csvWithLines(columns, rows, null);
          const broken = rows.filter(({ before }) => before === 'broken').length;
          const merged = await project.add(id, content);
          expect(merged).toMatchObject({ new: rows.length, updated: 0, unchanged: 0 });
          expect(merged.report.rows).toMatchObject({ total: rows.length + broken, rejected: broken });
          expect(await project.merge(id)).toEqual({
            version: merged.version,
            new: rows.length,
            updated: 0,
            unchanged: 0,
          });
          lineOf.forEach((line) => expected.push([id, line]));
        }
        const stored = await tableRows(project);
        expect(stored.map(({ _upload, _line }) => [_upload, Number(_line)])).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  test('the same row has the same digest in any upload, whatever the order of columns or columns added later', async () => {
    const project = new TestProject(testFolder(), { task: 'binary', target: 'y' });
    const row: Row = { a: 'one', b: 2, y: 'no' };
    await project.add('u1', csvOf([row, { a: 'two', b: null, y: 'yes' }]));
    await project.add('u2', 'y,b,a\nno,2,one\nyes,,two\n');
    await project.add('u3', 'a,b,c,y\none,2,,no\ntwo,,,yes\n');
    const digests = (await tableRows(project)).map(({ _row }) => String(_row));
    expect(new Set(digests).size).toBe(2);
    expect(digests[0]).toBe(digests[2]);
    expect(digests[1]).toBe(digests[5]);
  });
});
