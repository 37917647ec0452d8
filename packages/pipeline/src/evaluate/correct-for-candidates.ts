import type { Difference } from '@kaefer/contracts';
import type { Figures } from './assess.ts';

/** The normal distribution's two-sided 5 % quantile by the number of comparisons that share the 5 %. */
const quantiles = [1.959964, 2.241403, 2.39398, 2.497705, 2.575829];

/** Most candidates of a run. */
export const mostCandidates = quantiles.length;

/**
 * Who chooses the best of several candidates on the same rows takes luck for merit more often than one time in twenty. With
 * Bonferroni's correction all differences of all candidates lie in their intervals together 95 times in a hundred: each
 * interval is widened about its estimate as a normal distribution's would be, and each p-value counts as often as there are candidates.
 */
export function correctFor<Compared extends Pick<Figures, 'difference'>>(
  candidates: number,
  figures: Compared,
): Compared {
  if (candidates === 1 || figures.difference === null) return figures;
  const factor = (quantiles[candidates - 1] ?? Number.NaN) / (quantiles[0] as number);
  const corrected = Object.entries(figures.difference).map(([name, difference]): [string, Difference] => [
    name,
    widened(difference, factor, candidates),
  ]);
  return { ...figures, difference: Object.fromEntries(corrected) };
}

function widened(
  { estimate, low, high, pValue }: Difference,
  factor: number,
  candidates: number,
): Difference {
  const bound = (value: number | null): number | null =>
    value === null || estimate === null ? null : estimate + factor * (value - estimate);
  return {
    estimate,
    low: bound(low),
    high: bound(high),
    ...(pValue === undefined ? {} : { pValue: pValue === null ? null : Math.min(1, pValue * candidates) }),
  };
}
