/** XGBoost's C library for Node, typed. The scorer alone, without the library: `@kaefer/xgboost/scorer`. */
export { XGBOOST_ERRORS, XgboostError, type XgboostErrorCode } from './errors.ts';
export { loadLibrary, type LibraryVersion, type XgboostLibrary } from './native/native-library.ts';
export { findLibraryPath } from './native/library-path.ts';
export {
  DMatrix,
  type Batch,
  type BatchSource,
  type ColumnOptions,
  type DenseOptions,
  type FeatureType,
  type QuantileOptions,
} from './dmatrix.ts';
export { Booster, type ImportanceType } from './booster.ts';
export type { InPlaceOptions, Prediction, PredictionKind, PredictOptions } from './prediction.ts';
export type { DenseRows, SparseRows } from './rows.ts';
export {
  METRICS,
  OBJECTIVES,
  PARAMETER_ALIASES,
  parameterSchema,
  type ParameterName,
  type Parameters,
  type ParameterSpec,
} from './parameter-schema.ts';
export { parameterTexts } from './parameter-check.ts';
export { isMaximised, type EarlyStoppingOptions, type Metrics } from './early-stopping.ts';
export { train, type Round, type TrainOptions, type TrainResult } from './train.ts';
export { Trainer, type TrainerMatrix, type TrainerOptions, type TrainerResult } from './trainer.ts';
export { Scorer } from './scorer/scorer.ts';
export type { CustomMetric, Customs, Derivatives, Evaluated } from './round.ts';
export {
  crossValidate,
  type CrossValidationOptions,
  type CrossValidationResult,
  type FoldStatistics,
} from './cross-validate.ts';
export type { FoldOptions } from './folds.ts';
export type { TreeLeaf, TreeNode, TreeSplit } from './trees.ts';
