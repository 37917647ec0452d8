export { MetricsError, type MetricsErrorCode } from './metrics-error.ts';
export type { Scores } from './checked-input.ts';
export { ascendingOrder } from './score-order.ts';
export { groupByScore, type ScoreGroups } from './score-groups.ts';
export { aucScore, averagePrecisionScore, brierLoss, logLoss, rowLogLosses } from './binary-scores.ts';
export {
  accuracyScore,
  balancedAccuracyScore,
  confusionAt,
  expectedCost,
  fBetaScore,
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
  isClass,
  macroF1,
  multiclassAccuracy,
  multiclassBalancedAccuracy,
  multiclassLogLoss,
  multiclassMatthews,
  ovrAuc,
  predictedClasses,
  rowMulticlassLogLosses,
  scoresOfClass,
} from './multiclass.ts';
export { classFigures, compareClasses, type ClassDifference, type ClassFigures } from './class-figures.ts';
export { pairedRateDifference, type PairedCounts } from './paired-rates.ts';
export { mae, mape, pinballLoss, r2, rmse } from './regression.ts';
export type { Interval, IntervalWithPValue } from './interval.ts';
export { gainAt, liftAt } from './top-rows.ts';
export { ksDistance, ksScore } from './kolmogorov-smirnov.ts';
export { calibrationLine, expectedCalibrationError, type CalibrationLine } from './calibration.ts';
export { wilsonInterval } from './wilson-interval.ts';
export { discordance, mcNemarTest, type Discordance, type McNemarTest } from './mcnemar.ts';
export { benjaminiHochberg, holm } from './multiple-comparisons.ts';
export { bcaInterval, type LeftOut } from './bca.ts';
export { bootstrapBca, type CountedMetric, type PairedBca } from './bootstrap-bca.ts';
export { prepareAuc } from './weighted-auc.ts';
export { prepareAveragePrecision } from './weighted-average-precision.ts';
export { compareSegments, type Partition, type SegmentComparison, type SegmentOptions } from './segments.ts';
export { disagreements, type Disagreements } from './disagreements.ts';
export { featureDrift, type Drift } from './drift.ts';
export { aucInterval, deLong, type DeLongComparison } from './delong.ts';
export type { Assessment, BootstrapOptions, Comparison } from './resampling.ts';
export {
  lineariseBinary,
  linearisedDifference,
  linearisedInterval,
  type Linearised,
  type LinearisedMetric,
} from './linearised.ts';
export { lineariseMulticlass, type MulticlassMetric } from './linearised-multiclass.ts';
export { lineariseRegression, type RegressionMetric } from './linearised-regression.ts';
export {
  assessBinary,
  compareBinary,
  pairedBootstrap,
  type BinaryAssessment,
  type BinaryComparison,
  type BinaryMetric,
  type BinaryOptions,
  type BinarySide,
  type BootstrappedBinaryMetric,
} from './compare-binary.ts';
export { assessMulticlass, compareMulticlass } from './compare-multiclass.ts';
export { assessRegression, compareRegression } from './compare-regression.ts';
