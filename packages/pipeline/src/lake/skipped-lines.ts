/**
 * From which staged row on each skipped line shifts the rows' lines by one; ascending, like the lines. A row's line
 * is its position + 2 and one more for each number here that is not above its position.
 */
export function shiftPositions(skippedLines: readonly number[]): number[] {
  return skippedLines.map((line, index) => line - 2 - index);
}
