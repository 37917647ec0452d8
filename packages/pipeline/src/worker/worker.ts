import { setPriority } from 'node:os';
import { toStoredError } from '@kaefer/contracts/messages';
import { performJob } from './perform-job.ts';
import type { Job, WorkerMessage } from './job.ts';

/** Below the server's priority, so that answers come first. */
const niceness = 10;

function send(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, () => resolve());
  });
}

async function perform(job: Job): Promise<void> {
  try {
    const result = await performJob(job, (progress) => void send({ type: 'progress', progress }));
    await send({ type: 'result', result });
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    await send({ type: 'failure', error: toStoredError(error), stack });
  }
  process.exit(0);
}

try {
  setPriority(niceness);
} catch {
  // Some systems allow no change; the work is the same.
}
process.on('disconnect', () => process.exit(1));
process.once('message', (job: Job) => void perform(job));
