import { describe, expect, test } from 'vitest';
import {
  aucInterval,
  bcaInterval,
  benjaminiHochberg,
  calibrationLine,
  compareSegments,
  confusionAt,
  deLong,
  expectedCalibrationError,
  expectedCost,
  fBetaScore,
  featureDrift,
  gainAt,
  holm,
  ksDistance,
  ksScore,
  liftAt,
  mape,
  mcNemarTest,
  pinballLoss,
  specificityScore,
  wilsonInterval,
} from '../src/index.ts';
import { normalQuantile } from '../src/normal-distribution.ts';
import { expectAllClose, expectClose } from './closeness.ts';
import { golden } from './golden-file.ts';
import { goldenProc, goldenTests } from './golden-tests-file.ts';

describe.each(goldenTests.binary.map((expected, index) => ({ ...expected, given: golden.binary[index]! })))(
  'binary, $name',
  ({ given, ...expected }) => {
    const labels = Uint8Array.from(given.labels);
    const scores = Float64Array.from(given.scores);

    test('metrics of a confusion are those of scikit-learn', () => {
      const confusion = confusionAt(labels, scores, given.threshold);
      expectClose(fBetaScore(confusion, 2), expected.f2);
      expectClose(fBetaScore(confusion, 0.5), expected.fHalf);
      expectClose(specificityScore(confusion), expected.specificity);
      expectClose(expectedCost(confusion, { falsePositive: 3, falseNegative: 7 }), expected.cost);
    });

    test('gain and lift are those of the definition, the distance of distributions is that of scipy', () => {
      expectClose(gainAt(labels, scores, 15), expected.gain15 ?? NaN);
      expectClose(liftAt(labels, scores, 15), expected.lift15 ?? NaN);
      expectClose(ksScore(labels, scores), expected.kolmogorovSmirnov ?? NaN);
    });

    test('calibration is that of numpy and of statsmodels', () => {
      expectClose(expectedCalibrationError(labels, scores), expected.calibrationError);
      const line = calibrationLine(labels, scores);
      expectClose(line.slope, expected.slope ?? NaN);
      expectClose(line.intercept, expected.intercept ?? NaN);
    });
  },
);

test.each(
  goldenTests.regression.map((expected, index) => ({ ...expected, given: golden.regression[index]! })),
)('regression, $name, as in scikit-learn', ({ given, ...expected }) => {
  const targets = Float64Array.from(given.targets);
  const predictions = Float64Array.from(given.predictions);
  expectClose(mape(targets, predictions), expected.mape);
  expectClose(pinballLoss(targets, predictions, 0.1), expected.pinball10);
  expectClose(pinballLoss(targets, predictions), expected.pinball50);
  expectClose(pinballLoss(targets, predictions, 0.9), expected.pinball90);
});

test.each(goldenProc.delong.map((expected, index) => ({ ...expected, given: golden.delong[index]! })))(
  "DeLong's interval and test, $name, as in pROC",
  ({ given, ...expected }) => {
    const labels = Uint8Array.from(given.labels);
    const a = Float64Array.from(given.a);
    const result = deLong(labels, a, Float64Array.from(given.b));
    expectClose(result.aucA, expected.aucA);
    expectClose(result.aucB, expected.aucB);
    expectClose(result.difference / result.standardError, expected.z);
    expectClose(result.pValue / expected.pValue, 1, 1e-11);
    expectClose(result.low, expected.low);
    expectClose(result.high, expected.high);
    const own = aucInterval(labels, a);
    expectClose(own.low, expected.lowA);
    expectClose(own.high, expected.highA);
  },
);

test.each(goldenTests.wilson)('$successes of $trials, as in statsmodels', ({ successes, trials, bounds }) => {
  const { low, high } = wilsonInterval(successes, trials);
  expectAllClose([low, high], bounds);
});

test.each(goldenTests.mcnemar)('McNemar of $counts, as in statsmodels', ({ counts, pValue }) => {
  const seen = mcNemarTest({ onlyCurrentRight: counts[0], onlyCandidateRight: counts[1] });
  expectClose(seen.pValue, pValue, 1e-11);
});

test.each(goldenTests.corrections)(
  'corrections of $pValues.length p-values, as in statsmodels',
  (expected) => {
    expectAllClose(holm(expected.pValues), expected.holm);
    expectAllClose(benjaminiHochberg(expected.pValues), expected.benjaminiHochberg);
  },
);

test.each(goldenTests.bca)('the BCa interval of a $name, as in scipy', (expected) => {
  const draws = Float64Array.from(expected.draws);
  const seen = bcaInterval(expected.estimate, draws, Float64Array.from(expected.leftOut));
  expectClose(seen.low, expected.low);
  expectClose(seen.high, expected.high);
});

test.each(goldenTests.normal)('the normal quantile of $probability, as in scipy', ({ probability, z }) => {
  expectClose(normalQuantile(probability), z, 1e-11);
});

test.each(goldenTests.drift)('drift from $before to $after, as in scipy', (expected) => {
  const seen = featureDrift(expected.before, expected.after);
  expectClose(seen.stabilityIndex, expected.stabilityIndex);
  expectClose(seen.totalVariation, expected.totalVariation);
  expectClose(seen.kolmogorovSmirnov, expected.kolmogorovSmirnov);
});

test.each(goldenTests.samples)('the distance of two samples, as in scipy', ({ a, b, distance }) => {
  expectClose(ksDistance(Float64Array.from(a), Float64Array.from(b)), distance);
});

test('segments, as in scipy and statsmodels, those that got worse first', () => {
  const { codes, current, candidate, segments } = goldenTests.segments;
  const seen = compareSegments(
    [{ codes: Int32Array.from(codes), segments: 3 }],
    Float64Array.from(current),
    Float64Array.from(candidate),
  );
  expect(seen.map(({ segment, rows }) => [segment, rows])).toEqual(segments.map((s) => [s.segment, s.rows]));
  segments.forEach((expected, index) => {
    const { difference, adjustedPValue, ...sides } = seen[index]!;
    expectClose(sides.current.estimate, expected.current);
    expectClose(sides.candidate.estimate, expected.candidate);
    expectClose(difference.estimate, expected.difference);
    expectClose(difference.low, expected.low);
    expectClose(difference.high, expected.high);
    expectClose(difference.pValue, expected.pValue);
    expectClose(adjustedPValue, expected.adjustedPValue);
  });
});
