import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { createCodesSql, featureSql, type EncodedFeature } from '../features/encoder.ts';
import type { FeatureSample } from './feature-sample.ts';
import { MatrixWriter } from '../features/matrix-file.ts';
import { streamFloats } from '../features/stream-floats.ts';
import type { SplitRows } from '../features/table-rows.ts';
import { quoteText } from '../sql/quote.ts';

/** Scratch files of one part of the rows. */
export interface MatrixFiles {
  readonly features: string;
  readonly labels: string;
  readonly rows: number;
}

/**
 * Encodes the rows outside the holdout in one pass: training rows to one matrix, validation rows to another. With
 * `learned`, SQL that tells rows, only these are training rows; validation rows are always all.
 *
 * @param sample is shown every row
 * @param target the label as a feature: its levels are the classes; none for regression
 */
export async function writeMatrices(
  connection: DuckDBConnection,
  rows: SplitRows,
  features: readonly EncodedFeature[],
  target: EncodedFeature,
  learned: string | undefined,
  folder: string,
  sample: FeatureSample,
): Promise<{ training: MatrixFiles; validation: MatrixFiles }> {
  for (const statement of createCodesSql([...features, target])) await connection.run(statement);
  const outputs = {
    training: openPart(folder, 'training', features.length),
    validation: openPart(folder, 'validation', features.length),
  };
  const width = features.length;
  const block = new PartedBlock(width);
  const query =
    `SELECT ${features.map(featureSql).join(', ')}, ${featureSql(target)}, (${rows.inValidation})::INTEGER::FLOAT ` +
    `FROM ${rows.relation} WHERE ${keptSql(rows, learned)}`;
  try {
    await streamFloats(connection, query, (columns, count) => {
      const trained = block.fill(columns, count);
      sample.add(block.features, count);
      outputs.training.write(block, 0, trained);
      outputs.validation.write(block, trained, count);
    });
    return { training: outputs.training.close(), validation: outputs.validation.close() };
  } catch (error) {
    outputs.training.close();
    outputs.validation.close();
    throw error;
  }
}

/** Writes the keys of the same rows, for the audit of every comparison that the model will be in. */
export async function writeTrainingKeys(
  connection: DuckDBConnection,
  rows: SplitRows,
  learned: string | undefined,
  path: string,
): Promise<void> {
  await connection.run(
    `COPY (SELECT ${rows.key} AS key, (${rows.inValidation}) AS validation FROM ${rows.relation} WHERE ${keptSql(rows, learned)}) ` +
      `TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
  );
}

function keptSql(rows: SplitRows, learned: string | undefined): string {
  const outside = `NOT (${rows.inHoldout})`;
  return learned === undefined ? outside : `${outside} AND (${rows.inValidation} OR ${learned})`;
}

interface PartWriter {
  /** Appends the rows from `start` to before `end`. */
  write(block: PartedBlock, start: number, end: number): void;
  close(): MatrixFiles;
}

function openPart(folder: string, name: string, width: number): PartWriter {
  const paths = { features: join(folder, `${name}.f32`), labels: join(folder, `${name}-labels.f32`) };
  const features = new MatrixWriter(paths.features, width);
  const labels = new MatrixWriter(paths.labels, 1);
  let open = true;
  return {
    write: (block, start, end) => {
      if (start === end) return;
      features.write(block.features.subarray(start * width, end * width));
      labels.write(block.labels.subarray(start, end));
    },
    close: () => {
      if (open) {
        features.close();
        labels.close();
        open = false;
      }
      return { ...paths, rows: labels.rows };
    },
  };
}

/** One chunk of rows, the training rows before the validation rows, each in their order. */
class PartedBlock {
  /** Row-major, rows × width. */
  features = new Float32Array(0);
  labels = new Float32Array(0);
  readonly #width: number;
  #places = new Int32Array(0);

  constructor(width: number) {
    this.#width = width;
  }

  /**
   * @param columns the features, the label, and 1 for validation rows
   * @returns number of training rows
   */
  fill(columns: readonly Float32Array[], rows: number): number {
    const width = this.#width;
    if (this.labels.length < rows) {
      this.features = new Float32Array(rows * width);
      this.labels = new Float32Array(rows);
      this.#places = new Int32Array(rows);
    }
    const { features, labels } = this;
    const places = this.#places;
    const label = columns[width] as Float32Array;
    const isValidation = columns[width + 1] as Float32Array;
    let validationRows = 0;
    for (let row = 0; row < rows; row++) validationRows += isValidation[row] as number;
    let training = 0;
    let validation = rows - validationRows;
    for (let row = 0; row < rows; row++) {
      const place = isValidation[row] === 1 ? validation++ : training++;
      places[row] = place;
      labels[place] = label[row] as number;
    }
    for (let column = 0; column < width; column++) {
      const values = columns[column] as Float32Array;
      for (let row = 0; row < rows; row++)
        features[(places[row] as number) * width + column] = values[row] as number;
    }
    return training;
  }
}
