import { expect, test } from 'vitest';
import { csvOf, simulateRows, TestProject, type Row } from '../project.ts';
import { randomStream, testFolder } from '../workspace.ts';

const definition = { task: 'binary', target: 'failed', positive: 'yes', key: 'id' } as const;

async function findingsOf(later: readonly Row[], first: readonly Row[]): Promise<unknown[]> {
  const project = new TestProject(testFolder(), definition);
  await project.add('u1', csvOf(first));
  const { problems } = await project.check('u2', csvOf(later));
  return problems.filter(({ code }) => code === 'rows_known');
}

/** Rows with a weight to the gram, which tells them apart. */
function weighedRows(count: number, first: number, seed: number): Row[] {
  const random = randomStream(seed);
  return simulateRows(count, first, seed).map((row) => ({
    ...row,
    weight: Math.round(random() * 1e6) / 1e3,
  }));
}

const old = weighedRows(800, 0, 1);
const others = weighedRows(300, 5000, 2);

const renamed = (rows: readonly Row[]): Row[] =>
  rows.map((row) => ({ ...row, id: `again-${String(row['id'])}` }));

test('rows that the data has under another key are told', async () => {
  const later = [...others, ...renamed(old.slice(0, 25))];
  expect(await findingsOf(later, old)).toEqual([
    {
      code: 'rows_known',
      column: 'id',
      count: 25,
      value: expect.stringMatching(/^again-/) as unknown,
      parameters: { repeated: 25, rows: 325, value: expect.stringMatching(/^again-/) as unknown },
    },
  ]);
});

test('new rows are not, nor rows that are sent again under their key, nor so few that nothing depends on them', async () => {
  expect(await findingsOf(others, old)).toEqual([]);
  expect(await findingsOf(old, old)).toEqual([]);
  expect(await findingsOf([...others, ...renamed(old.slice(0, 5))], old)).toEqual([]);
});

test('rows whose numbers are those of others by chance are not', async () => {
  const later = weighedRows(300, 5000, 3).map((row, index) => ({
    ...row,
    weight: old[index]?.['weight'] ?? null,
  }));
  expect(await findingsOf(later, old)).toEqual([]);
});
