import type { DuckDBConnection } from '@duckdb/node-api';
import type { ModelOutcomes, Task } from '@kaefer/contracts';
import { scanSql } from '@kaefer/deltalake';
import {
  aucScore,
  confusionAt,
  accuracyScore,
  mae,
  precisionScore,
  r2,
  recallScore,
  rmse,
} from '@kaefer/metrics';
import type { ProjectFolder } from '../lake/layout.ts';
import { findCurrentTable } from '../lake/project-table.ts';
import { allRows, toCount, type Row } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

export interface OutcomesRequest {
  readonly task: Task;
  readonly target: string;
  readonly key: string;
  /** Binary: `[negative, positive]`. */
  readonly classes: readonly string[];
}

/**
 * Compares what each model predicted of records that the lake did not know with what the data says of them now. Undoing or
 * restoring data changes the answer with it; nothing is stored.
 *
 * @returns the newest model first; none before the first prediction of such a record
 */
export async function matchOutcomes(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  request: OutcomesRequest,
): Promise<ModelOutcomes[]> {
  const predictions = await findCurrentTable(folder.predictions);
  const data = await findCurrentTable(folder.table);
  if (predictions === undefined || data === undefined) return [];
  const made = scanSql(predictions.table, predictions.snapshot);
  const { key, target } = request;
  const known = scanSql(data.table, data.snapshot, { columns: [key, target] });
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE matched AS
     SELECT last.*, outcome FROM (
       SELECT model, key, max(predicted_at) AS last_at, arg_max(score, predicted_at) AS score, arg_max(label, predicted_at) AS label
       FROM (${made}) GROUP BY model, key
     ) AS last LEFT JOIN (
       SELECT ${quoteName(key)} AS key, ${quoteName(target)}::VARCHAR AS outcome FROM (${known})
     ) USING (key)`,
  );
  const models = await allRows(
    connection,
    `SELECT model, count(*) AS predicted, count(outcome) AS known, ${instant('min')} AS first, ${instant('max')} AS last
     FROM matched GROUP BY model ORDER BY model DESC`,
  );
  const answers: ModelOutcomes[] = [];
  for (const row of models) answers.push(await outcomesOf(connection, row, request));
  return answers;
}

const instant = (which: 'min' | 'max'): string =>
  `strftime(${which}(last_at) FILTER (outcome IS NOT NULL), '%Y-%m-%dT%H:%M:%S.%gZ')`;

async function outcomesOf(
  connection: DuckDBConnection,
  row: Row,
  { task, classes }: OutcomesRequest,
): Promise<ModelOutcomes> {
  const model = toCount(row['model']);
  const known = toCount(row['known']);
  const counted = {
    model,
    predicted: toCount(row['predicted']),
    known,
    first: typeof row['first'] === 'string' ? row['first'] : null,
    last: typeof row['last'] === 'string' ? row['last'] : null,
  };
  if (known === 0) return { ...counted, positives: null, metrics: {} };
  const right = task === 'regression' ? '0' : '(label = outcome)::INTEGER';
  const truth =
    task === 'binary'
      ? `(outcome = ${quoteText(classes[1] ?? '')})::INTEGER`
      : task === 'multiclass'
        ? '0'
        : 'outcome::DOUBLE';
  const columns = await (
    await connection.stream(
      `SELECT score, ${truth}::DOUBLE AS truth, ${right}::DOUBLE AS is_right FROM matched WHERE model = ${model} AND outcome IS NOT NULL`,
    )
  ).getColumns();
  const [scores, truths, rights] = columns.map((column) => Float64Array.from(column as number[]));
  if (scores === undefined || truths === undefined || rights === undefined)
    throw new Error('three columns were asked for');
  return { ...counted, ...figures(task, scores, truths, rights) };
}

function figures(
  task: Task,
  scores: Float64Array,
  truths: Float64Array,
  rights: Float64Array,
): Pick<ModelOutcomes, 'positives' | 'metrics'> {
  switch (task) {
    case 'binary': {
      const labels = Uint8Array.from(truths);
      // What was answered counts, by the threshold of its time: right on a positive is “positive”, as is wrong on another.
      const answers = rights.map((isRight, index) => (isRight === 1 ? labels[index]! : 1 - labels[index]!));
      const confusion = confusionAt(labels, answers, 1);
      return {
        positives: confusion.tp + confusion.fn,
        metrics: told({
          recall: confusion.tp + confusion.fn === 0 ? NaN : recallScore(confusion),
          precision: confusion.tp + confusion.fp === 0 ? NaN : precisionScore(confusion),
          accuracy: accuracyScore(confusion),
          auc: aucScore(labels, scores),
        }),
      };
    }
    case 'multiclass': {
      const right = rights.reduce((sum, isRight) => sum + isRight, 0);
      return { positives: null, metrics: { accuracy: right / rights.length } };
    }
    case 'regression':
      return {
        positives: null,
        metrics: told({ mae: mae(truths, scores), rmse: rmse(truths, scores), r2: r2(truths, scores) }),
      };
  }
}

/** Writes the pairs that {@link matchOutcomes} just counted, by model and key; `outcome` is empty until it comes. */
export async function exportOutcomes(
  connection: DuckDBConnection,
  items: readonly ModelOutcomes[],
  output: string,
): Promise<void> {
  const rows = items.length === 0 ? `${noPairs} WHERE false` : 'SELECT * FROM matched';
  await connection.run(
    `COPY (SELECT key, model, strftime(last_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS predicted_at, score, label, outcome FROM (${rows}) ORDER BY model, key) ` +
      `TO ${quoteText(output)} (FORMAT csv, HEADER true)`,
  );
}

const noPairs =
  "SELECT '' AS key, 0 AS model, now() AS last_at, 0::DOUBLE AS score, '' AS label, '' AS outcome";

/** Figures that the records do not tell are null. */
const told = (metrics: Readonly<Record<string, number>>): Record<string, number | null> =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
