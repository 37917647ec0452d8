import type { Scores } from './checked-input.ts';
import { ascendingOrder } from './score-order.ts';

/**
 * Sorts once; the returned function then gives the average precision of the rows repeated `counts` times
 * each, in one pass. 0 when no positive row is left.
 */
export function prepareAveragePrecision(labels: Uint8Array, scores: Scores): (counts: Uint16Array) => number {
  const order = ascendingOrder(scores).reverse();
  const rows = order.length;
  // Bit 0: positive; bit 1: the last of a group of equal scores.
  const flags = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const lastOfGroup = i === rows - 1 || scores[order[i]!] !== scores[order[i + 1]!];
    flags[i] = labels[order[i]!]! | (lastOfGroup ? 2 : 0);
  }
  return (counts) => {
    let selected = 0;
    let positives = 0;
    let positivesBefore = 0;
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const count = counts[order[i]!]!;
      const flag = flags[i]!;
      selected += count;
      if (flag & 1) positives += count;
      if (flag & 2 && positives !== positivesBefore) {
        sum += ((positives - positivesBefore) * positives) / selected;
        positivesBefore = positives;
      }
    }
    return positives === 0 ? 0 : sum / positives;
  };
}
