import type { EncodedFeature } from '../features/encoder.ts';

/** What the rows of one cell have in common; bounds are in the encoder's unit (dates in days since 1970-01-01). */
export type Cell =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'range'; readonly low: number; readonly high: number }
  | { readonly kind: 'missing' };

/** A feature's rows by cell; the last cell holds missing values and texts that the model never saw. */
export interface FeatureCells {
  readonly cells: readonly Cell[];
  /** Each row's cell; −1 for one of few distinct numbers so rare that no cell was made for it. */
  readonly codes: Int32Array;
}

/** Numbers with at most so many distinct values have a cell for each. */
const mostDistinct = 8;
/** Rows whose values set the bounds of the ranges. */
const sampledRows = 20_000;

/**
 * Sorts the rows of an encoded feature into cells: every text, every one of few distinct numbers, or ranges of numbers
 * with about equally many rows.
 *
 * @param values one a row, NaN for missing
 * @param ranges how many ranges of numbers are made, at most
 */
export function cellsOf(
  { type, levels }: EncodedFeature,
  values: Float32Array,
  ranges: number,
): FeatureCells {
  if (levels !== undefined) {
    const texts: Cell[] = levels.map((value) => ({ kind: 'value', value }));
    return { cells: [...texts, { kind: 'missing' }], codes: codesOfTexts(values, levels.length) };
  }
  const sorted = sortedSample(values);
  const distinct = sorted.filter((value, index) => value !== sorted[index - 1]);
  const isFew = distinct.length <= mostDistinct;
  const lows = isFew ? distinct : lowerBounds(sorted, ranges);
  const isDate = type === 'date' || type === 'timestamp';
  const cells = Array.from(lows, (low, index): Cell => {
    if (!isFew) return { kind: 'range', low, high: lows[index + 1] ?? (sorted.at(-1) as number) };
    if (isDate) return { kind: 'range', low, high: low };
    return { kind: 'value', value: type === 'boolean' ? String(low === 1) : String(low) };
  });
  return { cells: [...cells, { kind: 'missing' }], codes: codesOfNumbers(values, lows, isFew) };
}

/** The first value of each range; ranges that would be empty are left out. */
function lowerBounds(sorted: Float32Array, ranges: number): Float32Array {
  const lowest = sorted[0] as number;
  const bounds = Array.from(
    { length: ranges - 1 },
    (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / ranges)] as number,
  );
  return Float32Array.of(
    lowest,
    ...bounds.filter((value, index) => value > lowest && value !== bounds[index - 1]),
  );
}

function codesOfTexts(values: Float32Array, missing: number): Int32Array {
  const codes = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    codes[row] = value >= 0 ? value : missing;
  }
  return codes;
}

/**
 * The place of the last bound that is not above the value. A value below all bounds, which the sample missed, is in the
 * first range; where each bound is a cell's only value, it and any other value that the sample missed has no cell.
 */
function codesOfNumbers(values: Float32Array, lows: Float32Array, isExact: boolean): Int32Array {
  const codes = new Int32Array(values.length);
  const missing = lows.length;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    let place = -1;
    // Number() of a comparison is no branch, which ?: would be, and half of them would be guessed wrongly.
    for (let bound = 0; bound < lows.length; bound++) place += Number(value >= (lows[bound] as number));
    if (value !== value) place = missing;
    else if (isExact) place = place >= 0 && lows[place] === value ? place : -1;
    else if (place < 0) place = 0;
    codes[row] = place;
  }
  return codes;
}

/** Every so many-th row's value, ascending, without missing ones. */
function sortedSample(values: Float32Array): Float32Array {
  const step = Math.max(1, Math.floor(values.length / sampledRows));
  const sample = new Float32Array(Math.ceil(values.length / step));
  for (let row = 0, next = 0; row < values.length; row += step) sample[next++] = values[row] as number;
  return sample.filter((value) => !Number.isNaN(value)).sort();
}
