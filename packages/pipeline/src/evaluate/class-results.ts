import type { ClassResult, Comparison } from '@kaefer/contracts';
import {
  classFigures,
  compareClasses,
  groupByScore,
  isClass,
  scoresOfClass,
  type Interval,
} from '@kaefer/metrics';
import { finiteOrNull, type Sample } from './assess.ts';
import { rankingCurves } from './curves-of.ts';

/** Classes that have curves: those with most rows. */
const mostCurves = 12;
const curvePoints = 120;

/** How a model tells each class from the others. @param scores row-major, rows × classes */
export function classResults({ labels, classes }: Sample, scores: Float32Array): ClassResult[] {
  const truth = new Int32Array(labels);
  const figures = classFigures(truth, scores, classes);
  const drawn = new Set(
    [...figures.keys()]
      .sort((a, b) => (figures[b]?.rows ?? 0) - (figures[a]?.rows ?? 0) || a - b)
      .slice(0, mostCurves),
  );
  return figures.map(({ rows, predicted, recall, precision, f1, auc }, index) => ({
    rows,
    predicted,
    recall: estimateOf(recall),
    precision: estimateOf(precision),
    f1: finiteOrNull(f1),
    auc: estimateOf(auc),
    ...(drawn.has(index) && rows > 0 && rows < truth.length
      ? curvesOfClass(truth, scores, classes, index)
      : {}),
  }));
}

/** Of which classes one of the two models finds more rows. @param current, @param candidate row-major, rows × classes */
export function classDifferences(
  { labels, classes }: Sample,
  current: Float32Array,
  candidate: Float32Array,
): NonNullable<Comparison['byClass']> {
  return compareClasses(new Int32Array(labels), current, candidate, classes).map(
    ({ recall, adjustedPValue }) => ({
      recall: { ...estimateOf(recall), pValue: finiteOrNull(recall.pValue) },
      adjustedPValue: finiteOrNull(adjustedPValue),
    }),
  );
}

function curvesOfClass(
  labels: Int32Array,
  scores: Float32Array,
  classes: number,
  index: number,
): Pick<ClassResult, 'roc' | 'precisionRecall'> {
  const truth = isClass(labels, index);
  const own = scoresOfClass(scores, classes, index);
  return rankingCurves(truth, own, { maxPoints: curvePoints, groups: groupByScore(truth, own) });
}

const estimateOf = ({ estimate, low, high }: Interval): ClassResult['recall'] => ({
  estimate: finiteOrNull(estimate),
  low: finiteOrNull(low),
  high: finiteOrNull(high),
});
