import type { DenseOptions } from './dmatrix.ts';
import type { EarlyStoppingOptions } from './early-stopping.ts';
import type { XgboostErrorCode } from './errors.ts';
import type { Parameters } from './parameter-schema.ts';
import type { Round, TrainResult } from './train.ts';

/** The arrays of a matrix, in the order in which they go through the pipe. */
export const MATRIX_ARRAYS = ['data', 'labels', 'weights', 'baseMargin'] as const;
export type MatrixArray = (typeof MATRIX_ARRAYS)[number];

/** A matrix without its arrays, and how many numbers each of them has. */
export interface MatrixShape extends Omit<DenseOptions, MatrixArray> {
  readonly rows: number;
  readonly columns: number;
  readonly lengths: Readonly<Partial<Record<MatrixArray, number>>>;
}

/** What the process is asked; the arrays follow on file descriptor {@link ARRAYS_FD}, matrix by matrix. */
export interface TrainingRequest {
  readonly library: string;
  readonly parameters: Parameters;
  readonly matrix: MatrixShape;
  readonly evaluate: readonly { readonly name: string; readonly matrix: MatrixShape | 'training' }[];
  readonly rounds: number;
  readonly earlyStopping: EarlyStoppingOptions | undefined;
  readonly initialModel: Uint8Array | undefined;
}

export const ARRAYS_FD = 3;

export type TrainingMessage =
  | { readonly type: 'round'; readonly round: Round }
  | { readonly type: 'result'; readonly result: Omit<TrainResult, 'booster'>; readonly model: Uint8Array }
  | { readonly type: 'failure'; readonly code: XgboostErrorCode | undefined; readonly message: string };
