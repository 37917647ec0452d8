import { XgboostError } from './errors.ts';
import { missingAsJson, withLent } from './native/memory.ts';
import type { NativeLibrary } from './native/native-library.ts';
import { copyPrediction, PREDICTION_KINDS, type InPlaceOptions, type Prediction } from './prediction.ts';
import { isColumns, isSparse, rowCount, withAllLent, withLentSparse, type Rows } from './rows.ts';

/** Predictions for checked rows that stay where they are. */
export function predictInPlace(
  library: NativeLibrary,
  booster: bigint,
  rows: Rows,
  options: InPlaceOptions,
): Prediction {
  const config = configOf(options);
  const predict = (info: bigint | null): Prediction =>
    copyPrediction((...out) => {
      if (isSparse(rows))
        withLentSparse(rows, (starts, indices, values) =>
          library.call(
            'XGBoosterPredictFromCSR',
            booster,
            starts,
            indices,
            values,
            rows.columns,
            config,
            info,
            ...out,
          ),
        );
      else if (isColumns(rows))
        withAllLent(rows.columns, (list) =>
          library.call('XGBoosterPredictFromColumnar', booster, list, config, info, ...out),
        );
      else
        withLent(rows.data, [rows.rows, rows.columns], (values) =>
          library.call('XGBoosterPredictFromDense', booster, values, config, info, ...out),
        );
    });
  const { baseMargin } = options;
  return baseMargin === undefined ? predict(null) : withMargin(library, rowCount(rows), baseMargin, predict);
}

/** A proxy that carries the margins alone: the rows themselves go beside it. */
function withMargin(
  library: NativeLibrary,
  rows: number,
  margins: Float32Array,
  use: (proxy: bigint | null) => Prediction,
): Prediction {
  const width = margins.length / rows;
  if (!Number.isInteger(width) || width === 0) {
    const message = `There are ${rows} rows, but ${margins.length} base margins.`;
    throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
  }
  const proxy: [bigint | null] = [null];
  library.call('XGProxyDMatrixCreate', proxy);
  try {
    withLent(margins, width > 1 ? [rows, width] : [rows], (json) =>
      library.call('XGDMatrixSetInfoFromInterface', proxy[0], 'base_margin', json),
    );
    return use(proxy[0]);
  } finally {
    library.call('XGDMatrixFree', proxy[0]);
  }
}

function configOf({
  kind = 'value',
  missing = NaN,
  iterationRange = [0, 0],
  strictShape = false,
}: InPlaceOptions): string {
  const [begin, end] = iterationRange;
  return (
    `{"type":${PREDICTION_KINDS[kind]},"training":false,"iteration_begin":${begin},"iteration_end":${end},` +
    `"strict_shape":${strictShape},"cache_id":0,"missing":${missingAsJson(missing)}}`
  );
}
