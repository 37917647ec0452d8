import type { StoredError } from '@kaefer/contracts';
import { waitAfter } from './feed-schedule.ts';

/**
 * What could not be taken, and until when it is left alone: longer after each failure, so that a file that can never be
 * taken does not keep the server busy. A new start tries everything at once.
 */
export class RetryWaits {
  readonly #waits = new Map<string, { untilMs: number; failures: number; error: StoredError }>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** Why something is left alone now; undefined when it may be tried. */
  errorOf(what: string): StoredError | undefined {
    const wait = this.#waits.get(what);
    return wait !== undefined && wait.untilMs > this.#nowMs() ? wait.error : undefined;
  }

  /** @returns the error */
  remember(what: string, error: StoredError): StoredError {
    const failures = (this.#waits.get(what)?.failures ?? 0) + 1;
    this.#waits.set(what, { untilMs: this.#nowMs() + waitAfter(failures), failures, error });
    return error;
  }

  forget(what: string): void {
    this.#waits.delete(what);
  }

  /** Whoever asks wants it tried now. */
  forgetAll(beginning: string): void {
    for (const what of this.#waits.keys()) if (what.startsWith(beginning)) this.#waits.delete(what);
  }
}
