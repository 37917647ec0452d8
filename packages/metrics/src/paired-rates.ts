import type { IntervalWithPValue } from './interval.ts';
import { mcNemarTest, type Discordance } from './mcnemar.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** Rows by which of two models is right. */
export interface PairedCounts extends Discordance {
  readonly bothRight: number;
  readonly neitherRight: number;
}

/**
 * The difference of two rates on the same rows, candidate − current, with its 95 % interval by Newcombe's score method
 * ("Improved confidence intervals for the difference between binomial proportions based on paired data", 1998, method 10)
 * and McNemar's p-value. The interval lies within −1 … 1 and has a width where the two never differ, too. Of no rows
 * everything is NaN.
 *
 * @throws MetricsError `metrics_invalid_argument` for counts that are not whole numbers of at least 0
 */
export function pairedRateDifference(counts: PairedCounts): IntervalWithPValue {
  const { bothRight, onlyCurrentRight, onlyCandidateRight, neitherRight } = counts;
  const { pValue } = mcNemarTest(counts);
  const rows = bothRight + onlyCurrentRight + onlyCandidateRight + neitherRight;
  if (rows === 0) return { estimate: NaN, low: NaN, high: NaN, pValue: NaN };
  const candidate = wilsonInterval(bothRight + onlyCandidateRight, rows);
  const current = wilsonInterval(bothRight + onlyCurrentRight, rows);
  const estimate = (onlyCandidateRight - onlyCurrentRight) / rows;
  const correlation = correlationOf(counts, rows);
  const reach = (a: number, b: number): number =>
    Math.sqrt(Math.max(0, a * a - 2 * correlation * a * b + b * b));
  return {
    estimate,
    low: estimate - reach(candidate.estimate - candidate.low, current.high - current.estimate),
    high: estimate + reach(candidate.high - candidate.estimate, current.estimate - current.low),
    pValue,
  };
}

/** Of being right, with Newcombe's correction for continuity; 0 where one of the two is always or never right. */
function correlationOf(
  { bothRight, onlyCurrentRight, onlyCandidateRight, neitherRight }: PairedCounts,
  rows: number,
): number {
  const scale =
    (bothRight + onlyCurrentRight) *
    (bothRight + onlyCandidateRight) *
    (onlyCurrentRight + neitherRight) *
    (onlyCandidateRight + neitherRight);
  if (scale === 0) return 0;
  const product = bothRight * neitherRight - onlyCurrentRight * onlyCandidateRight;
  const corrected = product > 0 ? Math.max(0, product - rows / 2) : product;
  return corrected / Math.sqrt(scale);
}
