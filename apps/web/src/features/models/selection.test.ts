import { expect, test } from 'vitest';
import { withSelected } from './selection.ts';

test('at most two are selected, the latest two', () => {
  expect(withSelected([], 1)).toEqual([1]);
  expect(withSelected([1], 2)).toEqual([1, 2]);
  expect(withSelected([1, 2], 3)).toEqual([2, 3]);
  expect(withSelected([1, 2], 1)).toEqual([2]);
});
