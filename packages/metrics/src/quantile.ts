/** The q-quantile (0 … 1) of ascending values, interpolated linearly (numpy's default); NaN of no values. */
export function quantileOfSorted(ascending: Float64Array, q: number): number {
  const position = q * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below];
  if (low === undefined) return NaN;
  const high = ascending[below + 1] ?? low;
  return low + (high - low) * (position - below);
}
