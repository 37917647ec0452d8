import { expect, test } from 'vitest';
import { alignClasses } from '../src/evaluate/align-classes.ts';

const scores = Float32Array.of(0.25, 0.75, 0.5, 0.5);

test('scores of classes that a model does not know are 0, those of others keep their class', () => {
  expect([...alignClasses(scores, ['b', 'a'], ['a', 'b', 'c'])]).toEqual([0.75, 0.25, 0, 0.5, 0.5, 0]);
  expect([...alignClasses(scores, ['a', 'b'], ['b'])]).toEqual([0.75, 0.5]);
});

test('the same classes leave the scores as they are', () => {
  expect(alignClasses(scores, ['a', 'b'], ['a', 'b'])).toBe(scores);
});
