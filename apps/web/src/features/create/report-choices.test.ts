import { ProjectCreation, type Draft } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import {
  problemsOfProject,
  problemsOfReport,
  reportOf,
  sourceNameOf,
  toReportsProject,
  type ReportsProject,
} from './report-choices.ts';

const draftOf = (filename: string, keys: string[]): Draft => ({
  id: filename,
  filename,
  bytes: 10,
  rows: 100,
  dialect: null,
  columns: [],
  preview: [],
  problems: [],
  suggestions: { name: 'x', targets: [], keys, dates: [] },
});

test('a file’s name makes a name for the recipe', () => {
  expect(sourceNameOf('Check results 2026-06.csv')).toBe('check_results');
  expect(sourceNameOf('Verificações.XLSX')).toBe('verificacoes');
  expect(sourceNameOf('2026-06.csv')).toBe('report');
  expect(sourceNameOf(`${'a'.repeat(60)}.csv`)).toHaveLength(40);
});

test('two files of one name are two reports', () => {
  const first = reportOf(draftOf('checks.csv', ['id', 'other']), []);
  const second = reportOf(draftOf('checks.csv', []), [first]);
  expect([first.name, first.key, second.name, second.key]).toEqual(['checks', ['id'], 'checks_2', []]);
  expect(problemsOfReport(second, [first])).toEqual({ key: 'key' });
  expect(problemsOfReport({ ...second, name: 'checks' }, [first])).toEqual({ name: 'twice', key: 'key' });
  expect(problemsOfReport({ ...first, name: 'Checks' }, [])).toEqual({ name: 'name' });
});

test('the choices make a project that the server takes, once nothing is missing', () => {
  const reports = [reportOf(draftOf('checks.csv', ['id']), [])];
  const choices: ReportsProject = {
    name: '',
    task: 'binary',
    target: '',
    positive: '',
    key: '',
    reports: [],
  };
  expect(problemsOfProject(choices)).toEqual({
    name: 'needed',
    target: 'needed',
    key: 'needed',
    reports: 'reports',
  });
  const told = reports.map((report) => ({ ...report, reading: { decimal: 'comma' as const } }));
  const whole = { ...choices, name: ' Cars ', target: 'failed', positive: 'true', key: 'knr', reports: told };
  expect(problemsOfProject(whole)).toEqual({});
  expect(toReportsProject(whole)).toEqual({
    name: 'Cars',
    task: 'binary',
    target: 'failed',
    positive: 'true',
    key: 'knr',
    sources: [{ name: 'checks', key: ['id'], reading: { decimal: 'comma' } }],
  });
  expect(ProjectCreation.safeParse(toReportsProject(whole)).success).toBe(true);
});
