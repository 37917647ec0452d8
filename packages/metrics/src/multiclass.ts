import { aucScore } from './binary-scores.ts';
import { checkMulticlass, clippingDistance, type Scores } from './checked-input.ts';

/** The class with the largest score of each row; the first of equal ones. Scores are rows × classes. */
export function predictedClasses(scores: Scores, classes: number): Int32Array {
  const predicted = new Int32Array(scores.length / classes);
  for (let row = 0; row < predicted.length; row++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (scores[row * classes + c]! > scores[row * classes + best]!) best = c;
    }
    predicted[row] = best;
  }
  return predicted;
}

/** Counts as classes × classes, row-major: entry [label × classes + predicted]. */
export function confusionMatrix(labels: Int32Array, scores: Scores, classes: number): Uint32Array {
  checkMulticlass(labels, scores, classes);
  const predicted = predictedClasses(scores, classes);
  const counts = new Uint32Array(classes * classes);
  for (let row = 0; row < labels.length; row++) counts[labels[row]! * classes + predicted[row]!]!++;
  return counts;
}

/** Share of rows whose largest score is that of their class. */
export function multiclassAccuracy(labels: Int32Array, scores: Scores, classes: number): number {
  checkMulticlass(labels, scores, classes);
  const predicted = predictedClasses(scores, classes);
  let right = 0;
  for (let row = 0; row < labels.length; row++) if (predicted[row] === labels[row]) right++;
  return right / labels.length;
}

/** Mean F1 of the classes that occur among the labels or the predictions, as in scikit-learn. */
export function macroF1(labels: Int32Array, scores: Scores, classes: number): number {
  const { right, labelled, predicted } = classCounts(labels, scores, classes);
  return meanF1(right, labelled, predicted);
}

/** Mean recall of the classes that occur among the labels, as in scikit-learn. */
export function multiclassBalancedAccuracy(labels: Int32Array, scores: Scores, classes: number): number {
  const { right, labelled } = classCounts(labels, scores, classes);
  return meanRecall(right, labelled);
}

/**
 * Matthews' correlation of the true and the predicted class, −1 … 1; 0 when one class alone is labelled or predicted
 * (Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", 2004).
 */
export function multiclassMatthews(labels: Int32Array, scores: Scores, classes: number): number {
  const { right, labelled, predicted } = classCounts(labels, scores, classes);
  return classCorrelation(right, labelled, predicted);
}

/** Rows of each class: rightly predicted, labelled and predicted so. */
export interface ClassCounts {
  readonly right: Float64Array;
  readonly labelled: Float64Array;
  readonly predicted: Float64Array;
}

export function classCounts(labels: Int32Array, scores: Scores, classes: number): ClassCounts {
  const counts = confusionMatrix(labels, scores, classes);
  const labelled = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  const right = new Float64Array(classes);
  for (let label = 0; label < classes; label++) {
    for (let guess = 0; guess < classes; guess++) {
      const count = counts[label * classes + guess]!;
      labelled[label]! += count;
      predicted[guess]! += count;
      if (label === guess) right[label] = count;
    }
  }
  return { right, labelled, predicted };
}

/** Mean of right / labelled over the classes that are labelled. */
export function meanRecall(right: Float64Array, labelled: Float64Array): number {
  let sum = 0;
  let present = 0;
  for (let c = 0; c < right.length; c++) {
    if (labelled[c] === 0) continue;
    present++;
    sum += right[c]! / labelled[c]!;
  }
  return sum / present;
}

/** See {@link multiclassMatthews}. */
export function classCorrelation(
  right: Float64Array,
  labelled: Float64Array,
  predicted: Float64Array,
): number {
  let rows = 0;
  let agreed = 0;
  let products = 0;
  let labelledSquares = 0;
  let predictedSquares = 0;
  for (let c = 0; c < right.length; c++) {
    rows += labelled[c]!;
    agreed += right[c]!;
    products += labelled[c]! * predicted[c]!;
    labelledSquares += labelled[c]! ** 2;
    predictedSquares += predicted[c]! ** 2;
  }
  const scale = Math.sqrt(rows ** 2 - labelledSquares) * Math.sqrt(rows ** 2 - predictedSquares);
  return scale === 0 ? 0 : (agreed * rows - products) / scale;
}

/** Mean of 2 right / (labelled + predicted) over the classes where there is either. */
export function meanF1(right: Float64Array, labelled: Float64Array, predicted: Float64Array): number {
  let sum = 0;
  let present = 0;
  for (let c = 0; c < right.length; c++) {
    const size = labelled[c]! + predicted[c]!;
    if (size === 0) continue;
    present++;
    sum += (2 * right[c]!) / size;
  }
  return sum / present;
}

/** Mean negative log likelihood of the true class, in nats; clipped like {@link logLoss}. Rows should sum to 1. */
export function multiclassLogLoss(labels: Int32Array, scores: Scores, classes: number): number {
  checkMulticlass(labels, scores, classes);
  const losses = rowMulticlassLogLosses(labels, scores, classes);
  let sum = 0;
  for (let row = 0; row < losses.length; row++) sum += losses[row]!;
  return sum / losses.length;
}

/** The log loss of each row; see {@link multiclassLogLoss}. */
export function rowMulticlassLogLosses(labels: Int32Array, scores: Scores, classes: number): Float64Array {
  const distance = clippingDistance(scores);
  return Float64Array.from(labels, (label, row) => {
    const probability = scores[row * classes + label]!;
    return -Math.log(Math.min(1 - distance, Math.max(distance, probability)));
  });
}

/**
 * Unweighted mean of the AUC of each class against the rest (scikit-learn's `multi_class='ovr'`). Classes
 * without rows, or with all of them, have no AUC and are left out; NaN when none has one.
 */
export function ovrAuc(labels: Int32Array, scores: Scores, classes: number): number {
  checkMulticlass(labels, scores, classes);
  let sum = 0;
  let defined = 0;
  for (let c = 0; c < classes; c++) {
    const auc = aucScore(isClass(labels, c), scoresOfClass(scores, classes, c));
    if (Number.isNaN(auc)) continue;
    sum += auc;
    defined++;
  }
  return sum / defined;
}

/** 1 for the rows of a class, 0 for all others. */
export const isClass = (labels: Int32Array, c: number): Uint8Array =>
  Uint8Array.from(labels, (label) => (label === c ? 1 : 0));

/** One class's column of scores, which are rows × classes. */
export const scoresOfClass = (scores: Scores, classes: number, c: number): Float64Array =>
  Float64Array.from({ length: scores.length / classes }, (_, row) => scores[row * classes + c]!);
