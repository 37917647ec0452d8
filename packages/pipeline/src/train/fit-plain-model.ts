import { chooseThreshold } from '@kaefer/metrics';
import type { Costs, Task } from '@kaefer/contracts';
import type { EncodedFeature } from '../features/encoder.ts';
import { plainScores, PlainRows, type PlainInput, type PlainModel } from '../features/plain-model.ts';
import { readSample } from '../features/matrix-file.ts';
import type { Prepared } from '../prepare/index.ts';
import { choosePlainInputs } from './plain-inputs.ts';
import { solveNewton, type Loss, type SparseRows } from './solve-newton.ts';

/** More rows do not change a linear model that anyone could tell. */
const mostRows = 50_000;
/** Rows × the square of the columns that are not 0 in one: what a step of Newton's method costs. */
const mostWork = 1e8;
/** Times that the classes are gone through, each time with a step for each. */
const mostSweeps = 100;

/**
 * Fits the plain model on evenly spaced training rows: ridge regression, logistic regression, or softmax regression by
 * Newton steps class by class. The same rows give the same model; no draw is involved.
 *
 * @param version of the model that learns the same rows
 */
export function fitPlainModel(
  prepared: Prepared,
  request: { readonly task: Task; readonly costs: Costs | null; readonly version: number },
): PlainModel {
  const { features, classes, training, validation } = prepared;
  const { task } = request;
  const width = features.length;
  const affordable = Math.max(2000, Math.floor(mostWork / (width + 1) ** 2));
  const wanted = Math.min(mostRows, affordable);
  const rows = readSample(training.features, width, wanted);
  const labels = readSample(training.labels, 1, wanted);
  const outputs = task === 'multiclass' ? classes.length : 1;
  const prior = priorOf(task, labels, outputs);
  const { inputs, columns } = choosePlainInputs(features, rows, residualsOf(task, labels, prior), outputs);
  const data = expandRows(inputs, columns, rows, features);
  const model = {
    learnedWith: request.version,
    task,
    rows: labels.length,
    inputs,
    coefficients: fit(task, data, labels, prior).map((weights) => [...weights]),
    threshold: null,
    prior,
  };
  if (task !== 'binary') return model;
  const scores = plainScores(model, readSample(validation.features, width, mostRows), width);
  const truth = new Uint8Array(readSample(validation.labels, 1, mostRows));
  const criterion =
    request.costs === null
      ? ({ criterion: 'f1' } as const)
      : ({ criterion: 'cost', ...request.costs } as const);
  return { ...model, threshold: chooseThreshold(truth, scores, criterion).threshold };
}

function priorOf(task: Task, labels: Float32Array, outputs: number): number[] {
  if (task === 'multiclass') {
    const counts = new Array<number>(outputs).fill(0);
    for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
    return counts.map((count) => count / labels.length);
  }
  return [labels.reduce((sum, label) => sum + label, 0) / labels.length];
}

/** Row-major, rows × outputs. */
function residualsOf(task: Task, labels: Float32Array, prior: readonly number[]): Float64Array {
  const outputs = prior.length;
  const residuals = new Float64Array(labels.length * outputs);
  labels.forEach((label, row) =>
    prior.forEach((share, output) => {
      const truth = task === 'multiclass' ? Number(label === output) : label;
      residuals[row * outputs + output] = truth - share;
    }),
  );
  return residuals;
}

function expandRows(
  inputs: readonly PlainInput[],
  columns: number,
  encoded: Float32Array,
  { length: width }: readonly EncodedFeature[],
): SparseRows {
  const expanded = new PlainRows(inputs);
  const rows = encoded.length / width;
  const starts = new Int32Array(rows + 1);
  const indices = new Int32Array(rows * (1 + inputs.length));
  const values = new Float64Array(indices.length);
  let next = 0;
  for (let row = 0; row < rows; row++) {
    const count = expanded.expand(encoded, row * width);
    for (let i = 0; i < count; i++) {
      indices[next] = expanded.columns[i] as number;
      values[next++] = expanded.values[i] as number;
    }
    starts[row + 1] = next;
  }
  return { rows, columns, starts, indices, values };
}

function fit(task: Task, data: SparseRows, labels: Float32Array, prior: readonly number[]): Float64Array[] {
  const start = (intercept: number): Float64Array => {
    const coefficients = new Float64Array(data.columns);
    coefficients[0] = intercept;
    return coefficients;
  };
  const logit = (share: number): number => Math.log(Math.max(share, 1e-6) / Math.max(1 - share, 1e-6));
  if (task === 'multiclass')
    return fitSoftmax(
      data,
      labels,
      prior.map((share) => start(Math.log(Math.max(share, 1e-6)))),
    );
  const [share = 0] = prior;
  const coefficients = start(task === 'binary' ? logit(share) : share);
  const margins = new Float64Array(data.rows).fill(coefficients[0] as number);
  solveNewton(data, task === 'binary' ? logisticLoss(labels) : squaredLoss(labels), coefficients, margins);
  return [coefficients];
}

function squaredLoss(labels: Float32Array): Loss {
  return (margins, gradient, curvature) => {
    let sum = 0;
    for (let row = 0; row < margins.length; row++) {
      const error = (margins[row] as number) - (labels[row] as number);
      gradient[row] = error;
      curvature[row] = 1;
      sum += (error * error) / 2;
    }
    return sum;
  };
}

function logisticLoss(labels: Float32Array): Loss {
  return (margins, gradient, curvature) => {
    let sum = 0;
    for (let row = 0; row < margins.length; row++) {
      const margin = margins[row] as number;
      const label = labels[row] as number;
      const chance = 1 / (1 + Math.exp(-margin));
      gradient[row] = chance - label;
      curvature[row] = chance * (1 - chance);
      sum += Math.max(margin, 0) - margin * label + Math.log1p(Math.exp(-Math.abs(margin)));
    }
    return sum;
  };
}

/** One Newton step for each class in turn, the others held, until a whole round moves no margin. */
function fitSoftmax(data: SparseRows, labels: Float32Array, coefficients: Float64Array[]): Float64Array[] {
  const margins = coefficients.map((weights) => new Float64Array(data.rows).fill(weights[0] as number));
  const others = new Float64Array(data.rows);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let change = 0;
    coefficients.forEach((weights, output) => {
      sumOthers(margins, output, others);
      const own = margins[output] as Float64Array;
      const loss = classLoss(labels, output, others);
      change = Math.max(change, solveNewton(data, loss, weights, own, 1));
    });
    if (change < 1e-5) break;
  }
  return coefficients;
}

/** log Σ exp of the other classes' margins. */
function sumOthers(margins: readonly Float64Array[], output: number, out: Float64Array): void {
  for (let row = 0; row < out.length; row++) {
    let most = -Infinity;
    margins.forEach((own, index) => {
      if (index !== output) most = Math.max(most, own[row] as number);
    });
    let sum = 0;
    margins.forEach((own, index) => {
      if (index !== output) sum += Math.exp((own[row] as number) - most);
    });
    out[row] = most + Math.log(sum);
  }
}

/** The softmax loss as a function of one class's margins: logistic in their distance from the others. */
function classLoss(labels: Float32Array, output: number, others: Float64Array): Loss {
  return (margins, gradient, curvature) => {
    let sum = 0;
    for (let row = 0; row < margins.length; row++) {
      const distance = (margins[row] as number) - (others[row] as number);
      const isOwn = labels[row] === output ? 1 : 0;
      const chance = 1 / (1 + Math.exp(-distance));
      gradient[row] = chance - isOwn;
      curvature[row] = chance * (1 - chance);
      sum += Math.max(distance, 0) - distance * isOwn + Math.log1p(Math.exp(-Math.abs(distance)));
    }
    return sum;
  };
}
