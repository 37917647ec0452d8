import type { Scores } from './checked-input.ts';
import { ascendingOrder } from './score-order.ts';

/**
 * Sorts once; the returned function then gives the AUC of the rows repeated `counts` times each, in one pass.
 * NaN when one class is left without rows.
 */
export function prepareAuc(labels: Uint8Array, scores: Scores): (counts: Uint16Array) => number {
  const order = ascendingOrder(scores);
  const rows = order.length;
  // Bit 0: positive; bit 1: the last of a group of equal scores.
  const flags = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const lastOfGroup = i === rows - 1 || scores[order[i]!] !== scores[order[i + 1]!];
    flags[i] = labels[order[i]!]! | (lastOfGroup ? 2 : 0);
  }
  return (counts) => {
    let positives = 0;
    let negatives = 0;
    let positivesBefore = 0;
    let negativesBefore = 0;
    let doubledWins = 0;
    for (let i = 0; i < rows; i++) {
      const count = counts[order[i]!]!;
      const flag = flags[i]!;
      if (flag & 1) positives += count;
      else negatives += count;
      if (flag & 2) {
        doubledWins += (positives - positivesBefore) * (negativesBefore + negatives);
        positivesBefore = positives;
        negativesBefore = negatives;
      }
    }
    return doubledWins / 2 / (positives * negatives);
  };
}
