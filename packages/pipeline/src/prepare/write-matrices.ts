import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { createCodesSql, featureSql, type EncodedFeature } from '../features/encoder.ts';
import type { FeatureSample } from './feature-sample.ts';
import { MatrixWriter } from '../features/matrix-file.ts';
import { interleave, streamFloats } from '../features/stream-floats.ts';
import type { SplitRows } from '../features/table-rows.ts';
import { provenance } from '../lake/column-types.ts';
import { quoteText } from '../sql/quote.ts';

/** Scratch files of one part of the rows. */
export interface MatrixFiles {
  readonly features: string;
  readonly labels: string;
  readonly rows: number;
}

const chunkRows = 2048;

/**
 * Encodes the rows outside the holdout in one pass: training rows to one matrix, validation rows to another. With
 * `newUploads` only the rows of those uploads are training rows; validation rows are always all.
 *
 * @param sample is shown every row
 * @param target the label as a feature: its levels are the classes; none for regression
 */
export async function writeMatrices(
  connection: DuckDBConnection,
  rows: SplitRows,
  features: readonly EncodedFeature[],
  target: EncodedFeature,
  newUploads: readonly string[] | undefined,
  folder: string,
  sample: FeatureSample,
): Promise<{ training: MatrixFiles; validation: MatrixFiles }> {
  for (const statement of createCodesSql([...features, target])) await connection.run(statement);
  const outputs = {
    training: openPart(folder, 'training', features.length),
    validation: openPart(folder, 'validation', features.length),
  };
  const block = new Float32Array(chunkRows * features.length);
  const query =
    `SELECT ${features.map(featureSql).join(', ')}, ${featureSql(target)}, (${rows.inValidation})::INTEGER::FLOAT ` +
    `FROM ${rows.relation} WHERE ${keptSql(rows, newUploads)}`;
  try {
    await streamFloats(connection, query, (columns, count) => {
      const labels = columns[features.length] as Float32Array;
      const isValidation = columns[features.length + 1] as Float32Array;
      interleave(columns.slice(0, features.length), count, block);
      sample.add(block, count);
      partition(block, labels, isValidation, count, features.length, outputs);
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
  newUploads: readonly string[] | undefined,
  path: string,
): Promise<void> {
  await connection.run(
    `COPY (SELECT ${rows.key} AS key, (${rows.inValidation}) AS validation FROM ${rows.relation} WHERE ${keptSql(rows, newUploads)}) ` +
      `TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

function keptSql(rows: SplitRows, newUploads: readonly string[] | undefined): string {
  const outside = `NOT (${rows.inHoldout})`;
  if (newUploads === undefined) return outside;
  const uploads = newUploads.map(quoteText).join(', ');
  return `${outside} AND (${rows.inValidation} OR ${provenance.upload} IN (${uploads === '' ? "''" : uploads}))`;
}

interface PartWriter {
  readonly features: MatrixWriter;
  readonly labels: MatrixWriter;
  close(): MatrixFiles;
}

function openPart(folder: string, name: string, columns: number): PartWriter {
  const paths = { features: join(folder, `${name}.f32`), labels: join(folder, `${name}-labels.f32`) };
  const features = new MatrixWriter(paths.features, columns);
  const labels = new MatrixWriter(paths.labels, 1);
  let open = true;
  return {
    features,
    labels,
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

const sorted = {
  training: { block: new Float32Array(0), labels: new Float32Array(chunkRows) },
  validation: { block: new Float32Array(0), labels: new Float32Array(chunkRows) },
};

/** Sends each row of a block to its part, keeping the order. */
function partition(
  block: Float32Array,
  labels: Float32Array,
  isValidation: Float32Array,
  count: number,
  width: number,
  outputs: { readonly training: PartWriter; readonly validation: PartWriter },
): void {
  for (const part of ['training', 'validation'] as const) {
    const into = sorted[part];
    if (into.block.length < block.length) into.block = new Float32Array(block.length);
    const wanted = part === 'validation' ? 1 : 0;
    let kept = 0;
    for (let row = 0; row < count; row++) {
      if (isValidation[row] !== wanted) continue;
      into.block.set(block.subarray(row * width, (row + 1) * width), kept * width);
      into.labels[kept++] = labels[row] as number;
    }
    if (kept === 0) continue;
    outputs[part].features.write(into.block.subarray(0, kept * width));
    outputs[part].labels.write(into.labels.subarray(0, kept));
  }
}
