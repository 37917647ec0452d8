import { checkLengths, checkMulticlass, type Scores } from './checked-input.ts';
import {
  classCorrelation,
  isClass,
  meanF1,
  meanRecall,
  predictedClasses,
  rowMulticlassLogLosses,
  scoresOfClass,
} from './multiclass.ts';
import {
  differencesOf,
  drawsFor,
  intervalsOf,
  resample,
  type Assessment,
  type BootstrapOptions,
  type Comparison,
  type Draws,
  type ResampledMetrics,
} from './resampling.ts';
import { prepareAuc } from './weighted-auc.ts';

export type MulticlassMetric = 'accuracy' | 'balancedAccuracy' | 'macroF1' | 'matthews' | 'logLoss' | 'auc';

const DEFAULT_SEED = 1;

/**
 * Both sides' metrics and candidate − current, with bootstrap intervals (`auc` is the one-vs-rest mean).
 *
 * @param labels class indices, 0 … classes − 1
 * @param current, @param candidate probabilities, rows × classes
 */
export function compareMulticlass(
  labels: Int32Array,
  current: Scores,
  candidate: Scores,
  classes: number,
  options: BootstrapOptions = {},
): Comparison<MulticlassMetric> {
  checkMulticlass(labels, current, classes);
  checkLengths(current.length, candidate.length);
  checkMulticlass(labels, candidate, classes);
  const draws = drawsFor(labels.length * classes, options);
  const sides = [multiclassMetrics(labels, current, classes), multiclassMetrics(labels, candidate, classes)];
  const [a, b] = resample(labels.length, sides, draws, options.seed ?? DEFAULT_SEED) as [
    Draws<MulticlassMetric>,
    Draws<MulticlassMetric>,
  ];
  return { draws, current: intervalsOf(a), candidate: intervalsOf(b), difference: differencesOf(a, b) };
}

/** Every metric of one model with its bootstrap interval. */
export function assessMulticlass(
  labels: Int32Array,
  scores: Scores,
  classes: number,
  options: BootstrapOptions = {},
): Assessment<MulticlassMetric> {
  checkMulticlass(labels, scores, classes);
  const draws = drawsFor(labels.length * classes, options);
  const sides = [multiclassMetrics(labels, scores, classes)];
  const [side] = resample(labels.length, sides, draws, options.seed ?? DEFAULT_SEED) as [
    Draws<MulticlassMetric>,
  ];
  return { draws, metrics: intervalsOf(side) };
}

function multiclassMetrics(
  labels: Int32Array,
  scores: Scores,
  classes: number,
): ResampledMetrics<MulticlassMetric> {
  const predicted = predictedClasses(scores, classes);
  const losses = rowMulticlassLogLosses(labels, scores, classes);
  const areas = Array.from({ length: classes }, (_, c) =>
    prepareAuc(isClass(labels, c), scoresOfClass(scores, classes, c)),
  );
  const right = new Float64Array(classes);
  const labelled = new Float64Array(classes);
  const guessed = new Float64Array(classes);
  return {
    names: ['accuracy', 'balancedAccuracy', 'macroF1', 'matthews', 'logLoss', 'auc'],
    evaluate(counts, out) {
      right.fill(0);
      labelled.fill(0);
      guessed.fill(0);
      let lossSum = 0;
      let rightSum = 0;
      for (let row = 0; row < counts.length; row++) {
        const count = counts[row]!;
        const label = labels[row]!;
        labelled[label]! += count;
        guessed[predicted[row]!]! += count;
        lossSum += count * losses[row]!;
        if (label !== predicted[row]) continue;
        right[label]! += count;
        rightSum += count;
      }
      const defined = areas.map((area) => area(counts)).filter((area) => !Number.isNaN(area));
      out[0] = rightSum / counts.length;
      out[1] = meanRecall(right, labelled);
      out[2] = meanF1(right, labelled, guessed);
      out[3] = classCorrelation(right, labelled, guessed);
      out[4] = lossSum / counts.length;
      out[5] = defined.reduce((sum, area) => sum + area, 0) / defined.length;
    },
  };
}
