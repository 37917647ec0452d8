import { describe, expect, test } from 'vitest';
import {
  DecisionRequest,
  PredictionRequest,
  ProjectCreation,
  RunCreation,
  TrainingSettings,
} from '../src/index.ts';

const project = { name: 'Parts', task: 'binary', target: 'failed' };

describe('schemas', () => {
  test('a project needs a name, a task and a target; everything else has a default', () => {
    const created = ProjectCreation.parse(project);
    expect(created).toMatchObject({ exclude: [], training: TrainingSettings.parse({}) });
    for (const missing of ['name', 'task', 'target'] as const) {
      const { [missing]: _left, ...rest } = project as Record<string, string>;
      expect(ProjectCreation.safeParse(rest).success).toBe(false);
    }
  });

  test.each([
    ['Yes', 'Yes'],
    [1, '1'],
    [true, 'true'],
  ])('the positive outcome %s is the text %s', (given, text) => {
    expect(ProjectCreation.parse({ ...project, positive: given }).positive).toBe(text);
  });

  test('settings are refused when they are out of range, and when their name is misspelled', () => {
    expect(TrainingSettings.safeParse({ maxDepth: 0 }).success).toBe(false);
    expect(TrainingSettings.safeParse({ learningRate: 0 }).success).toBe(false);
    expect(TrainingSettings.safeParse({ maxdepth: 3 }).success).toBe(false);
    expect(TrainingSettings.parse({ maxDepth: 3 }).maxDepth).toBe(3);
  });

  test('a run is full and without uploads unless it says otherwise', () => {
    expect(RunCreation.parse({})).toEqual({ uploads: [], mode: 'full' });
    expect(RunCreation.safeParse({ mode: 'partial' }).success).toBe(false);
  });

  test('a choice is one of two', () => {
    expect(DecisionRequest.safeParse({ choice: 'both' }).success).toBe(false);
    expect(DecisionRequest.parse({ choice: 'current' })).toEqual({ choice: 'current' });
  });

  test('records hold texts, numbers, booleans and nothing; at least one is needed', () => {
    expect(PredictionRequest.parse({ rows: [{ a: 1, b: 'x', c: true, d: null }] }).explain).toBe(false);
    expect(PredictionRequest.safeParse({ rows: [] }).success).toBe(false);
    expect(PredictionRequest.safeParse({ rows: [{ a: [1] }] }).success).toBe(false);
  });
});
