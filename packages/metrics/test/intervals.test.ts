import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawBinomial } from '../src/binomial-draw.ts';
import {
  accuracyScore,
  assessBinary,
  assessMulticlass,
  assessRegression,
  averagePrecisionScore,
  bootstrapBca,
  brierLoss,
  compareBinary,
  compareMulticlass,
  compareRegression,
  confusionAt,
  f1Score,
  logLoss,
  macroF1,
  mae,
  expectedCost,
  multiclassAccuracy,
  multiclassBalancedAccuracy,
  multiclassLogLoss,
  multiclassMatthews,
  ovrAuc,
  pairedBootstrap,
  r2,
  rmse,
  balancedAccuracyScore,
  matthewsScore,
  specificityScore,
} from '../src/index.ts';
import { linearisedDifferences } from '../src/linearised.ts';
import { lineariseRegression } from '../src/linearised-regression.ts';
import { RandomStream } from '../src/random-stream.ts';
import { isLinearised } from '../src/resampling.ts';
import { expectClose } from './closeness.ts';
import { simulate } from './simulated-scores.ts';

describe('binary', () => {
  const { labels, a, b } = simulate(3, 800);
  const current = { scores: a, threshold: 0.5 };
  const candidate = { scores: b, threshold: 0.45 };

  test('estimates are the metrics of the rows as they are', () => {
    const seen = compareBinary(labels, current, candidate, { draws: 20 });
    expectClose(seen.current.averagePrecision.estimate, averagePrecisionScore(labels, a));
    expectClose(seen.candidate.logLoss.estimate, logLoss(labels, b));
    expectClose(seen.difference.brier.estimate, brierLoss(labels, b) - brierLoss(labels, a));
    expectClose(seen.candidate.f1.estimate, f1Score(confusionAt(labels, b, 0.45)));
    expectClose(
      seen.difference.accuracy.estimate,
      accuracyScore(confusionAt(labels, b, 0.45)) - accuracyScore(confusionAt(labels, a, 0.5)),
    );
  });

  test('of the confusion has intervals for all that a threshold decides', () => {
    const seen = compareBinary(labels, current, candidate, { draws: 400 });
    const [was, is] = [confusionAt(labels, a, 0.5), confusionAt(labels, b, 0.45)];
    for (const [name, score] of [
      ['specificity', specificityScore],
      ['balancedAccuracy', balancedAccuracyScore],
      ['matthews', matthewsScore],
    ] as const) {
      expectClose(seen.candidate[name].estimate, score(is));
      expectClose(seen.difference[name].estimate, score(is) - score(was));
      const { low, high, estimate } = seen.candidate[name];
      expect(low).toBeLessThan(estimate);
      expect(high).toBeGreaterThan(estimate);
    }
    // The standard error of a share, by its own formula.
    const { low, high, estimate } = seen.candidate.specificity;
    const expected = 2 * 1.96 * Math.sqrt((estimate * (1 - estimate)) / (is.tn + is.fp));
    expect(Math.abs((high - low) / expected - 1)).toBeLessThan(0.15);
  });

  test('has an expected cost where wrong answers have prices, and none where not', () => {
    const costs = { falsePositive: 1, falseNegative: 8 };
    const seen = compareBinary(labels, current, candidate, { draws: 1000, costs });
    const [was, is] = [confusionAt(labels, a, 0.5), confusionAt(labels, b, 0.45)];
    expectClose(seen.expectedCost?.current.estimate ?? NaN, expectedCost(was, costs));
    expectClose(
      seen.expectedCost?.difference.estimate ?? NaN,
      expectedCost(is, costs) - expectedCost(was, costs),
    );
    // The standard error of a mean of 0, 1 and 8 over the rows.
    const { estimate, low, high } = seen.expectedCost?.candidate ?? { estimate: NaN, low: NaN, high: NaN };
    const square = (is.fp + 64 * is.fn) / labels.length - estimate ** 2;
    expect(Math.abs((high - low) / (2 * 1.96 * Math.sqrt(square / labels.length)) - 1)).toBeLessThan(0.15);
    const free = compareBinary(labels, current, candidate, { draws: 1000 });
    expect(free.expectedCost).toBeNull();
    expect(free.difference).toEqual(seen.difference);
    const alone = assessBinary(labels, candidate, { draws: 1000, costs });
    expectClose(alone.expectedCost?.estimate ?? NaN, estimate);
  });

  test('the same seed gives the same intervals, another seed others', () => {
    const once = compareBinary(labels, current, candidate, { seed: 5, draws: 50 });
    expect(compareBinary(labels, current, candidate, { seed: 5, draws: 50 })).toEqual(once);
    const other = compareBinary(labels, current, candidate, { seed: 6, draws: 50 });
    expect(other.difference.logLoss.low).not.toBe(once.difference.logLoss.low);
    expect(other.difference.f1.estimate).toBe(once.difference.f1.estimate);
  });

  test('a model differs from itself by exactly nothing', () => {
    const { difference } = compareBinary(labels, current, current, { draws: 50 });
    for (const interval of Object.values(difference)) {
      expect(interval).toMatchObject({ estimate: 0, low: 0, high: 0 });
    }
    expect(difference.auc.pValue).toBe(1);
  });

  test('exchanging the sides turns every difference round', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const world = simulate(seed, 60);
        const x = { scores: world.a, threshold: 0.5 };
        const y = { scores: world.b, threshold: 0.5 };
        const forth = pairedBootstrap(world.labels, x, y, { draws: 40, seed });
        const back = pairedBootstrap(world.labels, y, x, { draws: 40, seed });
        for (const name of ['averagePrecision', 'logLoss', 'brier'] as const) {
          expectClose(back.difference[name].low, -forth.difference[name].high);
          expectClose(back.current[name].low, forth.candidate[name].low);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('pairing narrows the interval of the difference', () => {
    const seen = compareBinary(labels, current, candidate, { draws: 400 });
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    for (const name of ['auc', 'averagePrecision', 'logLoss', 'brier'] as const) {
      const unpaired = Math.hypot(width(seen.current[name]), width(seen.candidate[name]));
      expect(width(seen.difference[name])).toBeLessThan(0.9 * unpaired);
    }
  });

  test('resampling the table of cells spreads like resampling the rows', () => {
    const predicted = b.map((score) => (score >= 0.45 ? 1 : 0));
    // The Brier loss of hard predictions is 1 − accuracy, and is resampled row by row.
    const rows = assessBinary(labels, { scores: predicted, threshold: 0.5 }, { draws: 4000 }).metrics;
    expectClose(1 - rows.brier.estimate, rows.accuracy.estimate);
    expectClose(1 - rows.brier.high, rows.accuracy.low, 0.004);
    expectClose(1 - rows.brier.low, rows.accuracy.high, 0.004);
  });

  test('intervals are bias-corrected and accelerated, of the table of cells as of the rows', () => {
    const few = { scores: b.slice(0, 160), threshold: 0.8 };
    const own = labels.slice(0, 160);
    const { metrics } = assessBinary(own, few, { draws: 8000 });
    const precision = (counts: Uint16Array): number => {
      let [tp, called] = [0, 0];
      counts.forEach((count, row) => {
        if (few.scores[row]! < few.threshold) return;
        called += count;
        tp += count * own[row]!;
      });
      return called === 0 ? 0 : tp / called;
    };
    const byRows = bootstrapBca(own.length, precision, precision, { draws: 8000 }).candidate;
    expectClose(metrics.precision.low, byRows.low, 0.02);
    expectClose(metrics.precision.high, byRows.high, 0.02);
    const brier = (counts: Uint16Array): number =>
      counts.reduce((sum, count, row) => sum + count * (few.scores[row]! - own[row]!) ** 2, 0) / own.length;
    const losses = bootstrapBca(own.length, brier, brier, { draws: 8000 }).candidate;
    expectClose(metrics.brier.low, losses.low, 0.003);
    expectClose(metrics.brier.high, losses.high, 0.003);
  });

  test("the bootstrap's spread of a mean is its standard error", () => {
    const { brier } = assessBinary(labels, current, { draws: 4000 }).metrics;
    const losses = labels.reduce((sum, label, i) => sum + ((a[i]! - label) ** 2 - brier.estimate) ** 2, 0);
    const standardError = Math.sqrt(losses / labels.length ** 2);
    expectClose((brier.high - brier.low) / (2 * 1.96 * standardError), 1, 0.06);
  });

  test('nineteen intervals in twenty hold the true difference', () => {
    const truth = simulate(999, 200_000);
    const trueLoss = logLoss(truth.labels, truth.b) - logLoss(truth.labels, truth.a);
    const trueF1 =
      f1Score(confusionAt(truth.labels, truth.b, 0.5)) - f1Score(confusionAt(truth.labels, truth.a, 0.5));
    const truePrecision =
      averagePrecisionScore(truth.labels, truth.b) - averagePrecisionScore(truth.labels, truth.a);
    const worlds = 200;
    const held = { logLoss: 0, f1: 0, averagePrecision: 0 };
    for (let world = 0; world < worlds; world++) {
      const data = simulate(world + 1, 300);
      const x = { scores: data.a, threshold: 0.5 };
      const y = { scores: data.b, threshold: 0.5 };
      const { difference } = pairedBootstrap(data.labels, x, y, { draws: 200, seed: world });
      const holds = ({ low, high }: { low: number; high: number }, value: number) =>
        +(low <= value && value <= high);
      held.logLoss += holds(difference.logLoss, trueLoss);
      held.f1 += holds(difference.f1, trueF1);
      held.averagePrecision += holds(difference.averagePrecision, truePrecision);
    }
    // 95 % of 200 is 190, with a standard deviation of 3.
    for (const count of Object.values(held)) {
      expect(count).toBeGreaterThanOrEqual(178);
      expect(count).toBeLessThanOrEqual(199);
    }
  });

  test('one class alone: what needs both is NaN, the rest is measured', () => {
    const ones = new Uint8Array(50).fill(1);
    const { metrics } = assessBinary(ones, { scores: a.slice(0, 50), threshold: 0.5 }, { draws: 20 });
    expect(metrics.auc).toEqual({ estimate: NaN, low: NaN, high: NaN });
    expect(metrics.averagePrecision.estimate).toBe(1);
    expect(metrics.brier.low).toBeLessThan(metrics.brier.high);
  });
});

test('what would take too many draws is linearised, unless every draw is insisted on', () => {
  expect(isLinearised(40_000, {})).toBe(false);
  expect(isLinearised(40_001, {})).toBe(true);
  expect(isLinearised(40_001, { draws: 500 })).toBe(false);
  expect(isLinearised(5_000_000, { linearise: false })).toBe(false);
  expect(() => isLinearised(10, { draws: 0 })).toThrow(
    expect.objectContaining({ code: 'metrics_invalid_argument' }),
  );
});

test.each([
  [20, 0.1],
  [400, 0.03],
  [1000, 0.5],
  [1_000_000, 0.06],
  [300, 0.97],
])('binomial draws of %d trials at %d have their mean and variance', (trials, probability) => {
  const random = new RandomStream(11);
  const draws = 20_000;
  let sum = 0;
  let squares = 0;
  const mean = trials * probability;
  for (let i = 0; i < draws; i++) {
    const draw = drawBinomial(random, trials, probability);
    expect(Number.isInteger(draw) && draw >= 0 && draw <= trials).toBe(true);
    sum += draw - mean;
    squares += (draw - mean) ** 2;
  }
  const variance = mean * (1 - probability);
  expect(Math.abs(sum / draws)).toBeLessThan(4 * Math.sqrt(variance / draws));
  expect(Math.abs(squares / draws / variance - 1)).toBeLessThan(0.06);
});

describe('multiclass and regression', () => {
  const classes = 3;
  const random = new RandomStream(2);
  const labels = Int32Array.from({ length: 400 }, () => random.uint32() % classes);
  const probabilities = (skill: number) => {
    const scores = new Float64Array(labels.length * classes);
    labels.forEach((label, row) => {
      const raw = Array.from({ length: classes }, (_, c) => random.fraction() + (c === label ? skill : 0));
      const sum = raw.reduce((total, value) => total + value, 0);
      raw.forEach((value, c) => (scores[row * classes + c] = value / sum));
    });
    return scores;
  };
  const weak = probabilities(0.2);
  const strong = probabilities(0.7);

  test('multiclass estimates are the metrics; the stronger side is found', () => {
    const seen = compareMulticlass(labels, weak, strong, classes, { draws: 200 });
    expectClose(seen.current.accuracy.estimate, multiclassAccuracy(labels, weak, classes));
    expectClose(seen.candidate.macroF1.estimate, macroF1(labels, strong, classes));
    expectClose(
      seen.candidate.balancedAccuracy.estimate,
      multiclassBalancedAccuracy(labels, strong, classes),
    );
    expectClose(seen.candidate.matthews.estimate, multiclassMatthews(labels, strong, classes));
    expectClose(seen.candidate.logLoss.estimate, multiclassLogLoss(labels, strong, classes));
    expectClose(seen.candidate.auc.estimate, ovrAuc(labels, strong, classes));
    expect(seen.difference.accuracy.low).toBeGreaterThan(0);
    expect(seen.difference.logLoss.high).toBeLessThan(0);
    const alone = assessMulticlass(labels, strong, classes, { draws: 200 });
    expect(alone).toEqual({ draws: 200, linearised: false, metrics: seen.candidate });
  });

  test('regression estimates are the metrics; the stronger side is found', () => {
    const targets = Float64Array.from({ length: 300 }, () => random.fraction() * 100);
    const rough = targets.map((target) => target + 30 * (random.fraction() - 0.5));
    const fine = targets.map((target) => target + 10 * (random.fraction() - 0.5));
    const seen = compareRegression(targets, rough, fine, { draws: 200 });
    expectClose(seen.current.rmse.estimate, rmse(targets, rough));
    expectClose(seen.candidate.mae.estimate, mae(targets, fine));
    expectClose(seen.candidate.r2.estimate, r2(targets, fine));
    expect(seen.difference.rmse.high).toBeLessThan(0);
    expect(seen.difference.r2.low).toBeGreaterThan(0);
    expect(assessRegression(targets, fine, { draws: 200 }).metrics).toEqual(seen.candidate);
  });

  /** Errors of both models, alike but for chance, some of them many times as large as others. */
  const uneven = (rows: number, stream: RandomStream) => {
    const normal = () =>
      Math.sqrt(-2 * Math.log(stream.fraction())) * Math.cos(2 * Math.PI * stream.fraction());
    const targets = new Float64Array(rows);
    const [one, other] = [new Float64Array(rows), new Float64Array(rows)];
    for (let row = 0; row < rows; row++) {
      const [size, shared] = [Math.exp(0.8 * normal()), normal()];
      one[row] = size * (3 * shared + normal());
      other[row] = size * (3 * shared + normal());
    }
    return { targets, one, other };
  };

  test('the interval of a difference is what the bootstrap and its limit span together', () => {
    const { targets, one, other } = uneven(300, new RandomStream(8));
    const seen = compareRegression(targets, one, other, { draws: 200, seed: 3 });
    const rmseOf = (predictions: Float64Array) => (counts: Uint16Array) =>
      Math.sqrt(
        counts.reduce((sum, count, row) => sum + count * predictions[row]! ** 2, 0) /
          counts.reduce((sum, count) => sum + count, 0),
      );
    const bca = bootstrapBca(300, rmseOf(one), rmseOf(other), { draws: 200, seed: 3 });
    const limit = linearisedDifferences(
      lineariseRegression(targets, one),
      lineariseRegression(targets, other),
    ).rmse;
    expectClose(seen.current.rmse.low, bca.current.low);
    expectClose(seen.difference.rmse.low, Math.min(bca.difference.low, limit.low));
    expectClose(seen.difference.rmse.high, Math.max(bca.difference.high, limit.high));
    expect(bca.difference.low).not.toBeCloseTo(limit.low, 3);
  });

  test('models that are alike are seldom told apart, however uneven their errors', () => {
    const stream = new RandomStream(1);
    const worlds = 300;
    let toldApart = 0;
    for (let world = 0; world < worlds; world++) {
      const { targets, one, other } = uneven(400, stream);
      const { low, high } = compareRegression(targets, one, other, { draws: 200 }).difference.rmse;
      if (low > 0 || high < 0) toldApart++;
    }
    // Nineteen in twenty are right; the bootstrap's interval alone is wrong twice as often.
    expect(toldApart / worlds).toBeLessThan(0.08);
  });
});
