import type { Feature } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { groupFields, matches, toCell, usualValue } from './form-fields.ts';

const feature = (part: Partial<Feature>): Feature => ({
  name: 'f',
  type: 'number',
  missingShare: 0,
  ...part,
});

test.each([
  [{ type: 'number', median: 3.14159265 }, '3.14159'],
  [{ type: 'integer', median: 2.5 }, '3'],
  [{ type: 'boolean', median: 1 }, 'true'],
  [{ type: 'date', median: 20_000 }, '2024-10-04'],
  [{ type: 'timestamp', median: 20_000.5 }, '2024-10-04T12:00'],
  [{ type: 'text', mostFrequent: 'red' }, 'red'],
  [{ type: 'number', median: null }, ''],
] as const)('the usual value of %o is %s', (part, expected) => {
  expect(usualValue(feature(part))).toBe(expected);
});

test('an empty field is a missing value, a number is sent as one', () => {
  expect(toCell(feature({}), ' ')).toBeNull();
  expect(toCell(feature({}), '1.5')).toBe(1.5);
  expect(toCell(feature({ type: 'boolean' }), 'false')).toBe(false);
  expect(toCell(feature({ type: 'text' }), '007')).toBe('007');
});

test('the strongest fields come first, in the order of their importance', () => {
  const features = ['a', 'b', 'c'].map((name) => feature({ name }));
  const importance = [
    { feature: 'c', share: 0.6 },
    { feature: 'a', share: 0.3 },
    { feature: 'b', share: 0.1 },
  ];
  const { strong, other } = groupFields({ features, importance }, 2);
  expect(strong.map(({ name }) => name)).toEqual(['c', 'a']);
  expect(other.map(({ name }) => name)).toEqual(['b']);
});

test('fields are found by any of their words, accents aside', () => {
  expect(matches('Pressão do óleo', 'oleo pressao')).toBe(true);
  expect(matches('torque_3', 'tempo')).toBe(false);
});
