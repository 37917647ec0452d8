import { expect, test } from 'vitest';
import { changeOf } from './metric-facts.ts';

test.each([
  ['auc', 0.01, 0.03, 'better'],
  ['auc', -0.03, -0.01, 'worse'],
  ['logLoss', 0.01, 0.03, 'worse'],
  ['logLoss', -0.03, -0.01, 'better'],
  ['auc', -0.01, 0.03, 'same'],
  ['auc', 0, 0.03, 'same'],
] as const)('%s from %d to %d: %s', (metric, low, high, expected) => {
  expect(changeOf(metric, { estimate: (low + high) / 2, low, high })).toBe(expected);
});

test('a difference that could not be estimated is no clear one', () => {
  expect(changeOf('auc', undefined)).toBe('same');
  expect(changeOf('auc', { estimate: null, low: null, high: null })).toBe('same');
});
