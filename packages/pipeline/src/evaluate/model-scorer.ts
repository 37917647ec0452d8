import { Booster, DMatrix } from '@kaefer/xgboost';
import type { ModelCard } from '../lake/model-card.ts';

/** Some rows of inputs, row-major, filled from columns. */
export class InputBlock {
  readonly width: number;
  readonly values: Float32Array;
  readonly #capacity: number;
  #rows = 0;

  constructor(width: number, capacity: number) {
    this.width = width;
    this.values = new Float32Array(width * capacity);
    this.#capacity = capacity;
  }

  get rows(): number {
    return this.#rows;
  }

  hasRoomFor(rows: number): boolean {
    return this.#rows + rows <= this.#capacity;
  }

  /** Appends rows given as columns. */
  add(columns: readonly Float32Array[], rows: number): void {
    const { values, width } = this;
    const start = this.#rows * width;
    columns.forEach((column, place) => {
      for (let row = 0, at = start + place; row < rows; row++, at += width)
        values[at] = column[row] as number;
    });
    this.#rows += rows;
  }

  clear(): void {
    this.#rows = 0;
  }
}

/** Scores blocks of rows, one after another, with a model of the lake. */
export class ModelScorer {
  /** Row-major, rows × outputs. */
  readonly scores: Float32Array;
  readonly #booster: Booster;
  readonly #featureNames: string[] | undefined;
  #next = 0;

  /** @param rows of all blocks together */
  constructor({ task, classes }: Pick<ModelCard, 'task' | 'classes'>, model: Uint8Array, rows: number) {
    this.scores = new Float32Array(rows * (task === 'multiclass' ? classes.length : 1));
    this.#booster = Booster.load(model);
    const names = this.#booster.featureNames;
    this.#featureNames = names === undefined ? undefined : [...names];
  }

  score(block: InputBlock, threads: number): void {
    if (block.rows === 0) return;
    const featureNames = this.#featureNames === undefined ? {} : { featureNames: this.#featureNames };
    const values = block.values.subarray(0, block.rows * block.width);
    const matrix = DMatrix.fromDense(
      values,
      { rows: block.rows, columns: block.width },
      { threads, ...featureNames },
    );
    try {
      const { values: scores } = this.#booster.predict(matrix);
      this.scores.set(scores, this.#next);
      this.#next += scores.length;
    } finally {
      matrix.dispose();
    }
  }

  dispose(): void {
    this.#booster.dispose();
  }
}
