import type { EncodedFeature } from '../features/encoder.ts';
import type { PlainInput } from '../features/plain-model.ts';

/** A text needs so many rows to have a column of its own. */
const fewestOfText = 20;
/** Most columns; where there would be more, those stay that tell most on their own. */
export const mostColumns = 256;

/** One column that a linear model could have. */
interface PossibleColumn {
  readonly feature: number;
  /** A text's code; null for the number itself or for "missing". */
  readonly code: number | null;
  readonly isMissing: boolean;
  /** How much it tells on its own: the score statistic of a model without inputs. */
  readonly score: number;
}

/**
 * Chooses how features enter a linear model. Numbers are standardised, their missing values stand at the mean; texts get a
 * column for each that is frequent; whatever is missing has a column that says so.
 *
 * @param rows row-major
 * @param residuals row-major, rows × outputs: how far each row is from what is said without inputs
 */
export function choosePlainInputs(
  features: readonly EncodedFeature[],
  rows: Float32Array,
  residuals: Float64Array,
  outputs: number,
): { readonly inputs: PlainInput[]; readonly columns: number } {
  const width = features.length;
  const count = rows.length / width;
  const possible: PossibleColumn[] = [];
  const moments = features.map((feature, place) => {
    const values = Float64Array.from({ length: count }, (_, row) => rows[row * width + place] as number);
    const moment = momentsOf(values);
    const add = (code: number | null, isMissing: boolean, score: number): void => {
      possible.push({ feature: place, code, isMissing, score });
    };
    const scored = (entry: (value: number) => number): number => scoreOf(values, entry, residuals, outputs);
    if (moment.given < count && moment.given > 0)
      add(
        null,
        true,
        scored((value) => (Number.isNaN(value) ? 1 : 0)),
      );
    if (feature.levels !== undefined) {
      for (const { code, rows: rowsOfCode, gradient } of codesOf(values, residuals, outputs))
        if (rowsOfCode >= fewestOfText && rowsOfCode < count)
          add(code, false, scoreFrom(rowsOfCode, rowsOfCode, gradient, count));
    } else if (moment.scale > 0) {
      add(
        null,
        false,
        scored((value) => (Number.isNaN(value) ? 0 : (value - moment.mean) / moment.scale)),
      );
    }
    return moment;
  });
  const chosen = possible
    .map((column, order) => ({ column, order }))
    .sort((a, b) => b.column.score - a.column.score || a.order - b.order)
    .slice(0, mostColumns)
    .sort((a, b) => a.order - b.order)
    .map(({ column }) => column);
  const placeOf = (column: PossibleColumn | undefined): number | null =>
    column === undefined ? null : 1 + chosen.indexOf(column);
  const inputs = features.flatMap((feature, place): PlainInput[] => {
    const own = chosen.filter((column) => column.feature === place);
    if (own.length === 0) return [];
    const missing = placeOf(own.find(({ isMissing }) => isMissing));
    const given = own.filter(({ isMissing }) => !isMissing);
    if (feature.levels !== undefined)
      return [
        {
          feature: place,
          missing,
          kind: 'texts',
          columns: given.map((column): [number, number] => [column.code ?? 0, placeOf(column) ?? 0]),
        },
      ];
    const { mean, scale } = moments[place] as Moments;
    return [{ feature: place, missing, kind: 'number', column: placeOf(given[0]), mean, scale }];
  });
  return { inputs, columns: 1 + chosen.length };
}

interface Moments {
  readonly given: number;
  readonly mean: number;
  /** Standard deviation; 0 for a constant. */
  readonly scale: number;
}

function momentsOf(values: Float64Array): Moments {
  let [given, sum] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    given++;
    sum += value;
  }
  const mean = given === 0 ? 0 : sum / given;
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  const scale = given === 0 ? 0 : Math.sqrt(squares / given);
  return { given, mean, scale: scale > Math.abs(mean) * 1e-9 ? scale : 0 };
}

interface CodeSums {
  readonly code: number;
  rows: number;
  /** Sum of the rows' residuals, one an output. */
  readonly gradient: Float64Array;
}

/** Rows of each code, in the order of the codes. */
function codesOf(values: Float64Array, residuals: Float64Array, outputs: number): CodeSums[] {
  const sums = new Map<number, CodeSums>();
  for (let row = 0; row < values.length; row++) {
    const code = values[row] as number;
    if (Number.isNaN(code)) continue;
    const known = sums.get(code) ?? { code, rows: 0, gradient: new Float64Array(outputs) };
    if (known.rows === 0) sums.set(code, known);
    known.rows++;
    for (let output = 0; output < outputs; output++)
      known.gradient[output] =
        (known.gradient[output] as number) + (residuals[row * outputs + output] as number);
  }
  return [...sums.values()].sort((a, b) => a.code - b.code);
}

function scoreOf(
  values: Float64Array,
  entry: (value: number) => number,
  residuals: Float64Array,
  outputs: number,
): number {
  const gradient = new Float64Array(outputs);
  let [sum, squares] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const x = entry(values[row] as number);
    if (x === 0) continue;
    sum += x;
    squares += x * x;
    for (let output = 0; output < outputs; output++)
      gradient[output] = (gradient[output] as number) + x * (residuals[row * outputs + output] as number);
  }
  return scoreFrom(sum, squares, gradient, values.length);
}

/** The score statistic of a column with this sum and sum of squares, given its products with the residuals. */
function scoreFrom(sum: number, squares: number, gradient: Float64Array, rows: number): number {
  const spread = squares - (sum * sum) / rows;
  return spread <= 0 ? 0 : gradient.reduce((total, part) => total + part * part, 0) / spread;
}
