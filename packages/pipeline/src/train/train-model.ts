import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { chooseThreshold } from '@kaefer/metrics';
import { Booster, loadLibrary, train, type Parameters } from '@kaefer/xgboost';
import type { Costs, LearningCurve, Mode, Task, TrainingSettings } from '@kaefer/contracts';
import type { Split } from '../features/split.ts';
import type { PlainModel } from '../features/plain-model.ts';
import { publishFolder, readJson } from '../lake/durable.ts';
import type { ModelFolder, ProjectFolder } from '../lake/layout.ts';
import { readCard, type ModelCard } from '../lake/model-card.ts';
import type { Prepared } from '../prepare/index.ts';
import { boostingParameters, lossOf, refreshParameters } from './boosting-parameters.ts';
import { fitPlainModel } from './fit-plain-model.ts';
import { findSettings } from './find-settings.ts';
import {
  meanOf,
  openCurveSample,
  openTraining,
  openPlain,
  safeNames,
  type LabelledMatrix,
} from './training-matrices.ts';

export interface TrainingRequest {
  readonly project: string;
  readonly run: string;
  readonly version: number;
  readonly task: Task;
  readonly mode: Mode;
  readonly parent: number | null;
  readonly target: string;
  readonly positive: string | null;
  readonly key: string | null;
  readonly costs: Costs | null;
  readonly settings: TrainingSettings;
  readonly split: Split;
  readonly createdAt: string;
  readonly program: string;
}

export interface RoundReport {
  readonly round: number;
  readonly of: number;
  readonly metric: string;
  readonly train: number;
  readonly validation: number | null;
}

export interface TrainedModel {
  readonly bytes: Uint8Array;
  readonly rounds: number;
  readonly threshold: number | null;
  readonly importance: ModelCard['importance'];
  readonly learningCurve: LearningCurve;
  readonly parameters: Parameters;
  readonly library: string;
}

/**
 * Trains on prepared data and publishes the model's folder, whole, by a rename; when it is there already, nothing
 * is done. Blocks its thread between rounds' ends: to be called in a process of its own.
 */
export async function trainModel(
  folder: ProjectFolder,
  prepared: Prepared,
  request: TrainingRequest,
  onRound: (report: RoundReport) => void,
  onTuning: (fraction: number) => void = () => undefined,
): Promise<ModelCard> {
  const place = folder.model(request.version);
  const done = readCard(place);
  if (done !== undefined) return done;
  const startedAt = performance.now();
  const parent = request.parent === null ? undefined : readFileSync(folder.model(request.parent).model);
  // Trees are gone over with what they were grown with: other settings would scale them, not re-estimate them.
  const grown =
    request.mode === 'refresh' && request.parent !== null
      ? readCard(folder.model(request.parent))
      : undefined;
  const found =
    request.mode === 'full' && request.settings.tuningMinutes > 0
      ? await findSettings(prepared, request, onTuning)
      : undefined;
  const settings = found?.settings ?? grown?.settings ?? request.settings;
  const fitting = {
    ...request,
    settings,
    ...(grown === undefined ? {} : { parameters: refreshParameters(grown.parameters) }),
  };
  const model = await fitModel(prepared, fitting, parent, onRound);
  const card: ModelCard = {
    version: request.version,
    project: request.project,
    run: request.run,
    task: request.task,
    mode: request.mode,
    parent: request.parent,
    createdAt: request.createdAt,
    target: request.target,
    positive: request.positive,
    classes: prepared.classes,
    key: request.key,
    datasetVersion: prepared.datasetVersion,
    split: request.split,
    rows: {
      training: prepared.training.rows,
      validation: prepared.validation.rows,
      replayed: prepared.replayed,
      isPooled: prepared.isPooled,
    },
    trainingMs: Math.round(performance.now() - startedAt),
    settings,
    tuning: found?.tuning ?? null,
    parameters: model.parameters,
    rounds: model.rounds,
    threshold: model.threshold,
    features: prepared.features,
    importance: model.importance,
    learningCurve: model.learningCurve,
    sha256: createHash('sha256').update(model.bytes).digest('hex'),
    bytes: model.bytes.length,
    library: model.library,
    program: request.program,
  };
  const plain = plainModelFor(folder, prepared, request);
  writeModelFolder(folder, place, card, model.bytes, plain, prepared.trainingKeys);
  return card;
}

/**
 * The plain model to be beaten: fitted on the same rows. An incremental run sees few of them and keeps its parent's, where that
 * has one: models trained by older versions have none.
 */
function plainModelFor(folder: ProjectFolder, prepared: Prepared, request: TrainingRequest): PlainModel {
  const known =
    request.mode === 'incremental' && request.parent !== null
      ? readJson<PlainModel>(folder.model(request.parent).plain)
      : undefined;
  return known ?? fitPlainModel(prepared, request);
}

function writeModelFolder(
  folder: ProjectFolder,
  place: ModelFolder,
  card: ModelCard,
  bytes: Uint8Array,
  plain: PlainModel,
  trainingKeys: string,
): void {
  const finished = join(folder.models, `.${card.version}.part`);
  rmSync(finished, { recursive: true, force: true });
  mkdirSync(finished, { recursive: true });
  writeFileSync(join(finished, 'model.ubj'), bytes);
  copyFileSync(trainingKeys, join(finished, 'training-keys.parquet'));
  writeFileSync(join(finished, 'plain.json'), `${JSON.stringify(plain)}\n`);
  writeFileSync(join(finished, 'card.json'), `${JSON.stringify(card, null, 1)}\n`);
  publishFolder(finished, place.path);
}

/** Trains and returns the model without keeping it: the same data, settings and library give the same bytes. */
export async function fitModel(
  prepared: Prepared,
  request: Pick<TrainingRequest, 'task' | 'settings' | 'mode' | 'costs'> & {
    readonly parameters?: Parameters;
    /** All cores without it; the model's bytes do not depend on it. */
    readonly threads?: number;
  },
  parent: Uint8Array | undefined,
  onRound: (report: RoundReport) => void,
): Promise<TrainedModel> {
  const { settings, task } = request;
  const threads = request.threads ?? availableParallelism();
  const names = prepared.features.map(({ name }) => name);
  const isRefresh = request.mode === 'refresh';
  // The splits of a refreshed model are older than the bins of today's rows: it needs the numbers themselves.
  const training = isRefresh
    ? openPlain(prepared.training, names, threads)
    : openTraining(prepared.training, names, settings.maxBin, threads);
  const trainingSample = openCurveSample(prepared.training, names, threads);
  const validation = openPlain(prepared.validation, names, threads);
  // Stopping looks at every validation row after each round; a line that is only drawn needs fewer.
  const stopsEarly = settings.earlyStoppingRounds > 0 && !isRefresh;
  const watched = stopsEarly ? validation : openCurveSample(prepared.validation, names, threads);
  const metric = lossOf[task];
  const parameters =
    request.parameters ??
    boostingParameters(
      task,
      prepared.classes.length,
      settings,
      prepared.features,
      task === 'binary' ? meanOf(training.labels) : undefined,
    );
  try {
    const parentRounds = roundsOf(parent);
    const firstRound = isRefresh ? 0 : parentRounds;
    const rounds = { full: settings.rounds, incremental: settings.incrementalRounds, refresh: parentRounds }[
      request.mode
    ];
    const curve = { train: [] as number[], validation: [] as number[] };
    const result = await train({ ...parameters, nthread: threads }, training.matrix, {
      rounds,
      evaluate: [
        { matrix: trainingSample.matrix, name: 'train' },
        { matrix: watched.matrix, name: 'validation' },
      ],
      ...(stopsEarly
        ? { earlyStopping: { rounds: settings.earlyStoppingRounds, metric, on: 'validation' } }
        : {}),
      ...(parent === undefined ? {} : { initialModel: parent }),
      onRound: ({ iteration, metrics }) => {
        const report = {
          round: iteration - firstRound + 1,
          of: rounds,
          metric,
          train: metrics['train']?.[metric] ?? Number.NaN,
          validation: metrics['validation']?.[metric] ?? null,
        };
        curve.train.push(report.train);
        curve.validation.push(report.validation ?? Number.NaN);
        onRound(report);
      },
    });
    const kept = keepBest(result.booster, stopsEarly ? result.bestIteration : undefined);
    const model: TrainedModel = {
      bytes: kept.save('ubj'),
      rounds: kept.rounds,
      threshold: task === 'binary' ? thresholdOf(kept, validation, request.costs) : null,
      importance: importanceOf(kept, names),
      learningCurve: { metric, firstRound: firstRound + 1, ...curve, bestRound: kept.rounds },
      parameters,
      library: libraryName(),
    };
    for (const booster of new Set([kept, result.booster])) booster.dispose();
    return model;
  } finally {
    for (const matrix of new Set([training, trainingSample, validation, watched])) matrix.close();
  }
}

/** Rounds of trees in a saved model; 0 without one. */
function roundsOf(model: Uint8Array | undefined): number {
  if (model === undefined) return 0;
  const booster = Booster.load(model);
  try {
    return booster.rounds;
  } finally {
    booster.dispose();
  }
}

/** The model up to its best round, which stays the whole one when that is its last. */
function keepBest(booster: Booster, bestIteration: number | undefined): Booster {
  const rounds = bestIteration === undefined ? booster.rounds : bestIteration + 1;
  return rounds === booster.rounds ? booster : booster.slice(0, rounds);
}

/** The threshold with the least cost, or the largest F1 where the project has no costs, on the validation rows. */
function thresholdOf(booster: Booster, validation: LabelledMatrix, costs: Costs | null): number {
  const { values } = booster.predict(validation.matrix);
  const criterion =
    costs === null ? ({ criterion: 'f1' } as const) : ({ criterion: 'cost', ...costs } as const);
  return chooseThreshold(new Uint8Array(validation.labels), values, criterion).threshold;
}

/** Each feature's share of the total gain, the largest first; unused ones with 0. */
function importanceOf(booster: Booster, names: readonly string[]): ModelCard['importance'] {
  const gains = booster.featureScores('total_gain');
  const safe = safeNames(names);
  const total = [...gains.values()].reduce((sum, gain) => sum + gain, 0);
  return names
    .map((feature, index) => ({
      feature,
      share: total > 0 ? (gains.get(safe[index] ?? '') ?? 0) / total : 0,
    }))
    .sort((a, b) => b.share - a.share);
}

function libraryName(): string {
  const { major, minor, patch } = loadLibrary().version;
  return `xgboost ${major}.${minor}.${patch}`;
}
