import { checkBinary, type Scores } from './checked-input.ts';
import { MetricsError } from './metrics-error.ts';
import { groupByScore, type ScoreGroups } from './score-groups.ts';

export interface CurveOptions {
  /**
   * Keep at most so many points (at least 2), spread evenly along the drawn line, its ends among them. What is
   * left out lies within (length of the line / maxPoints) of what is kept. Default: all points.
   */
  readonly maxPoints?: number;
  /** The rows by ascending score, when {@link ascendingOrder} was asked for it already. */
  readonly order?: Uint32Array;
  /** The same for {@link groupByScore}; rows and scores are then not looked at again. */
  readonly groups?: ScoreGroups;
}

/** Points from (0, 0) to (1, 1); at point i the rows with a score ≥ thresholds[i] are called positive. */
export interface RocCurve {
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
  /** Descending; the first is Infinity (nobody is called positive). */
  readonly thresholds: Float64Array;
}

/** One point a distinct score, like `roc_curve(drop_intermediate=False)`. A rate of an absent class is NaN. */
export function rocCurve(labels: Uint8Array, scores: Scores, options: CurveOptions = {}): RocCurve {
  const groups = groupsOf(labels, scores, options);
  const positives = groups.truePositives.at(-1)!;
  const negatives = groups.falsePositives.at(-1)!;
  const count = groups.thresholds.length;
  const x = new Float64Array(count + 1);
  const y = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) {
    x[i + 1] = groups.falsePositives[i]! / negatives;
    y[i + 1] = groups.truePositives[i]! / positives;
  }
  if (negatives === 0) x.fill(NaN);
  if (positives === 0) y.fill(NaN);
  const kept = thin(x, y, options.maxPoints);
  return {
    falsePositiveRate: pick(x, kept),
    truePositiveRate: pick(y, kept),
    thresholds: pick(withFirst(Infinity, groups.thresholds), kept),
  };
}

function groupsOf(labels: Uint8Array, scores: Scores, { order, groups }: CurveOptions): ScoreGroups {
  if (groups !== undefined) return groups;
  checkBinary(labels, scores);
  return groupByScore(labels, scores, order);
}

/** Points by rising recall; the first is recall 0, precision 1, threshold Infinity. */
export interface PrecisionRecallCurve {
  readonly recall: Float64Array;
  readonly precision: Float64Array;
  readonly thresholds: Float64Array;
}

/**
 * `precision_recall_curve` of scikit-learn, in the opposite order. Recall is 1 everywhere after the first
 * point when no row is positive, as there.
 */
export function precisionRecallCurve(
  labels: Uint8Array,
  scores: Scores,
  options: CurveOptions = {},
): PrecisionRecallCurve {
  const groups = groupsOf(labels, scores, options);
  const positives = groups.truePositives.at(-1)!;
  const count = groups.thresholds.length;
  const recall = new Float64Array(count + 1);
  const precision = new Float64Array(count + 1);
  precision[0] = 1;
  for (let i = 0; i < count; i++) {
    const found = groups.truePositives[i]!;
    recall[i + 1] = positives === 0 ? 1 : found / positives;
    precision[i + 1] = found / (found + groups.falsePositives[i]!);
  }
  const kept = thin(recall, precision, options.maxPoints);
  return {
    recall: pick(recall, kept),
    precision: pick(precision, kept),
    thresholds: pick(withFirst(Infinity, groups.thresholds), kept),
  };
}

/** Indices of the points to keep: the ends, and the last point of every further (length / (maxPoints − 1)). */
function thin(x: Float64Array, y: Float64Array, maxPoints = Infinity): Uint32Array {
  if (!(maxPoints >= 2)) {
    throw new MetricsError('metrics_invalid_argument', `maxPoints ${maxPoints}: expected at least 2.`);
  }
  const points = x.length;
  if (points <= maxPoints) return Uint32Array.from(x, (_, i) => i);
  const travelled = new Float64Array(points);
  for (let i = 1; i < points; i++) {
    // A coordinate that is NaN throughout (an absent class) has no length.
    travelled[i] =
      travelled[i - 1]! + (Math.abs(x[i]! - x[i - 1]!) || 0) + (Math.abs(y[i]! - y[i - 1]!) || 0);
  }
  const step = travelled[points - 1]! / (maxPoints - 1);
  const kept = [0];
  for (let i = 1; i < points - 1; i++) {
    if (kept.length < maxPoints - 1 && travelled[i + 1]! > kept.length * step) kept.push(i);
  }
  kept.push(points - 1);
  return Uint32Array.from(kept);
}

function withFirst(first: number, rest: Float64Array): Float64Array {
  const all = new Float64Array(rest.length + 1);
  all[0] = first;
  all.set(rest, 1);
  return all;
}

const pick = (values: Float64Array, kept: Uint32Array): Float64Array =>
  Float64Array.from(kept, (index) => values[index]!);
