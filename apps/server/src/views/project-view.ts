import type { Production, Project } from '@kaefer/contracts';
import {
  columnsOfSchema,
  openProposal,
  openRunOf,
  waitsForPeople,
  type ProjectRecord,
} from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { readSample, type SampleFile } from '../samples.ts';

/** A project as the API shows it. */
export async function projectView(context: Context, record: ProjectRecord): Promise<Project> {
  const { definition, classes, champion, status } = record;
  const current = await context.tables.current(definition.id);
  const open = await openRunOf(context.db, definition.id);
  const sample = readSample(context.folder(definition.id));
  return {
    id: definition.id,
    name: definition.name,
    task: definition.task,
    target: definition.target,
    positive: definition.task === 'binary' ? (classes[1] ?? definition.positive) : null,
    classes: [...classes],
    key: definition.key,
    date: definition.date,
    exclude: [...definition.exclude],
    confirmed: [...definition.confirmed],
    costs: definition.costs,
    training: definition.training,
    sources: [...definition.sources],
    recipe: definition.recipe,
    reading: definition.reading,
    choosing: definition.choosing,
    holdoutShare: definition.split.holdoutShare,
    simulated: definition.simulated,
    status,
    createdAt: definition.createdAt,
    champion,
    production: champion === null ? null : await productionOf(context, definition.id, champion),
    dataset: {
      version: current?.snapshot.version ?? null,
      rows: current?.snapshot.rowCount ?? 0,
      columns: current === undefined ? 0 : columnsOfSchema(current.snapshot.schema).length,
      updatedAt: current === undefined ? null : current.snapshot.timestamp.toISOString(),
    },
    activeRun: open !== undefined && !waitsForPeople(open.status) ? open.id : null,
    waitingRun: open !== undefined && waitsForPeople(open.status) ? open.id : null,
    proposal: (await openProposal(context.db, definition.id)) ?? null,
    sample: sample === undefined ? null : sampleView(sample, definition.sources.length > 0),
  };
}

function sampleView(files: readonly SampleFile[], areReports: boolean): Project['sample'] {
  const sum = (field: 'rows' | 'bytes'): number => files.reduce((total, file) => total + file[field], 0);
  const names = files.map(({ filename }) => filename);
  return {
    filename: names.join(', '),
    rows: sum('rows'),
    bytes: sum('bytes'),
    reports: areReports ? names : [],
  };
}

async function productionOf(context: Context, project: string, version: number): Promise<Production | null> {
  const decision = await context.db
    .selectFrom('decisions')
    .selectAll()
    .where('project', '=', project)
    .where('champion', '=', version)
    .where('choice', '!=', 'current')
    .orderBy('decided_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const model = await context.db
    .selectFrom('models')
    .selectAll()
    .where('project', '=', project)
    .where('version', '=', version)
    .executeTakeFirst();
  if (decision === undefined || model === undefined) return null;
  const card = context.cards.get(project, version);
  const newest = await context.db
    .selectFrom('uploads')
    .select(({ fn }) => fn.max('received_at').as('at'))
    .where('project', '=', project)
    .where('dataset_version', '<=', card.datasetVersion)
    .executeTakeFirst();
  return {
    version,
    since: decision.decided_at,
    chosenBy: decision.decided_by,
    note: decision.note,
    metrics: JSON.parse(model.metrics) as Production['metrics'],
    holdoutRows: model.holdout_rows,
    datasetVersion: card.datasetVersion,
    dataUntil: newest?.at ?? card.createdAt,
  };
}
