import { copyFloats, copyUlongs } from './native/memory.ts';

/** The numbers XGBoosterPredictFromDMatrix gives the kinds of prediction. */
export const PREDICTION_KINDS = {
  value: 0,
  margin: 1,
  contributions: 2,
  approximateContributions: 3,
  interactions: 4,
  leaf: 6,
} as const;

export type PredictionKind = keyof typeof PREDICTION_KINDS;

export interface PredictOptions {
  /**
   * `value` (default): probabilities, expected values; `margin`: before that transformation; `leaf`: the leaf's
   * number in each tree; `contributions`: exact SHAP values, one a column and a bias; `approximateContributions`:
   * Saabas values; `interactions`: SHAP interaction values. The last three need a matrix that is not quantised.
   */
  kind?: PredictionKind;
  /** Rounds to use, [begin, end). Default all. */
  iterationRange?: readonly [begin: number, end: number];
  /** Whether the shape has an axis for the classes even when there is one. Default false. */
  strictShape?: boolean;
}

/** Numbers in row-major order. */
export interface Prediction {
  values: Float32Array;
  /** Lengths of the axes; the first is rows. */
  shape: number[];
}

export interface InPlaceOptions {
  /** `value` (default) or `margin`; the library gives no others in place. */
  kind?: 'value' | 'margin';
  /** The value that stands for "missing", besides NaN. Default NaN. */
  missing?: number;
  /** One a row, or row-major one a row and class: where each prediction starts, instead of the model's base score. */
  baseMargin?: Float32Array;
  /** Rounds to use, [begin, end). Default all. */
  iterationRange?: readonly [begin: number, end: number];
  /** Whether the shape has an axis for the classes even when there is one. Default false. */
  strictShape?: boolean;
}

/** @param predict makes the library fill the address of the shape, the number of its axes, the address of the values */
export function copyPrediction(
  predict: (shape: [bigint | null], axes: [number | bigint], values: [bigint | null]) => void,
): Prediction {
  const [shapeAddress, axes, values]: [[bigint | null], [number | bigint], [bigint | null]] = [
    [null],
    [0],
    [null],
  ];
  predict(shapeAddress, axes, values);
  const shape = copyUlongs(shapeAddress[0], Number(axes[0]));
  const count = shape.reduce((product, length) => product * length, 1);
  return { values: copyFloats(values[0], count), shape };
}
