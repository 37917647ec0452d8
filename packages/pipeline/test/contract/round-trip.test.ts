import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { plainAgain, plainAgainSql, safeCell, safeCellSql } from '../../src/lake/safe-cell.ts';
import { quoteText } from '../../src/sql/quote.ts';
import { rowsOf, testConnection, testFolder } from '../workspace.ts';
import { TestProject } from '../project.ts';

const connection = await testConnection();

const texts = fc
  .array(fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '1', '.', ',', 'e', 'SUM(A1)', 'é', '"', ' '), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

describe('cells that a spreadsheet program would carry out', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+cmd|x', "'+cmd|x"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ["'=1", "''=1"],
    ["'tis", "'tis"],
    ['-1.234,5', '-1.234,5'],
    ['+5', '+5'],
    ['-', '-'],
    ['-1e-3', '-1e-3'],
    ['a=1', 'a=1'],
    ['', ''],
  ])('%j is written as %j', (text, safe) => {
    expect(safeCell(text)).toBe(safe);
    expect(plainAgain(safe)).toBe(text);
  });

  test('are made safe and plain again, the same in SQL', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 40 }), async (list) => {
        const safe = list.map(safeCell);
        for (const cell of safe)
          expect(/^[=+@\t\r]|^-[^0-9.,]./.test(cell) && !/^[+][0-9.,]/.test(cell)).toBe(false);
        expect(safe.map(plainAgain)).toEqual(list);
        const rows = await rowsOf(
          connection,
          `SELECT ${safeCellSql('v')} AS safe, ${plainAgainSql(safeCellSql('v'))} AS again FROM (SELECT unnest([${list.map(quoteText).join(', ')}]) AS v)`,
        );
        expect(rows.map((row) => row['safe'])).toEqual(safe);
        expect(rows.map((row) => row['again'])).toEqual(list);
      }),
      { numRuns: 100 },
    );
  });

  test('of a file that Käfer gave out are read as they were, and its own columns are left aside', async () => {
    const project = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
    const { report } = await project.add(
      'u1',
      "id;note;n;y;Käfer linha;Käfer motivo\n1;'=1+1;2,5;a;7;n: “x” não é número\n2;''=2;-3,5;b;8;y\n",
    );
    expect(report.problems).toEqual([]);
    expect(report.columns.map(({ name }) => name)).toEqual(['id', 'note', 'n', 'y']);
    expect(report.preview[0]).toEqual(['1', '=1+1', '2,5', 'a']);
    const rows = await rowsOf(
      connection,
      `SELECT note, n FROM read_parquet(${quoteText(project.folder.upload('u1').staged)})`,
    );
    expect(rows).toEqual([
      { note: '=1+1', n: 2.5 },
      { note: "'=2", n: -3.5 },
    ]);
  });

  test('of any other file stay as they are', async () => {
    const project = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
    await project.add('u1', "id,note,y\n1,'=1+1,a\n2,=2,b\n");
    const rows = await rowsOf(
      connection,
      `SELECT note FROM read_parquet(${quoteText(project.folder.upload('u1').staged)})`,
    );
    expect(rows.map(({ note }) => note)).toEqual(["'=1+1", '=2']);
  });
});
