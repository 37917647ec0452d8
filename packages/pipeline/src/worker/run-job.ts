import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { KaeferError } from '@kaefer/contracts/messages';
import type { Job, JobProgress, JobResults, WorkerMessage } from './job.ts';

/** Child processes run what the build made, also when this file is run from its source. */
const workerPath = fileURLToPath(new URL('../../dist/worker/worker.js', import.meta.url));

export interface JobOptions {
  readonly onProgress?: (progress: JobProgress) => void;
  /** Aborting kills the process; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onFailure?: (stack: string) => void;
}

/**
 * Does a job in a process of its own, at a low priority. The process ends with the job, when it is aborted, or when
 * this process ends, however that happens.
 *
 * @throws KaeferError what the job threw; `run_interrupted` when its process died
 */
export async function runJob<K extends Job['kind']>(
  job: Extract<Job, { kind: K }>,
  options: JobOptions = {},
): Promise<JobResults[K]> {
  options.signal?.throwIfAborted();
  const child = fork(workerPath, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const abort = (): void => void child.kill('SIGKILL');
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    return (await outcomeOf(child, job, options)) as JobResults[K];
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

function outcomeOf(child: ChildProcess, job: Job, options: JobOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let ending: (() => void) | undefined;
    let complaints = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaints = (complaints + chunk.toString('utf8')).slice(-4000);
    });
    child.on('message', (message: WorkerMessage) => {
      switch (message.type) {
        case 'progress':
          options.onProgress?.(message.progress);
          break;
        case 'result':
          ending = () => resolve(message.result);
          break;
        case 'failure':
          options.onFailure?.(message.stack);
          ending = () => reject(new KaeferError(message.error.code, message.error.parameters));
          break;
      }
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (ending !== undefined) return ending();
      const reason = signal === null ? `exit code ${code}` : signal;
      if (complaints !== '') options.onFailure?.(complaints);
      reject(new KaeferError('run_interrupted', { stage: job.kind, reason }));
    });
    child.send(job, (error) => {
      if (error !== null) reject(error);
    });
  });
}
