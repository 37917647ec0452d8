import {
  assessBinary,
  assessMulticlass,
  assessRegression,
  compareBinary,
  compareMulticlass,
  compareRegression,
  type BinaryAssessment,
  type BinaryComparison,
  type Interval,
  type ScoreGroups,
} from '@kaefer/metrics';
import type { Costs, Difference, Task } from '@kaefer/contracts';

/** What models are asked about, and by what prices they are judged. */
export interface Sample {
  readonly task: Task;
  /** Binary 0 or 1, multiclass class index, regression value; one a row. */
  readonly labels: Float64Array;
  /** Number of classes; used for multiclass. */
  readonly classes: number;
  /** Binary only. */
  readonly costs: Costs | null;
}

/** One model's scores of the holdout. */
export interface Side {
  readonly scores: Float32Array;
  /** Binary only. */
  readonly threshold: number | null;
  /** Binary only: the rows by ascending score, which most figures need. */
  readonly order?: Uint32Array;
  /** Binary only: the rows by score. */
  readonly groups?: ScoreGroups;
}

type Metrics = Record<string, number | null>;

/** One model's figures. */
export interface SideFigures {
  readonly metrics: Metrics;
  readonly intervals: Record<string, { low: number | null; high: number | null }>;
}

/** Figures of one or two models on the same rows. */
export interface Figures {
  readonly current: SideFigures | null;
  readonly candidate: SideFigures;
  readonly difference: Record<string, Difference> | null;
  readonly draws: number;
}

const seed = 20_260_101;

/** Every metric of both models with its interval, and of their difference, on the same rows. */
export function assess(sample: Sample, current: Side | null, candidate: Side, draws: number): Figures {
  const compared = run(sample, current, candidate, { seed, draws });
  return {
    current:
      current === null || compared.current === null ? null : figuresOf(compared.current, current.threshold),
    candidate: figuresOf(compared.candidate, candidate.threshold),
    difference: compared.difference === null ? null : mapValues(compared.difference, differenceOf),
    draws: compared.draws,
  };
}

interface Compared {
  readonly draws: number;
  readonly current: Readonly<Record<string, Interval>> | null;
  readonly candidate: Readonly<Record<string, Interval>>;
  readonly difference: Readonly<Record<string, Interval & { readonly pValue?: number }>> | null;
}

function run(
  { task, labels, classes, costs }: Sample,
  current: Side | null,
  candidate: Side,
  options: { seed: number; draws: number },
): Compared {
  const alone = ({
    metrics,
    draws,
  }: {
    metrics: Readonly<Record<string, Interval>>;
    draws: number;
  }): Compared => ({ draws, current: null, candidate: metrics, difference: null });
  switch (task) {
    case 'binary': {
      const truth = new Uint8Array(labels);
      const side = ({ threshold, ...rest }: Side) => ({ ...rest, threshold: threshold ?? 0.5 });
      const priced = { ...options, costs: costs ?? undefined };
      return current === null
        ? alone(withCost(assessBinary(truth, side(candidate), priced)))
        : withCosts(compareBinary(truth, side(current), side(candidate), priced));
    }
    case 'multiclass': {
      const truth = new Int32Array(labels);
      return current === null
        ? alone(assessMulticlass(truth, candidate.scores, classes, options))
        : compareMulticlass(truth, current.scores, candidate.scores, classes, options);
    }
    case 'regression': {
      const truth = new Float64Array(labels);
      return current === null
        ? alone(assessRegression(truth, candidate.scores, options))
        : compareRegression(truth, current.scores, candidate.scores, options);
    }
  }
}

function withCost({ expectedCost, draws, metrics }: BinaryAssessment) {
  return { draws, metrics: expectedCost === null ? metrics : { ...metrics, expectedCost } };
}

function withCosts({
  draws,
  expectedCost,
  current,
  candidate,
  difference,
}: BinaryComparison<string>): Compared {
  if (expectedCost === null) return { draws, current, candidate, difference };
  return {
    draws,
    current: { ...current, expectedCost: expectedCost.current },
    candidate: { ...candidate, expectedCost: expectedCost.candidate },
    difference: { ...difference, expectedCost: expectedCost.difference },
  };
}

function figuresOf(intervals: Readonly<Record<string, Interval>>, threshold: number | null): SideFigures {
  return {
    metrics: {
      ...mapValues(intervals, ({ estimate }) => finiteOrNull(estimate)),
      ...(threshold === null ? {} : { threshold }),
    },
    intervals: mapValues(intervals, ({ low, high }) => ({
      low: finiteOrNull(low),
      high: finiteOrNull(high),
    })),
  };
}

function differenceOf({ estimate, low, high, pValue }: Interval & { readonly pValue?: number }): Difference {
  return {
    estimate: finiteOrNull(estimate),
    low: finiteOrNull(low),
    high: finiteOrNull(high),
    ...(pValue === undefined ? {} : { pValue: finiteOrNull(pValue) }),
  };
}

export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
