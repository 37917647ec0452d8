import { setPriority } from 'node:os';
import { toStoredError } from '@kaefer/contracts/messages';
import { loadDuckdb } from '../sql/connection.ts';
import { performJob } from './perform-job.ts';
import type { Job, WorkerMessage } from './job.ts';

/** Below the server's priority, so that answers come first. */
const niceness = 10;

function send(message: WorkerMessage): void {
  if (process.connected) process.send?.(message);
}

async function perform(job: Job): Promise<void> {
  try {
    const result = await performJob(job, (progress) => send({ type: 'progress', progress }));
    send({ type: 'result', result });
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send({ type: 'failure', error: toStoredError(error), stack });
  }
}

try {
  setPriority(niceness);
} catch {
  // Some systems allow no change; the work is the same.
}
process.on('disconnect', () => process.exit(1));
process.on('message', (job: Job) => void perform(job));
// Nearly every job needs it: it is loaded while the job is on its way.
loadDuckdb();
