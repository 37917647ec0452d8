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
