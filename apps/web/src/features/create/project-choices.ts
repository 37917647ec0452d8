import type { Draft, ProjectCreationInput, Task } from '@kaefer/contracts';

type DraftColumn = Draft['columns'][number];

/** What the form holds; text is empty where nothing was chosen. */
export interface ProjectChoices {
  readonly name: string;
  readonly target: string;
  readonly task: Task;
  readonly positive: string;
  readonly key: string;
  readonly date: string;
  readonly exclude: readonly string[];
  readonly costFalsePositive: string;
  readonly costFalseNegative: string;
}

/** From so many different numbers on, a column is an amount rather than a choice. */
const mostNumericClasses = 12;

/** The kind of answer that suits a column. */
export function taskOf(column: Pick<DraftColumn, 'type' | 'distinct'>): Task {
  if (column.distinct <= 2 || column.type === 'boolean') return 'binary';
  const numeric = column.type === 'number' || column.type === 'integer';
  return numeric && column.distinct > mostNumericClasses ? 'regression' : 'multiclass';
}

/** The values of a target that can be looked for, the rarest first. */
export function outcomesOf(draft: Draft, target: string): string[] {
  const column = draft.columns.find(({ name }) => name === target);
  return (column?.examples ?? [])
    .filter(({ value }) => value !== '')
    .toSorted((a, b) => a.count - b.count)
    .map(({ value }) => value);
}

/** Task and outcome that follow from choosing a target: the suggestion's, or what the column looks like. */
export function choicesForTarget(
  draft: Draft,
  target: string,
): Pick<ProjectChoices, 'target' | 'task' | 'positive'> {
  const suggestion = draft.suggestions.targets.find(({ column }) => column === target);
  const column = draft.columns.find(({ name }) => name === target);
  const task = suggestion?.task ?? (column ? taskOf(column) : 'binary');
  return { target, task, positive: suggestion?.positive ?? outcomesOf(draft, target)[0] ?? '' };
}

export function suggestedChoices(draft: Draft): ProjectChoices {
  const { name, targets, keys, dates } = draft.suggestions;
  return {
    name,
    ...choicesForTarget(draft, targets[0]?.column ?? ''),
    key: keys[0] ?? '',
    date: dates[0] ?? '',
    exclude: [],
    costFalsePositive: '',
    costFalseNegative: '',
  };
}

export type ChoiceProblem = 'nameMissing' | 'targetMissing' | 'targetTwice' | 'positiveMissing' | 'costsBoth';

/** What keeps the choices from making a project, by field. */
export function problemsOf(choices: ProjectChoices): Partial<Record<keyof ProjectChoices, ChoiceProblem>> {
  const { name, target, task, positive, key, date, costFalsePositive, costFalseNegative } = choices;
  return {
    ...(name.trim() === '' && { name: 'nameMissing' as const }),
    ...(target === '' && { target: 'targetMissing' as const }),
    ...(target !== '' && key === target && { key: 'targetTwice' as const }),
    ...(target !== '' && date === target && { date: 'targetTwice' as const }),
    ...(task === 'binary' && target !== '' && positive === '' && { positive: 'positiveMissing' as const }),
    ...(task === 'binary' &&
      (costFalsePositive === '') !== (costFalseNegative === '') && {
        costFalseNegative: 'costsBoth' as const,
      }),
  };
}

export function toProject(choices: ProjectChoices): ProjectCreationInput {
  const { name, task, target, positive, key, date, exclude, costFalsePositive, costFalseNegative } = choices;
  const used = new Set([target, key, date]);
  return {
    name: name.trim(),
    task,
    target,
    ...(task === 'binary' && positive !== '' && { positive }),
    ...(key !== '' && { key }),
    ...(date !== '' && { date }),
    exclude: exclude.filter((column) => !used.has(column)),
    ...(task === 'binary' &&
      costFalsePositive !== '' &&
      costFalseNegative !== '' && {
        costs: { falsePositive: Number(costFalsePositive), falseNegative: Number(costFalseNegative) },
      }),
  };
}
