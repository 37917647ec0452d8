import { expect, test } from 'vitest';
import { pairImportances } from './importance.ts';

test('a feature that only the current model used is not forgotten', () => {
  const pairs = pairImportances([{ feature: 'a', share: 0.6 }], [{ feature: 'b', share: 0.7 }], 5);
  expect(pairs).toEqual([
    { feature: 'b', candidate: 0, current: 0.7 },
    { feature: 'a', candidate: 0.6, current: 0 },
  ]);
});

test('without a current model there is nothing to pair', () => {
  expect(pairImportances([{ feature: 'a', share: 1 }], null, 5)).toEqual([
    { feature: 'a', candidate: 1, current: null },
  ]);
});

test('only the strongest are kept', () => {
  const many = Array.from({ length: 30 }, (_, index) => ({ feature: `f${index}`, share: index }));
  const pairs = pairImportances(many, null, 3);
  expect(pairs.map(({ feature }) => feature)).toEqual(['f29', 'f28', 'f27']);
});
