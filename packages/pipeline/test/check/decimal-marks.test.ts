import { describe, expect, test } from 'vitest';
import { UploadFolder } from '../../src/lake/layout.ts';
import { testFolder, writeFileIn } from '../workspace.ts';
import { checkFirstFile } from './check-first-file.ts';

/** Columns of a file with semicolons, as functions of the row's place. */
type Columns = Readonly<Record<string, (row: number) => string>>;

async function checked(rows: number, columns: Columns) {
  const folder = new UploadFolder(testFolder());
  const cells = Array.from({ length: rows }, (_, row) => [
    `K${row}`,
    ...Object.values(columns).map((cell) => cell(row)),
    row % 7 === 0 ? 'yes' : 'no',
  ]);
  const lines = [['id', ...Object.keys(columns), 'y'], ...cells].map((each) => each.join(';'));
  writeFileIn(folder.path, 'received.csv', `${lines.join('\n')}\n`);
  const {
    columns: read,
    rows: counts,
    problems,
  } = await checkFirstFile(folder, {
    task: 'binary',
    target: 'y',
    key: 'id',
  });
  return {
    read: Object.fromEntries(read.map(({ name, type, format }) => [name, `${type} ${format}`])),
    rejected: counts.rejected,
    problems: problems.map(({ code, column }) => `${code} ${column ?? ''}`),
  };
}

const thousands = (row: number): string => `1.${100 + ((row * 37) % 800)}`;

describe('one cell among many', () => {
  for (const rows of [50, 500, 25_000])
    test(`with a decimal comma makes decimals of ${rows} whole numbers, and no row is left out`, async () => {
      const found = await checked(rows, {
        n: (row) => (row === rows - 9 ? '2,5' : String(row % 97)),
      });
      expect(found).toMatchObject({ read: { n: 'number decimal_comma' }, rejected: 0 });
    });

  test('with a decimal comma is one of the numbers whose thousands are grouped', async () => {
    const found = await checked(500, { n: (row) => (row === 300 ? '2,5' : thousands(row)), f: String });
    expect(found).toMatchObject({ read: { n: 'number decimal_comma' }, rejected: 0 });
  });

  test('without a point proves no decimal points where another column proves decimal commas', async () => {
    const n = (row: number): string => (row === 300 ? '1500' : thousands(row));
    const beside = await checked(500, { n, f: (row) => `${row % 90},5` });
    expect(beside).toMatchObject({
      read: { n: 'integer decimal_comma', f: 'number decimal_comma' },
      problems: [],
    });
    const alone = await checked(500, { n });
    expect(alone).toMatchObject({ read: { n: 'number plain' }, problems: ['ambiguous_point n'] });
  });
});
