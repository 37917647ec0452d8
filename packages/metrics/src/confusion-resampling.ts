import { drawBinomial } from './binomial-draw.ts';
import {
  accuracyScore,
  balancedAccuracyScore,
  f1Score,
  matthewsScore,
  precisionScore,
  recallScore,
  specificityScore,
  type Confusion,
} from './confusion.ts';
import { RandomStream } from './random-stream.ts';
import type { Drawn, Draws } from './resampling.ts';

export const confusionMetrics = {
  accuracy: accuracyScore,
  precision: precisionScore,
  recall: recallScore,
  f1: f1Score,
  specificity: specificityScore,
  balancedAccuracy: balancedAccuracyScore,
  matthews: matthewsScore,
} as const;
export type ConfusionMetric = keyof typeof confusionMetrics;
export type MetricOfConfusion = (confusion: Confusion) => number;

/** Which side calls a row positive is a bit of its cell's index; bit 2 is its label. */
const LABEL_BIT = 4;
const CELLS = 8;

/**
 * The bootstrap of metrics of confusions, two sides paired. Such metrics see a row only through its label and
 * its two predictions, so that resampling rows is resampling the table of these eight cells as a multinomial:
 * the same distribution, at a cost that does not grow with the rows.
 *
 * @param calledA, @param calledB 1 where the side calls the row positive
 */
export function resampleConfusions<Name extends string>(
  labels: Uint8Array,
  calledA: Uint8Array,
  calledB: Uint8Array,
  metrics: Readonly<Record<Name, MetricOfConfusion>>,
  draws: number,
  seed: number,
): [a: Draws<Name>, b: Draws<Name>] {
  const names = Object.keys(metrics) as Name[];
  const cells = new Float64Array(CELLS);
  for (let i = 0; i < labels.length; i++) cells[labels[i]! * LABEL_BIT + calledA[i]! + 2 * calledB[i]!]!++;
  const sides = [startDraws(cells, 1, metrics, draws), startDraws(cells, 2, metrics, draws)] as const;
  const random = new RandomStream(seed);
  const drawn = new Float64Array(CELLS);
  for (let draw = 0; draw < draws; draw++) {
    drawMultinomial(random, cells, labels.length, drawn);
    sides.forEach((side, s) => {
      const confusion = confusionOfSide(drawn, s + 1);
      for (const name of names) side[name].draws[draw] = metrics[name](confusion);
    });
  }
  return [sides[0], sides[1]];
}

function startDraws<Name extends string>(
  cells: Float64Array,
  sideBit: number,
  metrics: Readonly<Record<Name, MetricOfConfusion>>,
  draws: number,
): Draws<Name> {
  const confusion = confusionOfSide(cells, sideBit);
  const names = Object.keys(metrics) as Name[];
  const without = confusionsWithout(cells, sideBit);
  const start = (name: Name): Drawn => ({
    estimate: metrics[name](confusion),
    draws: new Float64Array(draws),
    leftOut: {
      values: Float64Array.from(without, (one) => (one === null ? NaN : metrics[name](one))),
      weights: cells,
    },
  });
  return Object.fromEntries(names.map((name) => [name, start(name)])) as Draws<Name>;
}

/** For each cell the confusion without one of its rows: all rows of a cell change it alike. */
function confusionsWithout(cells: Float64Array, sideBit: number): (Confusion | null)[] {
  return Array.from(cells, (count, cell) => {
    if (count === 0) return null;
    const rest = cells.slice();
    rest[cell]!--;
    return confusionOfSide(rest, sideBit);
  });
}

function confusionOfSide(cells: Float64Array, sideBit: number): Confusion {
  let tp = 0;
  let fp = 0;
  let fn = 0;
  let tn = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    const count = cells[cell]!;
    if (cell & LABEL_BIT) {
      if (cell & sideBit) tp += count;
      else fn += count;
    } else if (cell & sideBit) fp += count;
    else tn += count;
  }
  return { tp, fp, fn, tn };
}

/** Draws a multinomial as a chain of binomials, each cell out of what the cells before it have left. */
function drawMultinomial(
  random: RandomStream,
  cells: Float64Array,
  total: number,
  drawn: Float64Array,
): void {
  let trialsLeft = total;
  let weightLeft = total;
  for (let cell = 0; cell < CELLS; cell++) {
    const weight = cells[cell]!;
    const count = drawBinomial(random, trialsLeft, weightLeft > 0 ? weight / weightLeft : 0);
    drawn[cell] = count;
    trialsLeft -= count;
    weightLeft -= weight;
  }
}
