import type { Job, JobResults } from './job.ts';
import { WorkerProcess, type JobOptions } from './worker-process.ts';

export type { JobOptions } from './worker-process.ts';

/** Does one job in a process of its own; see {@link WorkerProcess.run}. */
export async function runJob<K extends Job['kind']>(
  job: Extract<Job, { kind: K }>,
  options: JobOptions = {},
): Promise<JobResults[K]> {
  options.signal?.throwIfAborted();
  const worker = new WorkerProcess();
  try {
    return await worker.run<K>(job, options);
  } finally {
    await worker.close();
  }
}
