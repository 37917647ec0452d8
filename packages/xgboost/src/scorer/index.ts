/** Scoring with an XGBoost model in TypeScript alone: loads neither koffi nor the library. */
export { XGBOOST_ERRORS, XgboostError, type XgboostErrorCode } from '../errors.ts';
export { Scorer } from './scorer.ts';
