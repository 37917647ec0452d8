/** The 97.5 % point of the standard normal distribution: half-width of a 95 % interval in standard errors. */
export const NORMAL_97_5 = 1.959963984540054;

/**
 * Probability that a standard normal variable is farther from 0 than z: erfc(|z| / √2).
 *
 * A Taylor series near the centre and Lentz's continued fraction in the tail (Abramowitz & Stegun 7.1.6 and
 * 7.1.14); relative error below 1e-12 for |z| up to 35.
 */
export function twoSidedPValue(z: number): number {
  if (Number.isNaN(z)) return NaN;
  const x = Math.abs(z) / Math.SQRT2;
  return x < 2 ? 1 - erfSeries(x) : erfcFraction(x);
}

function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function erfcFraction(x: number): number {
  if (x > 27) return 0;
  let fraction = 0;
  for (let n = 200; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}
