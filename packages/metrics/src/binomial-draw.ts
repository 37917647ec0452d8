import { logFactorial } from './log-factorial.ts';
import type { RandomStream } from './random-stream.ts';

/**
 * One draw of a binomial variable, exact for all sizes: inversion where the mean is small, otherwise the
 * transformed rejection BTRS of Hörmann, "The generation of binomial random variates" (1993).
 *
 * @param trials a whole number ≥ 0
 * @param probability in 0 … 1
 */
export function drawBinomial(random: RandomStream, trials: number, probability: number): number {
  if (trials <= 0 || probability <= 0) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - drawBinomial(random, trials, 1 - probability);
  return trials * probability < 10
    ? byInversion(random, trials, probability)
    : byRejection(random, trials, probability);
}

function byInversion(random: RandomStream, trials: number, probability: number): number {
  const odds = probability / (1 - probability);
  let mass = (1 - probability) ** trials;
  let left = random.fraction();
  let successes = 0;
  while (left > mass && successes < trials) {
    left -= mass;
    successes++;
    mass *= (odds * (trials - successes + 1)) / successes;
  }
  return successes;
}

function byRejection(random: RandomStream, trials: number, probability: number): number {
  const deviation = Math.sqrt(trials * probability * (1 - probability));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * probability;
  const centre = trials * probability + 0.5;
  const quickAccept = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor((trials + 1) * probability);
  const logOdds = Math.log(probability / (1 - probability));
  for (;;) {
    const u = random.fraction() - 0.5;
    const v = random.fraction();
    const nearness = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / nearness + b) * u + centre);
    if (nearness >= 0.07 && v <= quickAccept) return k;
    if (k < 0 || k > trials) continue;
    const bound = Math.log((v * alpha) / (a / (nearness * nearness) + b));
    const ratio =
      logFactorial(mode) +
      logFactorial(trials - mode) -
      logFactorial(k) -
      logFactorial(trials - k) +
      (k - mode) * logOdds;
    if (bound <= ratio) return k;
  }
}
