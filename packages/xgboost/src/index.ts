/** XGBoost's C library for Node, typed. The scorer alone, without the library: `@kaefer/xgboost/scorer`. */
export { XGBOOST_ERRORS, XgboostError, type XgboostErrorCode } from './errors.ts';
export { loadLibrary, type LibraryVersion, type XgboostLibrary } from './native/native-library.ts';
export { globalConfig, setGlobalConfig, type GlobalConfig } from './global-config.ts';
export { findLibraryPath } from './native/library-path.ts';
export {
  DMatrix,
  type Batch,
  type BatchInfo,
  type BatchSource,
  type ColumnOptions,
  type DenseOptions,
  type ExternalOptions,
  type FeatureType,
  type QuantileOptions,
  type RowInfo,
} from './dmatrix.ts';
export { ColumnBatches, type ChunkInfo, type ColumnBatchesOptions } from './column-batches.ts';
export { Booster } from './booster.ts';
export type { ImportanceType } from './feature-scores.ts';
export type { InPlaceOptions, Prediction, PredictionKind, PredictOptions } from './prediction.ts';
export type { ColumnRows, DenseRows, Rows, SparseRows } from './rows.ts';
export {
  METRICS,
  OBJECTIVES,
  PARAMETER_ALIASES,
  parameterSchema,
  SINCE,
  type ParameterName,
  type Parameters,
  type ParameterSpec,
} from './parameter-schema.ts';
export { parameterTexts } from './parameter-check.ts';
export { isMaximised, type EarlyStoppingOptions, type Metrics } from './early-stopping.ts';
export { train, type Round, type TrainOptions, type TrainResult } from './train.ts';
export { Trainer, type TrainerOptions, type TrainerResult } from './trainer.ts';
export type { TrainerMatrix } from './trainer-arrays.ts';
export { SharedMemory } from './native/shared-memory.ts';
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
