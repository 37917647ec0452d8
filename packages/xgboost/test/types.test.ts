import { expect, expectTypeOf, test } from 'vitest';
import { train, type Booster, type DMatrix, type Parameters, type TrainOptions } from '../src/index.ts';

test('wrong parameters do not compile', () => {
  const one = (parameters: Parameters): string[] => Object.keys(parameters);
  expect(one({ objective: 'binary:logistic', max_depth: 4 })).toHaveLength(2);
  // @ts-expect-error a misspelled name
  expect(one({ max_dept: 4 })).toHaveLength(1);
  // @ts-expect-error a text where a number belongs
  expect(one({ eta: '0.1' })).toHaveLength(1);
  // @ts-expect-error an objective that there is not
  expect(one({ objective: 'binary:logistics' })).toHaveLength(1);
  // @ts-expect-error not one of the choices
  expect(one({ tree_method: 'fast' })).toHaveLength(1);
  // @ts-expect-error a list where one value belongs
  expect(one({ seed: [1, 2] })).toHaveLength(1);
});

test('handles and options have the types that they say', () => {
  expectTypeOf(train).parameter(1).toEqualTypeOf<DMatrix>();
  expectTypeOf<TrainOptions>().toHaveProperty('rounds').toEqualTypeOf<number>();
  // @ts-expect-error rounds have no default
  const withoutRounds: TrainOptions = {};
  expect(withoutRounds).toEqual({});
  // A matrix is no model, though both are an address to the library.
  expectTypeOf<DMatrix>().not.toMatchTypeOf<Booster>();
  expectTypeOf<Booster>().not.toMatchTypeOf<DMatrix>();
});
