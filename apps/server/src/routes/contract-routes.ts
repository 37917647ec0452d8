import { z } from 'zod';
import {
  ContractChange,
  ContractSaved,
  ContractState,
  ContractVersion,
  KaeferError,
} from '@kaefer/contracts';
import type { Context } from '../context.ts';
import { contractHistory, contractState, saveContract } from '../contracts.ts';
import { actorOf } from '../http/authentication.ts';
import { answers, ProjectParams, type App } from '../http/typed.ts';
import { recheckWaiting } from '../recheck-uploads.ts';

const SourceQuery = z.object({
  /** Whose contract, in a project that takes several reports. */
  source: z.string().max(40).optional(),
});

export function contractRoutes(app: App, context: Context): void {
  const tags = ['contract'];
  const path = '/api/v1/projects/:project/contract';
  app.get(
    path,
    {
      schema: {
        tags,
        summary:
          'What is agreed of the files of a project, or of one of its reports; its version is the ETag',
        params: ProjectParams,
        querystring: SourceQuery,
        response: answers({ 200: ContractState }),
      },
    },
    async (request, reply) => {
      const project = await context.project(request.params.project);
      const state = await contractState(context, project, request.query.source ?? null);
      return reply.header('etag', `"${state.version}"`).send(state);
    },
  );
  app.put(
    path,
    {
      config: { engineer: true },
      schema: {
        tags,
        summary:
          'Change what is agreed, with If-Match or `version` only when nobody else has meanwhile; files that wait are checked again',
        params: ProjectParams,
        querystring: SourceQuery,
        body: ContractChange,
        response: answers({ 200: ContractSaved }),
      },
    },
    async (request, reply) => {
      const { contract, version, note = '' } = request.body;
      const project = await context.project(request.params.project);
      const source = request.query.source ?? null;
      const edited = version ?? versionOf(request.headers['if-match']);
      const why = { note: note === '' ? null : note, by: actorOf(request) };
      const isChanged = await saveContract(context, project, source, contract, why, edited);
      const rechecked = isChanged ? await recheckWaiting(context, project, source) : 0;
      const state = await contractState(context, project, source);
      return reply.header('etag', `"${state.version}"`).send({ ...state, rechecked });
    },
  );
  app.get(
    `${path}/versions`,
    {
      schema: {
        tags,
        summary: 'Every version of a contract, the newest first',
        params: ProjectParams,
        querystring: SourceQuery,
        response: answers({ 200: z.object({ items: z.array(ContractVersion) }) }),
      },
    },
    async (request) => ({
      items: await contractHistory(
        context,
        await context.project(request.params.project),
        request.query.source ?? null,
      ),
    }),
  );
}

/** @throws KaeferError `invalid_request` */
function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const [, version] = /^\s*(?:W\/)?"?(\d{1,9})"?\s*$/.exec(ifMatch) ?? [];
  if (version === undefined)
    throw new KaeferError('invalid_request', { reason: 'If-Match must be the version of a contract' });
  return Number(version);
}
