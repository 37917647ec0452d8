import { requireMatrix, type DMatrix } from './dmatrix.ts';
import { XgboostError } from './errors.ts';

/** What a model knows of the columns that it was made for. */
interface KnownFeatures {
  /** Their number; 0 before the model has met its first matrix. */
  readonly features: number;
  readonly featureNames: readonly string[] | undefined;
}

/** @throws XgboostError `XGBOOST_BAD_ARGUMENT` when the matrix has another number of columns, or other names, than the model. */
export function requireFeatures(model: KnownFeatures, matrix: DMatrix): void {
  requireMatrix(matrix);
  const { features } = model;
  if (features !== 0 && matrix.columns !== features) {
    const message = `The model has ${features} features and the matrix ${matrix.columns} columns.`;
    throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
  }
  const [ours, theirs] = [model.featureNames, matrix.featureNames];
  if (!ours || !theirs) return;
  const different = ours.findIndex((name, i) => name !== theirs[i]);
  if (different < 0) return;
  const message = `Column ${different} of the matrix is ${theirs[different]}, but the model's is ${ours[different]}.`;
  throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
}

/** @throws XgboostError `XGBOOST_BAD_ARGUMENT` when a model of that many rounds lacks one of the rounds [begin, end). */
export function requireRounds(rounds: number, begin: number, end: number): void {
  if (Number.isInteger(begin) && Number.isInteger(end) && begin >= 0 && begin < end && end <= rounds) return;
  const message = `There are no rounds ${begin} to ${end} (end excluded); the model has ${rounds}.`;
  throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
}
