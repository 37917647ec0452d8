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

/** Probability that a standard normal variable is at most z. */
export function normalProbability(z: number): number {
  const outside = twoSidedPValue(z) / 2;
  return z > 0 ? 1 - outside : outside;
}

/**
 * The z that a standard normal variable is below with the given probability; −∞ at 0, ∞ at 1, NaN outside.
 * Abramowitz & Stegun 26.2.23, then Newton's method; accurate to 1e-13.
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return NaN;
  if (probability > 0.5) return -normalQuantile(1 - probability);
  if (probability === 0) return -Infinity;
  const t = Math.sqrt(-2 * Math.log(probability));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  let z = above / below - t;
  for (let step = 0; step < 4; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    if (density > 0) z -= (normalProbability(z) - probability) / density;
  }
  return z;
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
