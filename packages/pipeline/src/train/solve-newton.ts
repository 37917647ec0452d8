/** Rows of a linear model, of each only the columns that are not 0; column 0 is the intercept. */
export interface SparseRows {
  readonly rows: number;
  /** Number of columns with the intercept. */
  readonly columns: number;
  /** Where each row begins in `indices` and `values`; one entry more than rows. */
  readonly starts: Int32Array;
  /** Ascending within a row. */
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** Weight of the sum of squared coefficients, the intercept's apart: half of it is added to the sum of losses. */
export const ridge = 1;

const mostSteps = 60;
const mostHalvings = 30;
const precision = 1e-8;

/** First and second derivative of each row's loss by its margin; returns the sum of the losses. */
export type Loss = (margins: Float64Array, gradient: Float64Array, curvature: Float64Array) => number;

/**
 * Moves coefficients by Newton's method, a step halved as long as it would not lower the penalised loss, until a step
 * changes no margin by more than 1e-8 of the largest or `steps` are done.
 *
 * @param coefficients begins here and ends at the solution
 * @param margins one a row, kept in step with the coefficients
 * @returns the largest change of a margin in the last step
 */
export function solveNewton(
  data: SparseRows,
  loss: Loss,
  coefficients: Float64Array,
  margins: Float64Array,
  steps = mostSteps,
): number {
  const { rows, columns } = data;
  const [gradient, curvature] = [new Float64Array(rows), new Float64Array(rows)];
  const step = new Float64Array(columns);
  const moved = new Float64Array(rows);
  let change = 0;
  let before = loss(margins, gradient, curvature) + penaltyOf(coefficients);
  for (let round = 0; round < steps; round++) {
    directionOf(data, gradient, curvature, coefficients, step);
    multiply(data, step, moved);
    let length = 1;
    shift(coefficients, step, length);
    shift(margins, moved, length);
    let after = loss(margins, gradient, curvature) + penaltyOf(coefficients);
    for (let halving = 0; after > before + Math.abs(before) * 1e-12 && halving < mostHalvings; halving++) {
      length /= 2;
      shift(coefficients, step, -length);
      shift(margins, moved, -length);
      after = loss(margins, gradient, curvature) + penaltyOf(coefficients);
    }
    change = length * moved.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    before = after;
    if (change < precision * (1 + margins.reduce((most, value) => Math.max(most, Math.abs(value)), 0))) break;
  }
  return change;
}

function penaltyOf(coefficients: Float64Array): number {
  let sum = 0;
  for (let column = 1; column < coefficients.length; column++) sum += (coefficients[column] as number) ** 2;
  return (ridge / 2) * sum;
}

function shift(values: Float64Array, by: Float64Array, length: number): void {
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + length * (by[i] as number);
}

function multiply({ rows, starts, indices, values }: SparseRows, by: Float64Array, out: Float64Array): void {
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = starts[row] as number; i < (starts[row + 1] as number); i++)
      sum += (values[i] as number) * (by[indices[i] as number] as number);
    out[row] = sum;
  }
}

/** −(XᵀWX + ridge)⁻¹ (Xᵀg + ridge β), by Cholesky's factors of the lower triangle. */
function directionOf(
  { rows, columns, starts, indices, values }: SparseRows,
  gradient: Float64Array,
  curvature: Float64Array,
  coefficients: Float64Array,
  step: Float64Array,
): void {
  const square = new Float64Array(columns * columns);
  step.fill(0);
  for (let row = 0; row < rows; row++) {
    const [g, w] = [gradient[row] as number, curvature[row] as number];
    const start = starts[row] as number;
    const end = starts[row + 1] as number;
    for (let i = start; i < end; i++) {
      const at = indices[i] as number;
      const value = values[i] as number;
      step[at] = (step[at] as number) - g * value;
      for (let j = start; j <= i; j++) {
        const place = at * columns + (indices[j] as number);
        square[place] = (square[place] as number) + w * value * (values[j] as number);
      }
    }
  }
  for (let column = 1; column < columns; column++) {
    square[column * columns + column] = (square[column * columns + column] as number) + ridge;
    step[column] = (step[column] as number) - ridge * (coefficients[column] as number);
  }
  // Where no row bends any more, as when all are told apart perfectly, the intercept needs something to hold on to.
  square[0] = (square[0] as number) + 1e-9;
  factorise(square, columns);
  substitute(square, columns, step);
}

/** Cholesky's lower factor in place. */
function factorise(square: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = square[row * size + column] as number;
      for (let k = 0; k < column; k++)
        sum -= (square[row * size + k] as number) * (square[column * size + k] as number);
      square[row * size + column] =
        row === column ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (square[column * size + column] as number);
    }
  }
}

/** Solves L Lᵀ x = b in place. */
function substitute(factor: Float64Array, size: number, vector: Float64Array): void {
  for (let row = 0; row < size; row++) {
    let sum = vector[row] as number;
    for (let k = 0; k < row; k++) sum -= (factor[row * size + k] as number) * (vector[k] as number);
    vector[row] = sum / (factor[row * size + row] as number);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = vector[row] as number;
    for (let k = row + 1; k < size; k++) sum -= (factor[k * size + row] as number) * (vector[k] as number);
    vector[row] = sum / (factor[row * size + row] as number);
  }
}
