import { fstatSync } from 'node:fs';
import { groupsOfQueries, type RowInfo } from './matrix-info.ts';
import type { DenseOptions } from './dmatrix.ts';
import { SharedMemory } from './native/shared-memory.ts';
import { isColumns, isSparse, type Rows } from './rows.ts';
import type { ArrayPlace, MatrixArray, MatrixRequest } from './trainer-messages.ts';

/** A table for a `Trainer`, in any form. Its arrays must not change until the first round is done. */
export type TrainerMatrix = Rows &
  DenseOptions & {
    /** Quantises it at once for the tree method `hist`, which takes less memory, with so many bins. Default: not. */
    maxBin?: number;
  };

const INFO_ARRAYS = [
  'labels',
  'weights',
  'baseMargin',
  'groups',
  'labelLowerBounds',
  'labelUpperBounds',
  'featureWeights',
] as const satisfies readonly MatrixArray[];

/** Takes the arrays of matrices apart: what goes through the pipe, in order, and what is shared. */
export class ArraySender {
  /** File descriptors of the blocks that arrays lie in. */
  readonly descriptors: number[] = [];
  readonly #piped: (Float32Array | Uint32Array)[] = [];

  /** The blocks' sizes in bytes. */
  get blocks(): number[] {
    return this.descriptors.map((descriptor) => fstatSync(descriptor).size);
  }

  /** What goes through the pipe, as bytes. */
  get piped(): Uint8Array[] {
    return this.#piped.map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    );
  }

  /** @throws XgboostError `XGBOOST_DISPOSED` when shared memory was */
  request(matrix: TrainerMatrix): MatrixRequest {
    const { missing, featureNames, featureTypes, threads, maxBin, queryIds } = matrix;
    const groups = matrix.groups ?? (queryIds && groupsOfQueries(queryIds));
    const info: RowInfo = { ...matrix, ...(groups && { groups }) };
    const rows = this.#rows(matrix);
    const places: Partial<Record<MatrixArray, ArrayPlace>> = {};
    for (const name of INFO_ARRAYS) {
      const array = info[name];
      if (array) places[name] = this.#place(array);
    }
    return {
      options: {
        ...(missing !== undefined && { missing }),
        ...(featureNames && { featureNames }),
        ...(featureTypes && { featureTypes }),
        ...(threads !== undefined && { threads }),
      },
      maxBin,
      rows,
      info: places,
    };
  }

  #rows(matrix: Rows): MatrixRequest['rows'] {
    if (isSparse(matrix)) {
      const { rowStarts, columnIndices, values, columns } = matrix;
      const [starts, indices, numbers] = [rowStarts, columnIndices, values].map((array) =>
        this.#place(array),
      );
      return {
        form: 'sparse',
        rowStarts: starts as ArrayPlace,
        columnIndices: indices as ArrayPlace,
        values: numbers as ArrayPlace,
        columns,
      };
    }
    if (isColumns(matrix)) return { form: 'columns', columns: matrix.columns.map((one) => this.#place(one)) };
    const { data, rows, columns } = matrix;
    return { form: 'dense', data: this.#place(data), rows, columns };
  }

  #place(array: Float32Array | Uint32Array): ArrayPlace {
    const { length, byteOffset } = array;
    const type = array instanceof Float32Array ? 'float' : 'uint';
    const descriptor = SharedMemory.descriptorOf(array);
    if (descriptor === undefined) {
      this.#piped.push(array);
      return { type, length };
    }
    let block = this.descriptors.indexOf(descriptor);
    if (block < 0) block = this.descriptors.push(descriptor) - 1;
    return { type, length, shared: { block, byteOffset } };
  }
}
