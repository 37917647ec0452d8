import { expect, expectTypeOf, test } from 'vitest';
import {
  train,
  type Batch,
  type Booster,
  type DMatrix,
  type ExternalOptions,
  type InPlaceOptions,
  type Parameters,
  type Rows,
  type TrainerOptions,
  type TrainOptions,
} from '../src/index.ts';

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

test('tables, batches and options of another form do not compile', () => {
  const values = Float32Array.of(1, 2);
  const table = (rows: Rows): number => Object.keys(rows).length;
  expect(table({ data: values, rows: 1, columns: 2 })).toBe(3);
  // @ts-expect-error float64 numbers, which the library would read as float32
  expect(table({ data: Float64Array.of(1, 2), rows: 1, columns: 2 })).toBe(3);
  // @ts-expect-error a number of columns is missing
  expect(table({ data: values, rows: 1 })).toBe(2);
  // @ts-expect-error sparse rows have indices of 32 bits without sign
  expect(table({ rowStarts: Int32Array.of(0), columnIndices: Int32Array.of(0), values, columns: 2 })).toBe(4);
  const batch = (one: Batch): number => Object.keys(one).length;
  expect(batch({ columns: [values], labels: values })).toBe(2);
  // @ts-expect-error groups are whole numbers
  expect(batch({ columns: [values], groups: values })).toBe(2);
  // @ts-expect-error rows in files need a place for them
  const external: ExternalOptions = { columns: 2 };
  // @ts-expect-error contributions cannot be had in place
  const inPlace: InPlaceOptions = { kind: 'contributions' };
  // @ts-expect-error rounds have no default in a process of its own, either
  const trainer: TrainerOptions = { threads: 1 };
  expect([external, inPlace, trainer]).toHaveLength(3);
});
