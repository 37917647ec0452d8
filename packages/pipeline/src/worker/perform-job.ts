import type { DuckDBConnection } from '@duckdb/node-api';
import type { CheckReport } from '../check/report.ts';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KaeferError, unansweredLeaks } from '@kaefer/contracts/messages';
import { ProjectFolder, UploadFolder } from '../lake/layout.ts';
import { readJson } from '../lake/durable.ts';
import { withConnection } from '../sql/connection.ts';
import type { Prepared } from '../prepare/prepare-run.ts';
import type { EarlierFormats } from '../features/earlier-formats.ts';
import type { Job, JobProgress, JobResults, MergedUpload } from './job.ts';

type Result = JobResults[keyof JobResults];

/** Does one job in this process. Modules are loaded as a job needs them, so that each process is as small as it can be. */
export async function performJob(job: Job, report: (progress: JobProgress) => void): Promise<Result> {
  if (job.kind === 'inspect') {
    const { inspectDraft } = await import('../check/inspect-draft.ts');
    return withConnection(job.limits, (connection) =>
      inspectDraft(connection, new UploadFolder(job.folder), job.fileLimits, job.reading),
    );
  }
  const folder = new ProjectFolder(job.lake, job.project);
  switch (job.kind) {
    case 'check':
      return check(job, folder, report);
    case 'merge':
      return merge(job, folder, report);
    case 'merge-sources':
      return mergeSources(job, folder, report);
    case 'try-recipe': {
      const { deriveRows, trialSeconds } = await import('../recipe/derive-rows.ts');
      mkdirSync(job.scratch, { recursive: true });
      try {
        const output = join(job.scratch, 'derived.parquet');
        return await deriveRows(job.limits, folder, job.recipe, output, trialSeconds);
      } finally {
        rmSync(job.scratch, { recursive: true, force: true });
      }
    }
    case 'prepare': {
      const { prepareRun } = await import('../prepare/prepare-run.ts');
      const prepared = await withConnection(job.limits, (connection) =>
        prepareRun(connection, folder, job.request, job.scratch),
      );
      return {
        datasetVersion: prepared.datasetVersion,
        trainingRows: prepared.training.rows,
        validationRows: prepared.validation.rows,
      };
    }
    case 'train': {
      const { trainModel } = await import('../train/train-model.ts');
      const prepared = readJson<Prepared>(join(job.scratch, 'prepared.json'));
      if (prepared === undefined) throw new Error('the prepared data is not there');
      // Tuning, where it is asked for, is most of the work.
      const tuned = job.request.mode === 'full' && job.request.settings.tuningMinutes > 0 ? 0.8 : 0;
      const card = await trainModel(
        folder,
        prepared,
        job.request,
        (round) => report({ fraction: tuned + ((1 - tuned) * round.round) / round.of, round }),
        (fraction) => report({ fraction: tuned * fraction }),
      );
      return { card };
    }
    case 'evaluate': {
      const { evaluateRun } = await import('../evaluate/evaluate-run.ts');
      const comparison = await withConnection(job.limits, (connection) =>
        evaluateRun(connection, folder, job.request),
      );
      return { comparison };
    }
    case 'compare': {
      const { compareModels } = await import('../evaluate/compare-models.ts');
      mkdirSync(job.scratch, { recursive: true });
      try {
        const comparison = await withConnection(job.limits, (connection) =>
          compareModels(connection, folder, job.request, join(job.scratch, 'holdout.parquet')),
        );
        return { comparison };
      } finally {
        rmSync(job.scratch, { recursive: true, force: true });
      }
    }
    case 'reproduce': {
      const { reproduceModel } = await import('../train/reproduce-model.ts');
      return withConnection(job.limits, (connection) =>
        reproduceModel(connection, folder, job.version, job.costs, job.scratch),
      );
    }
    case 'predict':
      return predict(job, folder);
    case 'keep-predictions': {
      const { keepPredictions } = await import('../outcomes/keep-predictions.ts');
      return {
        rows: await withConnection(job.limits, (connection) =>
          keepPredictions(connection, folder, job.file, job.key, job.id),
        ),
      };
    }
    case 'outcomes': {
      const { exportOutcomes, matchOutcomes } = await import('../outcomes/match-outcomes.ts');
      return withConnection(job.limits, async (connection) => {
        const items = await matchOutcomes(connection, folder, job.request);
        if (job.output !== null) await exportOutcomes(connection, items, job.output);
        return { items };
      });
    }
    case 'holdout': {
      const { exportHoldout } = await import('../evaluate/holdout-file.ts');
      return {
        rows: await withConnection(job.limits, (connection) =>
          exportHoldout(connection, folder.model(job.model).holdout, job.output, job.cells),
        ),
      };
    }
    case 'count-holdouts': {
      const { countHoldouts } = await import('../evaluate/holdouts.ts');
      const { findCurrentTable } = await import('../lake/project-table.ts');
      const current = await findCurrentTable(folder.table);
      if (current === undefined) return { items: [] };
      return {
        items: await withConnection(job.limits, (connection) =>
          countHoldouts(connection, folder, { ...current, ...job.rows }, job.holdouts),
        ),
      };
    }
    case 'list-earlier-keys': {
      const { listEarlierKeys } = await import('../evaluate/holdouts.ts');
      const { findCurrentTable } = await import('../lake/project-table.ts');
      const current = await findCurrentTable(folder.table);
      if (current === undefined) throw new KaeferError('no_data');
      return {
        rows: await withConnection(job.limits, (connection) =>
          listEarlierKeys(connection, folder, { ...current, ...job.rows }, job.id),
        ),
      };
    }
    case 'undo': {
      const { planUndo, undoUpload } = await import('../merge/undo-upload.ts');
      const { mergeKeyOf } = await import('../state/expectations.ts');
      const { source, upload, filename, by, isPlan } = job;
      const key = source === null ? job.key : mergeKeyOf(source);
      const { table } = source === null ? folder : folder.source(source.name);
      const place = { table, upload: (id: string) => folder.upload(id) };
      return withConnection(job.limits, async (connection) =>
        isPlan
          ? { ...(await planUndo(connection, place, upload, key)), version: null }
          : undoUpload(connection, place, upload, filename, key, by),
      );
    }
    case 'difference': {
      const { readDifference } = await import('../serve/read-difference.ts');
      return withConnection(job.limits, (connection) =>
        readDifference(connection, folder, job.version, job.key),
      );
    }
    case 'export': {
      const { exportDataset } = await import('../serve/export-dataset.ts');
      return {
        rows: await withConnection(job.limits, (connection) =>
          exportDataset(connection, folder, job.version, job.key, job.output, job.cells),
        ),
      };
    }
  }
}

async function predict(
  job: Extract<Job, { kind: 'predict' }>,
  folder: ProjectFolder,
): Promise<JobResults['predict']> {
  const { ServedModel } = await import('../serve/served-model.ts');
  const { predictFile } = await import('../serve/predict-file.ts');
  const { earlierFormats } = await import('../understand/proven-formats.ts');
  const model = ServedModel.load(folder.model(job.version), job.version);
  const { input, output, fileLimits, reading, kept, synonyms = {} } = job;
  const made = `${output}.predictions`;
  try {
    return await withConnection(job.limits, async (connection) => {
      const remember = kept && { ...kept, file: made };
      const decoded = `${output}.decoded`;
      const predicted = await predictFile(connection, model, input, decoded, output, fileLimits, {
        reading,
        earlier: earlierFormats(mergedOf(folder, job.merged, null)),
        synonyms: new Map(Object.entries(synonyms)),
        remember,
      });
      if (kept !== undefined) {
        const { keepPredictions } = await import('../outcomes/keep-predictions.ts');
        await keepPredictions(connection, folder, made, kept.key, kept.id);
      }
      return predicted;
    });
  } finally {
    rmSync(made, { force: true });
  }
}

function mergedOf(
  folder: ProjectFolder,
  merged: readonly MergedUpload[] | undefined,
  source: string | null,
): UploadFolder[] {
  return (merged ?? []).filter((upload) => upload.source === source).map(({ id }) => folder.upload(id));
}

async function check(
  job: Extract<Job, { kind: 'check' }>,
  folder: ProjectFolder,
  report: (progress: JobProgress) => void,
): Promise<JobResults['check']> {
  const { checkFile, refuseFile } = await import('../check/check-file.ts');
  const { findCurrentTable } = await import('../lake/project-table.ts');
  const upload = folder.upload(job.upload);
  const { watchCheck } = await import('../check/watch-check.ts');
  const { sources = [], contracts = {} } = job;
  const { earlierFormats } = await import('../understand/proven-formats.ts');
  const earlierOf = (source: string | null): EarlierFormats =>
    earlierFormats(mergedOf(folder, job.merged, source));
  const watched = (work: (connection: DuckDBConnection) => Promise<CheckReport>): Promise<CheckReport> =>
    withConnection(job.limits, async (connection) => {
      const end = await watchCheck(connection, upload, ({ fraction, ...reading }) =>
        report({ fraction, reading }),
      );
      try {
        return await work(connection);
      } finally {
        end();
      }
    });
  if (sources.length === 0) {
    const current = await findCurrentTable(folder.table);
    return watched((connection) =>
      checkFile(
        connection,
        upload,
        { ...job.expectations, earlier: earlierOf(null) },
        current,
        job.fileLimits,
        {
          profile: folder.profile,
        },
      ),
    );
  }
  const { recognizeSource } = await import('../check/recognize-source.ts');
  const { sourceExpectations } = await import('../state/expectations.ts');
  const named = sources.find(({ name }) => name === job.source);
  const source =
    named ??
    (await withConnection(job.limits, (connection) =>
      recognizeSource(connection, folder, upload, sources, contracts, job.fileLimits),
    ));
  if ('problem' in source) return refuseFile(upload, source.problem);
  const { table, profile } = folder.source(source.name);
  const current = await findCurrentTable(table);
  const expectations = {
    ...sourceExpectations(source, contracts[source.name]),
    earlier: earlierOf(source.name),
  };
  return watched((connection) =>
    checkFile(connection, upload, expectations, current, job.fileLimits, {
      source: source.name,
      profile,
    }),
  );
}

/** The recipe is tried before anything is merged, so that one that fails changes nothing. */
async function mergeSources(
  job: Extract<Job, { kind: 'merge-sources' }>,
  folder: ProjectFolder,
  report: (progress: JobProgress) => void,
): Promise<JobResults['merge-sources']> {
  const { deriveRows } = await import('../recipe/derive-rows.ts');
  const { mergeUpload } = await import('../merge/merge-upload.ts');
  const { mirrorRows } = await import('../merge/mirror-rows.ts');
  const { sourceVersions } = await import('../lake/recipe-commits.ts');
  const { mergeKeyOf } = await import('../state/expectations.ts');
  const { recipe, filenames, split, by } = job;
  const { key } = recipe.expectations;
  if (key === null) throw new Error('a project with sources has a key');
  mkdirSync(job.scratch, { recursive: true });
  const path = join(job.scratch, 'derived.parquet');
  const derived = await deriveRows(job.limits, folder, recipe, path);
  const leaks = unansweredLeaks(derived.problems, { exclude: [], confirmed: [...job.answeredLeaks] });
  if (derived.status === 'invalid' || leaks.length > 0) return { derived, merged: null };
  const steps = recipe.uploads.length + 2;
  report({ fraction: 1 / steps });
  return withConnection(job.limits, async (connection) => {
    for (const [index, { id, source: name }] of recipe.uploads.entries()) {
      const source = recipe.sources.find((candidate) => candidate.name === name);
      if (source === undefined) throw new Error(`the upload ${id} is of no source`);
      const target = { table: folder.source(name).table, key: mergeKeyOf(source), split: undefined };
      await mergeUpload(connection, folder.upload(id), { id, filename: filenames[id] ?? id }, target, by);
      report({ fraction: (index + 2) / steps });
    }
    const uploads = [...job.waiting, ...recipe.uploads.map(({ id }) => id)];
    const { columns, classes } = derived;
    const sources = await sourceVersions(folder, recipe.sources);
    const commit = { run: job.run, uploads, classes, sources };
    const merged = await mirrorRows(connection, folder, { path, columns }, { key, split }, commit, by);
    return { derived, merged };
  });
}

async function merge(
  job: Extract<Job, { kind: 'merge' }>,
  folder: ProjectFolder,
  report: (progress: JobProgress) => void,
): Promise<JobResults['merge']> {
  const { mergeUpload } = await import('../merge/merge-upload.ts');
  const { findCurrentTable } = await import('../lake/project-table.ts');
  return withConnection(job.limits, async (connection) => {
    const merged = [];
    for (const [index, { id, filename }] of job.uploads.entries()) {
      const target = { table: folder.table, key: job.key, split: job.split };
      const result = await mergeUpload(connection, folder.upload(id), { id, filename }, target, job.by);
      merged.push({ upload: id, ...result });
      report({ fraction: (index + 1) / job.uploads.length });
    }
    const current = await findCurrentTable(folder.table);
    return { version: current?.snapshot.version ?? null, merged };
  });
}
