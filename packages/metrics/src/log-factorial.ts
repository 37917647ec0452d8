const smallLogFactorials = new Float64Array(32);
for (let i = 2; i < smallLogFactorials.length; i++)
  smallLogFactorials[i] = smallLogFactorials[i - 1]! + Math.log(i);

/** ln(n!), by Stirling's series above 31 (error below 1e-13). */
export function logFactorial(n: number): number {
  if (n < smallLogFactorials.length) return smallLogFactorials[n]!;
  const inverse = 1 / n;
  const square = inverse * inverse;
  return (
    (n + 0.5) * Math.log(n) -
    n +
    0.5 * Math.log(2 * Math.PI) +
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
  );
}
