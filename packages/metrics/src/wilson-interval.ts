import type { Interval } from './interval.ts';
import { MetricsError } from './metrics-error.ts';
import { NORMAL_97_5 } from './normal-distribution.ts';

/**
 * The 95 % interval of a rate: Wilson, "Probable inference, the law of succession, and statistical inference" (1927),
 * without correction for continuity. It lies within 0 … 1 and has a width at a rate of 0 or 1, too. Of no trials
 * everything is NaN.
 *
 * @param successes in 0 … trials
 * @throws MetricsError `metrics_invalid_argument`
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (!(successes >= 0 && successes <= trials)) {
    throw new MetricsError(
      'metrics_invalid_argument',
      `${successes} successes of ${trials}: expected 0 to ${trials}.`,
    );
  }
  if (trials === 0) return { estimate: NaN, low: NaN, high: NaN };
  const estimate = successes / trials;
  const z2 = NORMAL_97_5 ** 2 / trials;
  const centre = (estimate + z2 / 2) / (1 + z2);
  const half = (NORMAL_97_5 * Math.sqrt((estimate * (1 - estimate)) / trials + z2 / (4 * trials))) / (1 + z2);
  return {
    estimate,
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  };
}
