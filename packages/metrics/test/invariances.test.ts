import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accuracyScore,
  aucScore,
  averagePrecisionScore,
  balancedAccuracyScore,
  brierLoss,
  calibrationLine,
  confusionAt,
  deLong,
  expectedCalibrationError,
  expectedCost,
  f1Score,
  fBetaScore,
  gainAt,
  ksScore,
  liftAt,
  logLoss,
  macroF1,
  mae,
  mape,
  matthewsScore,
  multiclassAccuracy,
  multiclassBalancedAccuracy,
  multiclassMatthews,
  multiclassLogLoss,
  ovrAuc,
  pinballLoss,
  precisionScore,
  r2,
  recallScore,
  rmse,
  specificityScore,
  type Confusion,
} from '../src/index.ts';
import { expectClose } from './closeness.ts';

interface RegisteredMetric {
  readonly name: string;
  readonly measure: (labels: Uint8Array, scores: Float64Array) => number;
  /** Sees only the order of the scores. */
  readonly byRank: boolean;
  /** Does not change when labels and scores are both turned round. */
  readonly symmetric: boolean;
  /** Default 1e-12; wider where the value is found step by step. */
  readonly tolerance?: number;
}

const atHalf = (metric: (confusion: Confusion) => number) => (labels: Uint8Array, scores: Float64Array) =>
  metric(confusionAt(labels, scores, 0.5));

const registry: RegisteredMetric[] = [
  { name: 'auc', measure: aucScore, byRank: true, symmetric: true },
  { name: 'averagePrecision', measure: averagePrecisionScore, byRank: true, symmetric: false },
  { name: 'kolmogorovSmirnov', measure: ksScore, byRank: true, symmetric: true },
  { name: 'gain', measure: (l, s) => gainAt(l, s, l.length / 4), byRank: true, symmetric: false },
  { name: 'lift', measure: (l, s) => liftAt(l, s, l.length / 3), byRank: true, symmetric: false },
  { name: 'logLoss', measure: logLoss, byRank: false, symmetric: true },
  { name: 'brier', measure: brierLoss, byRank: false, symmetric: true },
  { name: 'calibrationError', measure: expectedCalibrationError, byRank: false, symmetric: false },
  {
    name: 'calibrationSlope',
    measure: (l, s) => calibrationLine(l, s).slope,
    byRank: false,
    symmetric: true,
    tolerance: 1e-10,
  },
  {
    name: 'calibrationIntercept',
    measure: (l, s) => calibrationLine(l, s).intercept,
    byRank: false,
    symmetric: false,
    tolerance: 1e-10,
  },
  { name: 'accuracy', measure: atHalf(accuracyScore), byRank: false, symmetric: false },
  { name: 'balancedAccuracy', measure: atHalf(balancedAccuracyScore), byRank: false, symmetric: false },
  { name: 'precision', measure: atHalf(precisionScore), byRank: false, symmetric: false },
  { name: 'recall', measure: atHalf(recallScore), byRank: false, symmetric: false },
  { name: 'specificity', measure: atHalf(specificityScore), byRank: false, symmetric: false },
  { name: 'f1', measure: atHalf(f1Score), byRank: false, symmetric: false },
  { name: 'f2', measure: atHalf((c) => fBetaScore(c, 2)), byRank: false, symmetric: false },
  { name: 'matthews', measure: atHalf(matthewsScore), byRank: false, symmetric: false },
  {
    name: 'expectedCost',
    measure: atHalf((c) => expectedCost(c, { falsePositive: 1, falseNegative: 4 })),
    byRank: false,
    symmetric: false,
  },
];

// Scores on a grid, so that ties occur and transformations stay exact.
const row = fc.record({
  label: fc.nat({ max: 1 }),
  a: fc.nat({ max: 64 }),
  b: fc.nat({ max: 64 }),
  place: fc.nat(),
});
const rows = fc.array(row, { minLength: 1, maxLength: 60 });
type Rows = { label: number; a: number; b: number; place: number }[];
const labelsOf = (data: Rows) => Uint8Array.from(data, ({ label }) => label);
const scoresOf = (data: Rows, side: 'a' | 'b' = 'a') => Float64Array.from(data, (r) => r[side] / 64);
const shuffled = (data: Rows) => [...data].sort((x, y) => x.place - y.place);

describe.each(registry)('$name', ({ measure, tolerance }) => {
  test('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(rows, (data) => {
        const moved = shuffled(data);
        expectClose(
          measure(labelsOf(moved), scoresOf(moved)),
          measure(labelsOf(data), scoresOf(data)),
          tolerance,
        );
      }),
    );
  });

  test('does not change when every row is there twice', () => {
    fc.assert(
      fc.property(rows, (data) => {
        const twice = [...data, ...data];
        expectClose(
          measure(labelsOf(twice), scoresOf(twice)),
          measure(labelsOf(data), scoresOf(data)),
          tolerance,
        );
      }),
    );
  });

  test('a single row gives a number or NaN, never an exception', () => {
    for (const label of [0, 1]) {
      const value = measure(Uint8Array.of(label), Float64Array.of(0.5));
      expect(Number.isNaN(value) || Number.isFinite(value)).toBe(true);
    }
  });
});

test.each(registry.filter(({ byRank }) => byRank))(
  '$name does not change under a monotone transformation of the scores',
  ({ measure }) => {
    fc.assert(
      fc.property(rows, (data) => {
        const transformed = scoresOf(data).map((score) => Math.exp(3 * score) - 100);
        expectClose(measure(labelsOf(data), transformed), measure(labelsOf(data), scoresOf(data)));
      }),
    );
  },
);

test.each(registry.filter(({ symmetric }) => symmetric))(
  '$name treats the two labels alike',
  ({ measure, tolerance }) => {
    fc.assert(
      fc.property(rows, (data) => {
        const turned = measure(
          labelsOf(data).map((label) => 1 - label),
          scoresOf(data).map((score) => 1 - score),
        );
        expectClose(turned, measure(labelsOf(data), scoresOf(data)), tolerance);
      }),
    );
  },
);

test('AUC is the share of pairs that are ordered rightly', () => {
  fc.assert(
    fc.property(rows, (data) => {
      let wins = 0;
      let pairs = 0;
      for (const positive of data.filter(({ label }) => label === 1)) {
        for (const negative of data.filter(({ label }) => label === 0)) {
          pairs++;
          wins += positive.a > negative.a ? 1 : positive.a === negative.a ? 0.5 : 0;
        }
      }
      expectClose(aucScore(labelsOf(data), scoresOf(data)), wins / pairs);
    }),
  );
});

test('float32 scores are ranked like the same scores in float64', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 80 }), (values) => {
      const labels = Uint8Array.from(values, (_, i) => ((i * 7) % 3) & 1);
      expectClose(
        averagePrecisionScore(labels, Float32Array.from(values)),
        averagePrecisionScore(labels, Float64Array.from(values)),
      );
      expectClose(aucScore(labels, Float32Array.from(values)), aucScore(labels, Float64Array.from(values)));
    }),
  );
});

/** DeLong, DeLong & Clarke-Pearson's definition over all pairs, as printed: the covariance matrix, then its contrast. */
function deLongByDefinition(labels: Uint8Array, sides: [Float64Array, Float64Array]) {
  const positives = [...labels.keys()].filter((i) => labels[i] === 1);
  const negatives = [...labels.keys()].filter((i) => labels[i] === 0);
  const kernel = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const v10 = sides.map((s) => positives.map((p) => mean(negatives.map((n) => kernel(s[p]!, s[n]!)))));
  const v01 = sides.map((s) => negatives.map((n) => mean(positives.map((p) => kernel(s[p]!, s[n]!)))));
  const covariance = (x: number[], y: number[]) =>
    x.reduce((sum, value, i) => sum + (value - mean(x)) * (y[i]! - mean(y)), 0) / (x.length - 1);
  const s = (i: number, j: number) =>
    covariance(v10[i]!, v10[j]!) / positives.length + covariance(v01[i]!, v01[j]!) / negatives.length;
  return { difference: mean(v10[1]!) - mean(v10[0]!), variance: s(0, 0) + s(1, 1) - 2 * s(0, 1) };
}

const twoOfEach = rows.filter((data) => {
  const positives = data.filter(({ label }) => label === 1).length;
  return positives >= 2 && data.length - positives >= 2;
});

test("the fast DeLong's test is the definition", () => {
  fc.assert(
    fc.property(twoOfEach, (data) => {
      const labels = labelsOf(data);
      const seen = deLong(labels, scoresOf(data, 'a'), scoresOf(data, 'b'));
      const expected = deLongByDefinition(labels, [scoresOf(data, 'a'), scoresOf(data, 'b')]);
      expectClose(seen.difference, expected.difference);
      expectClose(seen.standardError ** 2, Math.max(0, expected.variance));
    }),
  );
});

test("exchanging the sides turns DeLong's difference round and keeps its p-value", () => {
  fc.assert(
    fc.property(twoOfEach, (data) => {
      const forth = deLong(labelsOf(data), scoresOf(data, 'a'), scoresOf(data, 'b'));
      const back = deLong(labelsOf(data), scoresOf(data, 'b'), scoresOf(data, 'a'));
      expectClose(back.difference, -forth.difference);
      expectClose(back.low, -forth.high);
      expectClose(back.pValue, forth.pValue);
    }),
  );
});

interface RegisteredRegressionMetric {
  readonly name: string;
  readonly measure: (targets: Float64Array, predictions: Float64Array) => number;
  /** What it becomes when targets and predictions are both doubled: 1 in the target's unit, 0 without unit. */
  readonly power: 0 | 1;
  /** Does not change when the same is added to targets and predictions. */
  readonly shiftable: boolean;
}

const regressionRegistry: RegisteredRegressionMetric[] = [
  { name: 'rmse', measure: rmse, power: 1, shiftable: true },
  { name: 'mae', measure: mae, power: 1, shiftable: true },
  { name: 'mape', measure: mape, power: 0, shiftable: false },
  { name: 'r2', measure: r2, power: 0, shiftable: true },
  { name: 'pinball', measure: (t, p) => pinballLoss(t, p, 0.8), power: 1, shiftable: true },
];

describe.each(regressionRegistry)('$name', ({ measure, power, shiftable }) => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: -99, max: 99 })), {
    minLength: 2,
    maxLength: 40,
  });
  const of = (data: [number, number][], change: (value: number) => number = (value) => value): number =>
    measure(
      Float64Array.from(data, ([target]) => change(target)),
      Float64Array.from(data, ([, prediction]) => change(prediction)),
    );

  test('depends neither on the order of the rows nor on how often all of them are there', () => {
    fc.assert(fc.property(pairs, (data) => expectClose(of([...data, ...data.toReversed()]), of(data))));
  });

  test('follows the unit of the target', () => {
    fc.assert(
      fc.property(pairs, (data) =>
        expectClose(
          of(data, (v) => 2 * v),
          2 ** power * of(data),
        ),
      ),
    );
  });

  test(`${shiftable ? 'does not depend' : 'depends'} on where the target's zero is`, () => {
    if (shiftable)
      fc.assert(
        fc.property(pairs, (data) =>
          expectClose(
            of(data, (v) => v + 64),
            of(data),
          ),
        ),
      );
    else expect(of([[1, 2]], (v) => v + 64)).not.toBe(of([[1, 2]]));
  });
});

const multiclassRegistry = [
  { name: 'accuracy', measure: multiclassAccuracy },
  { name: 'macro F1', measure: macroF1 },
  { name: 'balanced accuracy', measure: multiclassBalancedAccuracy },
  { name: 'Matthews', measure: multiclassMatthews },
  { name: 'log loss', measure: multiclassLogLoss },
  { name: 'one-vs-rest AUC', measure: ovrAuc },
];

test.each(multiclassRegistry)('$name of several classes does not depend on their names', ({ measure }) => {
  // Distinct scores in a row, so that no tie is broken by a class's place.
  const rowOfThree = fc.record({
    label: fc.nat({ max: 2 }),
    scores: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 3, maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(rowOfThree, { minLength: 1, maxLength: 40 }), (data) => {
      const at = (turn: number): number =>
        measure(
          Int32Array.from(data, ({ label }) => (label + turn) % 3),
          Float64Array.from(
            data.flatMap(({ scores }) => [0, 1, 2].map((c) => scores[(c + 3 - turn) % 3]! / 64)),
          ),
          3,
        );
      expectClose(at(1), at(0));
      expectClose(at(2), at(0));
    }),
  );
});
