import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  ChampionAnswer,
  ChampionPoint,
  ChampionRequest,
  Comparison,
  ComparisonRequest,
  KaeferError,
  Model,
  ModelSummary,
  PredictionAnswer,
  PredictionRequest,
  Reproduction,
} from '@kaefer/contracts';
import { changeChampion, displayName, proposeChampion, receiveFile, UploadFolder } from '@kaefer/pipeline';
import { compareForChoice, compareVersions } from '../compare-versions.ts';
import type { Context } from '../context.ts';
import { otherNames } from '../contracts.ts';
import { fileLimits } from '../disk-space.ts';
import { storeChoiceEvidence } from '../evidence/evidence-of-run.ts';
import { actorOf, personOf } from '../http/authentication.ts';
import { requestLocale } from '../http/locale.ts';
import { addNotes } from '../http/notes-header.ts';
import { requestFile } from '../http/request-file.ts';
import { sendAndRemove, sendFile } from '../http/send-file.ts';
import { answers, ModelParams, ProjectParams, TextAnswer, type App } from '../http/typed.ts';
import type { OutcomeWatch } from '../outcomes/outcomes.ts';
import { mergedUploads } from '../uploads.ts';
import { withSqlScratch } from '../sql-scratch.ts';
import { undoneUploads } from '../views/learned-uploads.ts';
import { championHistory } from '../views/champion-history.ts';
import { chosenModels, modelSummary, modelView, type ModelRow } from '../views/model-view.ts';

export function modelRoutes(app: App, context: Context): void {
  const tags = ['models'];
  const base = '/api/v1/projects/:project';
  const findModel = async (project: string, version: number): Promise<ModelRow> => {
    const row = await context.db
      .selectFrom('models')
      .select(['version', 'metrics', 'verdict'])
      .where('project', '=', project)
      .where('version', '=', version)
      .executeTakeFirst();
    if (row === undefined) throw new KaeferError('model_not_found', { version });
    return row;
  };
  app.get(
    `${base}/models`,
    {
      schema: {
        tags,
        summary: 'Every model, newest first',
        params: ProjectParams,
        response: answers({ 200: z.object({ items: z.array(ModelSummary) }) }),
      },
    },
    async (request) => {
      const project = await context.project(request.params.project);
      const { id } = project.definition;
      const rows = await context.db
        .selectFrom('models')
        .select(['version', 'metrics', 'verdict'])
        .where('project', '=', id)
        .orderBy('version', 'desc')
        .execute();
      const chosen = await chosenModels(context, id);
      const undone = await undoneUploads(context, id);
      return { items: rows.map((row) => modelSummary(modelView(context, project, row, chosen, undone))) };
    },
  );
  app.get(
    `${base}/models/:version`,
    { schema: { tags, summary: 'One model', params: ModelParams, response: answers({ 200: Model }) } },
    async (request) => {
      const project = await context.project(request.params.project);
      const { id } = project.definition;
      const row = await findModel(id, request.params.version);
      return modelView(
        context,
        project,
        row,
        await chosenModels(context, id),
        await undoneUploads(context, id),
      );
    },
  );
  app.get(
    `${base}/models/:version/model`,
    {
      schema: {
        tags,
        summary: "The model in XGBoost's own format (UBJSON)",
        params: ModelParams,
        produces: ['application/ubjson'],
        response: answers({ 200: TextAnswer }),
      },
    },
    async (request, reply) => {
      const { definition } = await context.project(request.params.project);
      const { version } = await findModel(definition.id, request.params.version);
      return sendFile(
        reply,
        context.folder(definition.id).model(version).model,
        'application/ubjson',
        `${definition.id}-model-${version}.ubj`,
      );
    },
  );
  app.get(
    `${base}/champions`,
    {
      schema: {
        tags,
        summary: 'How the model in production did at each decision, the oldest first',
        params: ProjectParams,
        response: answers({ 200: z.object({ items: z.array(ChampionPoint) }) }),
      },
    },
    async (request) => ({
      items: await championHistory(context, await context.project(request.params.project)),
    }),
  );
  app.post(
    `${base}/comparisons`,
    {
      schema: {
        tags,
        summary: "Compare any two versions on today's holdout, without keeping it",
        params: ProjectParams,
        body: ComparisonRequest,
        response: answers({ 200: Comparison }),
      },
    },
    async (request) =>
      compareVersions(
        context,
        await context.project(request.params.project),
        request.body,
        requestLocale(request),
      ),
  );
  app.post(
    `${base}/models/:version/reproduce`,
    {
      schema: {
        tags,
        summary: 'Train a model again from its card and compare the bytes',
        params: ModelParams,
        response: answers({ 200: Reproduction }),
      },
    },
    async (request) => {
      const { definition } = await context.project(request.params.project);
      const { version } = await findModel(definition.id, request.params.version);
      const scratch = join(context.scratch, 'runs', context.newId('reproduction'));
      const { id } = definition;
      return {
        version,
        ...(await withSqlScratch(context, 'reproduction', (limits) =>
          context.workers.run({
            kind: 'reproduce',
            lake: context.lake,
            project: id,
            limits,
            version,
            costs: definition.costs,
            scratch,
          }),
        )),
      };
    },
  );
  app.put(
    `${base}/champion`,
    {
      config: { engineer: true },
      schema: {
        tags,
        summary: 'Put any model into production; 202 where a second person must approve first',
        params: ProjectParams,
        body: ChampionRequest,
        response: answers({ 200: ChampionAnswer, 202: ChampionAnswer }),
      },
    },
    async (request, reply) => {
      const project = await context.project(request.params.project);
      const { definition, champion } = project;
      const { version, note } = request.body;
      await findModel(definition.id, version);
      const change = {
        id: context.newId('decision'),
        version,
        note: note ?? null,
        by: actorOf(request),
        at: context.now(),
      };
      const folder = context.folder(definition.id);
      if (definition.choosing.secondApprover) {
        const proposed = { ...change, person: personOf(request) };
        const proposal = await proposeChampion(context.db, folder, definition.id, change, proposed);
        return reply.code(202).send({ champion, proposal });
      }
      const comparison = await compareForChoice(context, project, version);
      const answer = await changeChampion(context.db, folder, definition.id, { ...change, comparison });
      await storeChoiceEvidence(context, definition.id, change.id, requestLocale(request));
      context.champions.get(await context.project(definition.id));
      return { ...answer, proposal: null };
    },
  );
}

export function predictionRoutes(app: App, context: Context, { journal }: OutcomeWatch): void {
  const tags = ['predictions'];
  const base = '/api/v1/projects/:project';
  app.post(
    `${base}/predictions`,
    {
      schema: {
        tags,
        summary: 'Predict records with the model in production',
        params: ProjectParams,
        body: PredictionRequest,
        response: answers({ 200: PredictionAnswer }),
      },
    },
    async (request) => {
      const project = await context.project(request.params.project);
      const model = context.champions.get(project);
      const { rows, explain } = request.body;
      const predictions = model.predict(rows, explain);
      const { version } = model.card;
      const { id: projectId, key } = project.definition;
      if (key !== null) journal.record(projectId, version, key, rows, predictions);
      return { model: version, predictions };
    },
  );
  app.post(
    `${base}/predictions.csv`,
    {
      schema: {
        tags,
        summary: 'Predict a CSV file: the same rows, in order, with score, label and model',
        consumes: ['text/csv', 'multipart/form-data'],
        produces: ['text/csv'],
        params: ProjectParams,
        response: answers({ 200: TextAnswer }),
      },
    },
    async (request, reply) => {
      const project = await context.project(request.params.project);
      const { card } = context.champions.get(project);
      const { key } = project.definition;
      const datasetVersion =
        (await context.tables.current(project.definition.id))?.snapshot.version ?? card.datasetVersion;
      const { content, filename } = await requestFile(context, request, undefined);
      const folder = join(context.scratch, 'predictions');
      mkdirSync(folder, { recursive: true });
      const id = context.newId('prediction');
      const synonyms = await otherNames(context, project);
      const merged = await mergedUploads(context.db, project.definition.id);
      const input = new UploadFolder(join(folder, id));
      const output = join(folder, `${id}.csv`);
      try {
        const file = { id, filename: displayName(filename), receivedAt: context.now() };
        await receiveFile(content, folder, file, context.config.uploadLimitBytes);
        const { notes } = await withSqlScratch(context, 'prediction', (limits) =>
          context.workers.run({
            kind: 'predict',
            lake: context.lake,
            project: project.definition.id,
            limits,
            version: card.version,
            input: input.file,
            output,
            fileLimits: fileLimits(context),
            reading: project.definition.reading,
            merged,
            synonyms,
            ...(key !== null && { kept: { key, id, datasetVersion, at: context.now() } }),
          }),
        );
        addNotes(reply, notes, requestLocale(request));
      } catch (error) {
        rmSync(output, { force: true });
        throw error;
      } finally {
        rmSync(input.path, { recursive: true, force: true });
      }
      return sendAndRemove(
        reply,
        output,
        'text/csv; charset=utf-8',
        `${project.definition.id}-predictions.csv`,
      );
    },
  );
}
