import fc from 'fast-check';
import { expect, test } from 'vitest';
import { delimiterOf, formatCsv, parseCsv } from './csv.ts';
import { nameWith, readScoredFile, sortedCsv } from './scored-file.ts';

test('the delimiter is taken from the header, quoted text aside', () => {
  expect(delimiterOf('a;"b,c,d";e\n1,5;2;3')).toBe(';');
  expect(delimiterOf('a\tb\n')).toBe('\t');
  expect(delimiterOf('alone\n')).toBe(',');
});

test('quotes, line ends and a byte order mark are understood', () => {
  expect(parseCsv('\ufeffa,b\r\n"x ""y"", z","two\nlines"\r\n', ',')).toEqual([
    ['a', 'b'],
    ['x "y", z', 'two\nlines'],
  ]);
});

test('what is written is read back the same', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', ' ', 'é') });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 });
  fc.assert(
    fc.property(table, (rows) => {
      expect(parseCsv(formatCsv(rows, ';'), ';')).toEqual(rows);
    }),
  );
});

test('rows come by risk, those without a score last', () => {
  const file = readScoredFile('f.csv', 'key;score;label;model\na;0,2;ok;3\nb;;;3\nc;0,9;bad;3\nd;0,2;ok;3\n');
  expect(file.sorted.map((row) => row[0])).toEqual(['c', 'a', 'd', 'b']);
  expect(file.header[file.label]).toBe('label');
  expect(sortedCsv(file)).toBe('key;score;label;model\nc;0,9;bad;3\na;0,2;ok;3\nd;0,2;ok;3\nb;;;3\n');
});

test('names of files keep their ending', () => {
  expect(nameWith('april.csv', 'scored')).toBe('april-scored.csv');
  expect(nameWith('april', 'scored')).toBe('april-scored.csv');
  expect(nameWith('april.1.xlsx', 'scored')).toBe('april.1-scored.csv');
  expect(nameWith('april.csv.gz', 'scored')).toBe('april-scored.csv');
  expect(nameWith('2026.04', 'scored')).toBe('2026.04-scored.csv');
});
