import { Worker } from 'node:worker_threads';

/** A thread of its own, because work that hangs may keep this one's event loop as well. */
const thread = `
const { parentPort } = require('node:worker_threads');
let timer;
parentPort.on('message', ({ what, limitMs }) => {
  clearTimeout(timer);
  if (what === undefined) return parentPort.close();
  timer = setTimeout(() => {
    require('node:fs').writeSync(2, 'it hangs: ' + what + '\\n');
    process.kill(process.pid, 'SIGABRT');
  }, limitMs);
});
`;

/** Ends the process when a piece of work takes too long, and says which: for long runs that look for hangs, and nothing else. */
export class Watchdog {
  readonly #worker = new Worker(thread, { eval: true });
  readonly #limitMs: number;

  /** @param limitMs default a minute, of which a check of a small file needs a hundredth on a busy machine */
  constructor(limitMs = 60_000) {
    this.#limitMs = limitMs;
    this.#worker.unref();
  }

  /** What was watched before is done, this begins. */
  watch(what: string): void {
    this.#worker.postMessage({ what, limitMs: this.#limitMs });
  }

  stop(): void {
    this.#worker.postMessage({});
  }
}
