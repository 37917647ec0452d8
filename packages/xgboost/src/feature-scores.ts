import { copyFloats, copyUlongs, readTexts } from './native/memory.ts';
import type { NativeLibrary } from './native/native-library.ts';

export type ImportanceType = 'weight' | 'gain' | 'cover' | 'total_gain' | 'total_cover';

/** How much each feature that was used counts (XGBoosterFeatureScore). */
export function featureScores(
  library: NativeLibrary,
  booster: bigint,
  type: ImportanceType,
): Map<string, number> {
  const [count, axes]: [[number | bigint], [number | bigint]] = [[0], [0]];
  const [names, shape, scores]: [[bigint | null], [bigint | null], [bigint | null]] = [
    [null],
    [null],
    [null],
  ];
  const config = JSON.stringify({ importance_type: type });
  library.call('XGBoosterFeatureScore', booster, config, count, names, axes, shape, scores);
  const features = readTexts(names[0], Number(count[0]));
  // A linear model of several classes has one score a feature and class: their sizes are added.
  const width = copyUlongs(shape[0], Number(axes[0]))[1] ?? 1;
  const values = copyFloats(scores[0], features.length * width);
  return new Map(
    features.map((name, i) => [
      name,
      width === 1
        ? (values[i] as number)
        : values.subarray(i * width, (i + 1) * width).reduce((sum, x) => sum + Math.abs(x), 0),
    ]),
  );
}
