import { Outcomes } from '@kaefer/contracts';
import type { Context } from '../context.ts';
import { sendExport } from '../http/send-export.ts';
import { answers, ProjectParams, TextAnswer, type App } from '../http/typed.ts';
import type { OutcomeWatch } from '../outcomes/outcomes.ts';

export function outcomeRoutes(app: App, context: Context, outcomes: OutcomeWatch): void {
  const tags = ['predictions'];
  const base = '/api/v1/projects/:project';
  app.get(
    `${base}/outcomes`,
    {
      schema: {
        tags,
        summary: 'How good the predictions of new records were, now that their outcomes are in the data',
        params: ProjectParams,
        response: answers({ 200: Outcomes }),
      },
    },
    async (request) => ({ items: await outcomes.of(await context.project(request.params.project)) }),
  );
  app.get(
    `${base}/outcomes.csv`,
    {
      schema: {
        tags,
        summary: 'Each of these predictions with its outcome, as CSV',
        produces: ['text/csv'],
        params: ProjectParams,
        response: answers({ 200: TextAnswer }),
      },
    },
    async (request, reply) => {
      const project = await context.project(request.params.project);
      return sendExport(context, reply, `${project.definition.id}-outcomes.csv`, (_limits, output) =>
        outcomes.write(project, output),
      );
    },
  );
}
