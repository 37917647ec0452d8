import { describe, expect, test } from 'vitest';
import { effectiveContract, plainColumn } from '../../src/contract/column-rules.ts';
import { quoteText } from '../../src/sql/quote.ts';
import { rowsOf, testFolder, withFreshConnection } from '../workspace.ts';
import { contractFrom, projectWith } from './contract-project.ts';
import type { TestProject } from '../project.ts';

const stagedOf = (project: TestProject, id: string): Promise<unknown[]> =>
  withFreshConnection((connection) =>
    rowsOf(
      connection,
      `SELECT COLUMNS(c -> c <> '_rejected')::VARCHAR FROM read_parquet(${quoteText(project.folder.upload(id).staged)}) WHERE NOT _rejected`,
    ),
  );

const columns = [
  { name: 'id', type: 'text', synonyms: ['KNR'] },
  { name: 'estação', type: 'text' },
  { name: 'peso', type: 'number', synonyms: ['weight', 'massa (kg)'] },
  { name: 'y', type: 'text' },
] as const;
const facts = {
  columns: columns.map((column) => ({
    ...column,
    synonyms: 'synonyms' in column ? [...column.synonyms] : [],
  })),
};

describe('names', () => {
  test('are found without regard to case and accents, and by their synonyms', async () => {
    const project = projectWith(testFolder(), facts);
    const report = await project.check('u1', 'knr,ESTACAO,Massa (KG),Y\n1,north,2.5,a\n2,south,3,b\n');
    expect(report.problems).toEqual([]);
    expect(report.columns.map(({ name, givenAs }) => [name, givenAs])).toEqual([
      ['id', 'knr'],
      ['estação', 'ESTACAO'],
      ['peso', 'Massa (KG)'],
      ['y', 'Y'],
    ]);
    expect(await stagedOf(project, 'u1')).toEqual([
      { id: '1', estação: 'north', peso: '2.5', y: 'a' },
      { id: '2', estação: 'south', peso: '3.0', y: 'b' },
    ]);
  });

  test('two names of one column are refused', async () => {
    const project = projectWith(testFolder(), facts);
    const report = await project.check('u1', 'id,estação,peso,weight,y\n1,north,2,3,a\n');
    expect(report).toMatchObject({ status: 'invalid' });
    expect(report.problems).toMatchObject([
      { code: 'column_named_twice', column: 'peso', parameters: { first: 'peso', second: 'weight' } },
    ]);
  });

  test('a header below a title is found by synonyms, too', async () => {
    const project = projectWith(testFolder(), facts);
    const report = await project.check(
      'u1',
      'Relatório de turnos;;;\nKNR;estacao;weight;y\n1;north;2,5;a\n2;north;3,5;b\n',
    );
    expect(report.columns.map(({ name }) => name)).toEqual(['id', 'estação', 'peso', 'y']);
  });
});

describe('types', () => {
  test('agreed before there is data are read as agreed', async () => {
    const project = projectWith(testFolder(), {
      columns: [
        { name: 'id', type: 'text' },
        { name: 'code', type: 'text' },
        { name: 'n', type: 'number' },
        { name: 'y', type: 'text' },
      ],
    });
    const report = await project.check('u1', 'id,code,n,y\n1,7,1,a\n2,8,2,b\n');
    expect(report.columns.map(({ type }) => type)).toEqual(['text', 'text', 'number', 'text']);
  });

  test('that are to be kept refuse what a wider one would hold, and say so', async () => {
    const project = projectWith(testFolder(), {
      columns: [
        { name: 'id', type: 'text' },
        { name: 'n', type: 'integer' },
        { name: 'day', type: 'date' },
        { name: 'y', type: 'text' },
      ],
      rules: { type_changed: 'reject_rows' },
    });
    // The data has wider ones from before anything was agreed.
    await project.add('b1', 'id,n,day,y\n1,1,2026-01-01,a\n2,2,2026-01-02,b\n');
    const report = await project.check(
      'u1',
      'id,n,day,y\n3,1.5,2026-01-01,a\n4,2,2026-01-01 10:30,b\n5,2,2026-01-03,b\n6,9,2026-01-03,a\n',
    );
    expect(report.columns.map(({ type }) => type)).toEqual(['text', 'integer', 'date', 'text']);
    expect(report.problems).toMatchObject([
      { code: 'not_an_integer', column: 'n', line: 2, value: '1.5' },
      { code: 'has_time', column: 'day', line: 3 },
    ]);
    expect(report.rows).toMatchObject({ total: 4, new: 2, rejected: 2 });
  });

  test('narrower than those of the data are merged into them', async () => {
    const folder = testFolder();
    const wide = projectWith(folder, {});
    await wide.add('b1', 'id,n,y\n1,1.5,a\n2,2.5,b\n');
    const strict = projectWith(folder, {
      columns: [
        { name: 'id', type: 'text' },
        { name: 'n', type: 'integer' },
        { name: 'y', type: 'text' },
      ],
      rules: { type_changed: 'reject_rows' },
    });
    strict.classes = wide.classes;
    const { report, ...merged } = await strict.add('u1', 'id,n,y\n1,7,a\n3,1.25,b\n4,8,b\n');
    expect(report.rows).toMatchObject({ rejected: 1, new: 1, updated: 1 });
    expect(merged).toMatchObject({ new: 1, updated: 1 });
  });

  test('of the data hold where a contract came with a first file only', () => {
    const contract = contractFrom({
      columns: [{ name: 'n', type: 'text', synonyms: ['m'], allowed: ['x'] }],
    });
    const table = [
      { name: 'n', type: 'number' },
      { name: 'new', type: 'date' },
    ] as const;
    const effective = effectiveContract({ version: 1, isInferred: true, contract }, table);
    expect(effective.columns).toEqual([
      { ...plainColumn('n', 'number'), synonyms: ['m'] },
      plainColumn('new', 'date'),
    ]);
  });
});
