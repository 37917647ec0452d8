import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportDataset } from '../../src/serve/export-dataset.ts';
import { quoteText } from '../../src/sql/quote.ts';
import { TestProject } from '../project.ts';
import { rowsOf, testConnection, testFolder } from '../workspace.ts';

const connection = await testConnection();
const definition = { task: 'binary', target: 'y', key: 'id' } as const;

async function exported(project: TestProject): Promise<string> {
  const output = join(project.folder.path, 'export.csv');
  await exportDataset(connection, project.folder, null, 'id', output);
  return readFileSync(output, 'utf8');
}

async function textsOf(project: TestProject, upload: string): Promise<unknown[]> {
  const staged = quoteText(project.folder.upload(upload).staged);
  return (await rowsOf(connection, `SELECT note FROM read_parquet(${staged}) ORDER BY id`)).map(
    ({ note }) => note,
  );
}

test('data that was given out for spreadsheet programs is the same when it comes back', async () => {
  const project = new TestProject(testFolder(), definition);
  await project.add('u1', 'id,note,y\nx,a,b\n+7,=1+2,a\n-K9,@home,b\nK3,plain,a\n');
  const text = await exported(project);
  expect(text).toContain("'=1+2");
  const same = await project.check('u2', text);
  expect(same.rows).toMatchObject({ total: 4, new: 0, updated: 0, unchanged: 4 });
  expect(same.problems).toMatchObject([
    { code: 'apostrophes_removed', column: 'id', count: 1, value: "'-K9" },
    { code: 'apostrophes_removed', column: 'note', count: 2, value: "'=1+2" },
  ]);
  expect((await textsOf(project, 'u2')).toSorted()).toEqual(['=1+2', '@home', 'a', 'plain']);
});

test('texts that have an apostrophe of their own keep it', async () => {
  const project = new TestProject(testFolder(), definition);
  await project.add('u1', "id,note,y\n1,'=own,a\n2,=1+2,b\n3,it's,a\n");
  const again = await project.check('u2', "id,note,y\n1,'=own,a\n2,'=1+2,b\n");
  expect(again.problems.map(({ code }) => code)).not.toContain('apostrophes_removed');
  expect(await textsOf(project, 'u2')).toEqual(["'=own", "'=1+2"]);
  const plain = new TestProject(testFolder(), definition);
  await plain.add('u1', 'id,note,y\n1,word,a\n2,-5,b\n');
  await plain.check('u2', "id,note,y\n3,'=new,a\n4,other,b\n");
  expect(await textsOf(plain, 'u2')).toEqual(["'=new", 'other']);
});

test('columns whose names begin like a formula come back, too', async () => {
  const project = new TestProject(testFolder(), definition);
  await project.add('u1', 'id,=sum,y\n1,2.5,a\n2,3.5,b\n');
  const same = await project.check('u2', await exported(project));
  expect(same.problems).toEqual([]);
  expect(same.rows).toMatchObject({ total: 2, unchanged: 2 });
});
