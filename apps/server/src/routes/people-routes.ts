import { z } from 'zod';
import { Invitation, Person, PersonCreation } from '@kaefer/contracts';
import { allPeople } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { actorOf } from '../http/authentication.ts';
import type { Sessions } from '../http/sessions.ts';
import { answers, IdParams, type App } from '../http/typed.ts';
import { dismissPerson, inviteAgain, invitePerson } from '../people.ts';

export function peopleRoutes(app: App, context: Context, sessions: Sessions): void {
  const tags = ['people'];
  const config = { engineer: true };
  app.get(
    '/api/v1/people',
    {
      config,
      schema: {
        tags,
        summary: 'Everyone who signs in by a name, and who did',
        response: answers({ 200: z.object({ items: z.array(Person) }) }),
      },
    },
    async () => ({ items: await allPeople(context.db) }),
  );
  app.post(
    '/api/v1/people',
    {
      config,
      schema: {
        tags,
        summary: 'Let a person in: the answer has a link that signs one browser in, once, within 24 hours',
        body: PersonCreation,
        response: answers({ 201: Invitation }),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await invitePerson(context, sessions, request.body, actorOf(request))),
  );
  app.post(
    '/api/v1/people/:id/invitations',
    {
      config,
      schema: {
        tags,
        summary: 'A new link for a person, such as for another browser',
        params: IdParams,
        response: answers({ 201: Invitation }),
      },
    },
    async (request, reply) => reply.code(201).send(await inviteAgain(context, sessions, request.params.id)),
  );
  app.delete(
    '/api/v1/people/:id',
    {
      config,
      schema: {
        tags,
        summary: "End a person's access at once; decisions keep the name",
        params: IdParams,
        response: answers({ 200: Person }),
      },
    },
    async (request) => dismissPerson(context, request.params.id, actorOf(request)),
  );
}
