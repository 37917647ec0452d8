import type { Costs, Task, TrainingSettings } from '@kaefer/contracts';
import type { Split } from '../features/split.ts';
import type { Expectations } from './expectations.ts';

/** What a project was created with; also kept in the lake as `project.json`. Never changes. */
export interface ProjectDefinition {
  readonly id: string;
  readonly name: string;
  readonly task: Task;
  readonly target: string;
  readonly positive: string | null;
  readonly key: string | null;
  readonly date: string | null;
  readonly exclude: readonly string[];
  readonly costs: Costs | null;
  readonly training: TrainingSettings;
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

export function expectationsOf({ definition, classes }: ProjectRecord): Expectations {
  const { task, target, positive, key, date, exclude } = definition;
  return { task, target, positive, classes, key, date, exclude };
}
