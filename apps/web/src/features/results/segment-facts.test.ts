import type { Segment } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { createFormat } from '../../i18n/format.ts';
import { changeOfSegment, originNames, segmentValue, sizeOfDrift } from './segment-facts.ts';

const segment: Segment = {
  feature: 'station',
  value: 'A1',
  range: null,
  rows: 400,
  current: 0.3,
  candidate: 0.4,
  difference: { estimate: 0.1, low: 0.02, high: 0.18, pValue: 0.01 },
  adjustedPValue: 0.04,
};

test('a segment is worse or better only by the corrected p-value', () => {
  expect(changeOfSegment(segment)).toBe('worse');
  expect(changeOfSegment({ ...segment, adjustedPValue: 0.06 })).toBe('same');
  expect(changeOfSegment({ ...segment, adjustedPValue: null })).toBe('same');
  expect(changeOfSegment({ ...segment, difference: { ...segment.difference, estimate: -0.1 } })).toBe(
    'better',
  );
});

test('values, ranges of numbers and of dates are told in the language of the reader', () => {
  const range = (low: number, high: number, areDays = false) => ({
    ...segment,
    value: null,
    range: { low, high, areDays },
  });
  const [english, portuguese] = [createFormat('en'), createFormat('pt-BR')];
  expect(segmentValue(segment, english)).toBe('A1');
  expect(segmentValue(range(1.5, 2000), english)).toBe('1.5 – 2,000');
  expect(segmentValue(range(1.5, 2000), portuguese)).toBe('1,5 – 2.000');
  expect(segmentValue(range(3, 3), english)).toBe('3');
  expect(segmentValue(range(11_500.5, 11_500.5, true), english)).toBe('Jun 27, 2001');
  expect(segmentValue({ ...segment, value: null }, english)).toBeNull();
});

test.each([
  [0.02, 'little'],
  [0.1, 'some'],
  [0.25, 'some'],
  [0.4, 'much'],
] as const)('a stability index of %d is %s', (stabilityIndex, size) => {
  const drift = { feature: 'x', stabilityIndex, totalVariation: 0, kolmogorovSmirnov: null };
  expect(sizeOfDrift(drift)).toBe(size);
});

test('rows are named by their file, or by the files of the run whose recipe made them', () => {
  const names = originNames(
    [
      { id: 'u1', filename: 'may.csv' },
      { id: 'u2', filename: 'checks.csv' },
    ],
    [
      { id: 'r1', uploads: ['u1', 'u2'] },
      { id: 'r2', uploads: [] },
    ],
  );
  expect([names.get('u1'), names.get('r1'), names.get('r2')]).toEqual([
    'may.csv',
    'may.csv, checks.csv',
    undefined,
  ]);
});
