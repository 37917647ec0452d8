import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rescoreHoldout } from '../src/maintain/rescore-holdout.ts';
import { quoteText } from '../src/sql/quote.ts';
import { simulateRows, TestProject } from './project.ts';
import { testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();

test('a model gives its holdout the same scores again, in whatever order they were kept; one other score is counted', async () => {
  const project = new TestProject(testFolder(), {
    task: 'binary',
    target: 'failed',
    key: 'id',
    positive: 'yes',
  });
  await project.add('u1', simulateRows(900, 0, 1));
  await project.train(1);
  const { holdout } = await project.evaluate(1, null, ['u1']);
  const scratch = project.newScratch();
  mkdirSync(scratch, { recursive: true });
  const again = () => rescoreHoldout(connection, project.folder, 1, scratch);
  expect(await again()).toEqual({ rows: holdout.rows, different: 0 });

  const place = project.folder.model(1).holdout;
  const rewrite = async (query: string): Promise<void> => {
    const other = join(scratch, 'other.parquet');
    await connection.run(`COPY (${query}) TO ${quoteText(other)} (FORMAT parquet)`);
    renameSync(other, place);
  };
  const kept = `read_parquet(${quoteText(place)}, file_row_number = true)`;
  await rewrite(`SELECT * EXCLUDE (file_row_number) FROM ${kept} ORDER BY file_row_number DESC`);
  expect(await again()).toEqual({ rows: holdout.rows, different: 0 });
  await rewrite(
    `SELECT * EXCLUDE (file_row_number) REPLACE (CASE WHEN file_row_number = 3 THEN candidate + 0.01::FLOAT ELSE candidate END AS candidate) FROM ${kept}`,
  );
  expect(await again()).toEqual({ rows: holdout.rows, different: 1 });
});
