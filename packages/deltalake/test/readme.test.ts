import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as deltalake from '../src/index.ts';
import { testConnection, testFolder } from './workspace.ts';

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
const connection = await testConnection();

test("the README's example does what it says", async () => {
  const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  const run = (await new Function(
    ...[
      'DeltaTable',
      'append',
      'upsert',
      'overwrite',
      'deleteWhere',
      'changesSql',
      'scanSql',
      'folder',
      'connection',
    ],
    `return (async () => { ${code} return { done, seen: rows.getRowsJson(), changed: changed.getRowsJson(), before: before.rowCount, last: (await table.history()).map(({ operation, rows }) => [operation, rows]).slice(-3) }; })()`,
  )(
    deltalake.DeltaTable,
    deltalake.append,
    deltalake.upsert,
    deltalake.overwrite,
    deltalake.deleteWhere,
    deltalake.changesSql,
    deltalake.scanSql,
    testFolder(),
    connection,
  )) as unknown;
  expect(run).toEqual({
    done: { version: 2, inserted: 1, updated: 1, unchanged: 0, deleted: 0, alreadyDone: false },
    seen: [
      ['1', 'blue'],
      ['2', 'green'],
    ],
    changed: expect.arrayContaining([
      ['1', 'red', 'update_preimage'],
      ['1', 'blue', 'update_postimage'],
      ['2', 'green', 'insert'],
    ]) as unknown,
    before: 1,
    last: [
      ['RESTORE', 1],
      ['DELETE', 0],
      ['WRITE', 1],
    ],
  });
});

test('the README names every error code, and no other', () => {
  const [, section = ''] = readme.split('## Errors');
  const named = [...(section.split('## ')[0] ?? '').matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code);
  expect(named).toEqual([...deltalake.deltaErrorCodes]);
});
