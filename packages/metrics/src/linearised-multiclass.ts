import type { Scores } from './checked-input.ts';
import { areaOf } from './delong.ts';
import { lineariseMean, type Linearised } from './linearised.ts';
import {
  classCorrelation,
  classCounts,
  isClass,
  meanF1,
  meanRecall,
  predictedClasses,
  rowMulticlassLogLosses,
  scoresOfClass,
  type ClassCounts,
} from './multiclass.ts';

export type MulticlassMetric = 'accuracy' | 'balancedAccuracy' | 'macroF1' | 'matthews' | 'logLoss' | 'auc';

/**
 * The infinitesimal jackknife of the metrics of several classes; see {@link Linearised}. What is made of the table of true
 * and predicted classes has one influence a cell.
 *
 * @param labels class indices, 0 … classes − 1; @param scores probabilities, rows × classes
 */
export function lineariseMulticlass(
  labels: Int32Array,
  scores: Scores,
  classes: number,
): Record<MulticlassMetric, Linearised> {
  const predicted = predictedClasses(scores, classes);
  const counts = classCounts(labels, scores, classes);
  const ofTable = (estimate: number, slope: Slope): Linearised => {
    const slopes = Float64Array.from({ length: classes * classes }, (_, cell) =>
      slope(Math.floor(cell / classes), cell % classes),
    );
    return {
      estimate,
      influences: Float64Array.from(labels, (label, row) => slopes[label * classes + predicted[row]!]!),
    };
  };
  const { right, labelled, predicted: guessed } = counts;
  const accuracy = right.reduce((sum, count) => sum + count, 0) / labels.length;
  return {
    accuracy: ofTable(accuracy, (label, guess) => (Number(label === guess) - accuracy) / labels.length),
    balancedAccuracy: ofTable(meanRecall(right, labelled), recallSlope(counts)),
    macroF1: ofTable(meanF1(right, labelled, guessed), f1Slope(counts)),
    matthews: ofTable(classCorrelation(right, labelled, guessed), correlationSlope(counts, labels.length)),
    logLoss: lineariseMean(rowMulticlassLogLosses(labels, scores, classes)),
    auc: lineariseArea(labels, scores, classes),
  };
}

/** What a metric gains a row more of one class that is taken for another; 0 for cells that have no rows. */
type Slope = (label: number, guess: number) => number;

function recallSlope({ right, labelled }: ClassCounts): Slope {
  const present = labelled.filter((count) => count > 0).length;
  return (label, guess) => {
    const rows = labelled[label]!;
    return rows === 0 ? 0 : (Number(label === guess) - right[label]! / rows) / rows / present;
  };
}

function f1Slope({ right, labelled, predicted }: ClassCounts): Slope {
  const sizes = labelled.map((count, c) => count + predicted[c]!);
  const present = sizes.filter((size) => size > 0).length;
  const loss = (c: number): number => (2 * right[c]!) / sizes[c]! ** 2;
  return (label, guess) => {
    if (sizes[label] === 0 || sizes[guess] === 0) return 0;
    const gain = label === guess ? 2 / sizes[label]! : 0;
    return (gain - loss(label) - loss(guess)) / present;
  };
}

function correlationSlope({ right, labelled, predicted }: ClassCounts, rows: number): Slope {
  const sum = (of: (c: number) => number): number => right.reduce((total, _, c) => total + of(c), 0);
  const agreed = sum((c) => right[c]!);
  const x = rows ** 2 - sum((c) => labelled[c]! ** 2);
  const y = rows ** 2 - sum((c) => predicted[c]! ** 2);
  const scale = Math.sqrt(x) * Math.sqrt(y);
  if (scale === 0) return () => 0;
  const value = (agreed * rows - sum((c) => labelled[c]! * predicted[c]!)) / scale;
  return (label, guess) => {
    const above = Number(label === guess) * rows + agreed - predicted[label]! - labelled[guess]!;
    return above / scale - value * ((rows - labelled[label]!) / x + (rows - predicted[guess]!) / y);
  };
}

/** The mean of the areas of the classes that have one. */
function lineariseArea(labels: Int32Array, scores: Scores, classes: number): Linearised {
  const influences = new Float64Array(labels.length);
  let sum = 0;
  let defined = 0;
  for (let c = 0; c < classes; c++) {
    const truth = isClass(labels, c);
    const positives = truth.reduce((count, one) => count + one, 0);
    const negatives = labels.length - positives;
    if (positives === 0 || negatives === 0) continue;
    const { auc, components } = areaOf(truth, scoresOfClass(scores, classes, c));
    sum += auc;
    defined++;
    for (let row = 0; row < labels.length; row++)
      influences[row]! += (components[row]! - auc) / (truth[row] === 1 ? positives : negatives);
  }
  return { estimate: sum / defined, influences: influences.map((value) => value / defined) };
}
