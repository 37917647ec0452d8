import { z } from 'zod';
import { Arrival, FeedName, FeedRequest, FeedState } from '@kaefer/contracts';
import type { Context } from '../context.ts';
import { actorOf } from '../http/authentication.ts';
import { requestLocale } from '../http/locale.ts';
import { answers, IdParams, ProjectParams, type App } from '../http/typed.ts';
import { putFeed, removeFeed, requireFeed } from '../intake/feeds.ts';
import type { Intake } from '../intake/intake.ts';
import { arrivalView } from '../views/arrival-view.ts';
import { feedState, feedStates } from '../views/feed-view.ts';

const FeedParams = ProjectParams.extend({ feed: FeedName });

/** Files that come by themselves, and those that are coming in now. */
export function feedRoutes(app: App, context: Context, intake: Intake): void {
  const tags = ['feeds'];
  const base = '/api/v1/projects/:project/feeds';
  app.get(
    base,
    {
      schema: {
        tags,
        summary: 'The places from which files come by themselves, and how that goes',
        params: ProjectParams,
        response: answers({ 200: z.object({ items: z.array(FeedState) }) }),
      },
    },
    async (request) => {
      const project = await context.project(request.params.project);
      return { items: await feedStates(context, intake, project, requestLocale(request)) };
    },
  );
  app.put(
    `${base}/:feed`,
    {
      config: { engineer: true },
      schema: {
        tags,
        summary: 'Make or replace a feed: a web address, a prefix in S3 or a folder',
        params: FeedParams,
        body: FeedRequest,
        response: answers({ 200: FeedState }),
      },
    },
    async (request) => {
      const project = await context.project(request.params.project);
      const { feed: name } = request.params;
      const feed = await putFeed(context, intake.runner, project, name, request.body, actorOf(request));
      return feedState(context, intake, project.definition.id, feed, requestLocale(request));
    },
  );
  app.delete(
    `${base}/:feed`,
    {
      config: { engineer: true },
      schema: {
        tags,
        summary: 'Remove a feed; what it brought stays',
        params: FeedParams,
        response: answers({ 204: z.null() }),
      },
    },
    async (request, reply) => {
      const project = await context.project(request.params.project);
      await removeFeed(context, intake.runner, project, request.params.feed, actorOf(request));
      return reply.code(204).send(null);
    },
  );
  app.post(
    `${base}/:feed/fetch`,
    {
      schema: {
        tags,
        summary: 'Fetch now; the answer does not wait for it',
        params: FeedParams,
        response: answers({ 202: FeedState }),
      },
    },
    async (request, reply) => {
      const project = await context.project(request.params.project);
      const { id } = project.definition;
      const feed = requireFeed(project, request.params.feed);
      intake.runner.ask(id, feed.name, actorOf(request));
      return reply.code(202).send(await feedState(context, intake, id, feed, requestLocale(request)));
    },
  );
  app.get(
    '/api/v1/projects/:project/arrivals',
    {
      schema: {
        tags: ['uploads'],
        summary: 'The files that are being received or checked now',
        params: ProjectParams,
        response: answers({ 200: z.object({ items: z.array(Arrival) }) }),
      },
    },
    async (request) => {
      const { definition } = await context.project(request.params.project);
      return { items: context.arrivals.of(definition.id).map(arrivalView) };
    },
  );
  app.delete(
    '/api/v1/arrivals/:id',
    {
      schema: {
        tags: ['uploads'],
        summary: 'Stop a file that is being received or checked; nothing of it stays',
        params: IdParams,
        response: answers({ 204: z.null() }),
      },
    },
    async (request, reply) => {
      context.arrivals.cancel(request.params.id);
      return reply.code(204).send(null);
    },
  );
}
