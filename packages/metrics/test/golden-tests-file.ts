import { readFileSync } from 'node:fs';

interface GoldenTests {
  readonly madeBy: string;
  /** null where the value is not defined. */
  readonly binary: {
    readonly name: string;
    readonly f2: number;
    readonly fHalf: number;
    readonly specificity: number;
    readonly cost: number;
    readonly gain15: number | null;
    readonly lift15: number | null;
    readonly kolmogorovSmirnov: number | null;
    readonly calibrationError: number;
    readonly intercept: number | null;
    readonly slope: number | null;
  }[];
  readonly regression: {
    readonly name: string;
    readonly mape: number;
    readonly pinball10: number;
    readonly pinball50: number;
    readonly pinball90: number;
  }[];
  readonly wilson: {
    readonly successes: number;
    readonly trials: number;
    readonly bounds: [number, number];
  }[];
  readonly mcnemar: { readonly counts: [number, number]; readonly pValue: number }[];
  readonly corrections: {
    readonly pValues: number[];
    readonly holm: number[];
    readonly benjaminiHochberg: number[];
  }[];
  readonly bca: {
    readonly name: string;
    readonly estimate: number;
    readonly draws: number[];
    readonly leftOut: number[];
    readonly low: number;
    readonly high: number;
  }[];
  readonly normal: { readonly probability: number; readonly z: number }[];
  readonly drift: {
    readonly before: number[];
    readonly after: number[];
    readonly stabilityIndex: number;
    readonly totalVariation: number;
    readonly kolmogorovSmirnov: number;
  }[];
  readonly samples: { readonly a: number[]; readonly b: number[]; readonly distance: number }[];
  readonly segments: {
    readonly codes: number[];
    readonly current: number[];
    readonly candidate: number[];
    readonly segments: {
      readonly segment: number;
      readonly rows: number;
      readonly current: number;
      readonly candidate: number;
      readonly difference: number;
      readonly low: number;
      readonly high: number;
      readonly pValue: number;
      readonly adjustedPValue: number;
    }[];
  };
}

interface GoldenProc {
  readonly madeBy: string;
  readonly delong: {
    readonly name: string;
    readonly aucA: number;
    readonly aucB: number;
    readonly lowA: number;
    readonly highA: number;
    readonly z: number;
    readonly pValue: number;
    readonly low: number;
    readonly high: number;
  }[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8'));

/** What golden/make-tests.py computed, for the cases of golden.json and for cases of its own. */
export const goldenTests = read('tests.json') as GoldenTests;

/** What golden/make-proc.R computed by pROC for the DeLong cases of golden.json. */
export const goldenProc = read('proc.json') as GoldenProc;
