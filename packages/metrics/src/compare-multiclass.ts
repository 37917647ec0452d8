import { checkLengths, checkMulticlass, type Scores } from './checked-input.ts';
import { lineariseMulticlass, type MulticlassMetric } from './linearised-multiclass.ts';
import {
  classCorrelation,
  isClass,
  meanF1,
  meanRecall,
  predictedClasses,
  rowMulticlassLogLosses,
  scoresOfClass,
} from './multiclass.ts';
import { assessAlone, comparePaired, type Measured } from './paired-comparison.ts';
import type { Assessment, BootstrapOptions, Comparison, ResampledMetrics } from './resampling.ts';
import { prepareAuc } from './weighted-auc.ts';

/**
 * Both sides' metrics and candidate − current, with 95 % intervals (`auc` is the one-vs-rest mean).
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
  const side = (scores: Scores) => measured(labels, scores, classes);
  return comparePaired(labels.length, current.length, side(current), side(candidate), options);
}

/** Every metric of one model with its 95 % interval. */
export function assessMulticlass(
  labels: Int32Array,
  scores: Scores,
  classes: number,
  options: BootstrapOptions = {},
): Assessment<MulticlassMetric> {
  checkMulticlass(labels, scores, classes);
  return assessAlone(labels.length, scores.length, measured(labels, scores, classes), options);
}

const measured = (labels: Int32Array, scores: Scores, classes: number): Measured<MulticlassMetric> => ({
  resampled: () => multiclassMetrics(labels, scores, classes),
  linearised: () => lineariseMulticlass(labels, scores, classes),
});

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
      let rows = 0;
      let lossSum = 0;
      let rightSum = 0;
      for (let row = 0; row < counts.length; row++) {
        const count = counts[row]!;
        const label = labels[row]!;
        rows += count;
        labelled[label]! += count;
        guessed[predicted[row]!]! += count;
        lossSum += count * losses[row]!;
        if (label !== predicted[row]) continue;
        right[label]! += count;
        rightSum += count;
      }
      const defined = areas.map((area) => area(counts)).filter((area) => !Number.isNaN(area));
      out[0] = rightSum / rows;
      out[1] = meanRecall(right, labelled);
      out[2] = meanF1(right, labelled, guessed);
      out[3] = classCorrelation(right, labelled, guessed);
      out[4] = lossSum / rows;
      out[5] = defined.reduce((sum, area) => sum + area, 0) / defined.length;
    },
  };
}
