export { MetricsError, type MetricsErrorCode } from './metrics-error.ts';
export type { Scores } from './checked-input.ts';
export { ascendingOrder } from './score-order.ts';
export { aucScore, averagePrecisionScore, brierLoss, logLoss } from './binary-scores.ts';
export {
  accuracyScore,
  balancedAccuracyScore,
  confusionAt,
  expectedCost,
  f1Score,
  matthewsScore,
  precisionScore,
  recallScore,
  specificityScore,
  type Confusion,
  type Costs,
} from './confusion.ts';
export { chooseThreshold, type ChosenThreshold, type ThresholdCriterion } from './choose-threshold.ts';
export {
  precisionRecallCurve,
  rocCurve,
  type CurveOptions,
  type PrecisionRecallCurve,
  type RocCurve,
} from './curves.ts';
export {
  reliabilityCurve,
  scoreHistogram,
  type ReliabilityCurve,
  type ScoreHistogram,
} from './score-distribution.ts';
export {
  confusionMatrix,
  macroF1,
  multiclassAccuracy,
  multiclassLogLoss,
  ovrAuc,
  predictedClasses,
} from './multiclass.ts';
export { mae, r2, rmse } from './regression.ts';
export type { Interval, IntervalWithPValue } from './interval.ts';
export { aucInterval, deLong, type DeLongComparison } from './delong.ts';
export type { Assessment, BootstrapOptions, Comparison } from './resampling.ts';
export {
  lineariseBinary,
  linearisedDifference,
  linearisedInterval,
  type Linearised,
  type LinearisedMetric,
} from './linearised.ts';
export {
  assessBinary,
  compareBinary,
  pairedBootstrap,
  type BinaryComparison,
  type BinaryMetric,
  type BinarySide,
  type BootstrappedBinaryMetric,
} from './compare-binary.ts';
export { assessMulticlass, compareMulticlass, type MulticlassMetric } from './compare-multiclass.ts';
export { assessRegression, compareRegression, type RegressionMetric } from './compare-regression.ts';
