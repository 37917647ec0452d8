import { read } from 'node:fs';
import { promisify } from 'node:util';
import { DMatrix } from './dmatrix.ts';
import { XgboostError } from './errors.ts';
import type { RowInfo } from './matrix-info.ts';
import { loadLibrary } from './native/native-library.ts';
import { readShared } from './native/shared-memory.ts';
import type { Rows } from './rows.ts';
import { train } from './train.ts';
import {
  ARRAYS_FD,
  SHARED_FD,
  type ArrayPlace,
  type MatrixRequest,
  type TrainingMessage,
  type TrainingRequest,
} from './trainer-messages.ts';

// The process of one Trainer: it owns the matrices and the model, and ends with them.

const send = (message: TrainingMessage): Promise<void> =>
  new Promise((resolve) => {
    if (!process.connected || process.send === undefined) return resolve();
    process.send(message, () => resolve());
  });

/** Gives the arrays of a request in its order: those in shared memory where they are, others straight from the pipe. */
class ArrayReceiver {
  readonly #blocks: readonly ArrayBuffer[];

  constructor(blocks: readonly number[]) {
    this.#blocks = blocks.map((byteLength, index) => readShared(SHARED_FD + index, byteLength));
  }

  async floats(place: ArrayPlace): Promise<Float32Array> {
    return (await this.#array(place)) as Float32Array;
  }

  async uints(place: ArrayPlace): Promise<Uint32Array> {
    return (await this.#array(place)) as Uint32Array;
  }

  async #array({ type, length, shared }: ArrayPlace): Promise<Float32Array | Uint32Array> {
    const Type = type === 'float' ? Float32Array : Uint32Array;
    if (shared !== undefined)
      return new Type(this.#blocks[shared.block] as ArrayBuffer, shared.byteOffset, length);
    const array = new Type(length);
    const bytes = new Uint8Array(array.buffer);
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await promisify(read)(ARRAYS_FD, bytes, at, bytes.length - at, null);
      if (bytesRead === 0) throw new Error('The arrays of the training ended before they were whole.');
      at += bytesRead;
    }
    return array;
  }
}

async function rowsOf({ rows }: MatrixRequest, arrays: ArrayReceiver): Promise<Rows> {
  if (rows.form === 'dense') return { ...rows, data: await arrays.floats(rows.data) };
  if (rows.form === 'columns') {
    const columns: Float32Array[] = [];
    for (const place of rows.columns) columns.push(await arrays.floats(place));
    return { columns };
  }
  const rowStarts = await arrays.uints(rows.rowStarts);
  const columnIndices = await arrays.uints(rows.columnIndices);
  return { rowStarts, columnIndices, values: await arrays.floats(rows.values), columns: rows.columns };
}

async function matrixOf(
  request: MatrixRequest,
  arrays: ArrayReceiver,
  reference?: DMatrix,
): Promise<DMatrix> {
  const rows = await rowsOf(request, arrays);
  const info: Record<string, Float32Array | Uint32Array> = {};
  for (const [name, place] of Object.entries(request.info))
    info[name] = await (place.type === 'float' ? arrays.floats(place) : arrays.uints(place));
  const { options, maxBin } = request;
  if (maxBin === undefined) return DMatrix.from(rows, { ...options, ...(info as RowInfo) });
  return DMatrix.quantileFrom(rows, {
    ...options,
    ...(info as RowInfo),
    maxBin,
    ...(reference?.isQuantile && { reference }),
  });
}

async function perform(request: TrainingRequest): Promise<void> {
  loadLibrary(request.library);
  const arrays = new ArrayReceiver(request.blocks);
  const matrix = await matrixOf(request.matrix, arrays);
  const evaluate: { name: string; matrix: DMatrix }[] = [];
  for (const one of request.evaluate)
    evaluate.push({
      name: one.name,
      matrix: one.matrix === 'training' ? matrix : await matrixOf(one.matrix, arrays, matrix),
    });
  const { rounds, earlyStopping, initialModel } = request;
  const { booster, ...result } = await train(request.parameters, matrix, {
    rounds,
    evaluate,
    ...(earlyStopping && { earlyStopping }),
    ...(initialModel && { initialModel }),
    onRound: (round) => void send({ type: 'round', round }),
  });
  await send({ type: 'result', result, model: booster.save() });
}

process.on('disconnect', () => process.exit(0));
process.once('message', (request: TrainingRequest) => {
  perform(request)
    .catch((error: unknown) =>
      send({
        type: 'failure',
        code: error instanceof XgboostError ? error.code : undefined,
        message: error instanceof Error ? error.message : String(error),
      }),
    )
    .finally(() => process.exit(0));
});
