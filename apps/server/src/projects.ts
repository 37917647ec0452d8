import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import {
  decidingMetrics,
  KaeferError,
  type Costs,
  type Locale,
  type ProjectCreation,
  type Source,
  type Task,
} from '@kaefer/contracts';
import {
  insertProject,
  reservedColumns,
  writeJsonDurably,
  type ProjectDefinition,
  type ProjectRecord,
} from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { requireUsableRecipe } from './recipes.ts';

const holdoutShare = 0.2;
const validationShare = 0.1;

/** A name as part of an address: “Falhas no teste” becomes `falhas-no-teste`. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  // The web app's address /projects/new is taken.
  return slug === '' || slug === 'new' ? `project-${randomBytes(4).toString('hex')}` : slug;
}

/**
 * Creates a project, with a salt of its own that it keeps for ever.
 *
 * @throws KaeferError `project_exists`, `project_invalid`, `recipe_invalid`
 */
export async function createProject(
  context: Context,
  request: ProjectCreation,
  locale: Locale,
  options: {
    readonly simulated?: boolean;
    readonly status?: ProjectRecord['status'];
    readonly salt?: string;
  } = {},
): Promise<ProjectRecord> {
  requireSensible(request);
  const definition: ProjectDefinition = {
    id: slugOf(request.name),
    name: request.name,
    task: request.task,
    target: request.target,
    positive: request.positive ?? null,
    key: request.key ?? null,
    date: request.date ?? null,
    exclude: request.exclude,
    confirmed: request.confirmed,
    costs: request.costs ?? null,
    training: request.training,
    sources: request.sources,
    recipe: request.recipe ?? null,
    reading: request.reading,
    choosing: request.choosing,
    feeds: [],
    holdouts: [],
    split: { salt: options.salt ?? randomBytes(16).toString('hex'), holdoutShare, validationShare },
    simulated: options.simulated ?? false,
    createdAt: context.now(),
  };
  if (definition.recipe !== null) await requireUsableRecipe(context, definition, locale);
  if (!(await insertProject(context.db, definition, options.status ?? 'ready')))
    throw new KaeferError('project_exists', { name: request.name });
  layOutProject(context, definition);
  return context.project(definition.id);
}

/** Makes a project's folders and its description in the lake, where a stop has left them out. */
export function layOutProject(context: Context, definition: ProjectDefinition): void {
  const folder = context.folder(definition.id);
  mkdirSync(folder.uploads, { recursive: true });
  mkdirSync(folder.models, { recursive: true });
  if (!existsSync(folder.description)) writeJsonDurably(folder.description, definition);
}

const refuse = (reason: string): never => {
  throw new KaeferError('project_invalid', { reason });
};

function requireSensible(request: ProjectCreation): void {
  const { task, target, positive, key, date } = request;
  const named = [target, key, date].filter((name) => name !== undefined);
  if (new Set(named.map((name) => name.toLowerCase())).size !== named.length)
    refuse('Target, key and date must be different columns.');
  for (const name of named)
    if (reservedColumns.has(name.toLowerCase())) refuse(`The column name “${name}” is reserved.`);
  requireSensibleSettings(request, task, named);
  requireSensibleSources(request.sources);
  if (request.sources.length > 0 && key === undefined)
    refuse(
      'A project with several reports needs a key, the column that names the rows of its training table.',
    );
  if (request.sources.length === 0 && request.recipe !== undefined)
    refuse('A recipe belongs to a project with several reports.');
  if (positive !== undefined && task !== 'binary')
    refuse('A positive outcome belongs to a project with two outcomes.');
}

/** @throws KaeferError `project_invalid` */
export function requireSensibleSources(sources: readonly Source[]): void {
  if (new Set(sources.map(({ name }) => name)).size !== sources.length)
    refuse('Two reports have the same name.');
  for (const { name, key } of sources) {
    if (new Set(key.map((column) => column.toLowerCase())).size !== key.length)
      refuse(`The key of the report “${name}” names a column twice.`);
    for (const column of key)
      if (reservedColumns.has(column.toLowerCase())) refuse(`The column name “${column}” is reserved.`);
  }
}

/**
 * @param named columns that have a role
 * @throws KaeferError `project_invalid`
 */
export function requireSensibleSettings(
  {
    exclude,
    confirmed,
    costs,
    choosing,
  }: Pick<ProjectCreation, 'exclude' | 'confirmed' | 'choosing'> & {
    readonly costs?: Costs | null | undefined;
  },
  task: Task,
  named: readonly string[],
): void {
  for (const name of exclude) {
    if (reservedColumns.has(name.toLowerCase())) refuse(`The column name “${name}” is reserved.`);
    if (named.includes(name)) refuse(`The column “${name}” has a role and cannot be excluded.`);
    if (confirmed.includes(name)) refuse(`The column “${name}” cannot be excluded and confirmed at once.`);
  }
  if (costs !== undefined && costs !== null && task !== 'binary')
    refuse('Costs belong to a project with two outcomes.');
  const judgedBy: readonly string[] = decidingMetrics[task];
  if (choosing.metric !== null && !judgedBy.includes(choosing.metric))
    refuse(`Models of this task are not judged by “${choosing.metric}”: choose ${judgedBy.join(', ')}.`);
  if (choosing.secondApprover && choosing.automatic !== null)
    refuse('A project that asks for a second approver cannot accept models by itself.');
}
