import { readFileSync } from 'node:fs';
import { DMatrix, type BatchSource } from '@kaefer/xgboost';
import { MatrixReader } from '../features/matrix-file.ts';
import type { MatrixFiles } from '../prepare/index.ts';

/** A matrix with the labels of its rows; `close` frees it. */
export interface LabelledMatrix {
  readonly matrix: DMatrix;
  readonly labels: Float32Array;
  close(): void;
}

/** Names that XGBoost's other tools accept: they refuse [, ] and <. Equal names are told apart by a number. */
export function safeNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    const safe = name.replace(/[[\]<\s]/g, '_');
    let unique = safe;
    for (let n = 2; used.has(unique); n++) unique = `${safe}_${n}`;
    used.add(unique);
    return unique;
  });
}

/** The training rows as bins, read batch by batch, so that they never stand in memory as numbers. */
export function openTraining(
  files: MatrixFiles,
  names: readonly string[],
  maxBin: number,
  threads: number,
): LabelledMatrix {
  const labels = readFloats(files.labels);
  const reader = new MatrixReader(files.features, names.length);
  const source: BatchSource = {
    reset: () => reader.reset(),
    next: () => {
      const batch = reader.next();
      return (
        batch && {
          data: batch.data,
          rows: batch.rows,
          labels: labels.subarray(batch.start, batch.start + batch.rows),
        }
      );
    },
  };
  try {
    const matrix = DMatrix.quantile(source, {
      columns: names.length,
      maxBin,
      threads,
      featureNames: safeNames(names),
    });
    return { matrix, labels, close: () => matrix.dispose() };
  } finally {
    reader.close();
  }
}

/** Rows that a line of the learning curve is measured on: measuring all would cost as much as a third of the training. */
const curveRows = 10_000;

/** Evenly spaced rows as they are, at most {@link curveRows}: what a line of the learning curve is measured on. */
export function openCurveSample(
  files: MatrixFiles,
  names: readonly string[],
  threads: number,
): LabelledMatrix {
  const every = Math.max(1, Math.ceil(files.rows / curveRows));
  const rows = Math.ceil(files.rows / every);
  const all = readFloats(files.labels);
  const labels = Float32Array.from({ length: rows }, (_, index) => all[index * every] ?? Number.NaN);
  const values = new Float32Array(rows * names.length);
  const reader = new MatrixReader(files.features, names.length);
  try {
    for (let batch = reader.next(), next = 0; batch !== null; batch = reader.next()) {
      for (; next < rows && next * every < batch.start + batch.rows; next++) {
        const from = (next * every - batch.start) * names.length;
        values.set(batch.data.subarray(from, from + names.length), next * names.length);
      }
    }
  } finally {
    reader.close();
  }
  const matrix = DMatrix.fromDense(
    values,
    { rows, columns: names.length },
    { labels, threads, featureNames: safeNames(names) },
  );
  return { matrix, labels, close: () => matrix.dispose() };
}

/** The validation rows as they are: few enough to hold. */
export function openValidation(
  files: MatrixFiles,
  names: readonly string[],
  threads: number,
): LabelledMatrix {
  const labels = readFloats(files.labels);
  const shape = { rows: files.rows, columns: names.length };
  const matrix = DMatrix.fromDense(readFloats(files.features), shape, {
    labels,
    threads,
    featureNames: safeNames(names),
  });
  return { matrix, labels, close: () => matrix.dispose() };
}

function readFloats(path: string): Float32Array {
  const bytes = readFileSync(path);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(bytes);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}
