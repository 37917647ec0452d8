import { Choosing } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { choosingChoicesOf, choosingOf } from './choosing-choices.ts';

test('the form says what the project has, and what was changed', () => {
  const plain = Choosing.parse({});
  expect(choosingOf(choosingChoicesOf(plain))).toEqual(plain);
  const asked = Choosing.parse({
    metric: 'logLoss',
    margin: 0.005,
    mostBytes: 2_500_000,
    mostMicroseconds: 80,
    automatic: { fewestRows: 300, fewestPositives: 20 },
  });
  expect(choosingOf(choosingChoicesOf(asked))).toEqual(asked);
  expect(choosingOf({ ...choosingChoicesOf(asked), isAutomatic: false, megabytes: '' })).toEqual({
    ...asked,
    mostBytes: null,
    automatic: null,
  });
});

test('a field that cannot be so keeps the form from being saved', () => {
  const choices = choosingChoicesOf(Choosing.parse({}));
  expect(choosingOf({ ...choices, margin: -1 })).toBeUndefined();
  expect(choosingOf({ ...choices, microseconds: 0 })).toBeUndefined();
  expect(choosingOf({ ...choices, isAutomatic: true, fewestRows: '' })).toBeUndefined();
});
