import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Source } from '@kaefer/contracts';
import { findCurrentTable } from '../../src/lake/project-table.ts';
import { recipeOf, sourceUploadStates } from '../../src/lake/recipe-commits.ts';
import { fileFolder, limitsIn, testFolder } from '../workspace.ts';
import { deriveRows } from '../../src/recipe/derive-rows.ts';
import { RecipeProject } from './recipe-project.ts';

const sources: Source[] = [
  { name: 'stations', key: ['knr', 'station'], reading: {} },
  { name: 'checks', key: ['knr', 'name'], reading: {} },
  { name: 'failures', key: ['knr', 'defect'], reading: {} },
];

const recipe = `
  WITH times AS (
    SELECT knr, count(*) AS stations, date_diff('minute', min(time), max(time)) AS minutes
    FROM stations GROUP BY knr
  )
  SELECT t.*, c.brakes, t.knr IN (SELECT knr FROM failures) AS failed
  FROM times t
  LEFT JOIN (FROM (PIVOT checks ON name IN ('brakes') USING max(value) GROUP BY knr)) c USING (knr) -- the end`;

const passages = (knr: string, minutes: number) => [
  { knr, station: 'S1', time: '2026-03-01 06:00:00' },
  { knr, station: 'S2', time: `2026-03-01 06:${String(minutes).padStart(2, '0')}:00` },
];

async function filledProject(folder = testFolder()): Promise<RecipeProject> {
  const project = new RecipeProject(folder, sources, recipe);
  const uploads = [
    await project.send(
      'u-1',
      ['001', '002', '003'].flatMap((knr, place) => passages(knr, 10 + place)),
    ),
    await project.send('u-2', [
      { knr: '001', name: 'brakes', value: 3.5 },
      { knr: '003', name: 'brakes', value: 1 },
      { knr: '003', name: 'lights', value: 2 },
    ]),
    await project.send('u-3', [{ knr: '002', defect: 'leak' }]),
  ];
  expect((await project.merge('run-1', uploads)).merged).toEqual({
    version: 1,
    new: 3,
    updated: 0,
    unchanged: 0,
    removed: 0,
  });
  return project;
}

describe('reports', () => {
  test('are told by their columns, whatever their order and case', async () => {
    const project = new RecipeProject(testFolder(), sources, recipe);
    expect(await project.check('u-1', 'Name,KNR,value\nbrakes,1,2\n')).toMatchObject({
      status: 'valid',
      source: 'checks',
      columns: [{ name: 'name', role: 'key' }, { name: 'knr', role: 'key' }, { name: 'value' }],
      rows: { total: 1, new: 1 },
    });
    expect(await project.check('u-2', 'station,knr,defect\nS1,1,leak\n')).toMatchObject({
      status: 'invalid',
      problems: [{ code: 'unknown_report', parameters: { columns: 'station, knr, defect' } }],
    });
    expect(await project.check('u-3', 'station,knr,defect\nS1,1,leak\n', 'failures')).toMatchObject({
      status: 'valid',
      source: 'failures',
    });
    expect(await project.check('u-4', 'a,b\n1,2\n')).toMatchObject({ status: 'invalid' });
  });

  test('of which one is known by more columns are told by these', async () => {
    const project = await filledProject();
    const report = await project.check('u-9', 'knr,station,name,time\n9,S1,x,2026-03-01 06:00:00\n');
    expect(report).toMatchObject({ status: 'valid', source: 'stations' });
  });

  test('are keyed by all their key columns: the last of equal rows counts, a row without one is rejected', async () => {
    const project = new RecipeProject(testFolder(), sources, recipe);
    const rows = '1,S1,2026-03-01\n1,S2,2026-03-02\n1,S1,2026-03-03\n,S1,2026-03-04\n2,,2026-03-04\n';
    const report = await project.check('u-1', `knr,station,time\n${rows}`);
    expect(report.rows).toEqual({ total: 5, new: 2, updated: 0, unchanged: 0, rejected: 3 });
    expect(report.problems).toMatchObject(
      [
        { code: 'contradicting_key', column: 'knr + station', line: 2, value: '1 + S1', count: 1 },
        { code: 'key_missing', column: 'knr', line: 5, count: 1 },
        { code: 'key_missing', column: 'station', line: 6, count: 1 },
      ].sort(
        (a, b) =>
          report.problems.findIndex((p) => p.column === a.column) -
          report.problems.findIndex((p) => p.column === b.column),
      ),
    );
  });
});

describe('a recipe', () => {
  const lasting = fileFolder();
  let refusingProject: Promise<RecipeProject> | undefined;

  test('makes the training table of the reports, and it follows them', async () => {
    const project = await filledProject();
    expect(await project.rows()).toEqual([
      { knr: '001', stations: '2', minutes: '10', brakes: 3.5, failed: 'false' },
      { knr: '002', stations: '2', minutes: '11', brakes: null, failed: 'true' },
      { knr: '003', stations: '2', minutes: '12', brakes: 1, failed: 'false' },
    ]);
    const uploads = [
      await project.send('u-4', [...passages('004', 30), ...passages('001', 44)]),
      await project.send('u-5', [{ knr: '003', defect: 'noise' }]),
    ];
    const trial = await project.try(uploads);
    expect(trial.rows).toEqual({ total: 4, new: 1, updated: 2, unchanged: 1, removed: 0, withoutTarget: 0 });
    expect(trial.preview[0]).toEqual(['001', '2', '44', '3.5', 'false']);
    const { merged } = await project.merge('run-2', uploads);
    expect(merged).toEqual({ version: 2, new: 1, updated: 2, unchanged: 1, removed: 0 });
    expect((await project.rows()).map(({ knr, minutes, failed }) => [knr, minutes, failed])).toEqual([
      ['001', '44', 'false'],
      ['002', '11', 'true'],
      ['003', '12', 'true'],
      ['004', '30', 'false'],
    ]);
    expect(await project.rows('failures')).toEqual([
      { knr: '002', defect: 'leak' },
      { knr: '003', defect: 'noise' },
    ]);
    expect(await project.merge('run-2', uploads)).toMatchObject({ merged: merged ?? {} });
  });

  test('that changes lets rows go and columns be empty', async () => {
    const project = await filledProject();
    project.recipe = `SELECT knr, count(*) AS passages, knr IN (SELECT knr FROM failures) AS failed FROM stations WHERE knr <> '003' GROUP BY knr`;
    expect((await project.try()).rows).toMatchObject({ total: 2, updated: 2, removed: 1 });
    expect((await project.merge('run-2', [])).merged).toMatchObject({ version: 2, updated: 2, removed: 1 });
    expect(await project.rows()).toEqual([
      { knr: '001', stations: null, minutes: null, brakes: null, failed: 'false', passages: '2' },
      { knr: '002', stations: null, minutes: null, brakes: null, failed: 'true', passages: '2' },
    ]);
  });

  test('tells in the log which files its table holds, and the outcomes', async () => {
    const project = await filledProject();
    const history = (await (await findCurrentTable(project.folder.table))?.table.history()) ?? [];
    expect(history.map(recipeOf).at(-1)).toEqual({
      run: 'run-1',
      uploads: ['u-1', 'u-2', 'u-3'],
      classes: ['false', 'true'],
      sources: { stations: 1, checks: 1, failures: 1 },
    });
    expect(await sourceUploadStates(project.folder, sources)).toEqual(
      new Map(['u-1', 'u-2', 'u-3'].map((id) => [id, { status: 'merged', datasetVersion: 1 }])),
    );
  });

  test('leaves rows without an outcome for later', async () => {
    const project = await filledProject();
    project.recipe = `SELECT knr, 1 AS one, CASE knr WHEN '001' THEN true WHEN '002' THEN false END AS failed FROM stations GROUP BY knr`;
    const trial = await project.try();
    expect(trial).toMatchObject({
      status: 'valid',
      rows: { total: 2, updated: 2, withoutTarget: 1, removed: 1 },
      problems: [{ code: 'rows_without_target', count: 1 }],
    });
  });

  test('that cannot be used changes nothing', async () => {
    const project = await filledProject();
    project.recipe = `SELECT knr, 'true' AS failed FROM stations`;
    const upload = await project.send('u-4', passages('009', 20));
    const { derived, merged } = await project.merge('run-2', [upload]);
    expect(merged).toBeNull();
    expect(derived.problems[0]).toMatchObject({ code: 'recipe_key_repeated', value: '001', count: 4 });
    expect(await project.rows('stations')).toHaveLength(6);
    expect(await project.rows()).toHaveLength(3);
  });

  test('whose columns nobody has confirmed as known before the outcome is not merged', async () => {
    const project = new RecipeProject(testFolder(), sources, '');
    const knrs = Array.from({ length: 400 }, (_, place) => String(place));
    const uploads = [
      await project.send(
        'u-1',
        knrs.map((knr) => ({ knr, station: 'S1', time: '2026-03-01' })),
      ),
      await project.send(
        'u-2',
        knrs.filter((_, place) => place % 3 === 0).map((knr) => ({ knr, defect: 'leak' })),
      ),
    ];
    project.recipe = `SELECT knr, f.defect AS found, f.defect IS NOT NULL AS failed FROM stations LEFT JOIN failures f USING (knr)`;
    const { derived, merged } = await project.merge('run-1', uploads);
    expect(derived.problems).toMatchObject([{ code: 'repeats_target', column: 'found' }]);
    expect(merged).toBeNull();
    expect(project.folder.sourceNames()).toEqual([]);
  });

  test.each([
    ['no SQL at all', `hello`, 'recipe_not_select'],
    ['two statements', `SELECT 1; SELECT 2`, 'recipe_not_select'],
    ['a statement that writes', `COPY stations TO '/tmp/x.csv'`, 'recipe_not_select'],
    ['a way out of the parentheses', `SELECT 1) TO '/tmp/x.csv'; --`, 'recipe_not_select'],
    ['a setting', `SET memory_limit = '1TB'`, 'recipe_not_select'],
    ['a pivot without its values', `PIVOT checks ON name USING max(value)`, 'recipe_not_select'],
    ['a file', `SELECT * FROM '/etc/passwd'`, 'recipe_unknown_source'],
    ['a reader of files', `SELECT * FROM read_text('/etc/passwd')`, 'recipe_function'],
    ['SQL in a text', `SELECT * FROM query('SELECT 1')`, 'recipe_function'],
    ['the catalog', `SELECT * FROM information_schema.tables`, 'recipe_unknown_source'],
    ['a source that does not exist', `SELECT * FROM station`, 'recipe_unknown_source'],
    ['chance', `SELECT knr, random() AS x, true AS failed FROM stations`, 'recipe_function'],
    ['the time of day', `SELECT knr, current_date AS x, true AS failed FROM stations`, 'recipe_function'],
    ['now, deep within', `SELECT knr FROM stations WHERE knr IN (SELECT now()::VARCHAR)`, 'recipe_function'],
    ['a sample', `SELECT * FROM stations USING SAMPLE 10 ROWS`, 'recipe_function'],
    ['a parameter', `SELECT $1 AS knr`, 'recipe_function'],
    ['an unknown column', `SELECT knr, colour, true AS failed FROM stations`, 'recipe_failed'],
    ['no key', `SELECT station, true AS failed FROM stations`, 'recipe_column_missing'],
    ['no target', `SELECT knr FROM stations`, 'recipe_column_missing'],
    [
      'a list',
      `SELECT knr, list(station) AS l, true AS failed FROM stations GROUP BY knr`,
      'recipe_column_type',
    ],
    [
      'a reserved name',
      `SELECT knr, 1 AS _part, true AS failed FROM stations GROUP BY knr`,
      'reserved_column',
    ],
    [
      'another type than before',
      `SELECT knr, 'x' AS minutes, true AS failed FROM stations GROUP BY knr`,
      'recipe_column_changed',
    ],
    ['an empty key', `SELECT NULL AS knr, true AS failed FROM stations`, 'recipe_key_missing'],
    ['no rows', `SELECT knr, true AS failed FROM stations WHERE false`, 'no_rows'],
    ['a third outcome', `SELECT knr, knr AS failed FROM stations GROUP BY knr`, 'target_not_binary'],
    ['a failing cast', `SELECT knr, station::INTEGER AS s, true AS failed FROM stations`, 'recipe_failed'],
  ])('with %s is refused', async (_, sql, code) => {
    const project = await (refusingProject ??= filledProject(lasting));
    project.recipe = sql;
    const trial = await project.try();
    expect(trial).toMatchObject({ status: 'invalid', rows: { new: 0, updated: 0 } });
    expect(trial.problems.map((problem) => problem.code)).toContain(code);
  });

  test('that never ends is stopped', async () => {
    const project = await filledProject();
    project.recipe = `SELECT s.knr, count(*) AS n, true AS failed FROM stations s, range(1000000) a, range(1000000) b GROUP BY s.knr`;
    const { folder } = project;
    const output = join(folder.path, 'derived.parquet');
    const derived = await deriveRows(limitsIn(folder.path), folder, project.request([]), output, 0.2);
    expect(derived.problems).toMatchObject([{ code: 'recipe_too_slow' }]);
  });

  test('that reads a report of which nothing has come says so', async () => {
    const project = new RecipeProject(testFolder(), sources, recipe);
    const upload = await project.send('u-1', passages('1', 5));
    expect((await project.try([upload])).problems).toMatchObject([
      { code: 'source_without_data', parameters: { source: 'checks' } },
    ]);
    project.recipe = null;
    expect((await project.try()).problems).toMatchObject([{ code: 'recipe_missing' }]);
  });
});

test('a report that lacks a column leaves the values that the lake has', async () => {
  const project = new RecipeProject(
    testFolder(),
    sources,
    `SELECT knr, max(value) AS value, max(unit) AS unit, knr = '1' AS failed FROM checks GROUP BY knr`,
  );
  const first = await project.send('u-1', [
    { knr: '1', name: 'a', value: 1, unit: 'Nm' },
    { knr: '2', name: 'a', value: 2, unit: 'Nm' },
  ]);
  const second = await project.send('u-2', [
    { knr: '1', name: 'a', value: 7 },
    { knr: '3', name: 'a', value: 3 },
  ]);
  expect((await project.try([first, second])).preview).toEqual([
    ['1', '7', 'Nm', 'true'],
    ['2', '2', 'Nm', 'false'],
    ['3', '3', '', 'false'],
  ]);
  await project.merge('run-1', [first, second]);
  expect(await project.rows('checks')).toMatchObject([
    { value: '7', unit: 'Nm' },
    { value: '2', unit: 'Nm' },
    { value: '3', unit: null },
  ]);
});

interface Passage {
  readonly knr: string;
  readonly station: string;
  readonly minute: number;
}
interface Failure {
  readonly knr: string;
  readonly defect: string;
}
type Report =
  | { readonly of: 'stations'; readonly rows: readonly Passage[] }
  | { readonly of: 'failures'; readonly rows: readonly Failure[] };

/** The rows of the training table that the recipe of the next test makes, said as simply as possible. */
function expectedRows(stations: readonly Passage[], failures: readonly Failure[]) {
  const knrs = [...new Set(stations.map(({ knr }) => knr))].sort();
  return knrs
    .map((knr) => {
      const own = stations.filter((passage) => passage.knr === knr);
      return {
        knr,
        minutes: own.reduce((sum, { minute }) => sum + minute, 0),
        third: own.length / 3,
        failed: String(failures.some((failure) => failure.knr === knr)),
      };
    })
    .filter(({ minutes }) => minutes < 80)
    .map((row) => ({ ...row, minutes: String(row.minutes) }));
}

test('what a trial says is what a run then does, for any reports in any order', async () => {
  const knr = fc.constantFrom('1', '2', '3', '4', '5');
  const passage = fc.record({
    knr,
    station: fc.constantFrom('S1', 'S2'),
    minute: fc.integer({ min: 0, max: 59 }),
  });
  const failure = fc.record({ knr, defect: fc.constantFrom('leak', 'noise') });
  const lists = { minLength: 1, maxLength: 6 };
  const report: fc.Arbitrary<Report> = fc.oneof(
    fc.record({
      of: fc.constant('stations' as const),
      rows: fc.uniqueArray(passage, { ...lists, selector: ({ knr: k, station }) => k + station }),
    }),
    fc.record({
      of: fc.constant('failures' as const),
      rows: fc.uniqueArray(failure, { ...lists, selector: ({ knr: k, defect }) => k + defect }),
    }),
  );
  const sql = `SELECT knr, sum(minute) AS minutes, count(*) / 3 AS third, knr IN (SELECT knr FROM failures) AS failed FROM stations GROUP BY knr HAVING sum(minute) < 80`;
  const first: Report[] = [
    {
      of: 'stations',
      rows: [
        { knr: '1', station: 'S1', minute: 1 },
        { knr: '2', station: 'S1', minute: 2 },
      ],
    },
    { of: 'failures', rows: [{ knr: '2', defect: 'leak' }] },
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(report, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      async (runs) => {
        const project = new RecipeProject(testFolder(), sources, sql);
        const stations = new Map<string, Passage>();
        const failures = new Map<string, Failure>();
        let sent = 0;
        for (const [place, reports] of [first, ...runs].entries()) {
          const uploads = [];
          for (const { of, rows } of reports) {
            uploads.push(
              await project.send(
                `u-${++sent}`,
                rows.map((row) => ({ ...row })),
              ),
            );
            if (of === 'stations') for (const row of rows) stations.set(row.knr + row.station, row);
            else for (const row of rows) failures.set(row.knr + row.defect, row);
          }
          const trial = await project.try(uploads);
          const { merged, derived } = await project.merge(`run-${place}`, uploads);
          expect(derived.rows).toEqual(trial.rows);
          if (trial.status === 'invalid') return expect(merged).toBeNull();
          const { total, withoutTarget, ...changes } = trial.rows;
          expect(merged).toEqual({ version: place + 1, ...changes });
          const rows = await project.rows();
          expect(rows).toHaveLength(total);
          expect(rows).toEqual(expectedRows([...stations.values()], [...failures.values()]));
          expect(withoutTarget).toBe(0);
        }
      },
    ),
    { numRuns: 12 },
  );
});
