import { Stage } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { stageState } from './stage-state.ts';

test.each([
  ['queued', 'merge', ['pending', 'pending', 'pending', 'pending']],
  ['running', 'train', ['done', 'done', 'active', 'pending']],
  ['failed', 'prepare', ['done', 'stopped', 'pending', 'pending']],
  ['cancelled', 'train', ['done', 'done', 'stopped', 'pending']],
  ['awaiting_decision', 'evaluate', ['done', 'done', 'done', 'done']],
] as const)('%s in %s', (status, stage, expected) => {
  expect(Stage.options.map((each) => stageState({ status, stage }, each))).toEqual(expected);
});
