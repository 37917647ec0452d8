import { Contract } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import {
  choicesOf,
  contractDifference,
  contractFrom,
  isChanged,
  typesFor,
  withRule,
  type ColumnChoices,
} from './contract-choices.ts';

const contract = Contract.parse({
  columns: [
    { name: 'id', type: 'text', required: true, synonyms: ['KNR', 'número'] },
    { name: 'n', type: 'integer', min: -1, max: 20, rules: { drift: 'ignore' } },
    { name: 'day', type: 'date', min: '2026-01-01' },
    { name: 'shop', type: 'text', allowed: ['north', 'west, inner'] },
  ],
  rules: { drift: 'reject_file' },
  freshness: { column: 'day', days: 30 },
});

const withColumn = (name: string, part: Partial<ColumnChoices>): ReturnType<typeof contractFrom> => {
  const choices = choicesOf(contract, '.');
  const columns = choices.columns.map((column) => (column.name === name ? { ...column, ...part } : column));
  return contractFrom({ ...choices, columns }, '.');
};
const problemsOf = (name: string, part: Partial<ColumnChoices>): unknown => {
  const made = withColumn(name, part);
  return 'problems' in made ? made.problems : [];
};

describe('what the form holds', () => {
  test('comes back as it was', () => {
    const made = contractFrom(choicesOf(contract, '.'), '.');
    expect(made).toEqual({ contract });
    expect('contract' in made && isChanged(contract, made.contract)).toBe(false);
  });

  test('takes numbers with commas, and lists', () => {
    const made = withColumn('n', { min: '0', max: '12', allowed: '1; 2;2 ;' });
    expect('contract' in made && made.contract.columns[1]).toMatchObject({ max: 12, allowed: ['1', '2'] });
    const wide = withColumn('n', { type: 'number', max: '2,5', min: '' });
    expect('contract' in wide && wide.contract.columns[1]).toMatchObject({ min: null, max: 2.5 });
    expect('contract' in made && isChanged(contract, made.contract)).toBe(true);
  });

  test('takes and shows numbers as the language writes them', () => {
    const weighed = Contract.parse({ columns: [{ name: 'kg', type: 'number', min: 0.125, max: 1500.5 }] });
    const shown = choicesOf(weighed, ',').columns[0];
    expect([shown?.min, shown?.max]).toEqual(['0,125', '1500,5']);
    expect(contractFrom(choicesOf(weighed, ','), ',')).toEqual({ contract: weighed });
    const max = (text: string, mark: '.' | ','): unknown => {
      const choices = choicesOf(weighed, mark);
      const made = contractFrom(
        { ...choices, columns: choices.columns.map((each) => ({ ...each, max: text })) },
        mark,
      );
      return 'contract' in made ? made.contract.columns[0]?.max : made.problems;
    };
    expect(['1.500', '1.500,25', '1.5', '1500', '1,5'].map((text) => max(text, ','))).toEqual([
      1500, 1500.25, 1.5, 1500, 1.5,
    ]);
    expect(['1,500', '1,500.25', '1.5', '1.500', '1,5'].map((text) => max(text, '.'))).toEqual([
      1500, 1500.25, 1.5, 1.5, 1.5,
    ]);
    expect(max('1.500.25', '.')).toEqual([{ column: 'kg', field: 'max' }]);
  });

  test('says which field cannot be saved', () => {
    expect(problemsOf('n', { min: 'low' })).toEqual([{ column: 'n', field: 'min' }]);
    expect(problemsOf('n', { min: '5', max: '4' })).toEqual([{ column: 'n', field: 'max' }]);
    expect(problemsOf('n', { allowed: '1; two' })).toEqual([{ column: 'n', field: 'allowed' }]);
    expect(problemsOf('day', { max: '31/12/2026' })).toEqual([{ column: 'day', field: 'max' }]);
    const limits = contractFrom({ ...choicesOf(contract, '.'), nullsLimit: '', freshnessDays: '-1' }, '.');
    expect(limits).toEqual({ problems: [{ field: 'nullsLimit' }, { field: 'freshnessDays' }] });
  });

  test('leaves out what a type cannot have', () => {
    const made = withColumn('n', { type: 'text' });
    expect('contract' in made && made.contract.columns[1]).toMatchObject({ min: null, max: null });
  });
});

test('a choice among rules is taken and taken back', () => {
  expect(withRule({ drift: 'warn' }, 'out_of_range', 'ignore')).toEqual({
    drift: 'warn',
    out_of_range: 'ignore',
  });
  expect(withRule({ drift: 'warn' }, 'drift', undefined)).toEqual({});
});

test('types are what the data can hold', () => {
  const column = { name: 'n', role: 'feature', tableType: 'integer' } as const;
  expect(typesFor(column, 'integer')).toEqual(['integer', 'number']);
  expect(typesFor({ ...column, tableType: 'text' }, 'text')).toEqual(['text']);
  expect(typesFor({ ...column, tableType: null }, 'text')).toHaveLength(6);
  expect(typesFor({ ...column, role: 'key', tableType: null }, 'text')).toEqual(['text']);
});

test('versions are told apart', () => {
  const now = { ...contract, driftLimit: 1, columns: contract.columns.slice(1) };
  expect(contractDifference(contract, now)).toEqual({ columns: ['id'], hasOther: true });
  expect(contractDifference(contract, contract)).toEqual({ columns: [], hasOther: false });
});
