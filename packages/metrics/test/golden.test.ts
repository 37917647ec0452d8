import { describe, expect, test } from 'vitest';
import {
  accuracyScore,
  aucInterval,
  aucScore,
  averagePrecisionScore,
  balancedAccuracyScore,
  brierLoss,
  confusionAt,
  confusionMatrix,
  deLong,
  f1Score,
  logLoss,
  macroF1,
  mae,
  matthewsScore,
  classFigures,
  multiclassAccuracy,
  multiclassBalancedAccuracy,
  multiclassLogLoss,
  multiclassMatthews,
  type ClassFigures,
  ovrAuc,
  precisionRecallCurve,
  precisionScore,
  r2,
  recallScore,
  reliabilityCurve,
  rmse,
  rocCurve,
} from '../src/index.ts';
import { expectAllClose, expectClose } from './closeness.ts';
import { golden } from './golden-file.ts';

describe.each(golden.binary)('binary, $name, as in scikit-learn', (expected) => {
  const labels = Uint8Array.from(expected.labels);
  const scores = Float64Array.from(expected.scores);

  test('scores and losses', () => {
    expectClose(aucScore(labels, scores), expected.auc ?? NaN);
    expectClose(averagePrecisionScore(labels, scores), expected.averagePrecision);
    expectClose(logLoss(labels, scores), expected.logLoss);
    expectClose(brierLoss(labels, scores), expected.brier);
  });

  test('the confusion and what follows from it', () => {
    const confusion = confusionAt(labels, scores, expected.threshold);
    expect(confusion).toEqual(expected.confusion);
    expectClose(accuracyScore(confusion), expected.accuracy);
    expectClose(precisionScore(confusion), expected.precision);
    expectClose(recallScore(confusion), expected.recall);
    expectClose(f1Score(confusion), expected.f1);
    expectClose(balancedAccuracyScore(confusion), expected.balancedAccuracy);
    expectClose(matthewsScore(confusion), expected.matthews);
  });

  test('curves', () => {
    const roc = rocCurve(labels, scores);
    if (expected.roc) {
      expectAllClose(roc.falsePositiveRate, expected.roc.x);
      expectAllClose(roc.truePositiveRate, expected.roc.y);
      expect([...roc.thresholds]).toEqual([Infinity, ...expected.roc.thresholds]);
    } else {
      const absent = expected.labels[0] === 1 ? roc.falsePositiveRate : roc.truePositiveRate;
      expect(absent.every(Number.isNaN)).toBe(true);
    }
    const curve = precisionRecallCurve(labels, scores);
    expectAllClose(curve.recall, expected.precisionRecall.x);
    expectAllClose(curve.precision, expected.precisionRecall.y);
    expect([...curve.thresholds]).toEqual([Infinity, ...expected.precisionRecall.thresholds]);
  });

  test('reliability', () => {
    const uniform = reliabilityCurve(labels, scores, { bins: 7 });
    expectAllClose(uniform.positiveShare, expected.calibration.share);
    expectAllClose(uniform.meanScore, expected.calibration.mean);
    const quantile = reliabilityCurve(labels, scores, { bins: 5, strategy: 'quantile' });
    expectAllClose(quantile.positiveShare, expected.quantileCalibration.share);
    expectAllClose(quantile.meanScore, expected.quantileCalibration.mean);
  });
});

test.each(golden.delong)("DeLong's test, $name, as defined", (expected) => {
  const labels = Uint8Array.from(expected.labels);
  const a = Float64Array.from(expected.a);
  const result = deLong(labels, a, Float64Array.from(expected.b));
  expectClose(result.aucA, expected.aucA);
  expectClose(result.aucB, expected.aucB);
  expectClose(result.difference, expected.difference);
  expectClose(result.standardError, expected.standardError);
  expectClose(result.pValue / expected.pValue, 1, 1e-11);
  const own = aucInterval(labels, a);
  expectClose(own.high - own.estimate, 1.959963984540054 * expected.standardErrorA);
});

test.each(golden.multiclass)('multiclass, $name, as in scikit-learn', (expected) => {
  const labels = Int32Array.from(expected.labels);
  const scores = Float64Array.from(expected.scores);
  const classes = expected.classes.length;
  expectClose(multiclassAccuracy(labels, scores, classes), expected.accuracy);
  expectClose(multiclassBalancedAccuracy(labels, scores, classes), expected.balancedAccuracy);
  expectClose(multiclassMatthews(labels, scores, classes), expected.matthews);
  expectClose(macroF1(labels, scores, classes), expected.macroF1);
  expectClose(multiclassLogLoss(labels, scores, classes), expected.logLoss);
  expect([...confusionMatrix(labels, scores, classes)]).toEqual(expected.confusion);
  if (expected.auc !== null) expectClose(ovrAuc(labels, scores, classes), expected.auc);
});

test.each(golden.multiclass)('each class of several, $name, as in scikit-learn', (expected) => {
  const labels = Int32Array.from(expected.labels);
  const figures = classFigures(labels, Float64Array.from(expected.scores), expected.classes.length);
  expected.classes.forEach(({ rows, predicted, f1, ...rates }, c) => {
    const seen = figures[c] as ClassFigures;
    expect([seen.rows, seen.predicted]).toEqual([rows, predicted]);
    expectClose(seen.f1, f1);
    for (const name of ['recall', 'precision', 'auc'] as const) {
      const { estimate, low, high } = seen[name];
      expectClose(estimate, rates[name] ?? NaN);
      if (rates[name] === null) continue;
      expect(low).toBeLessThanOrEqual(estimate);
      expect(high).toBeGreaterThanOrEqual(estimate);
    }
  });
});

test.each(golden.regression)('regression, $name, as in scikit-learn', (expected) => {
  const targets = Float64Array.from(expected.targets);
  const predictions = Float64Array.from(expected.predictions);
  expectClose(rmse(targets, predictions), expected.rmse);
  expectClose(mae(targets, predictions), expected.mae);
  expectClose(r2(targets, predictions), expected.r2);
});
