import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aucScore,
  chooseThreshold,
  confusionAt,
  deLong,
  expectedCost,
  f1Score,
  MetricsError,
  precisionRecallCurve,
  reliabilityCurve,
  rocCurve,
  scoreHistogram,
} from '../src/index.ts';
import { twoSidedPValue } from '../src/normal-distribution.ts';
import { expectClose } from './closeness.ts';
import { simulate } from './simulated-scores.ts';

const rows = fc.array(fc.record({ label: fc.nat({ max: 1 }), score: fc.nat({ max: 20 }) }), {
  minLength: 1,
  maxLength: 40,
});

describe('chooseThreshold', () => {
  test('no other threshold is better', () => {
    fc.assert(
      fc.property(rows, fc.nat({ max: 9 }), fc.nat({ max: 9 }), (data, falsePositive, falseNegative) => {
        const labels = Uint8Array.from(data, ({ label }) => label);
        const scores = Float32Array.from(data, ({ score }) => score / 20);
        const costs = { falsePositive, falseNegative };
        const f1 = chooseThreshold(labels, scores, { criterion: 'f1' });
        const cost = chooseThreshold(labels, scores, { criterion: 'cost', ...costs });
        expect(f1.value).toBe(f1Score(confusionAt(labels, scores, f1.threshold)));
        expect(cost.value).toBe(expectedCost(confusionAt(labels, scores, cost.threshold), costs));
        for (const other of [...scores, 2]) {
          expect(f1Score(confusionAt(labels, scores, other))).toBeLessThanOrEqual(f1.value);
          expect(expectedCost(confusionAt(labels, scores, other), costs)).toBeGreaterThanOrEqual(cost.value);
        }
      }),
    );
  });

  test('lies halfway between the neighbouring scores', () => {
    const { threshold } = chooseThreshold(Uint8Array.of(0, 1, 0), Float64Array.of(0.2, 0.8, 0.4), {
      criterion: 'f1',
    });
    expectClose(threshold, 0.6);
  });

  test('calls nobody positive when that costs least, and stays finite', () => {
    const costs = { criterion: 'cost', falsePositive: 10, falseNegative: 1 } as const;
    const labels = Uint8Array.of(0, 1, 0);
    expect(chooseThreshold(labels, Float64Array.of(0.9, 0.5, 0.6), costs)).toEqual({
      threshold: 1,
      value: 1 / 3,
    });
    const certain = Float64Array.of(1, 0.5, 0.6);
    expect(confusionAt(labels, certain, chooseThreshold(labels, certain, costs).threshold).fp).toBe(0);
    const infinite = chooseThreshold(Uint8Array.of(1, 0), Float64Array.of(Infinity, -Infinity), {
      criterion: 'f1',
    });
    expect(Number.isFinite(infinite.threshold)).toBe(true);
    expect(infinite.value).toBe(1);
  });

  test('separates neighbouring scores that have no number between them', () => {
    const scores = Float64Array.of(0.5, 0.5 + Number.EPSILON / 2);
    const { threshold } = chooseThreshold(Uint8Array.of(0, 1), scores, { criterion: 'f1' });
    expect(confusionAt(Uint8Array.of(0, 1), scores, threshold)).toEqual({ tp: 1, fp: 0, fn: 0, tn: 1 });
  });
});

describe('curves', () => {
  const { labels, b: scores } = simulate(4, 5000);

  test('every point of a curve is the confusion at its threshold', () => {
    const roc = rocCurve(labels, scores, { maxPoints: 50 });
    const pr = precisionRecallCurve(labels, scores, { maxPoints: 50 });
    for (let i = 1; i < roc.thresholds.length; i++) {
      const { tp, fn, fp, tn } = confusionAt(labels, scores, roc.thresholds[i]!);
      expectClose(roc.truePositiveRate[i]!, tp / (tp + fn));
      expectClose(roc.falsePositiveRate[i]!, fp / (fp + tn));
    }
    for (let i = 1; i < pr.thresholds.length; i++) {
      const { tp, fn, fp } = confusionAt(labels, scores, pr.thresholds[i]!);
      expectClose(pr.recall[i]!, tp / (tp + fn));
      expectClose(pr.precision[i]!, tp / (tp + fp));
    }
  });

  test('a thinned ROC curve keeps its ends and its area', () => {
    const roc = rocCurve(labels, scores, { maxPoints: 200 });
    expect(roc.thresholds.length).toBeLessThanOrEqual(200);
    expect(roc.thresholds.length).toBeGreaterThan(150);
    const { falsePositiveRate: x, truePositiveRate: y } = roc;
    expect([x[0], y[0], x.at(-1), y.at(-1)]).toEqual([0, 0, 1, 1]);
    let area = 0;
    for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
    expect(Math.abs(area - aucScore(labels, scores))).toBeLessThan(0.001);
  });

  test('a thinned precision-recall curve passes near every point left out', () => {
    const all = precisionRecallCurve(labels, scores);
    const thinned = precisionRecallCurve(labels, scores, { maxPoints: 300 });
    expect(thinned.recall.length).toBeLessThanOrEqual(300);
    for (let i = 0; i < all.recall.length; i += 7) {
      const nearest = Math.min(
        ...thinned.recall.map((recall, k) =>
          Math.max(Math.abs(recall - all.recall[i]!), Math.abs(thinned.precision[k]! - all.precision[i]!)),
        ),
      );
      expect(nearest).toBeLessThan(0.05);
    }
  });
});

test('the histogram counts every row once, by label', () => {
  const seen = scoreHistogram(Uint8Array.of(0, 0, 1, 1, 1), Float64Array.of(0, 0.09, 0.1, 1, 1.5), {
    bins: 10,
  });
  expect([...seen.negatives]).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect([...seen.positives]).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
  expect(seen.edges.at(-1)).toBe(1);
});

test("Wilson's interval stays within 0 and 1 and holds the share", () => {
  // scipy 1.17.1: stats.binomtest(8, 10).proportion_ci(method='wilson')
  const labels = Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0);
  const { low, high, count } = reliabilityCurve(labels, new Float64Array(10).fill(0.7), { bins: 4 });
  expectClose(low[0]!, 0.49016247153664183);
  expectClose(high[0]!, 0.9433178485456247);
  expect([...count]).toEqual([10]);
});

test('two-sided p-values', () => {
  // scipy 1.17.1: 2 * stats.norm.sf([0, 0.5, 1.959963984540054, 2.8, 2.9, 6, 20])
  const expected = [
    1, 0.6170750774519738, 0.05, 0.005110260660855864, 0.003731626600768075, 1.973175290075389e-9,
    5.507248237212311e-89,
  ];
  [0, 0.5, 1.959963984540054, 2.8, 2.9, 6, 20].forEach((z, i) => {
    expectClose(twoSidedPValue(z) / expected[i]!, 1, 1e-12);
    expect(twoSidedPValue(-z)).toBe(twoSidedPValue(z));
  });
});

describe('what cannot be measured is refused with a code', () => {
  const code = (expected: string): unknown =>
    expect.objectContaining({ name: 'MetricsError', code: expected });
  test.each([
    ['metrics_empty_input', () => aucScore(new Uint8Array(0), new Float64Array(0))],
    ['metrics_length_mismatch', () => aucScore(new Uint8Array(2), new Float64Array(3))],
    ['metrics_invalid_value', () => aucScore(Uint8Array.of(0, 2), new Float64Array(2))],
    ['metrics_invalid_value', () => aucScore(Uint8Array.of(0, 1), Float64Array.of(0, NaN))],
    ['metrics_length_mismatch', () => deLong(Uint8Array.of(0, 1), new Float64Array(2), new Float64Array(1))],
    ['metrics_invalid_value', () => reliabilityCurve(Uint8Array.of(1), Float64Array.of(1.5))],
    [
      'metrics_invalid_argument',
      () => rocCurve(Uint8Array.of(0, 1), Float64Array.of(0, 1), { maxPoints: 1 }),
    ],
    ['metrics_invalid_argument', () => scoreHistogram(Uint8Array.of(0), Float64Array.of(0), { bins: 0 })],
  ])('%s', (expected, call) => {
    expect(call).toThrow(code(expected));
    expect(call).toThrow(MetricsError);
  });
});

describe("DeLong's degenerate cases", () => {
  test('an absent class gives NaN throughout', () => {
    const seen = deLong(Uint8Array.of(1, 1), Float64Array.of(0, 1), Float64Array.of(1, 0));
    expect(Object.values(seen).every(Number.isNaN)).toBe(true);
  });
  test('perfect against perfectly wrong is certain', () => {
    const labels = Uint8Array.of(1, 1, 0, 0);
    const right = Float64Array.of(4, 3, 2, 1);
    const seen = deLong(
      labels,
      right.map((score) => -score),
      right,
    );
    expect(seen).toMatchObject({ difference: 1, standardError: 0, low: 1, high: 1, pValue: 0 });
  });
});
