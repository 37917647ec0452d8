import { readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ModelCost } from '@kaefer/contracts';
import { Scorer } from '@kaefer/xgboost/scorer';
import { streamFloats } from '../features/stream-floats.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import type { ModelCard } from '../lake/model-card.ts';
import { holdoutTable } from './score-holdout.ts';

const askedRows = 200;
/** Passes until the code of a model is compiled, and those that count. */
const [warmUp, counted] = [20, 11];

/** A model, and for each of its features the number of its input in the table of the holdout. */
export interface MeasuredModel {
  readonly card: ModelCard;
  readonly places: readonly number[];
}

/**
 * How large each model is, and how long it takes for one record as it is served: the median of several passes over some
 * holdout rows, the models in turn.
 */
export async function measureCosts(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  models: readonly MeasuredModel[],
): Promise<ModelCost[]> {
  const asked = [];
  for (const { card, places } of models) {
    const scorer = Scorer.fromModel(readFileSync(folder.model(card.version).model));
    asked.push({ scorer, records: await readRecords(connection, places), times: [] as number[] });
  }
  for (let pass = 0; pass < warmUp + counted; pass++)
    for (const { scorer, records, times } of asked) {
      const start = process.hrtime.bigint();
      for (const record of records) scorer.predict(record);
      const microseconds = Number(process.hrtime.bigint() - start) / 1000;
      if (pass >= warmUp) times.push(microseconds / Math.max(1, records.length));
    }
  return asked.map(({ times }, index) => {
    const median = times.sort((a, b) => a - b)[(counted - 1) / 2] ?? 0;
    return { bytes: models[index]?.card.bytes ?? 0, microseconds: Number(median.toPrecision(3)) };
  });
}

async function readRecords(connection: DuckDBConnection, places: readonly number[]): Promise<Float32Array[]> {
  const records: Float32Array[] = [];
  if (places.length === 0) return records;
  const query = `SELECT ${places.map((place, index) => `x${place} AS y${index}`).join(', ')} FROM ${holdoutTable} LIMIT ${askedRows}`;
  await streamFloats(connection, query, (columns, count) => {
    for (let row = 0; row < count; row++)
      records.push(Float32Array.from(columns, (column) => column[row] as number));
  });
  return records;
}
