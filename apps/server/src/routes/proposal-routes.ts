import { z } from 'zod';
import { Proposal, ProposalAnswer } from '@kaefer/contracts';
import { answerProposal, decisionOf, findRun } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { compareForChoice } from '../compare-versions.ts';
import { storeChoiceEvidence, storeEvidence } from '../evidence/evidence-of-run.ts';
import { actorOf, personOf } from '../http/authentication.ts';
import { requestLocale } from '../http/locale.ts';
import { answers, ProjectParams, type App } from '../http/typed.ts';
import type { RunQueue } from '../runs/run-queue.ts';

export function proposalRoutes(app: App, context: Context, queue: RunQueue): void {
  app.post(
    '/api/v1/projects/:project/proposals/:id/answer',
    {
      schema: {
        tags: ['models'],
        summary: 'Approve or reject what another person has chosen',
        params: ProjectParams.extend({ id: z.string().min(1).max(120) }),
        body: ProposalAnswer,
        response: answers({ 200: Proposal }),
      },
    },
    async (request) => {
      const project = await context.project(request.params.project);
      const { definition } = project;
      const { answer, reason } = request.body;
      const folder = context.folder(definition.id);
      const reply = {
        answer,
        reason: reason === undefined || reason.trim() === '' ? null : reason.trim(),
        by: actorOf(request),
        person: personOf(request),
        at: context.now(),
      };
      const proposal = await answerProposal(
        context.db,
        folder,
        definition.id,
        request.params.id,
        reply,
        (version) => compareForChoice(context, project, version),
      );
      if (proposal.run === null && proposal.state === 'approved')
        await storeChoiceEvidence(context, definition.id, proposal.id, requestLocale(request));
      const run = proposal.run === null ? undefined : await findRun(context.db, proposal.run);
      const decision = run && (await decisionOf(context.db, run.id));
      if (run !== undefined && decision !== undefined)
        await storeEvidence(context, run, decision, requestLocale(request));
      if (proposal.state === 'approved') context.champions.get(await context.project(definition.id));
      if (run !== undefined) queue.events.announce(run.id, 'status');
      return proposal;
    },
  );
}
