/**
 * The Gauss–Legendre rule on [0, 1]: `Σ weights[k] · f(nodes[k])` is the integral of any polynomial of degree below
 * `2 · count`. Nodes are the roots of the Legendre polynomial, found by Newton's method (Press et al., "Numerical
 * Recipes", 4.6).
 */
export function unitQuadrature(count: number): { nodes: Float64Array; weights: Float64Array } {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    let x = Math.cos((Math.PI * (k + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let step = Number.POSITIVE_INFINITY, rounds = 0; Math.abs(step) > 1e-15 && rounds < 100; rounds++) {
      const legendre = legendreAt(count, x);
      slope = legendre.slope;
      step = legendre.value / slope;
      x -= step;
    }
    nodes[k] = (1 + x) / 2;
    weights[k] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** The Legendre polynomial of a degree, and its derivative, by its three-term recurrence. */
function legendreAt(degree: number, x: number): { value: number; slope: number } {
  let [before, value] = [1, x];
  for (let n = 2; n <= degree; n++)
    [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}
