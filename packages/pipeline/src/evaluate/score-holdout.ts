import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DeltaTable } from '@kaefer/deltalake';
import { createCodesSql, featureSql, isUnseenSql, type EncodedFeature } from '../features/encoder.ts';
import { streamFloats } from '../features/stream-floats.ts';
import type { Split } from '../features/split.ts';
import { splitRows } from '../features/table-rows.ts';
import { provenance } from '../lake/column-types.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import type { ModelCard } from '../lake/model-card.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { alignClasses } from './align-classes.ts';
import { InputBlock, ModelScorer } from './model-scorer.ts';

/** The holdout of a table version, scored by one or two models. */
export interface ScoredHoldout {
  readonly rows: number;
  /** Binary: 0 or 1. Multiclass: class index. Regression: the value. */
  readonly labels: Float64Array;
  /** 1 where the row came with the uploads of this run. */
  readonly isNew: Uint8Array;
  /** Row-major, rows × outputs (for several classes those of the target), one a model, in the order the models were given. */
  readonly scores: readonly Float32Array[];
  /** Texts that a model's dictionary does not hold, by model. */
  readonly unseenValues: readonly number[];
  /** For each model and feature the number of its input in {@link holdoutTable}. */
  readonly places: readonly (readonly number[])[];
}

/** A model as the evaluation needs it; `lineage` is itself and the models it continued. */
export interface HoldoutModel {
  readonly card: ModelCard;
  readonly lineage: readonly number[];
}

export interface HoldoutRequest {
  readonly split: Split;
  readonly key: string | null;
  readonly datasetVersion: number;
  /** The label as a feature: its levels are the classes; none for regression. */
  readonly target: EncodedFeature;
  readonly newUploads: readonly string[];
}

/** The temporary table of holdout rows: `key`, `label_text`, `label`, `is_new`, `upload`, then the inputs `x0`, `x1`, … */
export const holdoutTable = 'holdout';

/** Rows that are scored by one call of the library. */
const blockRows = 32_768;

/**
 * Reads the holdout rows once into the temporary table {@link holdoutTable}, encoded for all models, each with its
 * own dictionary, and scores them with each. Inputs that two models share are computed once.
 */
export async function scoreHoldout(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  models: readonly HoldoutModel[],
  request: HoldoutRequest,
): Promise<ScoredHoldout> {
  const plan = await createHoldoutTable(connection, folder, models, request);
  const rows = toCount((await oneRow(connection, `SELECT count(*) AS n FROM ${holdoutTable}`))['n']);
  const labels = new Float64Array(rows);
  const isNew = new Uint8Array(rows);
  const scorers = models.map(
    ({ card }) => new ModelScorer(card, readFileSync(folder.model(card.version).model), rows),
  );
  try {
    await scoreRows(connection, plan, scorers, labels, isNew);
  } finally {
    for (const scorer of scorers) scorer.dispose();
  }
  if (request.target.levels === undefined) await readExactLabels(connection, labels);
  const unseen = await oneRow(
    connection,
    `SELECT ${plan.unseen.map((sum, model) => `${sum} AS unseen_${model}`).join(', ')} FROM ${holdoutTable}`,
  );
  return {
    rows,
    labels,
    isNew,
    scores: scorers.map(({ scores }, model) => {
      const { task, classes } = (models[model] as HoldoutModel).card;
      return task === 'multiclass' ? alignClasses(scores, classes, request.target.levels ?? classes) : scores;
    }),
    unseenValues: models.map((_, model) => toCount(unseen[`unseen_${model}`])),
    places: plan.places,
  };
}

interface InputPlan {
  /** Number of inputs `x0`, `x1`, … */
  readonly width: number;
  /** For each model and feature the place of its input. */
  readonly places: readonly (readonly number[])[];
  /** For each model SQL that counts the texts it does not know. */
  readonly unseen: readonly string[];
}

async function createHoldoutTable(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  models: readonly HoldoutModel[],
  { split, key, datasetVersion, target, newUploads }: HoldoutRequest,
): Promise<InputPlan> {
  const table = await DeltaTable.open(folder.table);
  const snapshot = await table.snapshot(datasetVersion);
  const inTable = new Set(snapshot.schema.map(({ name }) => name));
  const features = models.flatMap(({ card }) => card.features);
  for (const statement of new Set(createCodesSql([...features, target]))) await connection.run(statement);
  const inputs: string[] = [];
  const placeOf = new Map<string, number>();
  const place = (expression: string): number => {
    const known = placeOf.get(expression) ?? inputs.push(expression) - 1;
    placeOf.set(expression, known);
    return known;
  };
  const places = models.map(({ card }) =>
    card.features.map((feature) => place(inTable.has(feature.name) ? featureSql(feature) : `'nan'::FLOAT`)),
  );
  const unseenColumns = models.map(({ card }) =>
    card.features
      .filter(({ name, type }) => type === 'text' && inTable.has(name))
      .map((feature) => place(`(${isUnseenSql(feature)})::INTEGER::FLOAT`)),
  );
  const rows = splitRows(table, snapshot, split, key, [
    ...new Set(features.map(({ name }) => name).filter((name) => inTable.has(name))),
    target.name,
  ]);
  const uploads = newUploads.length === 0 ? "''" : newUploads.map(quoteText).join(', ');
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${holdoutTable} AS SELECT ${rows.key} AS key, ${quoteName(target.name)}::VARCHAR AS label_text, ` +
      `${featureSql(target)} AS label, coalesce(${provenance.upload} IN (${uploads}), false)::INTEGER::FLOAT AS is_new, ${provenance.upload} AS upload, ` +
      `${inputs.map((expression, index) => `${expression} AS x${index}`).join(', ')} FROM ${rows.relation} WHERE ${rows.inHoldout}`,
  );
  const unseen = unseenColumns.map(
    (columns) => `coalesce(sum(${['0', ...columns.map((column) => `x${column}`)].join(' + ')}), 0)::BIGINT`,
  );
  return { width: inputs.length, places, unseen };
}

async function scoreRows(
  connection: DuckDBConnection,
  plan: InputPlan,
  scorers: readonly ModelScorer[],
  labels: Float64Array,
  isNew: Uint8Array,
): Promise<void> {
  // Two models with the very same inputs share a block.
  const keys = plan.places.map((places) => places.join());
  const blocks = plan.places.map((places, model) =>
    keys.indexOf(keys[model] ?? '') === model ? new InputBlock(places.length, blockRows) : undefined,
  );
  const flush = (): void => {
    scorers.forEach((scorer, model) => {
      const block = blocks[keys.indexOf(keys[model] ?? '')];
      if (block !== undefined) scorer.score(block, availableParallelism());
    });
    for (const block of blocks) block?.clear();
  };
  let row = 0;
  const names = ['label', 'is_new', ...Array.from({ length: plan.width }, (_, index) => `x${index}`)];
  await streamFloats(connection, `SELECT ${names.join(', ')} FROM ${holdoutTable}`, (columns, count) => {
    const [label = new Float32Array(0), news = new Float32Array(0), ...inputs] = columns;
    for (let index = 0; index < count; index++) {
      labels[row + index] = label[index] ?? Number.NaN;
      isNew[row + index] = news[index] ?? 0;
    }
    row += count;
    if (blocks.some((block) => block?.hasRoomFor(count) === false)) flush();
    blocks.forEach((block, model) =>
      block?.add(
        (plan.places[model] ?? []).map((place) => inputs[place] as Float32Array),
        count,
      ),
    );
  });
  flush();
}

/** A regression's true values in full precision. */
async function readExactLabels(connection: DuckDBConnection, labels: Float64Array): Promise<void> {
  let row = 0;
  const result = await connection.stream(`SELECT label_text FROM ${holdoutTable}`);
  for await (const chunk of result.yieldRows()) for (const [value] of chunk) labels[row++] = Number(value);
}
