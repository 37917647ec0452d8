import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  Candidates,
  Comparison,
  Decision,
  DecisionRequest,
  KaeferError,
  locales,
  PendingDecision,
  Run,
  RunCreation,
} from '@kaefer/contracts';
import {
  readJson,
  runsOfProject,
  waitsForPeople,
  type RunRecord,
  type StoredComparison,
} from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { comparisonView } from '../evidence/comparison-view.ts';
import { decideOnEvidence, evidenceOfRun } from '../evidence/evidence-of-run.ts';
import { actorOf, personOf } from '../http/authentication.ts';
import { requestLocale } from '../http/locale.ts';
import { sendExport } from '../http/send-export.ts';
import { sendStream } from '../http/send-file.ts';
import { answers, IdParams, ProjectParams, CellsQuery, TextAnswer, type App } from '../http/typed.ts';
import { startRun } from '../run-requests.ts';
import type { RunQueue } from '../runs/run-queue.ts';
import { freshRun } from '../runs/stage-scope.ts';
import { candidatesView } from '../views/candidates-view.ts';
import { runView } from '../views/run-view.ts';

/** Which of several candidates; without it the recommended one. */
const CandidateQuery = z.object({ candidate: z.coerce.number().int().optional() });

export function runRoutes(app: App, context: Context, queue: RunQueue): void {
  const tags = ['runs'];
  const base = '/api/v1/runs/:id';
  app.post(
    '/api/v1/projects/:project/runs',
    {
      schema: {
        tags,
        summary: 'Merge uploads and retrain',
        params: ProjectParams,
        body: RunCreation,
        response: answers({ 202: Run }),
      },
    },
    async (request, reply) => {
      const project = await context.project(request.params.project);
      const run = await startRun(context, queue, project, request.body, actorOf(request));
      return reply.code(202).send(await runView(context, queue, run, requestLocale(request)));
    },
  );
  app.get(
    '/api/v1/projects/:project/runs',
    {
      schema: {
        tags,
        summary: 'The latest runs, newest first',
        params: ProjectParams,
        response: answers({ 200: z.object({ items: z.array(Run) }) }),
      },
    },
    async (request) => {
      const { definition } = await context.project(request.params.project);
      const runs = await runsOfProject(context.db, definition.id);
      return {
        items: await Promise.all(runs.map((run) => runView(context, queue, run, requestLocale(request)))),
      };
    },
  );
  app.get(
    base,
    { schema: { tags, summary: 'One run', params: IdParams, response: answers({ 200: Run }) } },
    async (request) =>
      runView(context, queue, await freshRun(context, request.params.id), requestLocale(request)),
  );
  app.post(
    `${base}/cancel`,
    {
      schema: {
        tags,
        summary: 'Cancel a run before its decision',
        params: IdParams,
        response: answers({ 200: Run }),
      },
    },
    async (request) => runView(context, queue, await queue.cancel(request.params.id), requestLocale(request)),
  );
  app.get(
    `${base}/comparison`,
    {
      schema: {
        tags,
        summary: 'Both models on rows that neither has seen',
        params: IdParams,
        querystring: CandidateQuery,
        response: answers({ 200: Comparison }),
      },
    },
    async (request) => {
      const run = await freshRun(context, request.params.id);
      const { place } = evaluatedModel(context, run, request.query.candidate);
      const stored = readJson<StoredComparison>(place.comparison);
      if (stored === undefined) throw notReady(run);
      return comparisonView(stored, requestLocale(request));
    },
  );
  app.get(
    `${base}/candidates`,
    {
      schema: {
        tags,
        summary: 'The models that the run trained, each beside the current one in a few figures',
        params: IdParams,
        response: answers({ 200: Candidates }),
      },
    },
    async (request) => {
      const run = await freshRun(context, request.params.id);
      evaluatedModel(context, run);
      return candidatesView(context, await context.project(run.project), run);
    },
  );
  for (const kind of ['html', 'pdf'] as const) {
    const type = { html: 'text/html; charset=utf-8', pdf: 'application/pdf' }[kind];
    app.get(
      `${base}/evidence.${kind}`,
      {
        schema: {
          tags,
          summary: `All that a decision rests on, as one ${kind === 'html' ? 'page' : 'PDF'} to keep and to print`,
          params: IdParams,
          querystring: CandidateQuery.extend({ language: z.enum(locales).optional() }),
          produces: [kind === 'html' ? 'text/html' : 'application/pdf'],
          response: answers({ 200: TextAnswer }),
        },
      },
      async (request, reply) => {
        const run = await freshRun(context, request.params.id);
        const { version } = evaluatedModel(context, run, request.query.candidate);
        const locale = request.query.language ?? requestLocale(request);
        const file = await evidenceOfRun(context, run, version, locale, kind);
        return sendStream(reply, Readable.from([file]), type, `evidence-${run.id}.${kind}`);
      },
    );
  }
  app.get(
    `${base}/holdout.csv`,
    {
      schema: {
        tags,
        summary: "Every holdout row with both models' scores",
        params: IdParams,
        querystring: CellsQuery.extend(CandidateQuery.shape),
        produces: ['text/csv'],
        response: answers({ 200: TextAnswer }),
      },
    },
    async (request, reply) => {
      const run = await freshRun(context, request.params.id);
      const { version: model } = evaluatedModel(context, run, request.query.candidate);
      return sendExport(context, reply, `holdout-${run.id}.csv`, (limits, output) =>
        context.workers.run({
          kind: 'holdout',
          lake: context.lake,
          project: run.project,
          limits,
          model,
          output,
          cells: request.query.cells,
        }),
      );
    },
  );
  app.post(
    `${base}/decision`,
    {
      schema: {
        tags,
        summary:
          'Choose between the current model and the candidate; 202 where a second person must approve first',
        params: IdParams,
        body: DecisionRequest,
        response: answers({ 200: Decision, 202: PendingDecision }),
      },
    },
    async (request, reply) => {
      const run = await freshRun(context, request.params.id);
      const { choice, version, note } = request.body;
      const made = {
        choice,
        version,
        note: note === undefined || note.trim() === '' ? null : note,
        by: actorOf(request),
        person: personOf(request),
        at: context.now(),
      };
      const decision = await decideOnEvidence(context, run, made, requestLocale(request));
      queue.events.announce(run.id, 'status');
      if ('proposal' in decision) return reply.code(202).send(decision);
      context.champions.get(await context.project(run.project));
      return decision;
    },
  );
}

/** @throws KaeferError `comparison_not_ready`, `candidate_not_found` */
function evaluatedModel(context: Context, run: RunRecord, wanted?: number) {
  const settled = waitsForPeople(run.status) || run.status === 'decided' || run.status === 'cancelled';
  if (run.candidate === null || !settled) throw notReady(run);
  const version = wanted ?? run.candidate;
  if (version !== run.candidate && !run.candidates.some((one) => one.version === version))
    throw new KaeferError('candidate_not_found', { run: run.id, version });
  const place = context.folder(run.project).model(version);
  if (!existsSync(place.comparison)) throw notReady(run);
  return { version, place };
}

function notReady(run: RunRecord): KaeferError {
  return new KaeferError('comparison_not_ready', { run: run.id, status: run.status });
}
