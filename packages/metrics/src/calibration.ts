import { checkBinary, clippingDistance, type Scores } from './checked-input.ts';
import { reliabilityCurve } from './score-distribution.ts';

/**
 * Expected calibration error: the mean distance between what the model says and what happens, over `bins` bins of the
 * probability weighted by their rows (Naeini, Cooper & Hauskrecht, "Obtaining well calibrated probabilities using
 * Bayesian binning", 2015). Bins are those of {@link reliabilityCurve}.
 *
 * @param scores probabilities in 0 … 1
 * @throws MetricsError `metrics_invalid_value`, `metrics_invalid_argument`
 */
export function expectedCalibrationError(
  labels: Uint8Array,
  scores: Scores,
  options: { readonly bins?: number; readonly strategy?: 'uniform' | 'quantile' } = {},
): number {
  const { meanScore, positiveShare, count } = reliabilityCurve(labels, scores, options);
  let sum = 0;
  for (let bin = 0; bin < count.length; bin++)
    sum += count[bin]! * Math.abs(positiveShare[bin]! - meanScore[bin]!);
  return sum / labels.length;
}

/** A calibrated model has the slope 1 and the intercept 0. */
export interface CalibrationLine {
  /** Below 1: the probabilities are too extreme; above 1: too timid. */
  readonly slope: number;
  /** Above 0: more rows are positive than the model says where it says one half. */
  readonly intercept: number;
}

const MOST_STEPS = 100;
/** Log odds; a Newton step below it has converged in double precision. */
const SMALL_STEP = 1e-13;

/**
 * The logistic regression of the labels on the log odds that the model gives (Cox, "Two further applications of a model
 * for binary regression", 1958), by Newton's method. Probabilities are kept as far from 0 and 1 as in `logLoss`.
 *
 * Both are NaN where no finite line is the most likely one: one class alone, one score alone, or a score that
 * separates the two classes.
 *
 * @param scores probabilities in 0 … 1
 */
export function calibrationLine(labels: Uint8Array, scores: Scores): CalibrationLine {
  checkBinary(labels, scores);
  const odds = logOdds(scores);
  if (isSeparated(labels, odds)) return { slope: NaN, intercept: NaN };
  // From a line without slope the second derivatives are far from 0, however extreme the scores.
  let line: CalibrationLine = { slope: 0, intercept: 0 };
  let state = stateAt(labels, odds, line);
  for (let step = 0; step < MOST_STEPS; step++) {
    const determinant = state.h00 * state.h11 - state.h01 * state.h01;
    if (!(determinant > 0)) break;
    const intercept = (state.h11 * state.g0 - state.h01 * state.g1) / determinant;
    const slope = (state.h00 * state.g1 - state.h01 * state.g0) / determinant;
    if (Math.abs(slope) + Math.abs(intercept) < SMALL_STEP * (1 + Math.abs(line.slope))) break;
    // A full step may overshoot: it is halved until the likelihood does not fall, but for rounding.
    const lowest = state.likelihood - 1e-14 * Math.abs(state.likelihood);
    let size = 1;
    let next = { slope: line.slope + slope, intercept: line.intercept + intercept };
    let nextState = stateAt(labels, odds, next);
    while (!(nextState.likelihood >= lowest) && size > SMALL_STEP) {
      size /= 2;
      next = { slope: line.slope + size * slope, intercept: line.intercept + size * intercept };
      nextState = stateAt(labels, odds, next);
    }
    if (!(nextState.likelihood >= lowest)) break;
    line = next;
    state = nextState;
  }
  return line;
}

function logOdds(scores: Scores): Float64Array {
  const distance = clippingDistance(scores);
  const odds = new Float64Array(scores.length);
  for (let i = 0; i < odds.length; i++) {
    const probability = Math.min(1 - distance, Math.max(distance, scores[i]!));
    odds[i] = Math.log(probability / (1 - probability));
  }
  return odds;
}

/** Whether some cut has all of one class on one side of it, and all of the other on the other or on it. */
function isSeparated(labels: Uint8Array, odds: Float64Array): boolean {
  const lowest = [Infinity, Infinity] as [number, number];
  const highest = [-Infinity, -Infinity] as [number, number];
  for (let i = 0; i < odds.length; i++) {
    const label = labels[i] === 1 ? 1 : 0;
    if (odds[i]! < lowest[label]) lowest[label] = odds[i]!;
    if (odds[i]! > highest[label]) highest[label] = odds[i]!;
  }
  return lowest[1] >= highest[0] || lowest[0] >= highest[1];
}

interface LikelihoodState {
  readonly likelihood: number;
  readonly g0: number;
  readonly g1: number;
  readonly h00: number;
  readonly h01: number;
  readonly h11: number;
}

/** The log likelihood of a line, its gradient and its (negative) second derivatives by intercept and slope. */
function stateAt(labels: Uint8Array, odds: Float64Array, line: CalibrationLine): LikelihoodState {
  const { slope, intercept } = line;
  let likelihood = 0;
  let g0 = 0;
  let g1 = 0;
  let h00 = 0;
  let h01 = 0;
  let h11 = 0;
  for (let i = 0; i < odds.length; i++) {
    const x = odds[i]!;
    const margin = intercept + slope * x;
    const small = Math.exp(-Math.abs(margin));
    const far = 1 / (1 + small);
    const probability = margin >= 0 ? far : small * far;
    const label = labels[i]!;
    likelihood -= Math.log1p(small) + (label === 1 ? Math.max(0, -margin) : Math.max(0, margin));
    const rest = label - probability;
    const weight = small * far * far;
    g0 += rest;
    g1 += rest * x;
    h00 += weight;
    h01 += weight * x;
    h11 += weight * x * x;
  }
  return { likelihood, g0, g1, h00, h01, h11 };
}
