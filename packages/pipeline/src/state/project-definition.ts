import { ProjectSettings, type Task } from '@kaefer/contracts';
import type { Split } from '../features/split.ts';
import type { Expectations } from './expectations.ts';

/**
 * What a project is, with its settings as they are now. The lake keeps it as it was created in `project.json`, and each
 * change of the settings in a file of its own.
 */
export interface ProjectDefinition extends ProjectSettings {
  readonly id: string;
  readonly name: string;
  readonly task: Task;
  readonly target: string;
  readonly positive: string | null;
  readonly key: string | null;
  readonly date: string | null;
  readonly split: Split;
  readonly simulated: boolean;
  readonly createdAt: string;
}

/** A project's definition with the outcomes known by now. */
export interface ProjectRecord {
  readonly definition: ProjectDefinition;
  /** Binary: `[negative, positive]` once known. Multiclass: every class, in the order they came. */
  readonly classes: readonly string[];
  readonly champion: number | null;
  readonly status: 'ready' | 'preparing';
}

export function expectationsOf({
  definition,
  classes,
}: Pick<ProjectRecord, 'definition' | 'classes'>): Expectations {
  const { task, target, positive, key, date, exclude, reading } = definition;
  return { task, target, positive, classes, key, date, exclude, reading };
}

export function settingsOf({
  exclude,
  confirmed,
  costs,
  training,
  sources,
  recipe,
  reading,
  choosing,
  feeds,
  holdouts,
}: ProjectDefinition): ProjectSettings {
  return { exclude, confirmed, costs, training, sources, recipe, reading, choosing, feeds, holdouts };
}

/** A definition as it was written, perhaps before some of its settings existed: these have their defaults. */
export function readDefinition(written: ProjectDefinition): ProjectDefinition {
  return { ...written, ...ProjectSettings.parse(settingsOf(written)) };
}
