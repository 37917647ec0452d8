import { readFileSync } from 'node:fs';

export interface BinaryCase {
  readonly name: string;
  readonly labels: number[];
  readonly scores: number[];
  readonly threshold: number;
  /** null where scikit-learn has no value. */
  readonly auc: number | null;
  readonly averagePrecision: number;
  readonly logLoss: number;
  readonly brier: number;
  readonly confusion: { tp: number; fp: number; fn: number; tn: number };
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly balancedAccuracy: number;
  readonly matthews: number;
  readonly roc: Points | null;
  readonly precisionRecall: Points;
  readonly calibration: { share: number[]; mean: number[] };
  readonly quantileCalibration: { share: number[]; mean: number[] };
}

/** `thresholds` lacks the first point's, which is infinite. */
interface Points {
  readonly x: number[];
  readonly y: number[];
  readonly thresholds: number[];
}

export interface DeLongCase {
  readonly name: string;
  readonly labels: number[];
  readonly a: number[];
  readonly b: number[];
  readonly aucA: number;
  readonly aucB: number;
  readonly standardErrorA: number;
  readonly difference: number;
  readonly standardError: number;
  readonly pValue: number;
}

export interface MulticlassCase {
  readonly name: string;
  readonly labels: number[];
  readonly scores: number[];
  readonly accuracy: number;
  readonly macroF1: number;
  readonly balancedAccuracy: number;
  readonly matthews: number;
  readonly classes: readonly {
    readonly rows: number;
    readonly predicted: number;
    readonly recall: number | null;
    readonly precision: number | null;
    readonly f1: number;
    readonly auc: number | null;
  }[];
  readonly logLoss: number;
  readonly auc: number | null;
  readonly confusion: number[];
}

export interface RegressionCase {
  readonly name: string;
  readonly targets: number[];
  readonly predictions: number[];
  readonly rmse: number;
  readonly mae: number;
  readonly r2: number;
}

/** The expected values that golden/make.py computed. */
export const golden = JSON.parse(readFileSync(new URL('../golden/golden.json', import.meta.url), 'utf8')) as {
  readonly madeBy: string;
  readonly binary: BinaryCase[];
  readonly delong: DeLongCase[];
  readonly multiclass: MulticlassCase[];
  readonly regression: RegressionCase[];
};
