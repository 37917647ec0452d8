import { join } from 'node:path';
import {
  describeProblem,
  KaeferError,
  severityOf,
  type Locale,
  type RecipeResult,
  type RecipeTrial,
  type SourceTable,
} from '@kaefer/contracts';
import {
  columnsOfSchema,
  expectationsOf,
  findCurrentTable,
  findProject,
  type DerivedRows,
  type ProjectDefinition,
  type ProjectRecord,
  type RecipeRequest,
} from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { withSqlScratch } from './sql-scratch.ts';
import { findUpload } from './uploads.ts';
import { problemView } from './views/upload-view.ts';

/** The reports that a project takes, and what of each is in the lake. */
export async function sourceTables(context: Context, { definition }: ProjectRecord): Promise<SourceTable[]> {
  const folder = context.folder(definition.id);
  return Promise.all(
    definition.sources.map(async ({ name, key }) => {
      const snapshot = (await findCurrentTable(folder.source(name).table))?.snapshot;
      return {
        name,
        key: [...key],
        version: snapshot?.version ?? null,
        rows: snapshot?.rowCount ?? 0,
        columns: snapshot === undefined ? [] : columnsOfSchema(snapshot.schema),
        updatedAt: snapshot === undefined ? null : snapshot.timestamp.toISOString(),
      };
    }),
  );
}

/**
 * What making the training table needs.
 *
 * @throws KaeferError `upload_not_found`
 */
export async function recipeRequestOf(
  context: Context,
  project: ProjectRecord,
  uploads: readonly string[],
): Promise<RecipeRequest> {
  const { id: projectId, recipe, sources } = project.definition;
  const files = await Promise.all(
    uploads.map(async (id) => {
      const upload = await findUpload(context, id);
      if (upload.project !== projectId || upload.source === null)
        throw new KaeferError('upload_not_found', { upload: id });
      return { id, source: upload.source };
    }),
  );
  return { recipe, sources, uploads: files, expectations: expectationsOf(project) };
}

/**
 * Carries a recipe out over the reports that the lake has, and some that wait, without changing anything.
 *
 * @throws KaeferError `upload_not_found`, `upload_not_usable`
 */
export async function tryRecipe(
  context: Context,
  project: ProjectRecord,
  { recipe, uploads }: RecipeTrial,
  locale: Locale,
): Promise<RecipeResult> {
  for (const id of uploads) {
    const { status } = await findUpload(context, id);
    if (status !== 'valid' && status !== 'merged')
      throw new KaeferError('upload_not_usable', { upload: id, status });
  }
  const request = await recipeRequestOf(context, project, uploads);
  const { columns, preview, problems, rows, status } = await derive(context, project.definition.id, {
    ...request,
    recipe: recipe ?? request.recipe,
  });
  return {
    status,
    rows,
    columns: columns.map((column) => ({ ...column })),
    preview: preview.map((cells) => [...cells]),
    problems: problems.map((problem) => problemView(problem, locale)),
  };
}

async function derive(context: Context, project: string, recipe: RecipeRequest): Promise<DerivedRows> {
  return withSqlScratch(context, 'recipe', (limits) =>
    context.workers.run({
      kind: 'try-recipe',
      lake: context.lake,
      project,
      limits,
      recipe,
      scratch: join(limits.scratchFolder, 'derived'),
    }),
  );
}

/**
 * A recipe may be saved when it makes a usable table of what there is: the reports in the lake and those that wait. As long
 * as a report that it reads has never come, its form must do.
 *
 * @throws KaeferError `recipe_invalid`
 */
export async function requireUsableRecipe(
  context: Context,
  definition: ProjectDefinition,
  locale: Locale,
): Promise<void> {
  const { id, recipe, sources } = definition;
  const waiting = await context.db
    .selectFrom('uploads')
    .select(['id', 'source'])
    .where('project', '=', id)
    .where('status', '=', 'valid')
    .orderBy('received_at')
    .execute();
  const uploads = waiting.flatMap(({ id, source }) => (source === null ? [] : [{ id, source }]));
  const known = await findProject(context.db, id);
  const expectations = expectationsOf({ definition, classes: known?.classes ?? [] });
  const { problems } = await derive(context, id, { recipe, sources, uploads, expectations });
  const error = problems.find((problem) => severityOf(problem) === 'error');
  if (error === undefined || error.code === 'source_without_data') return;
  throw new KaeferError('recipe_invalid', { reason: describeProblem(error, locale) });
}
