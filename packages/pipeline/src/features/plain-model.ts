import type { Task } from '@kaefer/contracts';

/** How one feature enters a linear model: standardised, or as one column for each of its frequent texts. */
export type PlainInput = {
  /** Place among the model's features. */
  readonly feature: number;
  /** Column that is 1 where the value is missing; null where none was in training. */
  readonly missing: number | null;
} & (
  | {
      readonly kind: 'number';
      /** Null: constant, or told too little; only that it is missing counts. */
      readonly column: number | null;
      readonly mean: number;
      readonly scale: number;
    }
  | { readonly kind: 'texts'; readonly columns: readonly (readonly [code: number, column: number])[] }
);

/**
 * The plain model that every other must beat: linear in its inputs, logistic for two outcomes, softmax for several.
 * It reads the same encoded rows as the trees.
 */
export interface PlainModel {
  /** Version of the model whose training rows it learned. */
  readonly learnedWith: number;
  readonly task: Task;
  /** Rows it learned from, of all training rows. */
  readonly rows: number;
  readonly inputs: readonly PlainInput[];
  /** One list an output: the intercept, then a coefficient a column. */
  readonly coefficients: readonly (readonly number[])[];
  /** Binary: chosen on the validation rows like the model's. */
  readonly threshold: number | null;
  /** What is said of every row without looking at it: the share of each class (binary: of the positive), or the mean. */
  readonly prior: readonly number[];
}

/** Expands encoded rows to the columns of a linear model, of which most are 0: only the others are listed. */
export class PlainRows {
  /** Columns of the row last expanded, ascending, and their values; the intercept is column 0. */
  readonly columns: Int32Array;
  readonly values: Float64Array;
  readonly #inputs: readonly PlainInput[];
  readonly #places: readonly (ReadonlyMap<number, number> | undefined)[];

  constructor(inputs: readonly PlainInput[]) {
    this.#inputs = inputs;
    this.#places = inputs.map((input) => (input.kind === 'texts' ? new Map(input.columns) : undefined));
    this.columns = new Int32Array(1 + inputs.length);
    this.values = new Float64Array(1 + inputs.length);
    this.values[0] = 1;
  }

  /** @returns how many columns are not 0 */
  expand(row: Float32Array, offset = 0): number {
    let count = 1;
    const { columns, values } = this;
    this.#inputs.forEach((input, index) => {
      const value = row[offset + input.feature] as number;
      let column: number | null | undefined;
      let entry = 1;
      if (Number.isNaN(value)) column = input.missing;
      else if (input.kind === 'texts') column = this.#places[index]?.get(value);
      else {
        column = input.column;
        entry = (value - input.mean) / input.scale;
      }
      if (column === null || column === undefined) return;
      columns[count] = column;
      values[count] = entry;
      count++;
    });
    return count;
  }
}

/**
 * Scores of rows, row-major, rows × outputs: probabilities, or the predicted values of a regression.
 *
 * @param rows row-major, rows × `width`, encoded like the model's features
 */
export function plainScores(model: PlainModel, rows: Float32Array, width: number): Float32Array {
  const { coefficients, task } = model;
  const outputs = coefficients.length;
  const count = rows.length / width;
  const scores = new Float32Array(count * outputs);
  const margins = new Float64Array(count * outputs);
  coefficients.forEach((weights, output) => {
    for (let row = 0; row < count; row++) margins[row * outputs + output] = weights[0] as number;
    for (const input of model.inputs) addInput(input, weights, rows, width, margins, output, outputs);
  });
  if (task === 'binary')
    for (let row = 0; row < count; row++) scores[row] = 1 / (1 + Math.exp(-(margins[row] as number)));
  else if (task === 'regression') scores.set(margins);
  else
    for (let row = 0; row < count; row++)
      softmax(margins.subarray(row * outputs, (row + 1) * outputs), scores, row * outputs);
  return scores;
}

/** Adds to each row's margin what one input says of it: {@link PlainRows} without making the columns. */
function addInput(
  input: PlainInput,
  weights: readonly number[],
  rows: Float32Array,
  width: number,
  margins: Float64Array,
  output: number,
  outputs: number,
): void {
  const weightOf = (column: number | null): number => (column === null ? 0 : (weights[column] ?? 0));
  const missing = weightOf(input.missing);
  const add = (of: (value: number) => number): void => {
    for (let at = input.feature, to = output; at < rows.length; at += width, to += outputs) {
      const value = rows[at] as number;
      margins[to] = (margins[to] as number) + (Number.isNaN(value) ? missing : of(value));
    }
  };
  if (input.kind === 'number') {
    const weight = weightOf(input.column);
    if (input.column === null) add(() => 0);
    else add((value) => ((value - input.mean) / input.scale) * weight);
    return;
  }
  const most = input.columns.reduce((largest, [code]) => Math.max(largest, code), -1);
  const ofCode = new Float64Array(most + 1);
  for (const [code, column] of input.columns) ofCode[code] = weightOf(column);
  add((code) => ofCode[code] ?? 0);
}

function softmax(margins: Float64Array, into: Float32Array, at: number): void {
  const most = Math.max(...margins);
  let sum = 0;
  for (const margin of margins) sum += Math.exp(margin - most);
  margins.forEach((margin, output) => (into[at + output] = Math.exp(margin - most) / sum));
}
