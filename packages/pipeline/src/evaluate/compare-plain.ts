import type { DuckDBConnection } from '@duckdb/node-api';
import { plainScores } from '../features/plain-model.ts';
import { streamFloats } from '../features/stream-floats.ts';
import type { Baseline, PlainAssessment } from './assess-plain.ts';
import type { EvaluationThreads } from './evaluation-threads.ts';
import { holdoutTable } from './score-holdout.ts';

export interface PlainRequest extends PlainAssessment {
  /** For each feature the number of its input in {@link holdoutTable}. */
  readonly places: readonly number[];
}

/**
 * The plain model and a guess without inputs on the same rows, and whether the candidate clearly beats the plain model.
 * The figures are computed after the rows have been read: the connection is free when this returns.
 */
export async function comparePlain(
  connection: DuckDBConnection,
  request: PlainRequest,
  threads: EvaluationThreads,
): Promise<{ readonly assessed: Promise<Baseline> }> {
  const assessed = threads.assessPlain(request, await scorePlain(connection, request));
  assessed.catch(() => undefined); // awaited by the caller
  return { assessed };
}

async function scorePlain(
  connection: DuckDBConnection,
  { plain, places, labels }: PlainRequest,
): Promise<Float32Array> {
  const width = places.length;
  const outputs = plain.coefficients.length;
  const scores = new Float32Array(labels.length * outputs);
  let row = 0;
  const names = places.map((place) => `x${place}`).join(', ');
  let block = new Float32Array(0);
  await streamFloats(connection, `SELECT ${names} FROM ${holdoutTable}`, (columns, count) => {
    if (block.length !== count * width) block = new Float32Array(count * width);
    columns.forEach((column, place) => {
      for (let i = 0; i < count; i++) block[i * width + place] = column[i] as number;
    });
    scores.set(plainScores(plain, block, width), row * outputs);
    row += count;
  });
  return scores;
}
