import { z } from 'zod';
import {
  Dataset,
  DatasetDifference,
  Holdout,
  HoldoutRequest,
  LakeRecord,
  Project,
  ProjectCreation,
  RecipeResult,
  RecipeTrial,
  RestoreAnswer,
  RestoreRequest,
  SettingsRequest,
  SettingsRevision,
  SourceTable,
  KaeferError,
} from '@kaefer/contracts';
import { allProjects, readRecord, withConnection } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { actorOf, requireEngineer } from '../http/authentication.ts';
import { requestLocale } from '../http/locale.ts';
import { sendExport } from '../http/send-export.ts';
import { answers, CellsQuery, ProjectParams, TextAnswer, type App } from '../http/typed.ts';
import { changeProjectSettings, settingsHistory } from '../project-settings.ts';
import { listHoldouts, startHoldout } from '../holdouts.ts';
import { createProject } from '../projects.ts';
import { sourceTables, tryRecipe } from '../recipes.ts';
import { restoreDataset } from '../restore-dataset.ts';
import { withSqlScratch } from '../sql-scratch.ts';
import { datasetView } from '../views/dataset-view.ts';
import { projectView } from '../views/project-view.ts';

export function projectRoutes(app: App, context: Context): void {
  const tags = ['projects'];
  app.post(
    '/api/v1/projects',
    {
      config: { engineer: true },
      schema: {
        tags,
        summary: 'Create a project',
        body: ProjectCreation,
        response: answers({ 201: Project }),
      },
    },
    async (request, reply) => {
      const project = await createProject(context, request.body, requestLocale(request));
      return reply.code(201).send(await projectView(context, project));
    },
  );
  app.get(
    '/api/v1/projects',
    {
      schema: {
        tags,
        summary: 'All projects',
        response: answers({ 200: z.object({ items: z.array(Project) }) }),
      },
    },
    async () => {
      const projects = await allProjects(context.db);
      return { items: await Promise.all(projects.map((project) => projectView(context, project))) };
    },
  );
  app.get(
    '/api/v1/projects/:project',
    { schema: { tags, summary: 'One project', params: ProjectParams, response: answers({ 200: Project }) } },
    async (request) => projectView(context, await context.project(request.params.project)),
  );
  app.get(
    '/api/v1/projects/:project/settings',
    {
      schema: {
        tags,
        summary: 'The settings of a project as they were and are, the newest first',
        params: ProjectParams,
        response: answers({ 200: z.object({ items: z.array(SettingsRevision) }) }),
      },
    },
    async (request) => ({
      items: await settingsHistory(context, await context.project(request.params.project)),
    }),
  );
  app.patch(
    '/api/v1/projects/:project/settings',
    {
      schema: {
        tags,
        summary: 'Change settings of a project, for the runs to come',
        params: ProjectParams,
        body: SettingsRequest,
        response: answers({ 200: Project }),
      },
    },
    async (request) => {
      const project = await context.project(request.params.project);
      // Operators know the process: they say of columns whether these are known in time.
      const { exclude: _exclude, confirmed: _confirmed, note: _note, ...rest } = request.body;
      if (Object.keys(rest).length > 0) requireEngineer(request);
      return projectView(
        context,
        await changeProjectSettings(context, project, request.body, actorOf(request), requestLocale(request)),
      );
    },
  );
  app.get(
    '/api/v1/projects/:project/holdouts',
    {
      schema: {
        tags,
        summary: 'The sets of test rows that models are, were or will be compared on, the newest first',
        params: ProjectParams,
        response: answers({ 200: z.object({ items: z.array(Holdout) }) }),
      },
    },
    async (request) => ({
      items: await listHoldouts(context, await context.project(request.params.project)),
    }),
  );
  app.post(
    '/api/v1/projects/:project/holdouts',
    {
      config: { engineer: true },
      schema: {
        tags,
        summary: 'Begin a fresh set of test rows, from the data to come',
        params: ProjectParams,
        body: HoldoutRequest,
        response: answers({ 201: z.object({ items: z.array(Holdout) }) }),
      },
    },
    async (request, reply) => {
      const project = await context.project(request.params.project);
      const items = await startHoldout(context, project, request.body, actorOf(request));
      return reply.code(201).send({ items });
    },
  );
  app.get(
    '/api/v1/projects/:project/sources',
    {
      schema: {
        tags,
        summary: 'The reports that a project takes, and what of each is in the lake',
        params: ProjectParams,
        response: answers({ 200: z.object({ items: z.array(SourceTable) }) }),
      },
    },
    async (request) => ({
      items: await sourceTables(context, await context.project(request.params.project)),
    }),
  );
  app.post(
    '/api/v1/projects/:project/recipe/trial',
    {
      schema: {
        tags,
        summary: 'What a recipe would make of the reports; changes nothing',
        params: ProjectParams,
        body: RecipeTrial,
        response: answers({ 200: RecipeResult }),
      },
    },
    async (request) =>
      tryRecipe(context, await context.project(request.params.project), request.body, requestLocale(request)),
  );
}

export function datasetRoutes(app: App, context: Context): void {
  const tags = ['dataset'];
  const base = '/api/v1/projects/:project';
  app.get(
    `${base}/dataset`,
    {
      schema: {
        tags,
        summary: 'The data now, and its history',
        params: ProjectParams,
        response: answers({ 200: Dataset }),
      },
    },
    async (request) => datasetView(context, await context.project(request.params.project)),
  );
  app.get(
    `${base}/dataset.csv`,
    {
      schema: {
        tags,
        summary: 'The data as a version had it, as CSV ordered by key',
        params: ProjectParams,
        querystring: CellsQuery.extend({ version: z.coerce.number().int().min(0).optional() }),
        produces: ['text/csv'],
        response: answers({ 200: TextAnswer }),
      },
    },
    async (request, reply) => {
      const { definition } = await context.project(request.params.project);
      const version = request.query.version ?? null;
      const { id, key } = definition;
      const name = `${id}${version === null ? '' : `-v${version}`}.csv`;
      return sendExport(context, reply, name, (limits, output) =>
        context.workers.run({
          kind: 'export',
          lake: context.lake,
          project: id,
          limits,
          version,
          key,
          output,
          cells: request.query.cells,
        }),
      );
    },
  );
  app.get(
    `${base}/dataset/:version/changes`,
    {
      schema: {
        tags,
        summary: 'The rows in which a version of the data differs from the one before',
        params: ProjectParams.extend({ version: z.coerce.number().int().min(1) }),
        response: answers({ 200: DatasetDifference }),
      },
    },
    async (request) => {
      const { id, key } = (await context.project(request.params.project)).definition;
      return withSqlScratch(context, 'difference', (limits) =>
        context.workers.run({
          kind: 'difference',
          lake: context.lake,
          project: id,
          limits,
          version: request.params.version,
          key,
        }),
      );
    },
  );
  app.post(
    `${base}/dataset/restore`,
    {
      config: { engineer: true },
      schema: {
        tags,
        summary: 'Go back to a version of the data, as a new version',
        params: ProjectParams,
        body: RestoreRequest,
        response: answers({ 200: RestoreAnswer }),
      },
    },
    async (request) =>
      restoreDataset(
        context,
        await context.project(request.params.project),
        request.body.version,
        actorOf(request),
      ),
  );
  app.get(
    `${base}/records`,
    {
      schema: {
        tags,
        summary: 'One row of the data, by its key',
        params: ProjectParams,
        querystring: z.object({ key: z.string().min(1).max(1000) }),
        response: answers({ 200: LakeRecord }),
      },
    },
    async (request) => {
      const { definition } = await context.project(request.params.project);
      if (definition.key === null) throw new KaeferError('no_key');
      const current = await context.tables.current(definition.id);
      if (current === undefined) throw new KaeferError('no_data');
      const key = definition.key;
      return withSqlScratch(context, 'lookup', (limits) =>
        withConnection({ ...limits, memoryMib: 128, threads: 1 }, (connection) =>
          readRecord(connection, current, key, request.query.key),
        ),
      );
    },
  );
}
