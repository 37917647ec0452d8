import { checkBinary, clippingDistance, type Scores } from './checked-input.ts';
import { prepareAveragePrecision } from './weighted-average-precision.ts';
import { ascendingOrder } from './score-order.ts';

/**
 * Area under the ROC curve: the probability that a positive row scores above a negative one, ties counting
 * half (Mann–Whitney). NaN when one of the two classes is absent, as in scikit-learn.
 *
 * @param labels rows of 0 or 1
 * @param scores larger means more likely positive; any monotone scale
 */
export function aucScore(labels: Uint8Array, scores: Scores): number {
  checkBinary(labels, scores);
  const order = ascendingOrder(scores);
  let negativesBelow = 0;
  let positives = 0;
  let doubledWins = 0;
  for (let start = 0; start < order.length;) {
    const score = scores[order[start]!]!;
    let tiedPositives = 0;
    let end = start;
    for (; end < order.length && scores[order[end]!] === score; end++) tiedPositives += labels[order[end]!]!;
    const tiedNegatives = end - start - tiedPositives;
    doubledWins += tiedPositives * (2 * negativesBelow + tiedNegatives);
    negativesBelow += tiedNegatives;
    positives += tiedPositives;
    start = end;
  }
  return doubledWins / 2 / (positives * negativesBelow);
}

/**
 * Average precision, Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct scores, without interpolation (scikit-learn's
 * `average_precision_score`). 0 when no row is positive, as there.
 */
export function averagePrecisionScore(labels: Uint8Array, scores: Scores): number {
  checkBinary(labels, scores);
  return prepareAveragePrecision(labels, scores)(new Uint16Array(labels.length).fill(1));
}

/**
 * Mean negative log likelihood, in nats. Probabilities are kept the machine epsilon of their type (float32 or
 * float64) away from 0 and 1, as in scikit-learn; computed in double precision.
 *
 * @param scores probabilities of the positive class
 */
export function logLoss(labels: Uint8Array, scores: Scores): number {
  checkBinary(labels, scores);
  const losses = rowLogLosses(labels, scores);
  let sum = 0;
  for (let i = 0; i < losses.length; i++) sum += losses[i]!;
  return sum / losses.length;
}

/** Mean squared distance between the probability and the label. */
export function brierLoss(labels: Uint8Array, scores: Scores): number {
  checkBinary(labels, scores);
  const losses = rowBrierLosses(labels, scores);
  let sum = 0;
  for (let i = 0; i < losses.length; i++) sum += losses[i]!;
  return sum / losses.length;
}

/** The log loss of each row; see {@link logLoss}. */
export function rowLogLosses(labels: Uint8Array, scores: Scores): Float64Array {
  const distance = clippingDistance(scores);
  const losses = new Float64Array(labels.length);
  for (let i = 0; i < losses.length; i++) {
    const probability = Math.min(1 - distance, Math.max(distance, scores[i]!));
    losses[i] = -Math.log(labels[i] === 1 ? probability : 1 - probability);
  }
  return losses;
}

/** The squared error of each row; see {@link brierLoss}. */
export function rowBrierLosses(labels: Uint8Array, scores: Scores): Float64Array {
  const losses = new Float64Array(labels.length);
  for (let i = 0; i < losses.length; i++) losses[i] = (scores[i]! - labels[i]!) ** 2;
  return losses;
}
