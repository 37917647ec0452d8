import { isDeepStrictEqual } from 'node:util';
import {
  KaeferError,
  type Locale,
  ProjectSettings,
  type SettingsRequest,
  type SettingsRevision,
} from '@kaefer/contracts';
import {
  changeSettings,
  findTable,
  openRunOf,
  publishSettings,
  readDefinition,
  readJson,
  settingsChanges,
  settingsOf,
  type ProjectDefinition,
  type ProjectRecord,
  waitsForPeople,
} from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { requireSensibleSettings, requireSensibleSources } from './projects.ts';
import { requireUsableRecipe } from './recipes.ts';

/**
 * Changes a project's settings: from now on its runs follow them, and models trained before keep theirs. A request that
 * changes nothing is not recorded.
 *
 * @throws KaeferError `run_in_progress`, `project_invalid`, `recipe_invalid`
 */
export async function changeProjectSettings(
  context: Context,
  { definition }: ProjectRecord,
  { note, ...request }: SettingsRequest,
  by: string,
  locale: Locale,
): Promise<ProjectRecord> {
  const open = await openRunOf(context.db, definition.id);
  if (open !== undefined && !waitsForPeople(open.status))
    throw new KaeferError('run_in_progress', { run: open.id });
  const before = settingsOf(definition);
  const settings: ProjectSettings = { ...before, ...withoutUndefined(request) };
  const named = [definition.target, definition.key, definition.date].filter((name) => name !== null);
  requireSensibleSettings(settings, definition.task, named);
  await requireKeptSources(context, definition, settings);
  if (settings.recipe !== null && changesRecipe(before, settings))
    await requireUsableRecipe(context, { ...definition, ...settings }, locale);
  if (!isDeepStrictEqual(settings, before)) {
    const why = { note: note === undefined || note === '' ? null : note, by, at: context.now() };
    publishSettings(
      context.folder(definition.id),
      await changeSettings(context.db, definition.id, settings, why),
    );
  }
  return context.project(definition.id);
}

/**
 * Reports may be added; one whose rows are in the lake keeps its name and its key.
 *
 * @throws KaeferError `project_invalid`
 */
async function requireKeptSources(
  { folder }: Context,
  { id, sources: before }: ProjectDefinition,
  { sources, recipe }: ProjectSettings,
): Promise<void> {
  const refuse = (reason: string): never => {
    throw new KaeferError('project_invalid', { reason });
  };
  if ((sources.length === 0) !== (before.length === 0))
    refuse('Whether a project takes several reports is settled when it is created.');
  if (sources.length === 0 && recipe !== null) refuse('A recipe belongs to a project with several reports.');
  requireSensibleSources(sources);
  for (const { name, key } of before) {
    const now = sources.find((source) => source.name === name);
    if (now !== undefined && isDeepStrictEqual(now.key, key)) continue;
    if ((await findTable(folder(id).source(name).table)) !== undefined)
      refuse(`The report “${name}” has rows in the lake: it keeps its name and its key.`);
  }
}

/** How a source's files are read does not change what the recipe finds. */
function changesRecipe(before: ProjectSettings, now: ProjectSettings): boolean {
  const names = ({ sources }: ProjectSettings) => sources.map(({ name, key }) => ({ name, key }));
  return before.recipe !== now.recipe || !isDeepStrictEqual(names(before), names(now));
}

/** Every state that a project's settings had, the newest first. */
export async function settingsHistory(
  context: Context,
  { definition }: ProjectRecord,
): Promise<SettingsRevision[]> {
  const created = readJson<ProjectDefinition>(context.folder(definition.id).description) ?? definition;
  const changes = await settingsChanges(context.db, definition.id);
  return [
    ...changes
      .map(({ revision, settings, note, changed_by: changedBy, changed_at: changedAt }) => ({
        revision,
        // Written perhaps before some settings existed.
        settings: ProjectSettings.parse(JSON.parse(settings)),
        note,
        changedBy,
        changedAt,
      }))
      .reverse(),
    {
      revision: 0,
      settings: settingsOf(readDefinition(created)),
      note: null,
      changedBy: null,
      changedAt: definition.createdAt,
    },
  ];
}

function withoutUndefined<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
