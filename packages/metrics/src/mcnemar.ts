import { checkLengths } from './checked-input.ts';
import { MetricsError } from './metrics-error.ts';
import { logFactorial } from './log-factorial.ts';
import { twoSidedPValue } from './normal-distribution.ts';

/** The rows that exactly one of two models decides rightly. */
export interface Discordance {
  readonly onlyCurrentRight: number;
  readonly onlyCandidateRight: number;
}

export interface McNemarTest extends Discordance {
  /** Two-sided, of "both decide rightly equally often"; 1 when they never differ. */
  readonly pValue: number;
  readonly method: 'exact' | 'normal';
}

/** Discordant rows up to which the binomial distribution is summed. */
const EXACT_UP_TO = 1000;

/** Counts the rows on which one side's decision is the label and the other's is not; classes are whole numbers. */
export function discordance(
  labels: ArrayLike<number>,
  current: ArrayLike<number>,
  candidate: ArrayLike<number>,
): Discordance {
  checkLengths(labels.length, current.length);
  checkLengths(labels.length, candidate.length);
  let onlyCurrentRight = 0;
  let onlyCandidateRight = 0;
  for (let i = 0; i < labels.length; i++) {
    const wasRight = current[i] === labels[i];
    if (wasRight === (candidate[i] === labels[i])) continue;
    if (wasRight) onlyCurrentRight++;
    else onlyCandidateRight++;
  }
  return { onlyCurrentRight, onlyCandidateRight };
}

/**
 * McNemar, "Note on the sampling error of the difference between correlated proportions or percentages" (1947): whether
 * two models' decisions on the same rows are right equally often. Exact (binomial) for up to 1000 discordant rows,
 * above that the normal approximation with Edwards's correction for continuity.
 *
 * @throws MetricsError `metrics_invalid_argument` for counts that are not whole numbers of at least 0
 */
export function mcNemarTest({ onlyCurrentRight, onlyCandidateRight }: Discordance): McNemarTest {
  for (const count of [onlyCurrentRight, onlyCandidateRight]) {
    if (Number.isInteger(count) && count >= 0) continue;
    throw new MetricsError(
      'metrics_invalid_argument',
      `${count} rows: expected a whole number of at least 0.`,
    );
  }
  const total = onlyCurrentRight + onlyCandidateRight;
  const method = total <= EXACT_UP_TO ? 'exact' : 'normal';
  const distance = Math.abs(onlyCurrentRight - onlyCandidateRight);
  const pValue =
    method === 'exact'
      ? exactPValue(Math.min(onlyCurrentRight, onlyCandidateRight), total)
      : twoSidedPValue(Math.max(0, distance - 1) / Math.sqrt(total));
  return { onlyCurrentRight, onlyCandidateRight, pValue, method };
}

/** Twice the probability of at most `fewer` heads in `total` throws of a fair coin. */
function exactPValue(fewer: number, total: number): number {
  let sum = 0;
  for (let k = 0; k <= fewer; k++) {
    sum += Math.exp(logFactorial(total) - logFactorial(k) - logFactorial(total - k) - total * Math.LN2);
  }
  return Math.min(1, 2 * sum);
}
