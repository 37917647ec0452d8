import { XgboostError } from '../errors.ts';
import { expFloat32, logFloat32 } from './float32-math.ts';

/** How an objective turns margins into predictions, and its starting prediction into a margin. All float32. */
export interface ObjectiveLink {
  /** Turns the margins of one row into its predictions, in place; returns how many there are. */
  toPrediction(margins: Float32Array): number;
  toMargin(baseScore: number): number;
}

const { fround } = Math;

const identity: ObjectiveLink = { toPrediction: (margins) => margins.length, toMargin: (score) => score };

const each = (transform: (margin: number) => number) => (margins: Float32Array) => {
  for (let i = 0; i < margins.length; i++) margins[i] = transform(margins[i] as number);
  return margins.length;
};

/** src/common/math.h, Sigmoid: the margin is bounded, so that e^x does not overflow. */
const LARGEST_SIGMOID_EXPONENT = fround(88.7);
const sigmoid = (margin: number) =>
  fround(1 / fround(expFloat32(Math.min(-margin, LARGEST_SIGMOID_EXPONENT)) + 1));

/** src/objective/regression_loss.h: scores of 0 and 1 would be infinite margins. */
const NEAR_ZERO = fround(1e-6);
const NEAR_ONE = fround(1 - NEAR_ZERO);
const logit = (score: number) => {
  const bounded = Math.min(Math.max(score, NEAR_ZERO), NEAR_ONE);
  return -logFloat32(fround(fround(1 / bounded) - 1));
};

const logistic: ObjectiveLink = { toPrediction: each(sigmoid), toMargin: logit };
const exponential: ObjectiveLink = { toPrediction: each(expFloat32), toMargin: logFloat32 };

/** src/objective/aft_obj.cu calls C's own functions, which compute in float64. */
const accelerated: ObjectiveLink = {
  toPrediction: each((margin) => fround(Math.exp(margin))),
  toMargin: (score) => fround(Math.log(score)),
};

/** src/common/math.h, Softmax: exponentials in float32, their sum in float64. */
function softmax(margins: Float32Array): number {
  let largest = -Infinity;
  for (const margin of margins) if (margin > largest) largest = margin;
  let sum = 0;
  for (let i = 0; i < margins.length; i++) {
    margins[i] = expFloat32(fround((margins[i] as number) - largest));
    sum += margins[i] as number;
  }
  const divisor = fround(sum);
  for (let i = 0; i < margins.length; i++) margins[i] = (margins[i] as number) / divisor;
  return margins.length;
}

/** The class with the largest margin, the first of equals. */
function mostLikely(margins: Float32Array): number {
  let best = 0;
  for (let i = 1; i < margins.length; i++) if ((margins[i] as number) > (margins[best] as number)) best = i;
  margins[0] = best;
  return 1;
}

const LINKS: Readonly<Record<string, ObjectiveLink>> = {
  'reg:squarederror': identity,
  'reg:squaredlogerror': identity,
  'reg:pseudohubererror': identity,
  'reg:absoluteerror': identity,
  'reg:quantileerror': identity,
  'reg:logistic': logistic,
  'reg:gamma': exponential,
  'reg:tweedie': exponential,
  'binary:logistic': logistic,
  'binary:logitraw': identity,
  'binary:hinge': { toPrediction: each((margin) => (margin > 0 ? 1 : 0)), toMargin: (score) => score },
  'count:poisson': exponential,
  'survival:cox': exponential,
  'survival:aft': accelerated,
  'multi:softmax': { toPrediction: mostLikely, toMargin: (score) => score },
  'multi:softprob': { toPrediction: softmax, toMargin: (score) => score },
  'rank:ndcg': identity,
  'rank:map': identity,
  'rank:pairwise': identity,
};

/** @throws XgboostError `XGBOOST_MODEL_UNSUPPORTED` */
export function linkOf(objective: string): ObjectiveLink {
  const link = Object.hasOwn(LINKS, objective) ? LINKS[objective] : undefined;
  if (link) return link;
  throw new XgboostError('XGBOOST_MODEL_UNSUPPORTED', `The scorer does not know the objective ${objective}.`);
}
