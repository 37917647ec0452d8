import { read } from 'node:fs';
import { promisify } from 'node:util';
import { DMatrix } from './dmatrix.ts';
import { XgboostError } from './errors.ts';
import { loadLibrary } from './native/native-library.ts';
import { train } from './train.ts';
import {
  ARRAYS_FD,
  MATRIX_ARRAYS,
  type MatrixShape,
  type TrainingMessage,
  type TrainingRequest,
} from './trainer-messages.ts';

// The process of one Trainer: it owns the matrices and the model, and ends with them.

const send = (message: TrainingMessage): Promise<void> =>
  new Promise((resolve) => {
    if (!process.connected || process.send === undefined) return resolve();
    process.send(message, () => resolve());
  });

/** Fills an array straight from the pipe. */
async function receive(length: number): Promise<Float32Array> {
  const array = new Float32Array(length);
  const bytes = new Uint8Array(array.buffer);
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await promisify(read)(ARRAYS_FD, bytes, at, bytes.length - at, null);
    if (bytesRead === 0) throw new Error('The arrays of the training ended before they were whole.');
    at += bytesRead;
  }
  return array;
}

async function matrixOf({ lengths, ...shape }: MatrixShape): Promise<DMatrix> {
  const arrays: Partial<Record<(typeof MATRIX_ARRAYS)[number], Float32Array>> = {};
  for (const name of MATRIX_ARRAYS) {
    const length = lengths[name];
    if (length !== undefined) arrays[name] = await receive(length);
  }
  const { data = new Float32Array(0), ...rest } = arrays;
  return DMatrix.fromDense(data, shape, { ...shape, ...rest });
}

async function perform(request: TrainingRequest): Promise<void> {
  loadLibrary(request.library);
  const matrix = await matrixOf(request.matrix);
  const evaluate: { name: string; matrix: DMatrix }[] = [];
  for (const one of request.evaluate)
    evaluate.push({
      name: one.name,
      matrix: one.matrix === 'training' ? matrix : await matrixOf(one.matrix),
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
