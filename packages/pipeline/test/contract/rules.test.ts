import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contractRules, ruleActions, ruleNames, type RuleAction, type RuleName } from '@kaefer/contracts';
import type { CheckReport, RejectedRow } from '../../src/check/report.ts';
import type { TestProject } from '../project.ts';
import { testFolder } from '../workspace.ts';
import { projectWith, type ColumnFacts, type ContractFacts } from './contract-project.ts';

/** Rows of before, whose columns have known categories, numbers from 0 to 9 and no missing values. */
const before = (rows = 200): string =>
  [
    'id,n,w,shop,day,code,y',
    ...Array.from(
      { length: rows },
      (_, row) =>
        `k${row},${row % 10},${row % 10},${['north', 'south'][row % 2]},2026-01-05,c${row},${['a', 'b'][row % 3 === 0 ? 0 : 1]}`,
    ),
  ].join('\n');

const columns: readonly ColumnFacts[] = [
  { name: 'id', type: 'text' },
  { name: 'n', type: 'integer', required: true, min: 0, max: 9 },
  { name: 'w', type: 'number' },
  { name: 'shop', type: 'text' },
  { name: 'day', type: 'date' },
  { name: 'code', type: 'text', unique: true },
  { name: 'y', type: 'text' },
];

interface Case {
  /** A file in which only this rule finds something. */
  readonly file: string;
  readonly code: string;
  /** The column found at fault, where it is one. */
  readonly column?: string;
  /** Lines of the rows at fault, where rows are. */
  readonly lines?: readonly number[];
  readonly contract?: ContractFacts;
  /** Sent by itself, or after the rows of before. */
  readonly isFirst?: boolean;
}

const header = 'id,n,w,shop,day,code,y';
const good = (id: string, changes: Partial<Record<string, string>> = {}): string =>
  Object.values({
    id,
    n: '5',
    w: '5',
    shop: 'north',
    day: '2026-02-01',
    code: `z${id}`,
    y: 'a',
    ...changes,
  }).join(',');
/** Two rows that are as they should be around one that is not. */
const around = (changes: Partial<Record<string, string>>): string =>
  [header, good('x1', { w: '4' }), good('x2', changes), good('x3', { y: 'b', w: '3' })].join('\n');
const many = (rows: number, row: (index: number) => string): string =>
  [header, ...Array.from({ length: rows }, (_, index) => row(index))].join('\n');
const spread = (index: number): Partial<Record<string, string>> => ({
  n: String(index % 10),
  w: String(index % 10),
  shop: ['north', 'south'][index % 2] ?? '',
  y: index % 3 === 0 ? 'a' : 'b',
});

const cases: Readonly<Record<Exclude<RuleName, 'sent_before'>, Case>> = {
  missing_column: {
    file: `id,n,w,shop,code,y\nx1,5,5,north,z1,a\nx2,5,4,north,z2,b`,
    code: 'missing_column',
    column: 'day',
  },
  type_changed: { file: around({ n: '5.5' }), code: 'type_widened', column: 'n', lines: [3] },
  wrong_type: { file: around({ n: 'five' }), code: 'not_a_number', column: 'n', lines: [3] },
  leading_zeros: { file: around({ n: '005' }), code: 'leading_zeros', column: 'n', lines: [3] },
  missing_value: { file: around({ n: '' }), code: 'value_missing', column: 'n', lines: [3] },
  out_of_range: { file: around({ n: '10' }), code: 'out_of_range', column: 'n', lines: [3] },
  not_allowed: {
    file: around({ shop: 'east' }),
    code: 'value_not_allowed',
    column: 'shop',
    lines: [3],
    contract: {
      columns: columns.map((column) =>
        column.name === 'shop' ? { ...column, allowed: ['north', 'south'] } : column,
      ),
    },
  },
  not_unique: { file: around({ code: 'c7' }), code: 'value_repeated', column: 'code', lines: [3] },
  new_category: { file: around({ shop: 'east' }), code: 'new_category', column: 'shop', lines: [3] },
  nulls_rising: {
    file: many(100, (index) => good(`x${index}`, { ...spread(index), ...(index % 2 ? { w: '' } : {}) })),
    code: 'nulls_rising',
    column: 'w',
  },
  drift: {
    file: many(100, (index) => good(`x${index}`, { ...spread(index), w: String(50 + (index % 10)) })),
    code: 'drifted',
    column: 'w',
  },
  unknown_column: {
    file: `${header},zone\n${good('x1')},q\n${good('x2', { y: 'b', w: '4' })},q`,
    code: 'new_column',
    column: 'zone',
  },
  renamed_column: {
    file: `id,n,w,shops,day,code,y\n${good('x1')}\n${good('x2', { y: 'b', w: '4' })}`,
    code: 'maybe_renamed',
    column: 'shop',
  },
  malformed_row: { file: `${around({ w: '2' })}\nx9,1,2`, code: 'structure', lines: [5] },
  key_missing: { file: around({ id: '' }), code: 'key_missing', column: 'id', lines: [3] },
  target_missing: { file: around({ y: '' }), code: 'target_missing', column: 'y', lines: [3] },
  target_unknown: { file: around({ y: 'c' }), code: 'target_unknown', column: 'y', lines: [3] },
  duplicate_key: {
    file: [header, good('x1'), good('x1'), good('x3', { y: 'b', w: '3' })].join('\n'),
    code: 'duplicate_key',
    column: 'id',
    lines: [2],
  },
  contradicting_key: {
    file: [header, good('x1', { w: '1' }), good('x1', { w: '2' }), good('x3', { y: 'b' })].join('\n'),
    code: 'contradicting_key',
    column: 'id',
    lines: [2, 3],
  },
  contradicting_labels: {
    file: [
      header,
      good('x1', { code: '' }),
      good('x2', { code: '', y: 'b' }),
      good('x3', { code: '', w: '1' }),
    ].join('\n'),
    code: 'contradicting_labels',
    column: 'y',
    lines: [2, 3],
  },
  target_constant: { file: around({}).replace(/b$/, 'a'), code: 'target_constant', column: 'y' },
  small_file: { file: around({ w: '2' }), code: 'small_file' },
  stale_data: {
    file: around({ w: '2' }),
    code: 'stale_data',
    column: 'day',
    contract: { columns, freshness: { column: 'day', days: 30 } },
  },
};

async function prepared(name: keyof typeof cases, action: RuleAction | undefined): Promise<TestProject> {
  const { contract = { columns } } = cases[name];
  const project = projectWith(testFolder(), {
    ...contract,
    rules: action === undefined ? {} : { [name]: action },
  });
  // Three files of before, so that there is a habit.
  const lines = before().split('\n');
  if (name === 'small_file') {
    await project.add('b1', before(70));
    await project.add('b2', [lines[0], ...lines.slice(71, 141)].join('\n'));
    await project.add('b3', [lines[0], ...lines.slice(141)].join('\n'));
  } else await project.add('b1', before());
  return project;
}

function rejectedOf(project: TestProject): RejectedRow[] {
  const { rejected } = project.folder.upload('u1');
  if (!existsSync(rejected)) return [];
  return readFileSync(rejected, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RejectedRow);
}

async function checked(name: keyof typeof cases, action?: RuleAction): Promise<[CheckReport, TestProject]> {
  const project = await prepared(name, action);
  const upload = project.folder.upload('u1');
  mkdirSync(upload.path, { recursive: true });
  writeFileSync(upload.received, JSON.stringify({ receivedAt: '2026-06-01T00:00:00.000Z' }));
  return [await project.check('u1', cases[name].file), project];
}

describe('each rule of a contract, by each action that it may have', () => {
  for (const name of Object.keys(cases) as (keyof typeof cases)[]) {
    const { code, column, lines = [] } = cases[name];
    const rule = contractRules[name];
    // What is refused as another type says so of the cell.
    const codes = [code, ...rule.codes];

    for (const action of rule.actions)
      test(`${name}: ${action}`, async () => {
        const [report, project] = await checked(name, action);
        const found = report.problems.filter((problem) => codes.includes(problem.code));
        const rejected = rejectedOf(project);
        if (action === 'ignore') {
          expect(found).toEqual([]);
          expect(report).toMatchObject({ status: 'valid', rows: { rejected: 0 } });
          return;
        }
        expect(found.map((problem) => problem.column)).toEqual([column]);
        if (action === 'warn') {
          expect(report.status).toBe('valid');
          expect(found[0]?.severity).toBeUndefined();
          return;
        }
        expect(rejected.map(({ line }) => line)).toEqual(lines);
        for (const { reasons } of rejected) expect(codes).toContain(reasons[0]?.code);
        if (action === 'reject_file') {
          expect(report.status).toBe('invalid');
          expect(found[0]?.severity).toBe('error');
          expect(existsSync(project.folder.upload('u1').staged)).toBe(false);
        } else {
          expect(report).toMatchObject({ status: 'valid', rows: { rejected: lines.length } });
        }
      });

    test(`${name}: without a word it is ${rule.byDefault}`, async () => {
      const [report] = await checked(name);
      const [same] = await checked(name, rule.byDefault);
      expect(report.problems).toEqual(same.problems);
      expect(report.rows).toEqual(same.rows);
    });
  }

  test('every rule has its case; that a file was sent before the server knows', () => {
    expect([...Object.keys(cases), 'sent_before'].sort()).toEqual([...ruleNames].sort());
    for (const name of ruleNames)
      expect(contractRules[name].actions.map((action) => ruleActions.indexOf(action))).toEqual(
        contractRules[name].actions.map((action) => ruleActions.indexOf(action)).sort(),
      );
  });

  test('a column may differ from the contract', async () => {
    const own = columns.map((column) =>
      column.name === 'n' ? { ...column, rules: { out_of_range: 'reject_file' as const } } : column,
    );
    const project = projectWith(testFolder(), { columns: own, rules: { out_of_range: 'ignore' } });
    await project.add('b1', before());
    const report = await project.check('u1', cases.out_of_range.file);
    expect(report.problems).toMatchObject([{ code: 'out_of_range', column: 'n', severity: 'error' }]);
  });

  test('a file may go in whole or not at all', async () => {
    const project = projectWith(testFolder(), { columns, rejectedRows: 'refuse_file' });
    await project.add('b1', before());
    const report = await project.check('u1', cases.wrong_type.file);
    expect(report).toMatchObject({ status: 'invalid', rows: { total: 3, rejected: 1, new: 0 } });
    expect(report.problems.map(({ code }) => code)).toEqual(['rows_rejected', 'not_a_number']);
    expect(rejectedOf(project).map(({ line }) => line)).toEqual([3]);
  });

  test('a column that each row must have may not be missing as a whole', async () => {
    const project = projectWith(testFolder(), { columns });
    await project.add('b1', before());
    const report = await project.check('u1', 'id,w,shop,day,code,y\nx1,5,north,2026-02-01,z1,a');
    expect(report).toMatchObject({ status: 'invalid' });
    expect(report.problems[0]).toMatchObject({ code: 'missing_column', column: 'n', severity: 'error' });
  });
});
