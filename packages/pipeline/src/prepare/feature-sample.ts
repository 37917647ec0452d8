import type { Feature } from '@kaefer/contracts';
import type { EncodedFeature } from '../features/encoder.ts';

/** Rows that typical values are taken from. */
const wantedRows = 20_000;

/** Every n-th encoded row, for the typical values that a model's card and the execution form show. */
export class FeatureSample {
  readonly #width: number;
  readonly #every: number;
  /** Row-major; grows when more rows are shown than were said. */
  #values: Float32Array;
  #rows = 0;
  #seen = 0;

  /** @param totalRows about how many rows will be shown */
  constructor(width: number, totalRows: number) {
    this.#width = width;
    this.#every = Math.max(1, Math.floor(totalRows / wantedRows));
    this.#values = new Float32Array(width * (Math.ceil(totalRows / this.#every) + 1));
  }

  /** @param block row-major; only its first `rows` rows count */
  add(block: Float32Array, rows: number): void {
    const width = this.#width;
    const offset = (this.#every - (this.#seen % this.#every)) % this.#every;
    for (let row = offset; row < rows; row += this.#every) {
      if ((this.#rows + 1) * width > this.#values.length) this.#grow();
      for (let place = 0; place < width; place++)
        this.#values[this.#rows * width + place] = block[row * width + place] as number;
      this.#rows++;
    }
    this.#seen += rows;
  }

  #grow(): void {
    const larger = new Float32Array(2 * this.#values.length + this.#width);
    larger.set(this.#values);
    this.#values = larger;
  }

  /** Describes the feature at a place by the values seen. */
  describe(feature: EncodedFeature, place: number): Feature {
    const values = new Float32Array(this.#rows);
    for (let row = 0; row < values.length; row++)
      values[row] = this.#values[row * this.#width + place] as number;
    const given = values.filter((value) => !Number.isNaN(value)).sort();
    const base = {
      name: feature.name,
      type: feature.type,
      missingShare: values.length === 0 ? 0 : 1 - given.length / values.length,
    };
    if (feature.levels !== undefined) {
      const mode = mostFrequent(given);
      return {
        ...base,
        levels: feature.levels,
        mostFrequent: mode === undefined ? null : (feature.levels[mode] ?? null),
      };
    }
    const at = (share: number): number | null => tidy(given[Math.floor((given.length - 1) * share)]);
    return { ...base, minimum: at(0), median: at(0.5), maximum: at(1) };
  }
}

/** The value that stands most often in a sorted list. */
function mostFrequent(sorted: Float32Array): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    if (end - start > most) {
      most = end - start;
      best = sorted[start];
    }
    start = end;
  }
  return best;
}

/** A float32 as the short decimal that a person would write for it. */
function tidy(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(7));
}
