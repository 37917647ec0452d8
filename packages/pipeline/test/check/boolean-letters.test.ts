import { describe, expect, test } from 'vitest';
import { TestProject } from '../project.ts';
import { testFolder } from '../workspace.ts';

const project = (): TestProject => new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
const fileOf = (first: number, cells: readonly string[]): string =>
  ['id,x,y', ...cells.map((cell, row) => `${first + row},${cell},${row % 2 === 0 ? 'a' : 'b'}`), ''].join(
    '\n',
  );
/** More rows than a first guess looks at. */
const many = Array.from({ length: 20_500 }, (_, row) => (row % 3 === 0 ? 'S' : 'N'));

describe('letters that stand for true and false', () => {
  test('are those of one pair: another letter far down makes the column text', async () => {
    const { columns, rows } = await project().check('u1', fileOf(0, [...many, 'F']));
    expect(columns[1]).toMatchObject({ type: 'text' });
    expect(rows).toMatchObject({ rejected: 0 });
    const words = await project().check('u1', fileOf(0, [...many, 'não']));
    expect(words.columns[1]).toMatchObject({ type: 'boolean' });
  });

  test('in later files another letter is no value, and words are', async () => {
    const known = project();
    await known.add('u1', fileOf(0, ['S', 'N', 'N', 'S']));
    const { report } = await known.add('u2', fileOf(4, ['S', 'N', 'F', 'V', 'não', 'true']));
    expect(report.rows).toMatchObject({ new: 4, rejected: 2 });
    expect(report.problems).toContainEqual(
      expect.objectContaining({ code: 'not_a_boolean', column: 'x', count: 2 }),
    );
  });

  test('may be others in later files, also where their first rows are words', async () => {
    const known = project();
    await known.add('u1', fileOf(0, ['true', 'false']));
    const later = [...Array<string>(20_500).fill('true'), 'V', 'F'];
    const { report } = await known.add('u2', fileOf(4, later));
    expect(report.rows).toMatchObject({ new: later.length, rejected: 0 });
  });

  test('a column that the data has as text stays text', async () => {
    const known = project();
    await known.add('u1', fileOf(0, ['S', 'N', 'X']));
    const { report } = await known.add('u2', fileOf(4, ['S', 'N']));
    expect(report.columns[1]).toMatchObject({ type: 'text' });
  });
});
