import type { Context } from '../context.ts';
import { FeedRunner } from './feed-runner.ts';
import { WatchedFolder } from './watched-folder.ts';

/** Everything by which files come without a person. */
export class Intake {
  readonly runner: FeedRunner;
  /** Undefined when the operator of the server named none. */
  readonly watched: WatchedFolder | undefined;

  constructor(context: Context) {
    const { intakeDir, intakeEveryMs } = context.config;
    this.runner = new FeedRunner(context);
    this.watched = intakeDir === null ? undefined : new WatchedFolder(context, intakeDir, intakeEveryMs);
  }

  start(): void {
    this.runner.start();
    this.watched?.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.runner.stop(), this.watched?.stop()]);
  }
}
