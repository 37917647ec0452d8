import { appendFileSync, existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell, Prediction } from '@kaefer/contracts';
import type { MadePrediction } from '@kaefer/pipeline';

type Entry = Omit<MadePrediction, 'dataset_version'>;

/** A file of predictions that nothing is added to any more; `id` names the commit that keeps it. */
export interface SealedPredictions {
  readonly id: string;
  readonly path: string;
}

/**
 * Remembers what was predicted of records with a key until it is kept in the lake: in memory for a moment, so that an answer never waits
 * for the disk, then in a file a project. A kill loses what was predicted since the last {@link write}.
 */
export class PredictionJournal {
  readonly #folder: string;
  readonly #newId: () => string;
  readonly #now: () => string;
  readonly #waiting = new Map<string, Entry[]>();

  constructor(folder: string, newId: () => string, now: () => string) {
    this.#folder = folder;
    this.#newId = newId;
    this.#now = now;
    mkdirSync(folder, { recursive: true });
  }

  /** @param key the project's key column; rows without it are nobody's and are not remembered */
  record(
    project: string,
    model: number,
    key: string,
    rows: readonly Readonly<Record<string, Cell>>[],
    predictions: readonly Prediction[],
  ): void {
    const at = this.#now();
    const entries = rows.flatMap((row, index): Entry[] => {
      const [value, prediction] = [String(row[key] ?? '').trim(), predictions[index]];
      if (value === '' || prediction === undefined) return [];
      return [
        { key: value, score: prediction.score, label: String(prediction.label), model, predicted_at: at },
      ];
    });
    if (entries.length === 0) return;
    const waiting = this.#waiting.get(project);
    if (waiting === undefined) this.#waiting.set(project, entries);
    else waiting.push(...entries);
  }

  /** Projects of which something is in memory. */
  get unwritten(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /** When the oldest of a project's predictions in memory was made, ISO 8601 UTC. */
  since(project: string): string | undefined {
    return this.#waiting.get(project)?.[0]?.predicted_at;
  }

  /** @param versionAt the version that a project's data had at a time */
  write(project: string, versionAt: (time: string) => number): void {
    const entries = this.#waiting.get(project);
    if (entries === undefined) return;
    this.#waiting.delete(project);
    const lines = entries.map(
      (entry) =>
        `${JSON.stringify({ ...entry, dataset_version: versionAt(entry.predicted_at) } satisfies MadePrediction)}\n`,
    );
    appendFileSync(this.#open(project), lines.join(''));
  }

  /** Size of what is written and not yet sealed. */
  writtenBytes(project: string): number {
    return statSync(this.#open(project), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Projects of which a file is there, sealed or not. */
  projects(): string[] {
    return [...new Set(readdirSync(this.#folder).map((name) => name.split('.')[0] ?? ''))];
  }

  /** Ends the file that is written now, and names all that wait to be kept, also those of before a crash. */
  seal(project: string): SealedPredictions[] {
    const open = this.#open(project);
    if (existsSync(open)) renameSync(open, join(this.#folder, `${project}.${this.#newId()}.ndjson`));
    return readdirSync(this.#folder).flatMap((name): SealedPredictions[] => {
      const [of, id, ending] = name.split('.');
      if (of !== project || id === undefined || ending !== 'ndjson') return [];
      return [{ id, path: join(this.#folder, name) }];
    });
  }

  #open(project: string): string {
    return join(this.#folder, `${project}.ndjson`);
  }
}
