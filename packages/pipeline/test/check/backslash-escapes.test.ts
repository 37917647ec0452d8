import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { formatCell } from '../../src/lake/format-cell.ts';
import { doubleEscapedQuotes, escapesByBackslash } from '../../src/understand/backslash-escapes.ts';
import { testFolder, writeFileIn } from '../workspace.ts';

let folder: string;
beforeEach(() => (folder = testFolder()));

/** As MySQL writes a cell: `OPTIONALLY ENCLOSED BY '"' ESCAPED BY '\\'`. */
const mysqlCell = (cell: string | null): string =>
  cell === null ? String.raw`\N` : `"${cell.replace(/["\\\n]/g, String.raw`\$&`)}"`;

const text = fc
  .array(fc.constantFrom('a', 'N', 'ã', '"', '\\', ',', ';', '\n', ' '), { maxLength: 6 })
  .map((characters) => characters.join(''));
const tableOf = <T>(cell: fc.Arbitrary<T>): fc.Arbitrary<T[][]> =>
  fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 20 });

function rewritten(content: string): string {
  const path = writeFileIn(folder, 'escaped.csv', content);
  doubleEscapedQuotes(path, join(folder, 'doubled.csv'));
  return readFileSync(join(folder, 'doubled.csv'), 'utf8');
}

test('what MySQL writes is read as it was', () => {
  fc.assert(
    fc.property(tableOf(fc.option(text)), (rows) => {
      const content = rows.map((cells) => `${cells.map(mysqlCell).join(',')}\n`).join('');
      expect(parse(rewritten(content))).toEqual(rows.map((cells) => cells.map((cell) => cell ?? '')));
    }),
    { numRuns: 300 },
  );
});

test('a text with doubled quotation marks is never taken for one with escaped ones', () => {
  fc.assert(
    fc.property(tableOf(text), fc.constantFrom(',', ';'), fc.boolean(), (rows, delimiter, isAllQuoted) => {
      const cellOf = (cell: string): string =>
        isAllQuoted ? `"${cell.replaceAll('"', '""')}"` : formatCell(cell, delimiter);
      const content = rows.map((cells) => `${cells.map(cellOf).join(delimiter)}\n`).join('');
      expect([content, escapesByBackslash(writeFileIn(folder, 'doubled.csv', content))]).toEqual([
        content,
        false,
      ]);
    }),
    { numRuns: 300 },
  );
});

test('over the border of what is read at a time as well', () => {
  const row = '1,"say \\"hi\\" to C:\\\\dir\\\\",\\N\n';
  const count = Math.ceil((2 << 20) / row.length) + 100;
  for (const shift of ['', '-', '--', '---', '----']) {
    const path = writeFileIn(folder, 'long.csv', `${shift}a,b,c\n${row.repeat(count)}`);
    expect(escapesByBackslash(path)).toBe(true);
    doubleEscapedQuotes(path, join(folder, 'out.csv'));
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe(
      `${shift}a,b,c\n${'1,"say ""hi"" to C:\\dir\\",\n'.repeat(count)}`,
    );
  }
});

test('damaged records are left to the reader', () => {
  expect(rewritten('a,b\n1,"x\\"y"z\n2,"open\\')).toBe('a,b\n1,"x""y"z\n2,"open\\');
  expect(rewritten('a\n\\N')).toBe('a\n');
  expect(rewritten('a\n\\Nx\n\\')).toBe('a\n\\Nx\n\\');
});
