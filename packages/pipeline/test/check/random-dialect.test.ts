import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UploadFolder } from '../../src/lake/layout.ts';
import { quoteText } from '../../src/sql/quote.ts';
import { rowsOf, testConnection, testFolder, writeFileIn } from '../workspace.ts';
import { checkFirstFile } from './check-first-file.ts';
import { fileOf, readBackSql, row, telling, valuesOf, writing, writtenProject } from './written-table.ts';

const connection = await testConnection();

describe('a known table', () => {
  test('is read back equal, however it is written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), writing, async (more, how) => {
        const rows = [...telling, ...more];
        const folder = new UploadFolder(testFolder());
        writeFileIn(folder.path, 'received.csv', fileOf(rows, how));
        const report = await checkFirstFile(folder, writtenProject);
        expect([report.status, report.problems, report.rows.rejected]).toEqual(['valid', [], 0]);
        expect(report.columns.map(({ type }) => type)).toEqual([
          'text',
          'number',
          'integer',
          'date',
          'text',
          'boolean',
          'timestamp',
          'text',
        ]);
        const staged = await rowsOf(
          connection,
          `${readBackSql} FROM read_parquet(${quoteText(folder.staged)})`,
        );
        expect(staged.map((values) => Object.values(values))).toEqual(valuesOf(rows));
      }),
      { numRuns: 100 },
    );
  });
});
