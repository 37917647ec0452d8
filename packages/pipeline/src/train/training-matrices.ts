import { readFileSync } from 'node:fs';
import { DMatrix, type BatchSource } from '@kaefer/xgboost';
import { MatrixReader, readSample } from '../features/matrix-file.ts';
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

/**
 * The training rows as bins, read batch by batch, so that they never stand in memory as numbers.
 *
 * @param every only one row in so many, evenly spaced; these are held as numbers meanwhile. Default 1
 */
export function openTraining(
  files: MatrixFiles,
  names: readonly string[],
  maxBin: number,
  threads: number,
  every = 1,
): LabelledMatrix {
  if (every > 1) return openSample(files, names, maxBin, threads, every);
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

function openSample(
  files: MatrixFiles,
  names: readonly string[],
  maxBin: number,
  threads: number,
  every: number,
): LabelledMatrix {
  const most = Math.ceil(files.rows / every);
  const data = readSample(files.features, names.length, most);
  const labels = readSample(files.labels, 1, most);
  let isRead = false;
  const source: BatchSource = {
    reset: () => (isRead = false),
    next: () => {
      if (isRead) return null;
      isRead = true;
      return { data, rows: labels.length, labels };
    },
  };
  const featureNames = safeNames(names);
  const matrix = DMatrix.quantile(source, { columns: names.length, maxBin, threads, featureNames });
  return { matrix, labels, close: () => matrix.dispose() };
}

/** Rows that a line of the learning curve is measured on: measuring all would cost as much as a third of the training. */
const curveRows = 10_000;

/** Evenly spaced rows as they are, at most {@link curveRows}: what a line of the learning curve is measured on. */
export function openCurveSample(
  files: MatrixFiles,
  names: readonly string[],
  threads: number,
): LabelledMatrix {
  const values = readSample(files.features, names.length, curveRows);
  const labels = readSample(files.labels, 1, curveRows);
  const matrix = DMatrix.fromDense(
    values,
    { rows: labels.length, columns: names.length },
    { labels, threads, featureNames: safeNames(names) },
  );
  return { matrix, labels, close: () => matrix.dispose() };
}

/** Rows as they are, in memory as numbers: validation rows, which are few, and what a refresh goes over. */
export function openPlain(files: MatrixFiles, names: readonly string[], threads: number): LabelledMatrix {
  const labels = readFloats(files.labels);
  const shape = { rows: files.rows, columns: names.length };
  const matrix = DMatrix.fromDense(readFloats(files.features), shape, {
    labels,
    threads,
    featureNames: safeNames(names),
  });
  return { matrix, labels, close: () => matrix.dispose() };
}

/** Of labels the share of positives. */
export function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function readFloats(path: string): Float32Array {
  const bytes = readFileSync(path);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(bytes);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}
