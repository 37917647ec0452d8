import { expect, test } from 'vitest';
import { TestProject } from '../project.ts';
import { testFolder } from '../workspace.ts';

const fileOf = (keys: readonly string[]): string =>
  ['id,x,y', ...keys.map((key, row) => `${key},${row},${row % 2 === 0 ? 'a' : 'b'}`), ''].join('\n');

async function findingsOf(before: readonly string[], now: readonly string[]): Promise<unknown[]> {
  const project = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
  await project.add('u1', fileOf(before));
  const { problems, status } = await project.check('u2', fileOf(now));
  expect(status).toBe('valid');
  return problems.flatMap(({ code, parameters, count }) =>
    code === 'keys_nearly_known' ? [[parameters['value'], parameters['known'], count]] : [],
  );
}

test.each([
  ['leading zeros that Excel took away', ['0042', '0043'], ['42', '43', '0044'], ['42', '0042', 2]],
  ['leading zeros that are new', ['42', '43'], ['0042', '50'], ['0042', '42', 1]],
  ['decimals', ['1000', '1001'], ['1000.0', '1002'], ['1000.0', '1000', 1]],
  ['decimals that are gone', ['1000.0', '1001.0'], ['1000', '1002.0'], ['1000', '1000.0', 1]],
  ['what keeps Excel from taking zeros away', ['001', '002'], ['"=""001"""', '003'], ['="001"', '001', 1]],
  ['an apostrophe', ['001', '002'], ["'001", '003'], ["'001", '001', 1]],
  ['a tab behind', ['K1', 'K2'], ['K1\t', 'K3'], ['K1\t', 'K1', 1]],
  ['a space without width before', ['K1', 'K2'], ['\u200bK1', 'K3'], ['\u200bK1', 'K1', 1]],
  ['small letters', ['AB1', 'AB2'], ['ab1', 'AB3'], ['ab1', 'AB1', 1]],
] as const)('keys of the data in another writing are told: %s', async (_, before, now, expected) => {
  expect(await findingsOf(before, now)).toEqual([expected]);
});

test('new keys are not, nor known ones, nor those of the data that are written both ways', async () => {
  expect(await findingsOf(['K1', 'K2', '0042'], ['K3', 'K4', '43', '420', '"it\'s"'])).toEqual([]);
  expect(await findingsOf(['42', '0042', '7'], ['42', '0042', '8'])).toEqual([]);
  expect(await findingsOf(['K1', "it's"], ['K1', "it's"])).toEqual([]);
});
