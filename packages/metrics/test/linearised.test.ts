import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  averagePrecisionScore,
  brierLoss,
  compareBinary,
  compareMulticlass,
  compareRegression,
  lineariseBinary,
  lineariseMulticlass,
  lineariseRegression,
  logLoss,
  macroF1,
  mae,
  multiclassAccuracy,
  multiclassBalancedAccuracy,
  multiclassLogLoss,
  multiclassMatthews,
  ovrAuc,
  r2,
  rmse,
} from '../src/index.ts';
import { RandomStream } from '../src/random-stream.ts';
import { expectClose } from './closeness.ts';

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

const classes = 4;

/** Labels of four classes, of which the last is rare, and probabilities that know something of them. */
function simulateClasses(rows: number, seed: number, skill: number) {
  const random = new RandomStream(seed);
  const labels = Int32Array.from(
    { length: rows },
    () => [0, 0, 0, 1, 1, 2, 2, 2, 2, 3][random.uint32() % 10]!,
  );
  const scores = new Float64Array(rows * classes);
  labels.forEach((label, row) => {
    const raw = Array.from({ length: classes }, (_, c) => random.fraction() + (c === label ? skill : 0));
    const sum = raw.reduce((total, value) => total + value, 0);
    raw.forEach((value, c) => (scores[row * classes + c] = value / sum));
  });
  return { labels, scores };
}

function simulateNumbers(rows: number, seed: number, noise: number) {
  const random = new RandomStream(seed);
  const targets = Float64Array.from({ length: rows }, () => random.fraction() * 100);
  return { targets, predictions: targets.map((target) => target + noise * (random.fraction() ** 3 - 0.2)) };
}

const multiclassMetrics = {
  accuracy: multiclassAccuracy,
  balancedAccuracy: multiclassBalancedAccuracy,
  macroF1,
  matthews: multiclassMatthews,
  logLoss: multiclassLogLoss,
  auc: ovrAuc,
} as const;
const regressionMetrics = { rmse, mae, r2 } as const;

describe('linearised metrics of several classes and of numbers', () => {
  test('estimates are the metrics themselves, and influences sum to nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), (rows, seed) => {
        const { labels, scores } = simulateClasses(rows, seed, 0.4);
        const ofClasses = lineariseMulticlass(labels, scores, classes);
        for (const [name, metric] of Object.entries(multiclassMetrics)) {
          const { estimate, influences } = ofClasses[name as keyof typeof ofClasses];
          expectClose(estimate, metric(labels, scores, classes));
          if (!Number.isNaN(estimate))
            expect(influences.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
        }
        const { targets, predictions } = simulateNumbers(rows, seed, 30);
        const ofNumbers = lineariseRegression(targets, predictions);
        for (const [name, metric] of Object.entries(regressionMetrics)) {
          const { estimate, influences } = ofNumbers[name as keyof typeof ofNumbers];
          expectClose(estimate, metric(targets, predictions));
          expect(influences.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
        }
      }),
    );
  });

  test('an influence is what repeating the row does', () => {
    const { labels, scores } = simulateClasses(5000, 7, 0.4);
    const ofClasses = lineariseMulticlass(labels, scores, classes);
    const { targets, predictions } = simulateNumbers(5000, 8, 30);
    const ofNumbers = lineariseRegression(targets, predictions);
    const again = <Values extends Int32Array | Float64Array>(
      values: Values,
      row: number,
      width = 1,
    ): Values => {
      const longer = new (values.constructor as new (length: number) => Values)(values.length + width);
      longer.set(values);
      longer.set(values.subarray(row * width, (row + 1) * width), values.length);
      return longer;
    };
    for (const row of [0, 17, 555, 1234, 4999]) {
      for (const [name, metric] of Object.entries(multiclassMetrics)) {
        const { estimate, influences } = ofClasses[name as keyof typeof ofClasses];
        const repeated = metric(again(labels, row), again(scores, row, classes), classes);
        expect((repeated - estimate) * 5000, name).toBeCloseTo((influences[row] ?? NaN) * 5000, 1);
      }
      for (const [name, metric] of Object.entries(regressionMetrics)) {
        const { estimate, influences } = ofNumbers[name as keyof typeof ofNumbers];
        const repeated = metric(again(targets, row), again(predictions, row));
        expect((repeated - estimate) * 5000, name).toBeCloseTo((influences[row] ?? NaN) * 5000, 1);
      }
    }
  });

  test('where both can be had, the intervals are those of the bootstrap', () => {
    const rows = 8000;
    const { labels, scores } = simulateClasses(rows, 11, 0.3);
    const noise = new RandomStream(5);
    const other = scores.map((score) => score + 0.3 * noise.fraction());
    for (let row = 0; row < rows; row++) {
      const own = other.subarray(row * classes, (row + 1) * classes);
      const sum = own.reduce((total, value) => total + value, 0);
      own.forEach((value, c) => (own[c] = value / sum));
    }
    const { targets, predictions } = simulateNumbers(rows, 3, 30);
    const rougher = predictions.map((value) => value + 4 * noise.fraction());
    const pairs = [
      [
        compareMulticlass(labels, scores, other, classes, { linearise: false }),
        compareMulticlass(labels, scores, other, classes, { draws: 2000 }),
      ],
      [
        compareRegression(targets, predictions, rougher, { linearise: false }),
        compareRegression(targets, predictions, rougher, { draws: 6000 }),
      ],
    ] as const;
    for (const [bootstrapped, linearised] of pairs) {
      expect([bootstrapped.linearised, linearised.linearised]).toEqual([false, true]);
      for (const side of ['current', 'candidate', 'difference'] as const)
        for (const [name, a] of Object.entries(bootstrapped[side])) {
          const b = (linearised[side] as Record<string, typeof a>)[name]!;
          expect(b.estimate, name).toBeCloseTo(a.estimate, 12);
          expect((b.high - b.low) / (a.high - a.low), `${side} ${name}`).toBeGreaterThan(0.87);
          expect((b.high - b.low) / (a.high - a.low), `${side} ${name}`).toBeLessThan(1.15);
        }
    }
  });
});
