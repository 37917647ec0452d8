import { expect, test } from 'vitest';
import { inOrderOfNames } from './order-of-names.ts';

test('names with numbers are in the order of the numbers', () => {
  const names = ['part 10.csv', 'part 2.csv', '2026-02.csv', '2025-11.csv', '2026-01.csv'];
  expect(inOrderOfNames(names.map((name) => ({ name }))).map(({ name }) => name)).toEqual([
    '2025-11.csv',
    '2026-01.csv',
    '2026-02.csv',
    'part 2.csv',
    'part 10.csv',
  ]);
});
