import { expect, test } from 'vitest';
import { TestProject } from '../project.ts';
import { testFolder } from '../workspace.ts';

const time = (row: number): string =>
  new Date(Date.UTC(2026, 0, 1) + row * 60_000).toISOString().slice(0, 19);

/** A file of times, one a row; more rows than a first guess looks at. */
const fileOf = (first: number, zones: readonly string[]): string =>
  [
    'id,t,y',
    ...zones.map((zone, row) => `${first + row},${time(row)}${zone},${row % 2 === 0 ? 'a' : 'b'}`),
    '',
  ].join('\n');
const many = (zone: string): string[] => Array<string>(20_500).fill(zone);

test.each([
  ['one time with an offset far down', [...many(''), '+02:00'], 20_500],
  ['one time without far down', [...many('Z'), ''], 1],
])('%s is said', async (_, zones, count) => {
  const project = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
  const report = await project.check('u1', fileOf(0, zones));
  expect(report.columns[1]).toMatchObject({ name: 't', type: 'timestamp', format: 'plain' });
  expect(report.rows).toMatchObject({ total: 20_501, rejected: 0 });
  expect(report.problems).toMatchObject([{ code: 'mixed_offsets', column: 't', count }]);
});

test('a row that is wrong otherwise is the only one left out, and nothing is said of offsets', async () => {
  const project = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
  await project.add('u1', fileOf(0, ['Z', 'Z', 'Z', 'Z']));
  const { report } = await project.add('u2', fileOf(4, ['+02:00', '+02:00', ' PM', '-0300']));
  expect(report.rows).toMatchObject({ new: 3, rejected: 1 });
  expect(report.problems).toMatchObject([
    { code: 'not_a_date', column: 't', value: '2026-01-01T00:02:00 PM' },
  ]);
});

test.each([
  ['Z', '', 'offsets_gone', '2026-01-01T00:00:00'],
  ['', '+02:00', 'offsets_new', '2026-01-01T00:00:00+02:00'],
])(
  'times that ended with “%s” in files of before and end with “%s” now: said',
  async (before, now, code, value) => {
    const project = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
    await project.add('u1', fileOf(0, [before, before, before, before]));
    expect((await project.check('u2', fileOf(4, [before, before]))).problems).toEqual([]);
    expect((await project.check('u3', 'id,t,y\n9,,a\n10,,b\n')).problems).toEqual([]);
    expect((await project.check('u4', fileOf(0, [now, now]))).problems).toMatchObject([
      { code, column: 't', value, count: 1 },
    ]);
  },
);
