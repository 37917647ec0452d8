import { describe, expect, test } from 'vitest';
import { compareClasses, mcNemarTest, pairedRateDifference } from '../src/index.ts';
import { RandomStream } from '../src/random-stream.ts';
import { expectClose } from './closeness.ts';

describe('the difference of two rates on the same rows', () => {
  test('is turned round when the sides are exchanged', () => {
    const seen = pairedRateDifference({
      bothRight: 40,
      onlyCurrentRight: 3,
      onlyCandidateRight: 11,
      neitherRight: 6,
    });
    const back = pairedRateDifference({
      bothRight: 40,
      onlyCurrentRight: 11,
      onlyCandidateRight: 3,
      neitherRight: 6,
    });
    expectClose(seen.estimate, 8 / 60);
    expectClose(back.low, -seen.high);
    expectClose(back.high, -seen.low);
    expect(seen.pValue).toBe(mcNemarTest({ onlyCurrentRight: 3, onlyCandidateRight: 11 }).pValue);
  });

  test('has a width where the two never differ, and stays within −1 and 1', () => {
    const same = pairedRateDifference({
      bothRight: 20,
      onlyCurrentRight: 0,
      onlyCandidateRight: 0,
      neitherRight: 0,
    });
    expect(same).toMatchObject({ estimate: 0, pValue: 1 });
    expect(same.low).toBeLessThan(0);
    expect(same.high).toBeGreaterThan(0);
    const far = pairedRateDifference({
      bothRight: 0,
      onlyCurrentRight: 0,
      onlyCandidateRight: 5,
      neitherRight: 0,
    });
    expect(far.high).toBeLessThanOrEqual(1);
    const none = pairedRateDifference({
      bothRight: 0,
      onlyCurrentRight: 0,
      onlyCandidateRight: 0,
      neitherRight: 0,
    });
    expect(none).toEqual({ estimate: NaN, low: NaN, high: NaN, pValue: NaN });
  });

  test.each([
    [40, [0.6, 0.1, 0.2, 0.1]],
    [60, [0.9, 0.02, 0.05, 0.03]],
    [200, [0.3, 0.15, 0.15, 0.4]],
  ])('nineteen intervals in twenty of %d rows hold the true difference', (rows, chances) => {
    const random = new RandomStream(31);
    const worlds = 2000;
    let held = 0;
    for (let world = 0; world < worlds; world++) {
      const cells = [0, 0, 0, 0];
      for (let row = 0; row < rows; row++) {
        let left = random.fraction();
        const cell = chances.findIndex((chance) => (left -= chance) < 0);
        cells[cell < 0 ? 3 : cell]!++;
      }
      const [bothRight = 0, onlyCurrentRight = 0, onlyCandidateRight = 0, neitherRight = 0] = cells;
      const { low, high } = pairedRateDifference({
        bothRight,
        onlyCurrentRight,
        onlyCandidateRight,
        neitherRight,
      });
      const truth = chances[2]! - chances[1]!;
      if (low <= truth && truth <= high) held++;
    }
    // 95 % of 2000 is 1900, with a standard deviation of 10; the method errs to the safe side where differences are rare.
    expect(held / worlds).toBeGreaterThan(0.935);
    expect(held / worlds).toBeLessThan(0.985);
  });
});

test('each class has its own difference, corrected for the number of classes that have rows', () => {
  const labels = Int32Array.from({ length: 90 }, (_, row) => row % 3);
  const certain = (predicted: (row: number) => number): Float64Array =>
    Float64Array.from({ length: 90 * 4 }, (_, place) =>
      place % 4 === predicted(Math.floor(place / 4)) ? 0.7 : 0.1,
    );
  // The current model takes every second row of class 1 for class 0; the candidate knows all but one of class 2.
  const current = certain((row) => (row % 6 === 1 ? 0 : row % 3));
  const candidate = certain((row) => (row === 2 ? 3 : row % 3));
  const [a, b, c, d] = compareClasses(labels, current, candidate, 4);
  expect(a?.recall).toMatchObject({ estimate: 0, pValue: 1 });
  expectClose(b?.recall.estimate ?? NaN, 0.5);
  expectClose(c?.recall.estimate ?? NaN, -1 / 30);
  expect(d?.recall.pValue).toBeNaN();
  expect(d?.adjustedPValue).toBeNaN();
  expectClose(b?.adjustedPValue ?? NaN, 3 * (b?.recall.pValue ?? NaN));
  expect(b?.adjustedPValue).toBeLessThan(0.001);
  expect(c?.adjustedPValue).toBe(1);
});
