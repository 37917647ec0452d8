import { describe, expect, test } from 'vitest';
import { TestProject } from '../project.ts';
import { rowsOf, testConnection, testFolder } from '../workspace.ts';

const connection = await testConnection();

/** A file as a Brazilian Excel writes it. */
const fileOf = (first: number, rows: readonly (readonly [weight: string, day: string])[]): string =>
  [
    'id;peso;dia;y',
    ...rows.map(([weight, day], row) => `${first + row};${weight};${day};${row % 2 === 0 ? 'a' : 'b'}`),
    '',
  ].join('\n');
const good = (count: number): [string, string][] =>
  Array.from({ length: count }, (_, row) => [`${150 + row},5`, `${String(13 + (row % 15))}/06/2026`]);

async function project(): Promise<TestProject> {
  const made = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
  await made.add('u1', fileOf(0, good(40)));
  return made;
}

describe('a file whose columns are known', () => {
  test.each([
    ['a number in words', 'cento e oitenta', '16/06/2026', 'not_a_number'],
    ['a day that no month has', '180,5', '31/02/2026', 'not_a_date'],
  ])('loses the row with %s, and no other', async (_, weight, day, code) => {
    for (const rows of [9, 62, 300]) {
      const own = await project();
      const report = await own.check('u2', fileOf(1000, [...good(rows - 1), [weight, day]]));
      expect(report.rows).toMatchObject({ total: rows, new: rows - 1, rejected: 1 });
      expect(report.problems).toMatchObject([{ code, count: 1, line: rows + 1 }]);
    }
  });

  test('loses five rows of three hundred where five are wrong', async () => {
    const own = await project();
    const wrong = Array.from({ length: 5 }, (): [string, string] => ['?', '16/06/2026']);
    const report = await own.check('u2', fileOf(1000, [...good(295), ...wrong]));
    expect(report.rows).toMatchObject({ new: 295, rejected: 5 });
    const staged = own.folder.upload('u2').staged;
    const [first] = await rowsOf(
      connection,
      `SELECT peso, dia::VARCHAR AS dia FROM read_parquet('${staged}') LIMIT 1`,
    );
    expect(first).toEqual({ peso: 150.5, dia: '2026-06-13' });
  });

  test('in which most cells are of no form that is known is refused', async () => {
    const own = await project();
    const wrong = Array.from({ length: 7 }, (): [string, string] => ['pesado', '16/06/2026']);
    const report = await own.check('u2', fileOf(1000, [...good(3), ...wrong]));
    expect(report.rows.rejected).toBeGreaterThanOrEqual(7);
    expect(report.problems.map(({ code }) => code)).toContain('not_a_number');
  });
});
