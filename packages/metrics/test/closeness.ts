import { expect } from 'vitest';

/** Equal to 1e-12, relative for numbers above 1; NaN equals NaN. */
export function expectClose(seen: number, expected: number, tolerance = 1e-12): void {
  if (Number.isNaN(expected)) return expect(seen).toBeNaN();
  const distance = Math.abs(seen - expected) / Math.max(1, Math.abs(expected));
  expect(distance, `${seen} instead of ${expected}`).toBeLessThanOrEqual(tolerance);
}

export function expectAllClose(seen: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(seen.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expectClose(seen[i]!, expected[i]!);
}
