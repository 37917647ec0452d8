import { TrainingSettings } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { choicesOf, problemsOf, rangeOf, requestOf } from './settings-choices.ts';

const project = {
  task: 'binary' as const,
  exclude: ['a'],
  confirmed: [],
  costs: null,
  training: TrainingSettings.parse({}),
};
const choices = choicesOf(project);

test('what was not touched is not sent', () => {
  expect(requestOf(project, choices)).toBeUndefined();
  expect(requestOf(project, { ...choices, note: 'why' })).toBeUndefined();
  expect(requestOf(project, { ...choices, exclude: [], note: ' why ' })).toEqual({
    exclude: [],
    note: 'why',
  });
});

test('costs come in pairs, and may go', () => {
  expect(problemsOf({ ...choices, costFalsePositive: '1' })).toEqual(['costs']);
  const priced = { ...choices, costFalsePositive: '0', costFalseNegative: '2.5' };
  expect(problemsOf(priced)).toEqual([]);
  const costs = { falsePositive: 0, falseNegative: 2.5 };
  expect(requestOf(project, priced)).toEqual({ costs });
  expect(requestOf({ ...project, costs }, choices)).toEqual({ costs: null });
  expect(requestOf({ ...project, task: 'regression' }, priced)).toBeUndefined();
});

test('settings of training have their ranges', () => {
  const typed = { ...choices, training: { ...choices.training, maxDepth: 99, subsample: '', lambda: 2 } };
  expect(problemsOf(typed)).toEqual(['maxDepth', 'subsample']);
  expect(rangeOf('maxDepth')).toEqual({ low: 1, high: 16 });
  const deeper = { ...choices, training: { ...choices.training, maxDepth: 7 } };
  expect(requestOf(project, deeper)).toEqual({ training: { ...project.training, maxDepth: 7 } });
});
