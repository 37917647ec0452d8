import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findBlankLines } from '../../src/understand/blank-lines.ts';
import { inspectDraft } from '../../src/check/inspect-draft.ts';
import { findEncoding } from '../../src/understand/text-encoding.ts';
import { UploadFolder } from '../../src/lake/layout.ts';
import { quoteText } from '../../src/sql/quote.ts';
import {
  fileLimits,
  rowsOf,
  testConnection,
  testFolder,
  withFreshConnection,
  writeFileIn,
} from '../workspace.ts';
import { checkFirstFile } from './check-first-file.ts';

const connection = await testConnection();

/** No line breaks of two kinds in one file, which DuckDB refuses, and no byte order mark, which its driver drops. */
const cellText = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(',', ';', '"', '\n', ' ', 'a', '1', 'é', '😀'),
      fc.string({ unit: 'grapheme', maxLength: 1 }),
    ),
    maxLength: 6,
  })
  .filter((text) => !/[\r\0\ufeff]/.test(text));
const dialect = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  bom: fc.boolean(),
  lastLineEnd: fc.boolean(),
  crlf: fc.boolean(),
});
const table = fc.record({
  width: fc.integer({ min: 1, max: 4 }),
  rows: fc.array(
    fc.tuple(
      ...Array.from({ length: 4 }, () => fc.record({ text: cellText, quoted: fc.boolean() })),
      fc.nat(2),
    ),
    { minLength: 1, maxLength: 12 },
  ),
  dialect,
});

describe('a table written as CSV', () => {
  test('comes out as it went in, whatever its cells, quoting, delimiter, line ends and empty lines', async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ width, rows, dialect: { delimiter, bom, lastLineEnd, crlf } }) => {
        const end = crlf ? '\r\n' : '\n';
        const lines = [['key', ...Array.from({ length: width }, (_, i) => `c${i}`), 'y'].join(delimiter)];
        const expected: { line: number; cells: (string | null)[] }[] = [];
        rows.forEach((row, index) => {
          const blanks = row[4] as number;
          const cells = row.slice(0, width) as { text: string; quoted: boolean }[];
          for (let blank = 0; blank < blanks; blank++) lines.push('');
          const written = cells.map(({ text, quoted }) =>
            quoted || new RegExp(`["\\n${delimiter === '|' ? '\\|' : delimiter}]`).test(text)
              ? `"${text.replaceAll('"', '""')}"`
              : text,
          );
          lines.push([`k${index}`, ...written, index % 2 === 0 ? 'yes' : 'no'].join(delimiter));
          const values = cells.map(({ text }) => (/^\p{Zs}*$/u.test(text) ? null : text));
          expected.push({ line: lines.length, cells: [`k${index}`, ...values] });
        });
        const text = (bom ? '\ufeff' : '') + lines.join(end) + (lastLineEnd ? end : '');
        const folder = new UploadFolder(testFolder());
        const path = writeFileIn(folder.path, 'received.csv', text);
        // The columns are the table's texts: what a type's text stands for is another test.
        const report = await checkFirstFile(folder, {
          task: 'binary',
          target: 'y',
          positive: 'yes',
          key: 'key',
        });
        expect([report.status, report.dialect?.delimiter, report.rows.rejected]).toEqual([
          'valid',
          delimiter,
          0,
        ]);
        const typed = report.columns.filter(({ type }) => type !== 'text').map(({ name }) => name);
        const staged = await rowsOf(
          connection,
          `SELECT * EXCLUDE (_rejected) FROM read_parquet(${quoteText(folder.staged)})`,
        );
        const texts = staged.map((row) =>
          Object.entries(row).map(([name, value]) => (typed.includes(name) ? 'typed' : value)),
        );
        const names = ['key', ...Array.from({ length: width }, (_, i) => `c${i}`)];
        expect(texts).toEqual(
          expected.map(({ cells }, index) => [
            ...cells.map((cell, column) => (typed.includes(names[column] ?? '') ? 'typed' : cell)),
            index % 2 === 0 ? 'yes' : 'no',
          ]),
        );
        const skipped = new Set(lines.flatMap((line, index) => (line === '' ? [index + 1] : [])));
        if (report.dialect !== null) expect(new Set(findBlankLines(path, report.dialect))).toEqual(skipped);
      }),
      { numRuns: 60 },
    );
  });

  test('leading zeros far down in a column of numbers still make it text', async () => {
    const folder = new UploadFolder(testFolder());
    const lines = Array.from(
      { length: 60_000 },
      (_, i) => `k${i},${i === 59_000 ? '00042' : i},${'ab'[i % 2]}`,
    );
    writeFileIn(folder.path, 'received.csv', `id,x,y\n${lines.join('\n')}\n`);
    const report = await checkFirstFile(folder, { task: 'binary', target: 'y', key: 'id' });
    expect([report.status, report.rows.rejected]).toEqual(['valid', 0]);
    const staged = await rowsOf(
      connection,
      `SELECT x FROM read_parquet(${quoteText(folder.staged)}) WHERE id IN ('k59000', 'k59001') ORDER BY id`,
    );
    expect(staged).toEqual([{ x: '00042' }, { x: '59001' }]);
  });

  test('thousands of ragged rows are all counted, and the rows between them keep their lines', async () => {
    const folder = new UploadFolder(testFolder());
    const lines = Array.from({ length: 6000 }, (_, i) =>
      i % 2 === 0 ? `${i}` : i === 5999 ? ',1,a' : `${i},${i},${i % 4 === 1 ? 'a' : 'b'}`,
    );
    writeFileIn(folder.path, 'received.csv', `id,x,y\n${lines.join('\n')}\n`);
    const report = await checkFirstFile(folder, { task: 'binary', target: 'y', key: 'id' });
    expect(report.rows).toMatchObject({ total: 6000, new: 2999, rejected: 3001 });
    expect(report.problems).toMatchObject([
      { code: 'structure', count: 3000, line: 2 },
      { code: 'key_missing', count: 1, line: 6001 },
    ]);
  });

  test('a cell of a megabyte is read', async () => {
    const folder = new UploadFolder(testFolder());
    const large = 'x'.repeat(1 << 20);
    writeFileIn(folder.path, 'received.csv', `id,x,y\n1,${large},a\n2,small,b\n`);
    const report = await checkFirstFile(folder, { task: 'binary', target: 'y', key: 'id' });
    expect(report).toMatchObject({ status: 'valid', rows: { total: 2, new: 2, rejected: 0 } });
    const [first] = await rowsOf(connection, `SELECT x FROM read_parquet(${quoteText(folder.staged)})`);
    expect(first?.['x']).toBe(large);
  });
});

describe('the text of a file', () => {
  test('is UTF-8 also where a block ends within a character, and a wrong byte is found anywhere', () => {
    const folder = testFolder();
    const block = 4 << 20;
    for (const before of [block - 3, block - 2, block - 1, block]) {
      const good = Buffer.concat([Buffer.alloc(before, 'a'), Buffer.from('😀é\n')]);
      expect(findEncoding(writeFileIn(folder, 'good.csv', good))).toBe('utf-8');
      for (const [bad, rest] of [
        [[0xf0, 0x9f, 0x98], ''],
        [[0x80, 0x81], ''],
        [[0xe9], '\u0001'],
        [[0xe9], 'é'.repeat(20)],
      ] as const) {
        const bytes = Buffer.concat([Buffer.alloc(before, 'a'), Buffer.from(bad), Buffer.from(rest)]);
        expect(findEncoding(writeFileIn(folder, 'bad.csv', bytes))).toMatchObject({
          problem: { code: 'not_utf8', parameters: { position: before } },
        });
      }
      const latin = Buffer.concat([Buffer.alloc(before, 'a'), Buffer.from([0xe9, 0xe7, 0xe3, 0x0a])]);
      expect(findEncoding(writeFileIn(folder, 'latin.csv', latin))).toBe('windows-1252');
    }
  });
});

describe('a first file, before there is a project', () => {
  const inspect = async (content: string) => {
    const folder = new UploadFolder(testFolder());
    writeFileIn(folder.path, 'received.csv', content);
    return withFreshConnection((fresh) => inspectDraft(fresh, folder, fileLimits));
  };

  test('gets likely targets, keys and dates', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) =>
        `V${i},${i * 3},2026-01-${String((i % 28) + 1).padStart(2, '0')},${'abc'[i % 3]},${i % 5 === 0 ? 'fail' : 'ok'}`,
    );
    const report = await inspect(`KNR,minutes,built,colour,test\n${rows.join('\n')}\n`);
    expect(report).toMatchObject({
      rows: 60,
      problems: [],
      suggestions: { keys: ['KNR', 'minutes'], dates: ['built'] },
    });
    expect(report.suggestions.targets[0]).toEqual({ column: 'test', task: 'binary', positive: 'fail' });
    expect(report.columns[3]).toMatchObject({
      name: 'colour',
      type: 'text',
      distinct: 3,
      missing: 0,
      examples: [
        { value: 'a', count: 20 },
        { value: 'b', count: 20 },
        { value: 'c', count: 20 },
      ],
    });
  });

  test('is refused with a reason when no table can be made of it', async () => {
    for (const [content, code] of [
      ['', 'empty_file'],
      ['a,a\n1,2\n', 'duplicate_column'],
      ['a,b\n', 'no_rows'],
      ['a,"b\n1,2\n', 'unreadable'],
    ] as const)
      expect((await inspect(content)).problems).toMatchObject([{ code }]);
  });

  test('says how many rows have another form', async () => {
    expect((await inspect('a,b\n1,2\n3\n4,5,6\n')).problems).toMatchObject([
      { code: 'structure', line: 3, count: 2, value: '3' },
    ]);
  });
});
