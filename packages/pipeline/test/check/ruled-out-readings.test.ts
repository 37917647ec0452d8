import { expect, test } from 'vitest';
import { TestProject } from '../project.ts';
import { testFolder } from '../workspace.ts';

const rows = 4000;
/** More than the rows of which it is asked what cannot be right. */
const first = 2500;

const project = (): TestProject => new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
const fileOf = (cellOf: (row: number) => string): string =>
  [
    'id;x;y',
    ...Array.from({ length: rows }, (_, row) => `${row};${cellOf(row)};${row % 2 === 0 ? 'a' : 'b'}`),
    '',
  ].join('\n');
const check = (cellOf: (row: number) => string) => project().check('u1', fileOf(cellOf));

test('slips that all stand in the first rows are few in a long file', async () => {
  const report = await check((row) => (row < rows / 100 ? 'x' : `${row},5`));
  expect(report.columns[1]).toMatchObject({ type: 'number', format: 'decimal_comma' });
  expect(report.rows).toMatchObject({ rejected: rows / 100 });
});

test('one more, there or at the end, and the column is text', async () => {
  const atStart = await check((row) => (row <= rows / 100 ? 'x' : `${row},5`));
  expect(atStart.columns[1]).toMatchObject({ type: 'text' });
  const atEnd = await check((row) => (row >= rows - rows / 100 - 1 ? 'x' : `${row},5`));
  expect(atEnd.columns[1]).toMatchObject({ type: 'text' });
});

test('what the first rows leave open the last ones decide', async () => {
  const commas = await check((row) => (row >= rows - rows / 50 ? '1.234,5' : '1.234'));
  expect(commas.columns[1]).toMatchObject({ type: 'number', format: 'decimal_comma' });
  const days = await check((row) => (row === rows - 1 ? '31/12/2026' : '01/02/2026'));
  expect(days.columns[1]).toMatchObject({ type: 'date', format: 'day_first' });
  const months = await check((row) => (row === rows - 1 ? '12/31/2026' : '01/02/2026'));
  expect(months.columns[1]).toMatchObject({ type: 'date', format: 'month_first' });
});

test('dates of both orders are said however few one of them are', async () => {
  const report = await check((row) =>
    row < first ? '31/12/2026' : row === first ? '12/31/2026' : '01/02/2026',
  );
  expect(report.columns[1]).toMatchObject({ type: 'text' });
  expect(report.problems).toContainEqual(expect.objectContaining({ code: 'mixed_dates', column: 'x' }));
});
