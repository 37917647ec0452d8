import type { Job, JobResults } from './job.ts';
import { WorkerProcess, type JobOptions } from './worker-process.ts';

/** So long a process that has nothing to do is kept: long enough for a person to read a report and go on. */
const keptIdleMs = 60_000;

/**
 * Gives every job a process of its own to work in. Starting one takes a fifth of a second, so one that ended its
 * job well is kept for the next for a minute, and one can be had ready before it is needed.
 */
export class WorkerPool {
  #idle: WorkerProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** Starts a process now if none is ready; to be called as soon as it is known that a job will come. */
  prepare(): void {
    if (this.#closed || this.#idle?.isAlive === true) return;
    this.#keep(new WorkerProcess());
  }

  /** A process, ready or new; yours until it is closed or given back. */
  take(): WorkerProcess {
    const worker = this.#idle;
    this.#forget();
    return worker?.isAlive === true ? worker : new WorkerProcess();
  }

  /** Takes back a process whose last job ended well; it is kept for a while or closed. */
  async giveBack(worker: WorkerProcess): Promise<void> {
    if (this.#closed || !worker.isAlive || this.#idle?.isAlive === true) return worker.close();
    this.#keep(worker);
  }

  /** Does one job; see {@link WorkerProcess.run}. */
  async run<K extends Job['kind']>(
    job: Extract<Job, { kind: K }>,
    options: JobOptions = {},
  ): Promise<JobResults[K]> {
    options.signal?.throwIfAborted();
    const worker = this.take();
    try {
      const result = await worker.run<K>(job, options);
      await this.giveBack(worker);
      return result;
    } catch (error) {
      await worker.close();
      throw error;
    }
  }

  /** Ends the process that waits, if there is one, and keeps no more. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#idle;
    this.#forget();
    await worker?.close();
  }

  #keep(worker: WorkerProcess): void {
    this.#forget();
    this.#idle = worker;
    this.#timer = setTimeout(() => {
      this.#forget();
      void worker.close();
    }, keptIdleMs).unref();
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#idle = undefined;
  }
}
