import { datasetEffects, type UploadEffects } from '@kaefer/pipeline';
import type { Context } from '../context.ts';

/** What a model is made of: its data, and through the models that it continued theirs. */
interface Lineage {
  readonly version: number;
  readonly parent: number | null;
  readonly datasetVersion: number;
}

const isIn = (effects: UploadEffects | undefined, upload: string): boolean =>
  effects?.merged.has(upload) === true && !effects.undone.has(upload);

/** The dataset versions that a model learned from, its own and those of the models that it continued. */
function datasetVersions(context: Context, project: string, model: Lineage): number[] {
  const found = [model.datasetVersion];
  for (let { parent } = model; parent !== null;) {
    const card = context.cards.get(project, parent);
    found.push(card.datasetVersion);
    parent = card.parent;
  }
  return found;
}

async function effectsOf(context: Context, project: string): Promise<Map<number, UploadEffects>> {
  const { sources } = (await context.project(project)).definition;
  return datasetEffects(context.folder(project), sources);
}

/** Versions of the models that learned from an upload, the oldest first. */
export async function modelsThatLearnedFrom(
  context: Context,
  project: string,
  upload: string,
): Promise<number[]> {
  const effects = await effectsOf(context, project);
  const rows = await context.db
    .selectFrom('models')
    .select('version')
    .where('project', '=', project)
    .orderBy('version')
    .execute();
  return rows
    .map(({ version }) => version)
    .filter((version) =>
      datasetVersions(context, project, context.cards.get(project, version)).some((dataset) =>
        isIn(effects.get(dataset), upload),
      ),
    );
}

/** For a model the uploads that it learned from and that were undone since. */
export type UndoneUploads = (model: Lineage) => { id: string; filename: string }[];

export async function undoneUploads(context: Context, project: string): Promise<UndoneUploads> {
  const undone = await context.db
    .selectFrom('uploads')
    .select(['id', 'filename'])
    .where('project', '=', project)
    .where('status', '=', 'undone')
    .execute();
  if (undone.length === 0) return () => [];
  const effects = await effectsOf(context, project);
  return (model) => {
    const versions = datasetVersions(context, project, model);
    return undone.filter(({ id }) => versions.some((version) => isIn(effects.get(version), id)));
  };
}
