import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { uploadProblemCatalogue } from '@kaefer/contracts';
import { TestProject } from '../project.ts';
import { testFolder } from '../workspace.ts';

const corpus = fileURLToPath(new URL('../check-corpus/', import.meta.url));

/** Found by the server, which knows the other uploads; `apps/server/test/uploads.test.ts` sends a file twice. */
const foundByTheServer = ['sent_before'];

/** Found in files too large for the corpus, by `hostile-files.test.ts`. */
const foundInLargeFiles = ['line_too_long'];

/** Found where a person had said how files are written: `reading.test.ts`. */
const foundAgainstReadings = ['dates_contradicted', 'decimal_contradicted', 'layout_contradicted'];

/** Found in later files alone: `reading.test.ts`, `guarded-texts.test.ts`, `mixed-offsets.test.ts` and `nearly-known-keys.test.ts`. */
const foundInLaterFiles = [
  'apostrophes_removed',
  'keys_nearly_known',
  'leading_zeros',
  'offsets_gone',
  'offsets_new',
];

/** Found in files to predict: `serve.test.ts`. */
const foundInFilesToPredict = ['never_seen'];

/** Found in the data of before: `rows-in-data.test.ts`. */
const foundInTheData = ['rows_known'];

/** Found in what a recipe makes, and in reports: `recipe/recipe.test.ts`. */
const foundWithRecipes = [
  'unknown_report',
  'source_without_data',
  'rows_without_target',
  'recipe_missing',
  'recipe_not_select',
  'recipe_unknown_source',
  'recipe_function',
  'recipe_failed',
  'recipe_too_slow',
  'recipe_column_missing',
  'recipe_column_type',
  'recipe_column_changed',
  'recipe_key_missing',
  'recipe_key_repeated',
];

/** Found against the data's values and habits: `contract/rules.test.ts`. */
const foundAgainstTheData = ['new_category', 'nulls_rising', 'drifted', 'small_file', 'stale_data'];

interface Expected {
  readonly expected: {
    readonly problems?: readonly { readonly code: string }[];
    readonly rejected?: readonly (readonly [line: number, ...codes: string[]])[];
  };
}

function codesOfCorpus(): string[] {
  return readdirSync(corpus)
    .filter((name) => name.endsWith('.expected.json'))
    .flatMap((name) => {
      const { expected } = JSON.parse(readFileSync(corpus + name, 'utf8')) as Expected;
      const ofRows = (expected.rejected ?? []).flatMap(([, ...codes]) => codes);
      return [...(expected.problems ?? []).map(({ code }) => code), ...ofRows];
    });
}

/** What a second file brings that differs from the first in every way that is told. */
async function codesOfSecondFile(): Promise<string[]> {
  const project = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
  const first = [
    'id,n,day,ok,old,y',
    ...['a', 'b', 'a'].map((y, row) => `${row},${row},2026-01-0${row + 1},true,x,${y}`),
  ];
  await project.add('u1', `${first.join('\n')}\n`);
  const second = [
    'id,n,day,ok,new,y',
    '7,1.5,2026-01-02,true,z,a',
    '8,2,soon,false,z,b',
    '9,3,2026-01-04,perhaps,z,b',
    '10,3,2026-01-05,true,z,b',
  ];
  const { report } = await project.add('u2', `${second.join('\n')}\n`);
  expect(report).toMatchObject({ status: 'valid', rows: { new: 2, rejected: 2 } });
  return report.problems.map(({ code }) => code);
}

async function codesOfWideFile(): Promise<string[]> {
  const project = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
  const names = ['id', 'y', ...Array.from({ length: 4095 }, (_, index) => `c${index}`)];
  const report = await project.check('u1', `${names.join(',')}\n${names.map(() => 1).join(',')}\n`);
  expect(report.status).toBe('invalid');
  return report.problems.map(({ code }) => code);
}

describe('findings', () => {
  test('of a file that differs from the data are told', async () => {
    expect((await codesOfSecondFile()).sort()).toEqual(
      ['missing_column', 'new_column', 'not_a_boolean', 'not_a_date', 'type_widened'].sort(),
    );
  });

  test('one column more than can be is refused', async () => {
    expect(await codesOfWideFile()).toEqual(['too_many_columns']);
  });

  test('each of the catalogue is found by some test, and no other', async () => {
    const found = new Set([
      ...codesOfCorpus(),
      ...(await codesOfSecondFile()),
      ...(await codesOfWideFile()),
      ...foundByTheServer,
      ...foundInLargeFiles,
      ...foundWithRecipes,
      ...foundAgainstReadings,
      ...foundInLaterFiles,
      ...foundInFilesToPredict,
      ...foundInTheData,
      ...foundAgainstTheData,
    ]);
    expect([...found].sort()).toEqual(Object.keys(uploadProblemCatalogue).sort());
  });
});
