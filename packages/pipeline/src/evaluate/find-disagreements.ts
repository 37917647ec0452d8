import type { DuckDBConnection } from '@duckdb/node-api';
import type { Answer, Comparison, DisagreementSide } from '@kaefer/contracts';
import type { ModelCard } from '../lake/model-card.ts';
import { allRows } from '../sql/connection.ts';
import { decodeInput } from './decode-input.ts';
import { holdoutTable } from './score-holdout.ts';

type Disagreements = NonNullable<Comparison['disagreements']>;

/** Rows kept of each kind: those whose score changed most. */
const mostRows = 20;
const mostReasons = 5;

/** A model with its scores of the holdout, row-major, rows × outputs (for several classes those of the comparison). */
export interface AnsweringModel {
  readonly card: ModelCard;
  readonly scores: Float32Array;
  /** For each feature the number of its input in {@link holdoutTable}. */
  readonly places: readonly number[];
  /** Contributions to each row's margins, see `Scorer.contributions`. */
  readonly explain: (rows: readonly Float32Array[]) => Promise<readonly Float64Array[]>;
}

interface FoundRow {
  readonly row: number;
  readonly right: DisagreementSide;
  /** How far the score of the row moved, without its sign. */
  readonly change: number;
}

/**
 * The holdout rows that two models answer differently: how many, by which of the two is right, and those whose score
 * changed most, with what moved each model. For a regression every row counts, for the model that is nearer.
 *
 * Explaining them goes on after the rows have been read: the connection is free when this returns.
 *
 * @param labels binary 0 or 1, multiclass place in `classes`, regression value
 * @param classes those of the comparison
 */
export async function findDisagreements(
  connection: DuckDBConnection,
  labels: Float64Array,
  classes: readonly string[],
  current: AnsweringModel,
  candidate: AnsweringModel,
): Promise<{ readonly explained: Promise<Disagreements> }> {
  const counts = { candidate: 0, current: 0, neither: 0 };
  const positives = { candidate: 0, current: 0, neither: 0 };
  const kept: Record<DisagreementSide, FoundRow[]> = { candidate: [], current: [], neither: [] };
  for (let row = 0; row < labels.length; row++) {
    const truth = labels[row] as number;
    const found = compareRow(row, truth, classes.length, current, candidate);
    if (found === undefined) continue;
    counts[found.right]++;
    if (truth === 1) positives[found.right]++;
    keepLargest(kept[found.right], found);
  }
  const wanted = [...kept.candidate, ...kept.current, ...kept.neither];
  const inputs = await readRows(connection, wanted);
  const explained = Promise.all(
    [current, candidate].map((model) => answersOf(model, classes, wanted, inputs)),
  ).then(([before = [], after = []]): Disagreements => ({
    counts,
    positives:
      candidate.card.task === 'binary'
        ? { candidate: positives.candidate, current: positives.current }
        : null,
    rows: wanted.map(({ row, right }, index) => ({
      key: textOf(inputs.get(row)?.['key']),
      outcome: textOf(inputs.get(row)?.['label_text']),
      right,
      current: before[index] as Answer,
      candidate: after[index] as Answer,
    })),
  }));
  explained.catch(() => undefined); // awaited by the caller
  return { explained };
}

/** undefined: both give the same answer. */
function compareRow(
  row: number,
  truth: number,
  classes: number,
  current: AnsweringModel,
  candidate: AnsweringModel,
): FoundRow | undefined {
  const { task } = candidate.card;
  const place = task === 'multiclass' ? row * classes + truth : row;
  const before = current.scores[place] as number;
  const after = candidate.scores[place] as number;
  const change = Math.abs(after - before);
  if (task === 'regression') {
    const nearer = Math.abs(before - truth) - Math.abs(after - truth);
    if (nearer === 0) return undefined;
    return { row, right: nearer > 0 ? 'candidate' : 'current', change };
  }
  const old = calledAs(current, row, classes);
  const now = calledAs(candidate, row, classes);
  if (old === now) return undefined;
  return { row, right: now === truth ? 'candidate' : old === truth ? 'current' : 'neither', change };
}

/** The place of the class that a model calls a row. */
function calledAs(
  { card, scores }: Pick<AnsweringModel, 'card' | 'scores'>,
  row: number,
  classes: number,
): number {
  if (card.task === 'binary') return (scores[row] as number) >= (card.threshold ?? 0.5) ? 1 : 0;
  let best = 0;
  for (let place = 1; place < classes; place++)
    if ((scores[row * classes + place] as number) > (scores[row * classes + best] as number)) best = place;
  return best;
}

function keepLargest(kept: FoundRow[], found: FoundRow): void {
  if (kept.length === mostRows && found.change <= (kept.at(-1)?.change ?? 0)) return;
  const place = kept.findIndex(({ change }) => change < found.change);
  kept.splice(place === -1 ? kept.length : place, 0, found);
  if (kept.length > mostRows) kept.pop();
}

/** The columns of some rows of {@link holdoutTable}, by their number. */
async function readRows(
  connection: DuckDBConnection,
  rows: readonly FoundRow[],
): Promise<Map<number, Record<string, unknown>>> {
  if (rows.length === 0) return new Map();
  const numbers = rows.map(({ row }) => row).join(', ');
  const found = await allRows(
    connection,
    `SELECT rowid, * REPLACE (key::VARCHAR AS key) FROM ${holdoutTable} WHERE rowid IN (${numbers})`,
  );
  return new Map(found.map((values) => [Number(values['rowid']), values]));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A model's answer to each row, with what moved it most. */
async function answersOf(
  { card, scores, places, explain }: AnsweringModel,
  classes: readonly string[],
  rows: readonly FoundRow[],
  inputs: ReadonlyMap<number, Record<string, unknown>>,
): Promise<Answer[]> {
  if (rows.length === 0) return [];
  const encoded = rows.map(({ row }) =>
    Float32Array.from(places, (place) => Number(inputs.get(row)?.[`x${place}`] ?? Number.NaN)),
  );
  const explained = await explain(encoded);
  const width = card.features.length + 1;
  return rows.map(({ row }, place) => {
    const values = encoded[place] as Float32Array;
    const called = calledAs({ card, scores }, row, classes.length);
    const label = classes[called] ?? '';
    const group = card.task === 'multiclass' ? card.classes.indexOf(label) : 0;
    const contributions = explained[place]?.subarray(group * width, (group + 1) * width - 1);
    const reasons = card.features
      .map((feature, index) => ({
        feature: feature.name,
        value: decodeInput(feature, values[index] as number),
        contribution: contributions?.[index] as number,
      }))
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
      .slice(0, mostReasons);
    const score = scores[card.task === 'multiclass' ? row * classes.length + called : row] as number;
    return { score, label: card.task === 'regression' ? null : label, reasons };
  });
}
