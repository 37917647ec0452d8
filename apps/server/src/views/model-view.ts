import type { Model, ModelSummary } from '@kaefer/contracts';
import type { ProjectRecord } from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import type { UndoneUploads } from './learned-uploads.ts';

export interface ModelRow {
  readonly version: number;
  readonly metrics: string;
  readonly verdict: string | null;
}

interface Chosen {
  readonly by: string;
  readonly at: string;
  readonly note: string | null;
  readonly automatic: boolean;
}

/** The latest time each version was put into production. */
export async function chosenModels({ db }: Context, project: string): Promise<Map<number, Chosen>> {
  const decisions = await db
    .selectFrom('decisions')
    .selectAll()
    .where('project', '=', project)
    .where('choice', '!=', 'current')
    .orderBy('decided_at')
    .execute();
  return new Map(
    decisions.map(({ champion, decided_by, decided_at, note, automatic }) => [
      champion,
      { by: decided_by, at: decided_at, note, automatic: automatic === 1 },
    ]),
  );
}

export function modelView(
  context: Context,
  { definition, champion }: ProjectRecord,
  row: ModelRow,
  chosen: ReadonlyMap<number, Chosen>,
  undone: UndoneUploads,
): Model {
  const card = context.cards.get(definition.id, row.version);
  return {
    version: card.version,
    project: definition.id,
    run: card.run,
    mode: card.mode,
    parent: card.parent,
    createdAt: card.createdAt,
    datasetVersion: card.datasetVersion,
    rows: card.rows,
    settings: card.settings,
    tuning: card.tuning,
    positiveWeight: Number(card.parameters.scale_pos_weight ?? 1),
    rounds: card.rounds,
    threshold: card.threshold,
    classes: [...card.classes],
    features: [...card.features],
    importance: [...card.importance],
    learningCurve: card.learningCurve,
    metrics: JSON.parse(row.metrics) as Model['metrics'],
    sha256: card.sha256,
    bytes: card.bytes,
    library: card.library,
    champion: card.version === champion,
    chosen: chosen.get(card.version) ?? null,
    verdict: row.verdict as Model['verdict'],
    undoneUploads: undone(card),
  };
}

/** Without what only the model's own page shows. */
export function modelSummary(model: Model): ModelSummary {
  const { features: _features, importance: _importance, learningCurve: _curve, ...summary } = model;
  return summary;
}
