import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DeltaTable } from '@kaefer/deltalake';
import { Booster, DMatrix } from '@kaefer/xgboost';
import { createCodesSql, featureSql, isUnseenSql, type EncodedFeature } from '../features/encoder.ts';
import { MatrixReader, MatrixWriter } from '../features/matrix-file.ts';
import { interleave, streamFloats } from '../features/stream-floats.ts';
import type { Split } from '../features/split.ts';
import { splitRows, type SplitRows } from '../features/table-rows.ts';
import { provenance } from '../lake/column-types.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import type { ModelCard } from '../lake/model-card.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

const chunkRows = 2048;

/** The holdout of a table version, scored by one or two models. */
export interface ScoredHoldout {
  readonly rows: number;
  /** Binary: 0 or 1. Multiclass: class index. Regression: the value. */
  readonly labels: Float64Array;
  /** 1 where the row came with the uploads of this run. */
  readonly isNew: Float32Array;
  /** Row-major, rows × outputs, one a model, in the order the models were given. */
  readonly scores: readonly Float32Array[];
  readonly unseenValues: readonly number[];
  /** Holdout rows that were among a model's training rows, by model. Anything but 0 forbids the comparison. */
  readonly overlaps: readonly number[];
  readonly trainingRows: readonly number[];
  readonly digestedRows: SplitRows;
}

/** A model as the evaluation needs it; `lineage` is itself and the models it continued. */
export interface HoldoutModel {
  readonly card: ModelCard;
  readonly lineage: readonly number[];
}

/**
 * Encodes the holdout rows once for all models, each with its own dictionary, and scores them with each. Expressions
 * that two models share are computed once.
 */
export async function scoreHoldout(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  models: readonly HoldoutModel[],
  request: {
    readonly split: Split;
    readonly key: string | null;
    readonly datasetVersion: number;
    readonly target: EncodedFeature;
    readonly newUploads: readonly string[];
  },
  scratch: string,
): Promise<ScoredHoldout> {
  const table = await DeltaTable.open(folder.table);
  const snapshot = await table.snapshot(request.datasetVersion);
  const features = models.flatMap(({ card }) => card.features);
  const rows = splitRows(table, snapshot, request.split, request.key, [
    ...features.map(({ name }) => name),
    request.target.name,
  ]);
  const inTable = new Set(snapshot.schema.map(({ name }) => name));
  for (const statement of new Set(createCodesSql([...features, request.target])))
    await connection.run(statement);

  const plan = planColumns(models, inTable);
  const uploads = request.newUploads.length === 0 ? "''" : request.newUploads.map(quoteText).join(', ');
  const query = `SELECT ${[...plan.expressions, featureSql(request.target), `coalesce(${provenance.upload} IN (${uploads}), false)::INTEGER::FLOAT`].join(', ')} FROM ${rows.relation} WHERE ${rows.inHoldout}`;
  const { labels, isNew } = await writeHoldout(connection, query, plan, models, scratch);
  const scores = models.map(({ card }, model) =>
    scoreFile(
      matrixPath(scratch, plan.sameAs[model] ?? model),
      card,
      readFileSync(folder.model(card.version).model),
    ),
  );
  const unseen = await countUnseen(connection, rows, models, inTable);
  const audited = [];
  for (const model of models) audited.push(await auditOverlap(connection, folder, rows, model.lineage));
  return {
    rows: labels.length,
    labels:
      request.target.levels === undefined
        ? await exactLabels(connection, rows, request.target.name)
        : Float64Array.from(labels),
    isNew,
    scores,
    unseenValues: unseen,
    overlaps: audited.map(({ overlap }) => overlap),
    trainingRows: audited.map(({ trainingRows }) => trainingRows),
    digestedRows: rows,
  };
}

/** A regression's true values in full precision. */
async function exactLabels(
  connection: DuckDBConnection,
  rows: SplitRows,
  target: string,
): Promise<Float64Array> {
  const values: number[] = [];
  const result = await connection.stream(
    `SELECT ${quoteName(target)}::DOUBLE FROM ${rows.relation} WHERE ${rows.inHoldout}`,
  );
  for await (const chunk of result.yieldRows()) for (const [value] of chunk) values.push(Number(value));
  return Float64Array.from(values);
}

interface ColumnPlan {
  readonly expressions: readonly string[];
  /** For each model and feature the place of its expression. */
  readonly places: readonly (readonly number[])[];
  /** For each model the first model that has the very same inputs: one matrix file serves both. */
  readonly sameAs: readonly number[];
}

function planColumns(models: readonly HoldoutModel[], inTable: ReadonlySet<string>): ColumnPlan {
  const expressions: string[] = [];
  const placeOf = new Map<string, number>();
  const places = models.map(({ card }) =>
    card.features.map((feature) => {
      const expression = inTable.has(feature.name) ? featureSql(feature) : `'nan'::FLOAT`;
      const known = placeOf.get(expression);
      if (known !== undefined) return known;
      placeOf.set(expression, expressions.length);
      return expressions.push(expression) - 1;
    }),
  );
  const sameAs = places.map((list) => places.findIndex((other) => other.join() === list.join()));
  return { expressions, places, sameAs };
}

const matrixPath = (scratch: string, model: number): string => join(scratch, `holdout-${model}.f32`);

async function writeHoldout(
  connection: DuckDBConnection,
  query: string,
  plan: ColumnPlan,
  models: readonly HoldoutModel[],
  scratch: string,
): Promise<{ labels: Float32Array; isNew: Float32Array }> {
  const writers = models.map(({ card }, model) =>
    plan.sameAs[model] === model
      ? new MatrixWriter(matrixPath(scratch, model), card.features.length)
      : undefined,
  );
  const blocks = models.map(({ card }) => new Float32Array(chunkRows * card.features.length));
  const labels: Float32Array[] = [];
  const isNew: Float32Array[] = [];
  try {
    await streamFloats(connection, query, (columns, count) => {
      writers.forEach((writer, model) => {
        if (writer === undefined) return;
        const own = (plan.places[model] ?? []).map((place) => columns[place] as Float32Array);
        const block = blocks[model] as Float32Array;
        interleave(own, count, block);
        writer.write(block.subarray(0, count * own.length));
      });
      labels.push((columns[plan.expressions.length] as Float32Array).slice(0, count));
      isNew.push((columns[plan.expressions.length + 1] as Float32Array).slice(0, count));
    });
  } finally {
    for (const writer of writers) writer?.close();
  }
  return { labels: concatenate(labels), isNew: concatenate(isNew) };
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Scores a matrix file batch by batch. */
export function scoreFile(
  path: string,
  card: Pick<ModelCard, 'features' | 'classes' | 'task'>,
  model: Uint8Array,
): Float32Array {
  const reader = new MatrixReader(path, card.features.length, 65_536);
  const outputs = card.task === 'multiclass' ? card.classes.length : 1;
  const scores = new Float32Array(reader.rows * outputs);
  const booster = Booster.load(model);
  try {
    for (let batch = reader.next(); batch !== null; batch = reader.next()) {
      const names = booster.featureNames;
      const matrix = DMatrix.fromDense(
        batch.data,
        { rows: batch.rows, columns: card.features.length },
        { threads: availableParallelism(), ...(names === undefined ? {} : { featureNames: [...names] }) },
      );
      try {
        scores.set(booster.predict(matrix).values, batch.start * outputs);
      } finally {
        matrix.dispose();
      }
    }
    return scores;
  } finally {
    booster.dispose();
    reader.close();
  }
}

async function countUnseen(
  connection: DuckDBConnection,
  rows: SplitRows,
  models: readonly HoldoutModel[],
  inTable: ReadonlySet<string>,
): Promise<number[]> {
  const sums = models.map(({ card }, model) => {
    const texts = card.features.filter(({ name, type }) => type === 'text' && inTable.has(name));
    const tests = texts.map((feature) => `${isUnseenSql(feature)}::BIGINT`);
    return `coalesce(sum(${['0', ...tests].join(' + ')}), 0)::BIGINT AS unseen_${model}`;
  });
  const row = await oneRow(
    connection,
    `SELECT ${sums.join(', ')} FROM ${rows.relation} WHERE ${rows.inHoldout}`,
  );
  return models.map((_, model) => toCount(row[`unseen_${model}`]));
}

/** Looks every holdout key up among the keys that a model, or one that it continued, was trained on. */
async function auditOverlap(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  rows: SplitRows,
  lineage: readonly number[],
): Promise<{ overlap: number; trainingRows: number }> {
  const files = lineage.map((version) => quoteText(folder.model(version).trainingKeys)).join(', ');
  const keys = `read_parquet([${files}])`;
  const overlap = await oneRow(
    connection,
    `SELECT count(*) AS n FROM ${rows.relation} WHERE ${rows.inHoldout} AND ${rows.key} IN (SELECT key FROM ${keys})`,
  );
  const trained = await oneRow(connection, `SELECT count(DISTINCT key) AS n FROM ${keys}`);
  return { overlap: toCount(overlap['n']), trainingRows: toCount(trained['n']) };
}
