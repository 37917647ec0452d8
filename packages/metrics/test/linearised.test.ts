import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { averagePrecisionScore, brierLoss, compareBinary, lineariseBinary, logLoss } from '../src/index.ts';
import { RandomStream } from '../src/random-stream.ts';

/** Labels and scores that know something of them, with ties. */
function simulate(rows: number, seed: number, signal: number): { labels: Uint8Array; scores: Float32Array } {
  const random = new RandomStream(seed);
  const uniform = (): number => random.uint32() / 2 ** 32;
  const labels = Uint8Array.from({ length: rows }, () => (uniform() < 0.2 ? 1 : 0));
  const scores = Float32Array.from(labels, (label) => {
    const score = 0.1 + 0.6 * uniform() + signal * label * uniform();
    return Math.round(Math.min(0.98, score) * 200) / 200;
  });
  return { labels, scores };
}

describe('linearised metrics', () => {
  test('estimates are the metrics themselves, and influences sum to nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 300 }), fc.nat(), (rows, seed) => {
        const { labels, scores } = simulate(rows, seed, 0.3);
        const { averagePrecision, logLoss: log, brier } = lineariseBinary(labels, scores);
        expect(averagePrecision.estimate).toBeCloseTo(averagePrecisionScore(labels, scores), 12);
        expect(log.estimate).toBeCloseTo(logLoss(labels, scores), 12);
        expect(brier.estimate).toBeCloseTo(brierLoss(labels, scores), 12);
        for (const { influences } of [averagePrecision, log, brier]) {
          expect(influences.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
        }
      }),
    );
  });

  test('an influence is what repeating the row does', () => {
    const { labels, scores } = simulate(4000, 7, 0.3);
    const { averagePrecision } = lineariseBinary(labels, scores);
    for (const row of [0, 17, 555, 1234, 3999]) {
      const again = (values: Uint8Array): Uint8Array => Uint8Array.from([...values, values[row] ?? 0]);
      const repeated = averagePrecisionScore(again(labels), Float32Array.from([...scores, scores[row] ?? 0]));
      expect(repeated - averagePrecision.estimate).toBeCloseTo(averagePrecision.influences[row] ?? NaN, 5);
    }
  });

  test('where both can be had, the intervals are those of the bootstrap', () => {
    const first = simulate(20_000, 11, 0.25);
    const noise = new RandomStream(5);
    const other = first.scores.map((score) => Math.min(0.99, score + (noise.uint32() / 2 ** 32) * 0.1));
    const sides = [
      { scores: first.scores, threshold: 0.5 },
      { scores: other, threshold: 0.5 },
    ] as const;
    const bootstrapped = compareBinary(first.labels, ...sides, { draws: 2000 });
    const linearised = compareBinary(first.labels, ...sides, { draws: 2001 });
    expect([bootstrapped.linearised, linearised.linearised]).toEqual([false, true]);
    for (const name of ['averagePrecision', 'logLoss', 'brier'] as const) {
      const [a, b] = [bootstrapped.difference[name], linearised.difference[name]];
      expect(b.estimate).toBeCloseTo(a.estimate, 12);
      expect((b.high - b.low) / (a.high - a.low)).toBeCloseTo(1, 0.9);
      expect(Math.abs(b.low - a.low)).toBeLessThan(0.1 * (a.high - a.low));
    }
  });
});
