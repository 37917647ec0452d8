import { ProjectCreation, type Draft } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import {
  choicesForTarget,
  outcomesOf,
  problemsOf,
  suggestedChoices,
  taskOf,
  toProject,
} from './project-choices.ts';

const draft: Draft = {
  id: 'd',
  filename: 'cars.csv',
  bytes: 10,
  rows: 100,
  dialect: null,
  columns: [
    { name: 'knr', type: 'text', format: 'plain', distinct: 100, missing: 0, examples: [] },
    {
      name: 'result',
      type: 'text',
      format: 'plain',
      distinct: 2,
      missing: 0,
      examples: [
        { value: 'OK', count: 90 },
        { value: 'NOK', count: 10 },
      ],
    },
    { name: 'torque', type: 'number', format: 'plain', distinct: 80, missing: 2, examples: [] },
  ],
  preview: [],
  problems: [],
  suggestions: {
    name: 'Cars',
    targets: [{ column: 'result', task: 'binary', positive: 'NOK' }],
    keys: ['knr'],
    dates: [],
  },
};

test('the suggestions make a project that the server takes', () => {
  const choices = suggestedChoices(draft);
  expect(problemsOf(choices)).toEqual({});
  expect(toProject(choices)).toEqual({
    name: 'Cars',
    task: 'binary',
    target: 'result',
    positive: 'NOK',
    key: 'knr',
    exclude: [],
  });
  expect(ProjectCreation.safeParse(toProject(choices)).success).toBe(true);
});

test('a target that was not suggested gets the task that suits its values', () => {
  expect(choicesForTarget(draft, 'torque').task).toBe('regression');
  expect(taskOf({ type: 'text', distinct: 5 })).toBe('multiclass');
  expect(taskOf({ type: 'integer', distinct: 4 })).toBe('multiclass');
  expect(taskOf({ type: 'boolean', distinct: 1 })).toBe('binary');
});

test('the rarest outcome is offered first', () => {
  expect(outcomesOf(draft, 'result')).toEqual(['NOK', 'OK']);
});

test('what is missing or contradictory is named by its field', () => {
  const choices = { ...suggestedChoices(draft), name: ' ', key: 'result', costFalsePositive: '3' };
  expect(problemsOf(choices)).toEqual({
    name: 'nameMissing',
    key: 'targetTwice',
    costFalseNegative: 'costsBoth',
  });
});

test('costs count for two outcomes only, and excluded columns are never the key', () => {
  const choices = {
    ...suggestedChoices(draft),
    costFalsePositive: '1',
    costFalseNegative: '20',
    exclude: ['knr', 'torque'],
  };
  expect(toProject(choices)).toMatchObject({
    costs: { falsePositive: 1, falseNegative: 20 },
    exclude: ['torque'],
  });
  expect(toProject({ ...choices, task: 'regression' })).not.toHaveProperty('costs');
});
