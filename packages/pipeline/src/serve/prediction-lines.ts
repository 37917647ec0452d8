import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { MadePrediction } from '../lake/made-prediction.ts';
import { openSink } from '../lake/open-sink.ts';

export interface RememberedPredictions {
  /** The project's key column; a file without it has nothing to remember. */
  readonly key: string;
  readonly datasetVersion: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Where the lines go. */
  readonly file: string;
}

/** Writes the predictions of a file's rows as lines of {@link MadePrediction}. */
export class PredictionLines {
  readonly #sink: WriteStream;
  readonly #place: number;
  readonly #common: Pick<MadePrediction, 'model' | 'dataset_version' | 'predicted_at'>;

  constructor(
    { key, datasetVersion, at, file }: RememberedPredictions,
    names: readonly string[],
    model: number,
  ) {
    this.#sink = openSink(file);
    this.#place = names.indexOf(key);
    this.#common = { model, dataset_version: datasetVersion, predicted_at: at };
  }

  async add(cells: readonly string[], score: number, label: string | number): Promise<void> {
    const key = cells[this.#place]?.trim() ?? '';
    if (key === '') return;
    const line: MadePrediction = { key, score, label: String(label), ...this.#common };
    if (!this.#sink.write(`${JSON.stringify(line)}\n`)) await once(this.#sink, 'drain');
  }

  async end(): Promise<void> {
    this.#sink.end();
    await finished(this.#sink);
  }
}
