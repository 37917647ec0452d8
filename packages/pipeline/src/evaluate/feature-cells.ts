import type { EncodedFeature } from '../features/encoder.ts';

/** What the rows of one cell have in common; bounds are in the encoder's unit (dates in days since 1970-01-01). */
export type Cell =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'range'; readonly low: number; readonly high: number }
  | { readonly kind: 'missing' };

/** A feature's rows by cell; the last cell holds missing values and texts that the model never saw. */
export interface FeatureCells {
  readonly cells: readonly Cell[];
  /** Each row's cell. */
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
    const cells: Cell[] = levels.map((value) => ({ kind: 'value', value }));
    return coded(cells, values, (value) => value);
  }
  const sorted = sortedSample(values);
  const distinct = sorted.filter((value, index) => value !== sorted[index - 1]);
  if (distinct.length <= mostDistinct) {
    const name = (value: number): string =>
      type === 'boolean' ? (value === 1 ? 'true' : 'false') : String(value);
    const asDates = type === 'date' || type === 'timestamp';
    const cells: Cell[] = [...distinct].map((value) =>
      asDates ? { kind: 'range', low: value, high: value } : { kind: 'value', value: name(value) },
    );
    const places = new Map([...distinct].map((value, index) => [value, index]));
    return coded(cells, values, (value) => places.get(value) ?? cells.length);
  }
  const inner = Array.from(
    { length: ranges - 1 },
    (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / ranges)] as number,
  ).filter((value, index, all) => value !== all[index - 1] && value > (sorted[0] as number));
  const cells: Cell[] = [sorted[0] as number, ...inner].map((low, index) => ({
    kind: 'range',
    low,
    high: inner[index] ?? (sorted.at(-1) as number),
  }));
  return coded(cells, values, (value) => {
    let place = 0;
    while (place < inner.length && value >= (inner[place] as number)) place++;
    return place;
  });
}

function coded(cells: readonly Cell[], values: Float32Array, place: (value: number) => number): FeatureCells {
  const missing = cells.length;
  const codes = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    codes[row] = Number.isNaN(value) ? missing : place(value);
  }
  return { cells: [...cells, { kind: 'missing' }], codes };
}

/** Every so many-th row's value, ascending, without missing ones. */
function sortedSample(values: Float32Array): Float32Array {
  const step = Math.max(1, Math.floor(values.length / sampledRows));
  const sample = new Float32Array(Math.ceil(values.length / step));
  for (let row = 0, next = 0; row < values.length; row += step) sample[next++] = values[row] as number;
  return sample.filter((value) => !Number.isNaN(value)).sort();
}
