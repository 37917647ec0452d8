import type { DenseOptions } from './dmatrix.ts';
import type { EarlyStoppingOptions } from './early-stopping.ts';
import type { XgboostErrorCode } from './errors.ts';
import type { Parameters } from './parameter-schema.ts';
import type { RowInfo } from './matrix-info.ts';
import type { Round, TrainResult } from './train.ts';

/** Where an array is: next in the pipe, or in a block of shared memory. */
export interface ArrayPlace {
  readonly type: 'float' | 'uint';
  readonly length: number;
  readonly shared?: {
    /** Which of the request's blocks. */ readonly block: number;
    readonly byteOffset: number;
  };
}

/** What of a matrix are arrays. */
export type MatrixArray = Exclude<keyof RowInfo, 'queryIds'>;

/** A matrix with the places of its arrays instead of them. */
export interface MatrixRequest {
  readonly options: Omit<DenseOptions, keyof RowInfo>;
  /** Whether it is quantised at once, with so many bins. */
  readonly maxBin: number | undefined;
  readonly rows:
    | { readonly form: 'dense'; readonly data: ArrayPlace; readonly rows: number; readonly columns: number }
    | {
        readonly form: 'sparse';
        readonly rowStarts: ArrayPlace;
        readonly columnIndices: ArrayPlace;
        readonly values: ArrayPlace;
        readonly columns: number;
      }
    | { readonly form: 'columns'; readonly columns: readonly ArrayPlace[] };
  readonly info: Readonly<Partial<Record<MatrixArray, ArrayPlace>>>;
}

/** What the process is asked; arrays that are not shared follow on file descriptor {@link ARRAYS_FD}, matrix by matrix. */
export interface TrainingRequest {
  readonly library: string;
  readonly parameters: Parameters;
  /** Blocks of shared memory: their sizes in bytes; their file descriptors begin at {@link SHARED_FD}. */
  readonly blocks: readonly number[];
  readonly matrix: MatrixRequest;
  readonly evaluate: readonly { readonly name: string; readonly matrix: MatrixRequest | 'training' }[];
  readonly rounds: number;
  readonly earlyStopping: EarlyStoppingOptions | undefined;
  readonly initialModel: Uint8Array | undefined;
}

export const ARRAYS_FD = 3;
/** After that of the messages. */
export const SHARED_FD = 5;

export type TrainingMessage =
  | { readonly type: 'round'; readonly round: Round }
  | { readonly type: 'result'; readonly result: Omit<TrainResult, 'booster'>; readonly model: Uint8Array }
  | { readonly type: 'failure'; readonly code: XgboostErrorCode | undefined; readonly message: string };
