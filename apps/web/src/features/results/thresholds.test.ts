import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cheapest, costOf, costPerThousand, countsNear, ratesOf } from './thresholds.ts';

const entry = (threshold: number) => ({ threshold, tp: 1, fp: 2, fn: 3, tn: 4 });

test('the nearest threshold is found', () => {
  const entries = [0.1, 0.2, 0.6].map(entry);
  expect(countsNear(entries, 0)?.threshold).toBe(0.1);
  expect(countsNear(entries, 0.16)?.threshold).toBe(0.2);
  expect(countsNear(entries, 0.35)?.threshold).toBe(0.2);
  expect(countsNear(entries, 0.9)?.threshold).toBe(0.6);
  expect(countsNear([], 0.5)).toBeNull();
});

test('no other threshold is nearer', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (thresholds, wish) => {
        const sorted = thresholds.sort((a, b) => a - b);
        const found = countsNear(sorted.map(entry), wish);
        const least = Math.min(...sorted.map((threshold) => Math.abs(threshold - wish)));
        expect(Math.abs((found?.threshold ?? NaN) - wish)).toBe(least);
      },
    ),
  );
});

test('costs count wrong answers only', () => {
  expect(costOf(entry(0.5), { falsePositive: 10, falseNegative: 100 })).toBe(320);
});

test('the cheapest threshold is the lowest of those with the least cost', () => {
  const entries = [
    { threshold: 0.1, tp: 4, fp: 6, fn: 0, tn: 0 },
    { threshold: 0.4, tp: 3, fp: 1, fn: 1, tn: 5 },
    { threshold: 0.6, tp: 3, fp: 1, fn: 1, tn: 5 },
    { threshold: 0.9, tp: 0, fp: 0, fn: 4, tn: 6 },
  ];
  expect(cheapest(entries, { falsePositive: 1, falseNegative: 2 })?.threshold).toBe(0.4);
  expect(cheapest(entries, { falsePositive: 1, falseNegative: 100 })?.threshold).toBe(0.1);
  expect(cheapest(entries, { falsePositive: 100, falseNegative: 1 })?.threshold).toBe(0.9);
  expect(cheapest([], { falsePositive: 1, falseNegative: 1 })).toBeNull();
});

test('the cost of a thousand rows', () => {
  const costs = { falsePositive: 10, falseNegative: 100 };
  expect(costPerThousand(entry(0.5), costs)).toBe(32_000);
  expect(costPerThousand({ tp: 0, fp: 0, fn: 0, tn: 0 }, costs)).toBeNull();
});

test('a rate without a denominator is none', () => {
  expect(ratesOf({ tp: 0, fp: 0, fn: 0, tn: 9 })).toEqual({ recall: null, precision: null });
  expect(ratesOf({ tp: 3, fp: 1, fn: 1, tn: 0 })).toEqual({ recall: 0.75, precision: 0.75 });
});
