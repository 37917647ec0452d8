import { readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DeltaTable } from '@kaefer/deltalake';
import { createCodesSql, featureSql, isUnseenSql, type EncodedFeature } from '../features/encoder.ts';
import { streamFloats } from '../features/stream-floats.ts';
import type { Split } from '../features/split.ts';
import { splitRows } from '../features/table-rows.ts';
import { columnsOfSchema, provenance } from '../lake/column-types.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import type { ModelCard } from '../lake/model-card.ts';
import { oneRow, toCount } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { alignClasses } from './align-classes.ts';
import { ModelScorer } from './model-scorer.ts';
import { firstHoldout, holdoutSql, type HoldoutChoice } from './holdouts.ts';
import { EvaluationThreads, joined, sharedColumns } from './evaluation-threads.ts';

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
  /** Every column of days or times, whether a feature or not. */
  readonly times: readonly TimeColumn[];
}

/** A column of days or times; values are days since 1970-01-01. */
export interface TimeColumn {
  readonly name: string;
  /** The number of its input in {@link holdoutTable}. */
  readonly place: number;
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
  /** Which of the test rows. Default all. */
  readonly holdout?: Pick<HoldoutChoice, 'after' | 'before'>;
}

/** The temporary table of holdout rows: `key`, `label_text`, `label`, `is_new`, `upload`, then the inputs `x0`, `x1`, … */
export const holdoutTable = 'holdout';

/** What the inputs of the rows that are scored at a time may take in memory. */
const slabBytes = 64 << 20;

/**
 * The threads that score and compare some models, while `work` goes on. They start at once, and are ready when the first
 * rows have been read.
 */
export async function withThreads<T>(
  folder: ProjectFolder,
  models: readonly HoldoutModel[],
  { split }: Pick<HoldoutRequest, 'split'>,
  work: (threads: EvaluationThreads) => Promise<T>,
): Promise<T> {
  const learned = Math.max(...models.map(({ card }) => card.rows.training + card.rows.validation));
  const bytes = models.map(({ card }) => readFileSync(folder.model(card.version).model));
  const threads = new EvaluationThreads(bytes, (learned * split.holdoutShare) / (1 - split.holdoutShare));
  try {
    return await work(threads);
  } finally {
    await threads.close();
  }
}

/**
 * Reads the holdout rows once into the temporary table {@link holdoutTable}, encoded for all models, each with its
 * own dictionary, and scores them with each. Inputs that two models share are computed once.
 *
 * @param threads of these models
 * @param onRead called when the last row has been read from the connection, before the last rows are scored
 */
export async function scoreHoldout(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  models: readonly HoldoutModel[],
  request: HoldoutRequest,
  threads: EvaluationThreads,
  onRead: () => void = () => undefined,
): Promise<ScoredHoldout> {
  const creating = createHoldoutTable(connection, folder, models, request);
  creating.catch(() => undefined); // awaited below
  const scorers: ModelScorer[] = [];
  try {
    for (const [model, { card }] of models.entries())
      scorers.push(new ModelScorer(readFileSync(folder.model(card.version).model), model, threads));
    const plan = await creating;
    const { labels, isNew, scores, unseen } = await scoreRows(connection, plan, scorers, request, onRead);
    return {
      rows: labels.length,
      labels,
      isNew,
      scores: scores.map((values, model) => {
        const { task, classes } = (models[model] as HoldoutModel).card;
        const wanted = request.target.levels ?? classes;
        return task === 'multiclass' ? alignClasses(values, classes, wanted) : values;
      }),
      unseenValues: unseen,
      places: plan.places,
      times: plan.times,
    };
  } finally {
    for (const scorer of scorers) scorer.dispose();
  }
}

interface InputPlan {
  /** Number of inputs `x0`, `x1`, … */
  readonly width: number;
  /** For each model and feature the place of its input. */
  readonly places: readonly (readonly number[])[];
  /** For each model the places of the inputs that tell by 1 a text that it does not know. */
  readonly unseen: readonly (readonly number[])[];
  readonly times: readonly TimeColumn[];
}

async function createHoldoutTable(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  models: readonly HoldoutModel[],
  { split, key, datasetVersion, target, newUploads, holdout = firstHoldout }: HoldoutRequest,
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
  const unseen = models.map(({ card }) =>
    card.features
      .filter(({ name, type }) => type === 'text' && inTable.has(name))
      .map((feature) => place(`(${isUnseenSql(feature)})::INTEGER::FLOAT`)),
  );
  const times = columnsOfSchema(snapshot.schema)
    .filter(({ type }) => type === 'date' || type === 'timestamp')
    .map((column) => ({ name: column.name, place: place(featureSql(column)) }));
  const wanted = [...features, ...times].map(({ name }) => name).filter((name) => inTable.has(name));
  const rows = splitRows(table, snapshot, split, key, [...new Set(wanted), target.name]);
  const uploads = newUploads.length === 0 ? "''" : newUploads.map(quoteText).join(', ');
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${holdoutTable} AS SELECT ${rows.key} AS key, ${quoteName(target.name)}::VARCHAR AS label_text, ` +
      `${featureSql(target)} AS label, coalesce(${provenance.upload} IN (${uploads}), false)::INTEGER::FLOAT AS is_new, ${provenance.upload} AS upload, ` +
      `${inputs.map((expression, index) => `${expression} AS x${index}`).join(', ')} FROM ${rows.relation} WHERE ${rows.inHoldout} AND ${holdoutSql(folder, holdout, rows.key)}`,
  );
  return { width: inputs.length, places, unseen, times };
}

interface ScoredRows {
  readonly labels: Float64Array;
  readonly isNew: Uint8Array;
  readonly scores: readonly Float32Array[];
  readonly unseen: readonly number[];
}

/** Reads and scores the rows of {@link holdoutTable}, as many at a time as {@link slabBytes} allow. */
async function scoreRows(
  connection: DuckDBConnection,
  plan: InputPlan,
  scorers: readonly ModelScorer[],
  { target }: HoldoutRequest,
  onRead: () => void,
): Promise<ScoredRows> {
  const rows = toCount((await oneRow(connection, `SELECT count(*) AS n FROM ${holdoutTable}`))['n']);
  const labels = new Float64Array(rows);
  const isNew = new Uint8Array(rows);
  const parts = scorers.map((): Float32Array[] => []);
  const unseen = new Float64Array(scorers.length);
  const slabRows = Math.max(1, Math.min(rows, Math.floor(slabBytes / 4 / Math.max(1, plan.width))));
  const slab = sharedColumns(plan.width, slabRows);
  if (target.levels === undefined) await readExactLabels(connection, labels);
  const names = ['label', 'is_new', ...slab.map((_, index) => `x${index}`)].join(', ');
  for (let start = 0; start < rows; start += slabRows) {
    const count = Math.min(slabRows, rows - start);
    const isWhole = count === rows;
    const where = isWhole ? '' : ` WHERE rowid >= ${start} AND rowid < ${start + count}`;
    let row = 0;
    await streamFloats(connection, `SELECT ${names} FROM ${holdoutTable}${where}`, (columns, read) => {
      const [label = new Float32Array(0), news = new Float32Array(0), ...inputs] = columns;
      for (let index = 0; index < read; index++) {
        if (target.levels !== undefined) labels[start + row + index] = label[index] ?? Number.NaN;
        isNew[start + row + index] = news[index] ?? 0;
      }
      inputs.forEach((input, place) => (slab[place] as Float32Array).set(input.subarray(0, read), row));
      row += read;
    });
    if (start + count === rows) onRead();
    for (const [model, scorer] of scorers.entries()) {
      const columns = (plan.places[model] ?? []).map((place) => slab[place] as Float32Array);
      parts[model]?.push(await scorer.score(columns, count));
      for (const place of plan.unseen[model] ?? [])
        unseen[model] = (unseen[model] ?? 0) + sumOf(slab[place] as Float32Array, count);
    }
  }
  return { labels, isNew, scores: parts.map(joined), unseen: [...unseen] };
}

function sumOf(values: Float32Array, count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += values[index] as number;
  return sum;
}

/** A regression's true values in full precision. */
async function readExactLabels(connection: DuckDBConnection, labels: Float64Array): Promise<void> {
  let row = 0;
  const result = await connection.stream(`SELECT label_text FROM ${holdoutTable}`);
  for await (const chunk of result.yieldRows()) for (const [value] of chunk) labels[row++] = Number(value);
}
