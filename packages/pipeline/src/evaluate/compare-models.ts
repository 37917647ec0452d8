import type { DuckDBConnection } from '@duckdb/node-api';
import { ascendingOrder, groupByScore } from '@kaefer/metrics';
import type { Choosing, Costs, HoldoutStart, ModelCost, ModelResult, RowsApart } from '@kaefer/contracts';
import { decidingMetric, KaeferError } from '@kaefer/contracts/messages';
import { DeltaTable } from '@kaefer/deltalake';
import { targetOf } from '../features/encoder.ts';
import type { PlainModel } from '../features/plain-model.ts';
import { readJson } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { readCard, type ModelCard } from '../lake/model-card.ts';
import { auditOverlaps, type OverlapAudit } from './audit-overlap.ts';
import { assess, type Sample, type Side, type SideFigures } from './assess.ts';
import { classDifferences, classResults } from './class-results.ts';
import { binaryConfusion, classConfusion, curvesOf } from './curves-of.ts';
import { compareUploads } from './compare-uploads.ts';
import {
  holdoutTable,
  scoreHoldout,
  withThreads,
  type HoldoutModel,
  type ScoredHoldout,
} from './score-holdout.ts';
import type { StoredComparison } from './stored-comparison.ts';
import { findDisagreements, type AnsweringModel } from './find-disagreements.ts';
import { compareParts } from './compare-parts.ts';
import { lossesOf } from './row-losses.ts';
import { correctFor } from './correct-for-candidates.ts';
import { compareRowsApart, countPositives } from './compare-rows-apart.ts';
import { comparePlain } from './compare-plain.ts';
import { sharedThresholds } from './count-thresholds.ts';
import { decideVerdict, exceedsLimits, type JudgedSegment } from './verdict.ts';
import { acceptance } from './acceptance.ts';
import { measureCosts } from './measure-cost.ts';
import { holdoutFileSql } from './holdout-file.ts';
import { chooseHoldout, firstHoldout, type HoldoutChoice } from './holdouts.ts';

export interface ComparisonRequest {
  readonly run: string;
  readonly project: string;
  readonly candidate: number;
  readonly current: number | null;
  readonly datasetVersion: number;
  /** Their rows are shown apart: what is new to the candidate, or to the current model. */
  readonly newUploads: readonly string[];
  /** Candidates of the run, among which a person chooses the best: differences are corrected for their number. Default 1. */
  readonly candidates?: number;
  /** Every class that the data has by now; else those of the candidate. */
  readonly classes?: readonly string[];
  /** When a model counts as better, and whether it is accepted by itself. Default as of a new project. */
  readonly choosing?: Choosing;
  /** Prices of wrong answers; binary only. Default none. */
  readonly costs?: Costs | null;
  /** Holdouts of the project after the first. Default none. */
  readonly holdouts?: readonly HoldoutStart[];
  /** How many choices were made on each of its holdouts before, the first one first. Default none. */
  readonly looks?: readonly number[];
}

const draws = 1000;
const unlimited = { margin: 0, mostBytes: null, mostMicroseconds: null };

/**
 * Scores today's holdout with both models and compares them; every row with both scores is written to a Parquet file.
 *
 * @param holdoutPath see `holdoutFileSql`
 * @throws KaeferError `holdout_overlap` when a holdout row was in either model's training data; `too_few_rows`,
 * `one_outcome`, `model_not_found`
 */
export async function compareModels(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  request: ComparisonRequest,
  holdoutPath: string,
): Promise<StoredComparison> {
  const candidate = requireModel(folder, request.candidate);
  const current = request.current === null ? null : requireModel(folder, request.current);
  const models = [...(current === null ? [] : [current]), candidate];
  const card = { ...candidate.card, classes: request.classes ?? candidate.card.classes };
  const about = {
    split: card.split,
    key: card.key,
    datasetVersion: request.datasetVersion,
    target: targetOf(card),
    newUploads: request.newUploads,
    holdout: await chooseRows(connection, folder, card, request),
  };
  return withThreads(folder, models, about, async (threads) => {
    // DuckDB looks for overlaps in its own threads while these score, and later writes the file while these compute.
    const lineages = models.map(({ lineage }) => lineage);
    let auditing: Promise<OverlapAudit[]> | undefined;
    const audit = (): void => {
      auditing = auditOverlaps(connection, folder, lineages, holdoutTable);
      auditing.catch(() => undefined); // awaited below
    };
    const scored = await scoreHoldout(connection, folder, models, about, threads, audit);
    requireTwoOutcomes(card, scored);
    const scores = {
      current: current === null ? null : (scored.scores[0] as Float32Array),
      candidate: scored.scores[models.length - 1] as Float32Array,
    };
    const sides = {
      current:
        current === null ? null : sideOf(current.card, scored.scores[0] as Float32Array, scored.labels),
      candidate: sideOf(card, scores.candidate, scored.labels),
    };
    const sample: Sample = {
      task: card.task,
      labels: scored.labels,
      classes: card.classes.length,
      costs: card.task === 'binary' ? (request.costs ?? null) : null,
    };
    const apart = (flags: Uint8Array): ReturnType<typeof compareRowsApart> => {
      const figures = compareRowsApart(sample, sides.current, sides.candidate, flags, threads, draws);
      figures.catch(() => undefined); // awaited below
      return figures;
    };
    const newRows = apart(scored.isNew);
    const oldRows =
      current !== null && candidate.card.mode === 'incremental'
        ? apart(scored.isNew.map((flag) => 1 - flag))
        : undefined;
    // A connection does one thing at a time: what reads the holdout comes before what runs beside the figures.
    const audits = (await auditing) ?? [];
    const answering = (model: number): AnsweringModel => ({
      card: (models[model] as HoldoutModel).card,
      scores: scored.scores[model] as Float32Array,
      places: scored.places[model] ?? [],
      explain: (rows) => threads.explain(model, rows),
    });
    const plain = readJson<PlainModel>(folder.model(request.candidate).plain);
    const baseline =
      plain === undefined
        ? null
        : await comparePlain(
            connection,
            {
              plain,
              ownClasses: candidate.card.classes,
              classes: card.classes,
              labels: scored.labels,
              candidate: scores.candidate,
              places: scored.places[models.length - 1] ?? [],
              metric: decidingMetric(card.task, request.choosing?.metric),
              costs: sample.costs,
            },
            threads,
          );
    const disagreeing =
      current === null
        ? null
        : await findDisagreements(connection, scored.labels, card.classes, answering(0), answering(1));
    const losses = scores.current === null ? null : lossesOf(sample, scores.current, scores.candidate);
    const parts =
      losses === null
        ? { segments: null, drift: null }
        : await compareParts(connection, {
            metric: card.task === 'regression' ? 'mae' : 'logLoss',
            losses,
            isNew: scored.isNew,
            features: card.features,
            places: scored.places[models.length - 1] ?? [],
            times: scored.times,
          });
    const uploads =
      losses === null ? null : await compareUploads(connection, folder, about, card.task, losses);
    const measured = models.map(({ card: own }, index) => ({
      card: own,
      places: scored.places[index] ?? [],
    }));
    const [first, second] = await measureCosts(connection, folder, measured);
    const costs = {
      current: current === null ? null : (first as ModelCost),
      candidate: (second ?? first) as ModelCost,
    };
    const writing = connection.run(await holdoutFileSql(connection, holdoutPath, card, scores));
    writing.catch(() => undefined); // awaited below, unless the figures cannot be computed
    const figures = compare(
      request,
      card,
      current?.card ?? null,
      sample,
      sides,
      scored,
      about.holdout,
      parts,
      costs,
    );
    await writing;
    const audited = auditOf(models, audits, scored.rows);
    return {
      ...figures,
      uploads,
      automatic: acceptance(figures, audited, request.choosing?.automatic ?? null),
      newRows: correctedApart(request.candidates ?? 1, await newRows),
      ...(oldRows && { oldRows: correctedApart(request.candidates ?? 1, await oldRows) }),
      baseline: baseline && (await baseline.assessed),
      disagreements: disagreeing && (await disagreeing.explained),
      audit: audited,
    };
  });
}

async function chooseRows(
  connection: DuckDBConnection,
  folder: ProjectFolder,
  { split, key, task, target }: ModelCard,
  { datasetVersion, holdouts = [] }: ComparisonRequest,
): Promise<HoldoutChoice> {
  if (holdouts.length === 0) return firstHoldout;
  const table = await DeltaTable.open(folder.table);
  const snapshot = await table.snapshot(datasetVersion);
  return chooseHoldout(connection, folder, { table, snapshot, split, key, task, target }, holdouts);
}

function requireModel(folder: ProjectFolder, version: number): HoldoutModel {
  const card = readCard(folder.model(version));
  if (card === undefined) throw new KaeferError('model_not_found', { version });
  const lineage = [version];
  for (let parent = card.parent; parent !== null; parent = readCard(folder.model(parent))?.parent ?? null)
    lineage.push(parent);
  return { card, lineage };
}

/** @throws KaeferError `holdout_overlap` */
function auditOf(
  models: readonly HoldoutModel[],
  audits: readonly OverlapAudit[],
  holdoutRows: number,
): StoredComparison['audit'] {
  audits.forEach(({ overlap }, index) => {
    if (overlap > 0)
      throw new KaeferError('holdout_overlap', { rows: overlap, model: models[index]?.card.version ?? 0 });
  });
  const last = audits.length - 1;
  return {
    holdoutRows,
    candidateTrainingRows: audits[last]?.trainingRows ?? 0,
    currentTrainingRows: last === 0 ? null : (audits[0]?.trainingRows ?? 0),
    overlap: 0,
  };
}

function correctedApart(candidates: number, figures: RowsApart | null): RowsApart | null {
  return figures && correctFor(candidates, figures);
}

function requireTwoOutcomes(card: ModelCard, { labels, rows }: ScoredHoldout): void {
  const minimum = 2;
  if (rows < minimum) throw new KaeferError('too_few_rows', { rows, minimum });
  const first = labels[0];
  if (card.task !== 'regression' && labels.every((label) => label === first)) {
    throw new KaeferError('one_outcome', { rows, target: card.target });
  }
}

function compare(
  request: ComparisonRequest,
  card: ModelCard,
  currentCard: ModelCard | null,
  sample: Sample,
  { current, candidate }: { readonly current: Side | null; readonly candidate: Side },
  scored: ScoredHoldout,
  holdout: HoldoutChoice,
  parts: Awaited<ReturnType<typeof compareParts>> | { readonly segments: null; readonly drift: null },
  costs: NonNullable<StoredComparison['cost']>,
): Omit<
  StoredComparison,
  'audit' | 'automatic' | 'disagreements' | 'newRows' | 'oldRows' | 'baseline' | 'uploads'
> {
  const { task } = card;
  const last = scored.scores.length - 1;
  const figures = correctFor(request.candidates ?? 1, assess(sample, current, candidate, draws));
  const positives = task === 'binary' ? countPositives(scored.labels) : null;
  const thresholds =
    task === 'binary'
      ? sharedThresholds(scored.labels, current === null ? [candidate] : [current, candidate])
      : [];
  const metric = decidingMetric(task, request.choosing?.metric);
  const { margin, ...limits } = request.choosing ?? unlimited;
  return {
    run: request.run,
    project: request.project,
    datasetVersion: request.datasetVersion,
    task,
    classes: [...card.classes],
    holdout: {
      rows: scored.rows,
      positives,
      share: card.split.holdoutShare,
      looks: request.looks?.[holdout.number - 1] ?? 0,
      ...holdout,
    },
    current:
      currentCard === null || current === null || figures.current === null
        ? null
        : resultOf(currentCard, current, figures.current, sample, thresholds),
    candidate: resultOf(card, candidate, figures.candidate, sample, thresholds),
    difference: figures.difference,
    costs: sample.costs,
    ...(task === 'multiclass' && current !== null
      ? { byClass: classDifferences(sample, current.scores, candidate.scores) }
      : {}),
    verdict: {
      ...decideVerdict(
        task,
        figures.difference,
        judged(parts.segments),
        margin,
        exceedsLimits(costs.candidate, limits),
        metric,
      ),
      metric,
      margin,
      positive: task === 'binary' ? (card.classes[1] ?? null) : null,
    },
    cost: costs,
    ...parts,
    learningCurve: card.learningCurve,
    unseenValues: {
      current: current === null ? null : (scored.unseenValues[0] ?? 0),
      candidate: scored.unseenValues[last] ?? 0,
    },
    candidates: request.candidates ?? 1,
    bootstrapDraws: figures.draws,
  };
}

/**
 * The parts of the data that guard the verdict: the stored ones are enough, as what got worse most clearly comes first.
 * Uploads, which are compared apart, do not guard it: where the world has changed, a model that follows it must lose on
 * old rows.
 */
function judged(segments: StoredComparison['segments']): JudgedSegment[] {
  return (segments?.worstFirst ?? []).map(({ difference, adjustedPValue }) => ({
    difference: { estimate: difference.estimate ?? 0 },
    adjustedPValue: adjustedPValue ?? 1,
  }));
}

function sideOf({ task, threshold }: ModelCard, scores: Float32Array, labels: Float64Array): Side {
  if (task !== 'binary') return { scores, threshold };
  const order = ascendingOrder(scores);
  return { scores, threshold, order, groups: groupByScore(new Uint8Array(labels), scores, order) };
}

function resultOf(
  card: ModelCard,
  side: Side,
  figures: SideFigures,
  sample: Sample,
  thresholds: readonly number[],
): ModelResult {
  const { labels, classes } = sample;
  return {
    model: {
      version: card.version,
      trainedAt: card.createdAt,
      datasetVersion: card.datasetVersion,
      mode: card.mode,
      trainingRows: card.rows.training,
    },
    metrics: figures.metrics,
    intervals: figures.intervals,
    confusion: card.task === 'binary' ? binaryConfusion(labels, side) : null,
    confusionMatrix: card.task === 'multiclass' ? classConfusion(labels, side.scores, classes) : null,
    ...(card.task === 'multiclass' ? { byClass: classResults(sample, side.scores) } : {}),
    curves: curvesOf(sample, side, thresholds),
    importance: [...card.importance],
  };
}
