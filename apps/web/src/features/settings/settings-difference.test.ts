import { ProjectSettings } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { settingsDifference } from './settings-difference.ts';

const plain = ProjectSettings.parse({});

test('nothing changed', () => {
  expect(settingsDifference(plain, ProjectSettings.parse({}))).toEqual([]);
});

test('every part tells what changed, in both directions', () => {
  const other = ProjectSettings.parse({
    exclude: ['a', 'b'],
    confirmed: ['c'],
    costs: { falsePositive: 1, falseNegative: 20 },
    training: { maxDepth: 3 },
  });
  expect(settingsDifference(plain, other)).toEqual([
    { kind: 'excluded', columns: ['a', 'b'] },
    { kind: 'confirmed', columns: ['c'] },
    { kind: 'costs', now: { falsePositive: 1, falseNegative: 20 } },
    { kind: 'training', name: 'maxDepth', before: plain.training.maxDepth, now: 3 },
  ]);
  expect(settingsDifference(other, plain)).toEqual([
    { kind: 'included', columns: ['a', 'b'] },
    { kind: 'unconfirmed', columns: ['c'] },
    { kind: 'costs', now: null },
    { kind: 'training', name: 'maxDepth', before: 3, now: plain.training.maxDepth },
  ]);
});
