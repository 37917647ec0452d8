import { EventEmitter } from 'node:events';
import type { LearningCurve, Stage } from '@kaefer/contracts';

/** What is known of a run under way, beyond its record; lost with the process, rebuilt as the run goes on. */
export interface LiveProgress {
  readonly stage: Stage;
  /** Of the whole run, 0 to 1. */
  readonly fraction: number;
  readonly startedAtMs: number;
  readonly remainingMs: number | null;
  readonly curve: LearningCurve | null;
  readonly round: {
    readonly round: number;
    readonly of: number;
    readonly metric: string;
    readonly train: number;
    readonly validation: number | null;
  } | null;
}

export type RunSignal = 'stage' | 'status' | 'progress';

/** Tells whoever watches a run that something changed, and keeps its latest progress. */
export class RunEvents {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #live = new Map<string, LiveProgress>();

  progressOf(run: string): LiveProgress | undefined {
    return this.#live.get(run);
  }

  setProgress(run: string, progress: LiveProgress): void {
    this.#live.set(run, progress);
    this.#emitter.emit(run, 'progress');
  }

  announce(run: string, signal: RunSignal): void {
    this.#emitter.emit(run, signal);
  }

  forget(run: string): void {
    this.#live.delete(run);
  }

  /** @returns a function that stops watching */
  watch(run: string, listener: (signal: RunSignal) => void): () => void {
    this.#emitter.on(run, listener);
    return () => void this.#emitter.off(run, listener);
  }
}
