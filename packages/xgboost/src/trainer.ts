import { spawn, type ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { EarlyStoppingOptions } from './early-stopping.ts';
import { XgboostError } from './errors.ts';
import { findLibraryPath } from './native/library-path.ts';
import { parameterTexts } from './parameter-check.ts';
import type { Parameters } from './parameter-schema.ts';
import { checkRows } from './rows.ts';
import type { Round, TrainResult } from './train.ts';
import { ArraySender, type TrainerMatrix } from './trainer-arrays.ts';
import type { MatrixRequest, TrainingMessage, TrainingRequest } from './trainer-messages.ts';

export interface TrainerOptions {
  /** Rounds to add. */
  rounds: number;
  /** Matrices whose metrics are computed after each round. The training matrix itself is not sent twice. */
  evaluate?: readonly { readonly name: string; readonly matrix: TrainerMatrix }[];
  earlyStopping?: EarlyStoppingOptions;
  /** The saved model to train on. */
  initialModel?: Uint8Array;
  /** Called after each round, in this process. What it throws ends the training. */
  onRound?: (round: Round) => void;
  /** Ends the training when it is aborted, as {@link Trainer.cancel} does. */
  signal?: AbortSignal;
  /** The most threads the process computes with, whatever `nthread` says. Default: no limit. */
  threads?: number;
  /** The most MiB of data (RLIMIT_DATA) the process may have, on Linux only. Node itself needs about 150. Default: no limit. */
  memoryLimitMib?: number;
}

export interface TrainerResult extends Omit<TrainResult, 'booster'> {
  /** The model in UBJSON: the same bytes as `train` makes in this process. */
  model: Uint8Array;
}

/** A test runs the sources, which Node 20 cannot: the process runs what was built. */
const program = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../dist/trainer-process.js' : './trainer-process.js',
    import.meta.url,
  ),
);
const keptOfStderr = 2000;

/**
 * One training in a process of its own, which owns its matrices and its model. The event loop here stays free, and
 * cancelling ends the process at once, also in the middle of a round. Nothing is written to disk. Arrays go through a pipe,
 * but for those in {@link SharedMemory}, which the process reads where they are.
 */
export class Trainer {
  /** @throws (rejects) XgboostError `XGBOOST_TRAINER_CANCELLED`, `XGBOOST_TRAINER_DIED`, and those of `train`. */
  readonly result: Promise<TrainerResult>;
  readonly #process: ChildProcess;
  #failure: Error | undefined;
  #done: { result: Omit<TrainResult, 'booster'>; model: Uint8Array } | undefined;
  #stderr = '';

  private constructor(child: ChildProcess, options: TrainerOptions) {
    this.#process = child;
    const cancel = (): void => void this.cancel();
    this.result = new Promise((resolve, reject) => {
      const settle = (): void => {
        options.signal?.removeEventListener('abort', cancel);
        if (this.#failure !== undefined) reject(this.#failure);
        else if (this.#done !== undefined) resolve({ ...this.#done.result, model: this.#done.model });
        else reject(this.#death());
      };
      child.on('close', settle);
      child.on('error', (cause) => {
        this.#failure ??= died(`could not be started: ${cause.message}`, cause);
        if (child.pid === undefined) settle();
      });
    });
    // Whoever only cancels need not look at the result.
    this.result.catch(() => undefined);
    child.on('message', (message: TrainingMessage) => this.#hear(message, options));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-keptOfStderr);
    });
    if (options.signal?.aborted) cancel();
    options.signal?.addEventListener('abort', cancel, { once: true });
  }

  /**
   * Starts a training.
   * @param parameters as for `train`.
   * @param options as for `train`, but for what cannot leave this process: objectives and metrics of one's own.
   * @throws XgboostError `XGBOOST_BAD_PARAMETER`, `XGBOOST_BAD_ARGUMENT`, `XGBOOST_LIBRARY_NOT_FOUND`
   */
  static start(parameters: Parameters, matrix: TrainerMatrix, options: TrainerOptions): Trainer {
    parameterTexts(parameters);
    const { rounds, evaluate = [], earlyStopping, initialModel, threads, memoryLimitMib } = options;
    const sent = [matrix, ...evaluate.map((one) => one.matrix).filter((one) => one !== matrix)];
    const arrays = new ArraySender();
    const requests = new Map(sent.map((one) => [one, arrays.request(one)]));
    sent.forEach(checkRows);
    const requestOf = (one: TrainerMatrix): MatrixRequest => requests.get(one) as MatrixRequest;
    const request: TrainingRequest = {
      library: findLibraryPath(),
      parameters,
      blocks: arrays.blocks,
      matrix: requestOf(matrix),
      evaluate: evaluate.map((one) => ({
        name: one.name,
        matrix: one.matrix === matrix ? 'training' : requestOf(one.matrix),
      })),
      rounds,
      earlyStopping,
      initialModel,
    };
    const child = startProcess(threads, memoryLimitMib, arrays.descriptors);
    const trainer = new Trainer(child, options);
    child.send(request, () => undefined);
    const pipe = child.stdio[3] as Writable;
    // A process that has died hears nothing more; its end says why.
    pipe.on('error', () => undefined);
    for (const bytes of arrays.piped) pipe.write(bytes);
    pipe.end();
    return trainer;
  }

  /** The process's number, while it could be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Kills the process; resolves once it is gone. `result` rejects with `XGBOOST_TRAINER_CANCELLED`, unless it was done. */
  async cancel(): Promise<void> {
    this.#end(new XgboostError('XGBOOST_TRAINER_CANCELLED', 'The training was cancelled.'));
    await this.result.catch(() => undefined);
  }

  #end(failure: Error): void {
    if (this.#done !== undefined) return;
    this.#failure ??= failure;
    this.#process.kill('SIGKILL');
  }

  #hear(message: TrainingMessage, { onRound }: TrainerOptions): void {
    if (this.#failure !== undefined) return;
    if (message.type === 'result') this.#done = message;
    else if (message.type === 'failure') {
      const { code, message: text } = message;
      this.#failure = code === undefined ? died(`failed: ${text}`) : new XgboostError(code, text);
    } else {
      try {
        onRound?.(message.round);
      } catch (error) {
        this.#end(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  #death(): XgboostError {
    const { exitCode, signalCode } = this.#process;
    const how =
      signalCode === null ? `ended with ${String(exitCode)}` : `was ended by the signal ${signalCode}`;
    return died(`${how}${this.#stderr === '' ? '.' : `: ${this.#stderr.trim()}`}`);
  }
}

const died = (how: string, cause?: unknown): XgboostError =>
  new XgboostError('XGBOOST_TRAINER_DIED', `The training process ${how}`, { cause });

function startProcess(
  threads: number | undefined,
  memoryLimitMib: number | undefined,
  shared: readonly number[],
): ChildProcess {
  for (const [name, limit] of Object.entries({ threads, memoryLimitMib }))
    if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 1))
      throw new XgboostError('XGBOOST_BAD_ARGUMENT', `${name} must be at least 1, and is ${limit}.`);
  if (memoryLimitMib !== undefined && process.platform !== 'linux')
    throw new XgboostError('XGBOOST_BAD_ARGUMENT', 'memoryLimitMib needs Linux; leave it out here.');
  const environment = threads === undefined ? {} : { OMP_THREAD_LIMIT: String(threads) };
  // The shell is replaced by Node, so that a kill reaches the one process that there is.
  const [command, ...args] =
    memoryLimitMib === undefined
      ? [process.execPath, program]
      : ['/bin/sh', '-c', `ulimit -d ${memoryLimitMib * 1024} && exec "$0" "$1"`, process.execPath, program];
  return spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc', ...shared],
    serialization: 'advanced',
    env: { ...process.env, ...environment },
  });
}
