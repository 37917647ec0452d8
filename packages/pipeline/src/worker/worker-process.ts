import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { KaeferError } from '@kaefer/contracts/messages';
import type { Job, JobProgress, JobResults, WorkerMessage } from './job.ts';

/** Child processes run what the build made, also when this file is run from its source. */
const workerPath = fileURLToPath(new URL('../../dist/worker/worker.js', import.meta.url));

/** Most of what a dying process said that is kept, in characters. */
const keptComplaint = 4000;

export interface JobOptions {
  readonly onProgress?: (progress: JobProgress) => void;
  /** Aborting kills the process; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told the stack of a job that failed, or what its process said before it died. */
  readonly onFailure?: (stack: string) => void;
}

/**
 * A process that does jobs, one after another, at a low priority: everything long, large or native. It ends when it
 * is closed, when a job is aborted, or when this process ends, however that happens.
 */
export class WorkerProcess {
  readonly #child: ChildProcess;
  #complaints = '';
  #ended: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | undefined;

  constructor() {
    this.#child = fork(workerPath, [], {
      execArgv: [], // this process's loaders, conditions and debugger are not for what the build made
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaints = (this.#complaints + chunk.toString('utf8')).slice(-keptComplaint);
    });
    // A process that could not be started ends like one that died: `close` does not follow then.
    this.#child.on('error', (error) => {
      this.#complaints += String(error);
      if (this.#child.pid === undefined) this.#child.emit('close', null, null);
    });
    this.#child.on('close', (code, signal) => {
      this.#ended = { code, signal };
    });
  }

  /** Whether it can do a job. */
  get isAlive(): boolean {
    return this.#ended === undefined;
  }

  /**
   * Does a job; only one at a time.
   *
   * @throws KaeferError what the job threw; `run_interrupted` when the process died
   */
  async run<K extends Job['kind']>(
    job: Extract<Job, { kind: K }>,
    options: JobOptions = {},
  ): Promise<JobResults[K]> {
    const { signal } = options;
    signal?.throwIfAborted();
    const kill = (): void => void this.#child.kill('SIGKILL');
    signal?.addEventListener('abort', kill, { once: true });
    try {
      return (await this.#outcomeOf(job, options)) as JobResults[K];
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', kill);
    }
  }

  /** Ends the process; resolves when it is gone. May be called again. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const gone = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #outcomeOf(job: Job, options: JobOptions): Promise<unknown> {
    const child = this.#child;
    this.#complaints = '';
    return new Promise((resolve, reject) => {
      const interrupted = (code: number | null, signal: NodeJS.Signals | null): void => {
        settle();
        if (this.#complaints !== '') options.onFailure?.(this.#complaints);
        reject(
          new KaeferError('run_interrupted', { stage: job.kind, reason: signal ?? `exit code ${code}` }),
        );
      };
      const listen = (message: WorkerMessage): void => {
        switch (message.type) {
          case 'progress':
            options.onProgress?.(message.progress);
            break;
          case 'result':
            settle();
            resolve(message.result);
            break;
          case 'failure':
            settle();
            options.onFailure?.(message.stack);
            reject(new KaeferError(message.error.code, message.error.parameters));
            break;
        }
      };
      const settle = (): void => {
        child.off('message', listen);
        child.off('close', interrupted);
      };
      child.on('message', listen);
      child.on('close', interrupted);
      if (this.#ended !== undefined) return interrupted(this.#ended.code, this.#ended.signal);
      // A process that is gone cannot be sent to; its end is told by the event.
      child.send(job, () => undefined);
    });
  }
}
